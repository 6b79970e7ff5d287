//go:build !linux && !windows

package main

import "golang.org/x/sys/unix"

// lowPriority lets other programs of this computer go first.
func lowPriority() error { return unix.Setpriority(unix.PRIO_PROCESS, 0, 10) }
