//go:build darwin || freebsd || netbsd

package source

import (
	"syscall"
	"time"
)

const noAccessTime = 0

func changeTime(st *syscall.Stat_t) time.Time { return time.Unix(st.Ctimespec.Unix()) }
