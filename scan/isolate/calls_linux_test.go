//go:build linux && (amd64 || arm64)

package isolate_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/kagiban/kagiban/scan"
)

// systemSteps are the formats for what only this system has.
func systemSteps() []scan.Format {
	return []scan.Format{step("calls", func(_ *scan.File, out scan.Sink) error {
		for _, c := range forbiddenCalls() {
			if errno := c.make(); errno != syscall.EPERM {
				if err := say(out, fmt.Sprintf("%s: %v", c.name, errno)); err != nil {
					return err
				}
			}
		}
		return say(out, "done")
	})}
}

type forbidden struct {
	name string
	make func() syscall.Errno
}

// forbiddenCalls reach beyond the pipes in ways that a list of what is refused is
// likely to forget.
func forbiddenCalls() []forbidden {
	path, _ := syscall.BytePtrFromString("/tmp/kagiban-worker-test")
	p := uintptr(unsafe.Pointer(path))
	raw := func(n uintptr, args ...uintptr) func() syscall.Errno {
		var a [6]uintptr
		copy(a[:], args)
		return func() syscall.Errno {
			_, _, errno := syscall.RawSyscall6(n, a[0], a[1], a[2], a[3], a[4], a[5])
			_ = path
			return errno
		}
	}
	const here = ^uintptr(99) // AT_FDCWD
	parent := uintptr(os.Getppid())
	var room [512]byte
	buf := uintptr(unsafe.Pointer(&room))
	return []forbidden{
		{"openat", raw(unix.SYS_OPENAT, here, p, 0)},
		{"statx", raw(unix.SYS_STATX, here, p, 0, 0, buf)},
		{"faccessat2", raw(unix.SYS_FACCESSAT2, here, p, 0, 0)},
		{"readlinkat", raw(unix.SYS_READLINKAT, here, p, buf, 100)},
		{"getcwd", raw(unix.SYS_GETCWD, buf, 100)},
		{"chdir", raw(unix.SYS_CHDIR, p)},
		{"fchmodat2", raw(unix.SYS_FCHMODAT2, here, p, 0o777, 0)},
		{"fchmod", raw(unix.SYS_FCHMOD, 0, 0o777)},
		{"fchownat", raw(unix.SYS_FCHOWNAT, here, p, 0, 0, 0)},
		{"setxattr", raw(unix.SYS_SETXATTR, p, p, p, 1, 0)},
		{"utimensat", raw(unix.SYS_UTIMENSAT, here, p, 0, 0)},
		{"renameat2", raw(unix.SYS_RENAMEAT2, here, p, here, p, 0)},
		{"fsopen", raw(unix.SYS_FSOPEN, p, 0)},
		{"open_tree", raw(unix.SYS_OPEN_TREE, here, p, 0)},
		{"fanotify_init", raw(unix.SYS_FANOTIFY_INIT, 0, 0)},
		{"inotify_init1", raw(unix.SYS_INOTIFY_INIT1, 0)},
		{"memfd_create", raw(unix.SYS_MEMFD_CREATE, p, 0)},
		{"socketpair", raw(unix.SYS_SOCKETPAIR, 1, 1, 0, buf)},
		{"sendmsg", raw(unix.SYS_SENDMSG, 1, buf, 0)},
		{"io_uring_setup", raw(unix.SYS_IO_URING_SETUP, 1, buf)},
		{"bpf", raw(unix.SYS_BPF, 0, buf, 100)},
		{"prlimit64 on the parent", raw(unix.SYS_PRLIMIT64, parent, unix.RLIMIT_CORE, 0, buf)},
		{"kill of the parent", raw(unix.SYS_KILL, parent, 0)},
		{"tgkill of the parent", raw(unix.SYS_TGKILL, parent, parent, 0)},
		{"rt_sigqueueinfo", raw(unix.SYS_RT_SIGQUEUEINFO, parent, 0, buf)},
		{"pidfd_open", raw(unix.SYS_PIDFD_OPEN, parent, 0)},
		{"process_vm_readv", raw(unix.SYS_PROCESS_VM_READV, parent, buf, 0, buf, 0, 0)},
		{"ptrace", raw(unix.SYS_PTRACE, 16, parent)},
		{"clone of a process", raw(unix.SYS_CLONE, uintptr(syscall.SIGCHLD))},
		{"clone with namespaces", raw(unix.SYS_CLONE, 0x10000|unix.CLONE_NEWUSER)},
		{"unshare", raw(unix.SYS_UNSHARE, unix.CLONE_NEWUSER)},
		{"execveat", raw(unix.SYS_EXECVEAT, here, p, 0, 0, 0)},
		{"mmap of code", raw(unix.SYS_MMAP, 0, 4096, unix.PROT_READ|unix.PROT_EXEC, unix.MAP_PRIVATE|unix.MAP_ANON, ^uintptr(0), 0)},
		{"capset", raw(unix.SYS_CAPSET, buf, buf)},
		{"setuid", raw(unix.SYS_SETUID, 0)},
		{"setpriority", raw(unix.SYS_SETPRIORITY, 0, 0, 0)},
		{"ioctl", raw(unix.SYS_IOCTL, 0, unix.TCGETS, buf)},
		{"dup3", raw(unix.SYS_DUP3, 0, 9, 0)},
		{"fcntl for an owner", raw(unix.SYS_FCNTL, 0, unix.F_SETOWN, parent)},
		{"prctl for dumping", raw(unix.SYS_PRCTL, unix.PR_SET_DUMPABLE, 1)},
		{"keyctl", raw(unix.SYS_KEYCTL, 0, 0)},
		{"a call of a later kernel", raw(unix.SYS_MSEAL+40, 0)},
	}
}

func TestCallsOfWorkersAreRefused(t *testing.T) {
	pool := newPool(t)
	says, err := pool.InForce()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(says, "seccomp (") {
		t.Skip("the kernel has no filter: " + says)
	}
	r := &recorder{files: []string{"calls\n"}}
	examine(t, pool, scan.DefaultLimits(), r)
	if got := strings.Join(r.texts["calls"], "\n"); got != "done" {
		t.Errorf("not refused as without right:\n%s\n%v", got, r.results["calls"].Items[0].Problems)
	}
}

// A worker has no capabilities, also when it was started by root.
func TestWorkerHasNoCapabilities(t *testing.T) {
	var status string
	r := &recorder{files: []string{"shot\n"}}
	r.row = func(pid string) {
		text, err := os.ReadFile("/proc/" + pid + "/status")
		if err != nil {
			t.Error(err)
		}
		status = string(text)
		if n, err := strconv.Atoi(pid); err == nil {
			_ = syscall.Kill(n, syscall.SIGKILL)
		}
	}
	examine(t, newPool(t), scan.DefaultLimits(), r)
	sets := []string{"CapInh", "CapPrm", "CapEff", "CapAmb"}
	if os.Geteuid() == 0 {
		sets = append(sets, "CapBnd") // others may not give up what they do not have
	}
	for _, set := range sets {
		if !strings.Contains(status, set+":\t0000000000000000\n") {
			t.Errorf("%s is not empty:\n%s", set, status)
		}
	}
	if !strings.Contains(status, "NoNewPrivs:\t1\n") {
		t.Error("it can gain privileges")
	}
	mine, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 && strings.Contains(string(mine), "CapEff:\t0000000000000000\n") {
		t.Error("the parent has lost its own")
	}
}
