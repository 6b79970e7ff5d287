package isolate

import "golang.org/x/sys/unix"

// olderCalls are those that newer architectures do without.
func olderCalls() []uint32 {
	return []uint32{unix.SYS_ARCH_PRCTL, unix.SYS_EPOLL_WAIT, unix.SYS_EVENTFD, unix.SYS_POLL, unix.SYS_TIME, unix.SYS_GETRLIMIT}
}
