//go:build !linux && !windows

package main

import "golang.org/x/sys/unix"

// lowPriority lets other programs of this computer go first.
func lowPriority() error {
	const low = 10
	nice, err := unix.Getpriority(unix.PRIO_PROCESS, 0)
	if err != nil || nice >= low {
		return err
	}
	return unix.Setpriority(unix.PRIO_PROCESS, 0, low)
}
