package main

import "golang.org/x/sys/unix"

// harden keeps what this process holds from being written out: no core file, and
// no other process of the same user may look into it.
func harden() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) // best effort, as is what follows
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}

// lockMemory keeps bytes from being swapped out until they are cleared.
func lockMemory(b []byte) (unlock func()) {
	if len(b) == 0 || unix.Mlock(b) != nil {
		return func() { clear(b) }
	}
	return func() {
		clear(b)
		_ = unix.Munlock(b)
	}
}
