package source

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/windows"

	"github.com/kagiban/kagiban/scan"
)

// kindOf distinguishes folders, files and what is neither. A file that is stored in a
// way of its own (deduplicated, compressed by the system) is a file; a junction
// has the attribute of a folder, but package os does not call it one.
func kindOf(info fs.FileInfo) (folder bool, err error) {
	data, ok := info.Sys().(*syscall.Win32FileAttributeData)
	switch {
	case ok && data.FileAttributes&recallAttributes != 0 && !info.IsDir():
		return false, &scan.SkipError{Rule: scan.RuleOffline, Err: scan.ErrOffline}
	case info.IsDir():
		return true, nil
	case ok && info.Mode()&fs.ModeIrregular != 0 && data.FileAttributes&windows.FILE_ATTRIBUTE_DIRECTORY != 0:
		return false, scan.Errorf("junction or mount point: %w", scan.ErrLink)
	}
	return false, notRegular(info.Mode())
}

func changeAndID(fs.FileInfo) (time.Time, uint64) { return time.Time{}, 0 }

// deviceOf is not known: what is mounted in a folder is a junction, which is left out.
func deviceOf(fs.FileInfo, error) uint64 { return 0 }

// openShared opens a file for reading in a way that leaves it to others: they
// may read, write, rename and delete it meanwhile.
func openShared(path string, follow bool) (*os.File, error) {
	p, err := windows.UTF16PtrFromString(longPath(path))
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	h, err := windows.CreateFile(p, windows.GENERIC_READ,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE,
		nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), nil
}

// longPath lifts the limit of 260 characters.
func longPath(path string) string {
	switch {
	case len(path) < 248 || strings.HasPrefix(path, `\\?\`):
		return path
	case strings.HasPrefix(path, `\\`):
		return `\\?\UNC\` + path[2:]
	}
	return `\\?\` + path
}

func isLocked(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION)
}

func ownerOf(path string) (string, error) {
	sd, err := windows.GetNamedSecurityInfo(longPath(path), windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return "", localError(err)
	}
	sid, _, err := sd.Owner()
	if err != nil {
		return "", err
	}
	account, domain, _, err := sid.LookupAccount("")
	if err != nil {
		return sid.String(), nil // of a domain that is out of reach, or removed
	}
	if domain == "" {
		return account, nil
	}
	return domain + `\` + account, nil
}
