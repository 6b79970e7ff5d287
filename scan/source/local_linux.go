package source

import (
	"syscall"
	"time"
)

const noAccessTime = syscall.O_NOATIME

func changeTime(st *syscall.Stat_t) time.Time { return time.Unix(st.Ctim.Unix()) }
