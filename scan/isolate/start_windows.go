package isolate

import (
	"os/exec"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// launch starts processes in a job, which the system ends with its last handle,
// that is with this process, however it ends; and with a token that has given up
// what a decoder does not need.
func launch() (start func(*exec.Cmd) error, stop func()) {
	job, err := newJob()
	if err != nil { // they still end when their pipe does
		job = 0
	}
	token, err := restrictedToken()
	if err != nil {
		token = 0
	}
	var refused atomic.Bool // processes do not start with the token
	return func(cmd *exec.Cmd) error {
			if token != 0 && !refused.Load() {
				cmd.SysProcAttr = &syscall.SysProcAttr{Token: syscall.Token(token)}
			}
			if err := cmd.Start(); err != nil {
				if cmd.SysProcAttr != nil && refused.CompareAndSwap(false, true) {
					return errStartAgain
				}
				return err
			}
			if job != 0 {
				join(job, cmd.Process.Pid)
			}
			return nil
		}, func() {
			for _, h := range []windows.Handle{job, windows.Handle(token)} {
				if h != 0 {
					_ = windows.CloseHandle(h)
				}
			}
		}
}

// join puts a process into the job. It waits for its first order, so it is in the
// job before it reads anything. One that cannot be put there still ends with its
// pipe.
func join(job windows.Handle, pid int) {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid))
	if err != nil {
		return
	}
	_ = windows.AssignProcessToJobObject(job, process)
	_ = windows.CloseHandle(process)
}

// Restrictions of the user interface of a job, winnt.h: no handles of others, no
// clipboard, no settings, no desktops, no end of the session.
const uiLimits = windows.JOB_OBJECT_UILIMIT_HANDLES | windows.JOB_OBJECT_UILIMIT_READCLIPBOARD | windows.JOB_OBJECT_UILIMIT_WRITECLIPBOARD |
	windows.JOB_OBJECT_UILIMIT_SYSTEMPARAMETERS | windows.JOB_OBJECT_UILIMIT_DISPLAYSETTINGS | windows.JOB_OBJECT_UILIMIT_GLOBALATOMS |
	windows.JOB_OBJECT_UILIMIT_DESKTOP | windows.JOB_OBJECT_UILIMIT_EXITWINDOWS

func newJob() (windows.Handle, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, err
	}
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{ProcessMemoryLimit: memoryMax}
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY | windows.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
	if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info))); err != nil {
		_ = windows.CloseHandle(job)
		return 0, err
	}
	ui := windows.JOBOBJECT_BASIC_UI_RESTRICTIONS{UIRestrictionsClass: uiLimits}
	_, _ = windows.SetInformationJobObject(job, windows.JobObjectBasicUIRestrictions, uintptr(unsafe.Pointer(&ui)), uint32(unsafe.Sizeof(ui)))
	return job, nil
}

// restrictedToken is a copy of this process's token without its privileges, with
// the groups of administrators for denials only, and with low integrity, so that
// nothing of the user's that is not marked low can be written to.
func restrictedToken() (windows.Token, error) {
	const disableMaxPrivilege, lowered = 0x1, 0x4 // DISABLE_MAX_PRIVILEGE, LUA_TOKEN; winnt.h
	var own windows.Token
	access := uint32(windows.TOKEN_DUPLICATE | windows.TOKEN_QUERY | windows.TOKEN_ASSIGN_PRIMARY | windows.TOKEN_ADJUST_DEFAULT)
	if err := windows.OpenProcessToken(windows.CurrentProcess(), access, &own); err != nil {
		return 0, err
	}
	defer own.Close()
	create := windows.NewLazySystemDLL("advapi32.dll").NewProc("CreateRestrictedToken")
	if err := create.Find(); err != nil {
		return 0, err
	}
	var token windows.Token
	if ok, _, err := create.Call(uintptr(own), disableMaxPrivilege|lowered, 0, 0, 0, 0, 0, 0, uintptr(unsafe.Pointer(&token))); ok == 0 {
		return 0, err
	}
	low, err := windows.CreateWellKnownSid(windows.WinLowLabelSid)
	if err == nil {
		label := windows.Tokenmandatorylabel{Label: windows.SIDAndAttributes{Sid: low, Attributes: windows.SE_GROUP_INTEGRITY}}
		err = windows.SetTokenInformation(token, windows.TokenIntegrityLevel, (*byte)(unsafe.Pointer(&label)), label.Size())
	}
	_ = err // an older system has no levels; the rest holds
	return token, nil
}
