package source

import (
	"syscall"
	"time"
)

const noAccessTime = syscall.O_NOATIME

// device is the number of the file system that a file lies on.
func device(st *syscall.Stat_t) uint64 { return st.Dev }

func changeTime(st *syscall.Stat_t) time.Time { return time.Unix(st.Ctim.Unix()) }
