//go:build linux && (amd64 || arm64)

package isolate

import (
	"os"

	"golang.org/x/sys/unix"
)

// A call is a system call that a worker may make, and what its arguments must be.
type call struct {
	number uint32
	checks []check
}

// A check looks at the lower half of an argument: it must have one of the values
// of is, or, if there are none, none of the bits of without and one of those of with.
type check struct {
	argument      int
	is            []uint32
	without, with uint32
}

// Flags of clone, linux/sched.h: a thread of this process, and nothing that has
// namespaces of its own.
const (
	cloneThread     = 0x00010000
	cloneNamespaces = 0x7E020000 // NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
	prSetVMA        = 0x53564D41 // names memory, linux/prctl.h
)

// allowedCalls are what the runtime of Go needs once it has started, that of C too,
// which programs with cgo and the race detector have, and reading and writing of
// what is open: the pipes to the parent. Of the runtime these are all in
// runtime/sys_linux_*.s, runtime/os_linux.go, runtime/netpoll_epoll.go and
// internal/poll; of C what the allocator and threads of glibc call.
func allowedCalls() []call {
	var list []call
	for _, n := range []uint32{
		unix.SYS_READ, unix.SYS_READV, unix.SYS_PREAD64, unix.SYS_WRITE, unix.SYS_WRITEV, unix.SYS_CLOSE, unix.SYS_LSEEK, unix.SYS_FSTAT,
		unix.SYS_EPOLL_CREATE1, unix.SYS_EPOLL_CTL, unix.SYS_EPOLL_PWAIT, unix.SYS_EPOLL_PWAIT2, unix.SYS_EVENTFD2, unix.SYS_PPOLL,
		unix.SYS_MUNMAP, unix.SYS_MREMAP, unix.SYS_MADVISE, unix.SYS_MINCORE, unix.SYS_BRK,
		unix.SYS_FUTEX, unix.SYS_SET_ROBUST_LIST, unix.SYS_RSEQ, unix.SYS_SCHED_YIELD, unix.SYS_SCHED_GETAFFINITY, unix.SYS_GETCPU, unix.SYS_MEMBARRIER,
		unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGRETURN, unix.SYS_SIGALTSTACK, unix.SYS_RESTART_SYSCALL,
		unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP, unix.SYS_CLOCK_GETTIME, unix.SYS_CLOCK_GETRES, unix.SYS_GETTIMEOFDAY,
		unix.SYS_SETITIMER, unix.SYS_TIMER_CREATE, unix.SYS_TIMER_SETTIME, unix.SYS_TIMER_DELETE,
		unix.SYS_GETPID, unix.SYS_GETTID, unix.SYS_GETUID, unix.SYS_GETEUID, unix.SYS_GETGID, unix.SYS_GETEGID, unix.SYS_GETRUSAGE, unix.SYS_SYSINFO, unix.SYS_UNAME,
		unix.SYS_GETRANDOM, unix.SYS_EXIT, unix.SYS_EXIT_GROUP,
	} {
		list = append(list, call{number: n})
	}
	for _, n := range olderCalls() {
		list = append(list, call{number: n})
	}
	return append(list,
		call{unix.SYS_MMAP, []check{{argument: 2, without: unix.PROT_EXEC}}},
		call{unix.SYS_MPROTECT, []check{{argument: 2, without: unix.PROT_EXEC}}},
		call{unix.SYS_CLONE, []check{{argument: 0, without: cloneNamespaces, with: cloneThread}}},
		call{unix.SYS_TGKILL, []check{{argument: 0, is: []uint32{uint32(os.Getpid())}}}},
		call{unix.SYS_PRLIMIT64, []check{{argument: 0, is: []uint32{0}}}}, // of this process
		call{unix.SYS_PRCTL, []check{{argument: 0, is: []uint32{unix.PR_SET_NAME, unix.PR_GET_NAME, prSetVMA}}}},
		call{unix.SYS_FCNTL, []check{{argument: 1, is: []uint32{unix.F_GETFL, unix.F_SETFL, unix.F_GETFD, unix.F_SETFD}}}},
	)
}
