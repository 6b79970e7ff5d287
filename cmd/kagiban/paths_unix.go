//go:build unix

package main

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

const othersWrite = 0o022

// writtenByOthers reports whether somebody else may make files in a folder.
func writtenByOthers(dir fs.FileInfo) bool {
	return dir.Mode().Perm()&othersWrite != 0 || !own(dir)
}

// own reports whether a file is this user's or root's.
func own(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && (st.Uid == 0 || int(st.Uid) == os.Geteuid())
}

// ours reports whether a file in a folder is this user's or root's, or of the one
// to whom the folder belongs, if nobody else may write to it.
func ours(info, dir fs.FileInfo) bool {
	a, is := info.Sys().(*syscall.Stat_t)
	b, too := dir.Sys().(*syscall.Stat_t)
	return own(info) || is && too && a.Uid == b.Uid && dir.Mode().Perm()&othersWrite == 0
}

func readByOthers(info fs.FileInfo) bool {
	return info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0
}

func ended(pid int) bool { return pid > 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }
