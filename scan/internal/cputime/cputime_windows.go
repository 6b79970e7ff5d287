package cputime

import (
	"time"

	"golang.org/x/sys/windows"
)

// Used returns the processor time of all threads of this process so far, in
// user code and in the kernel.
func Used() (time.Duration, error) {
	var created, exited, kernel, user windows.Filetime
	if err := windows.GetProcessTimes(windows.CurrentProcess(), &created, &exited, &kernel, &user); err != nil {
		return 0, err
	}
	return spent(kernel) + spent(user), nil
}

// spent converts a time span in units of 100 ns; Filetime.Nanoseconds would
// take it for a date.
func spent(t windows.Filetime) time.Duration {
	return time.Duration(int64(t.HighDateTime)<<32|int64(t.LowDateTime)) * 100
}
