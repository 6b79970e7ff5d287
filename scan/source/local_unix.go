//go:build unix

package source

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"syscall"
	"time"
)

func kindOf(info fs.FileInfo) (folder bool, err error) {
	if info.IsDir() {
		return true, nil
	}
	return false, notRegular(info.Mode())
}

func changeAndID(info fs.FileInfo) (time.Time, uint64) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return time.Time{}, 0
	}
	return changeTime(st).UTC(), st.Ino
}

// deviceOf is the file system that a file or folder lies on, as the system numbers
// them while they are mounted.
func deviceOf(info fs.FileInfo, err error) uint64 {
	if err != nil {
		return 0
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return device(st)
	}
	return 0
}

// openShared opens a file for reading. A link in place of the file is refused
// unless the target itself was given as one.
func openShared(path string, follow bool) (*os.File, error) {
	flags := os.O_RDONLY | syscall.O_NONBLOCK
	if !follow {
		flags |= syscall.O_NOFOLLOW
	}
	// Reading would otherwise move the access time. Only the owner of a file
	// and the superuser may ask for that.
	if noAccessTime != 0 {
		f, err := os.OpenFile(path, flags|noAccessTime, 0)
		if !errors.Is(err, syscall.EPERM) {
			return f, err
		}
	}
	return os.OpenFile(path, flags, 0)
}

// isLocked: locks on unix are advice and exclude no reader, but a file system
// of another kind below may answer so.
func isLocked(err error) bool {
	return errors.Is(err, syscall.ETXTBSY) || errors.Is(err, syscall.EBUSY)
}

func ownerOf(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", localError(err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", errors.ErrUnsupported
	}
	uid := strconv.FormatUint(uint64(st.Uid), 10)
	if u, err := user.LookupId(uid); err == nil {
		return u.Username, nil
	}
	return "uid " + uid, nil // the account was removed
}
