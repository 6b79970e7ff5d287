package main

import "golang.org/x/sys/windows"

// lowPriority lets other programs of this computer go first.
func lowPriority() error {
	return windows.SetPriorityClass(windows.CurrentProcess(), windows.BELOW_NORMAL_PRIORITY_CLASS)
}
