package state

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// lockedByte lies far behind the bytes that SQLite locks, which begin at 1 GiB
// (its file format, section 1.3), and behind any content.
const lockedByte = 1 << 61

// An ownLock is a lock of an open file description (fcntl(2), Linux) on the
// state file. The file stays open until the end, since closing it would end the
// locks of SQLite in this process.
type ownLock struct {
	path string
	file *os.File
}

func (l *ownLock) set(kind int16) error {
	return unix.FcntlFlock(l.file.Fd(), unix.F_OFD_SETLK, &unix.Flock_t{Type: kind, Whence: io.SeekStart, Start: lockedByte, Len: 1})
}

func (l *ownLock) tryLock() (bool, error) {
	if l.file == nil {
		f, err := os.OpenFile(l.path, os.O_RDWR, 0)
		if err != nil {
			return false, err
		}
		l.file = f
	}
	err := l.set(unix.F_WRLCK)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EACCES):
		return false, nil
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOLCK), errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.ENOSYS):
		return true, nil // a file system that has none; the file beside has to do
	}
	return err == nil, err
}

func (l *ownLock) unlock() error {
	if l.file == nil {
		return nil
	}
	if err := l.set(unix.F_UNLCK); err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOLCK) && !errors.Is(err, unix.EOPNOTSUPP) && !errors.Is(err, unix.ENOSYS) {
		return err
	}
	return nil
}

func (l *ownLock) close() error {
	if l.file == nil {
		return nil
	}
	f := l.file
	l.file = nil
	return f.Close()
}
