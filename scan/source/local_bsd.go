//go:build darwin || freebsd || netbsd

package source

import (
	"syscall"
	"time"
)

const noAccessTime = 0

// device is the number of the file system that a file lies on.
func device(st *syscall.Stat_t) uint64 { return uint64(st.Dev) }

func changeTime(st *syscall.Stat_t) time.Time { return time.Unix(st.Ctimespec.Unix()) }
