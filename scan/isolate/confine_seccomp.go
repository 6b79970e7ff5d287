//go:build linux && (amd64 || arm64)

package isolate

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Offsets in struct seccomp_data, linux/seccomp.h; both architectures have the
// lower half of an argument first.
const (
	dataNumber       = 0
	dataArchitecture = 4
	dataArguments    = 16
)

const (
	answerAllow  = uint32(unix.SECCOMP_RET_ALLOW)
	answerRefuse = uint32(unix.SECCOMP_RET_ERRNO) | uint32(unix.EPERM)
	// answerAbsent makes glibc fall back on clone, whose flags can be looked at.
	answerAbsent = uint32(unix.SECCOMP_RET_ERRNO) | uint32(unix.ENOSYS)
)

// filterCalls has the kernel refuse, for all threads, every system call that is
// not known to be needed (allowedCalls): a decoder that was taken over reaches
// nothing but its pipes, by calls of later kernels neither.
func filterCalls() error {
	program := filterProgram(allowedCalls())
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	const tsync = 1 // SECCOMP_FILTER_FLAG_TSYNC: for all threads
	fprog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	if failed, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, tsync, uintptr(unsafe.Pointer(&fprog))); errno != 0 {
		return errno
	} else if failed != 0 {
		return unix.ESRCH // a thread has a filter of its own
	}
	return nil
}

func load(offset uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
}

func answer(with uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: with}
}

// unless skips the next n instructions unless the accumulator equals k.
func unless(k uint32, n int) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: k, Jf: uint8(n)}
}

// filterProgram is the filter for the kernel: what no call of the list matches is
// refused.
func filterProgram(calls []call) []unix.SockFilter {
	arch := uint32(unix.AUDIT_ARCH_X86_64)
	if runtime.GOARCH == "arm64" {
		arch = unix.AUDIT_ARCH_AARCH64
	}
	program := []unix.SockFilter{
		load(dataArchitecture),
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: 1, K: arch},
		answer(answerRefuse), // calls of another architecture
		load(dataNumber),     // those of x32 have a bit more and match nothing
	}
	for _, c := range calls {
		body := checked(c.checks)
		program = append(append(program, unless(c.number, len(body))), body...)
	}
	return append(program, unless(unix.SYS_CLONE3, 1), answer(answerAbsent), answer(answerRefuse))
}

// checked is what decides about a call whose number has matched.
func checked(checks []check) (body []unix.SockFilter) {
	for _, c := range checks {
		body = append(body, load(dataArguments+8*uint32(c.argument)))
		if len(c.is) > 0 {
			for i, value := range c.is {
				// On a match to the instruction behind the refusal.
				body = append(body, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: value, Jt: uint8(len(c.is) - i)})
			}
			body = append(body, answer(answerRefuse))
			continue
		}
		body = append(body, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: c.without, Jf: 1}, answer(answerRefuse))
		if c.with != 0 {
			body = append(body, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: c.with, Jt: 1}, answer(answerRefuse))
		}
	}
	return append(body, answer(answerAllow))
}
