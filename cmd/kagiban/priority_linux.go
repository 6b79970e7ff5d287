package main

import (
	"errors"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// lowPriority lets other programs of this computer go first. Linux keeps the
// priority of each thread; later threads, and the workers, inherit it. A thread
// that was born meanwhile, of one whose turn had not come, is met by the second
// round.
func lowPriority() error { return errors.Join(lowerThreads(), lowerThreads()) }

func lowerThreads() error {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	var errs []error
	for _, thread := range threads {
		id, err := strconv.Atoi(thread.Name())
		if err == nil {
			err = lower(id)
		}
		if !errors.Is(err, unix.ESRCH) { // the thread may have ended
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// lower leaves a thread that is lower already as it is.
func lower(thread int) error {
	kernel, err := unix.Getpriority(unix.PRIO_PROCESS, thread)
	if nice := 20 - kernel; err != nil || nice >= lowNice { // getpriority(2): the system call itself gives 20 - nice
		return err
	}
	return unix.Setpriority(unix.PRIO_PROCESS, thread, lowNice)
}

// lowNice is what nice(1) adds without an argument.
const lowNice = 10
