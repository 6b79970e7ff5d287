package isolate

import (
	"os/exec"
	"unsafe"

	"golang.org/x/sys/windows"
)

// launch starts processes in a job, which the system ends with its last handle,
// that is with this process, however it ends.
func launch() (start func(*exec.Cmd) error, stop func()) {
	job, err := newJob()
	if err != nil { // they still end when their pipe does
		return (*exec.Cmd).Start, func() {}
	}
	return func(cmd *exec.Cmd) error {
		if err := cmd.Start(); err != nil {
			return err
		}
		// The process waits for its first order, so it is in the job before it
		// reads anything. One that cannot be put there still ends with its pipe.
		process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(cmd.Process.Pid))
		if err == nil {
			_ = windows.AssignProcessToJobObject(job, process)
			_ = windows.CloseHandle(process)
		}
		return nil
	}, func() { _ = windows.CloseHandle(job) }
}

func newJob() (windows.Handle, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, err
	}
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{ProcessMemoryLimit: memoryMax}
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY
	if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info))); err != nil {
		_ = windows.CloseHandle(job)
		return 0, err
	}
	return job, nil
}
