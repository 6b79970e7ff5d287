package source

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/kagiban/kagiban/scan"
)

// findStreamData is WIN32_FIND_STREAM_DATA.
type findStreamData struct {
	size int64
	name [windows.MAX_PATH + 36]uint16
}

// localStreams lists the streams of a file or folder, by their bare names.
func localStreams(path string) ([]scan.Entry, error) {
	kernel := windows.NewLazySystemDLL("kernel32.dll")
	first, next := kernel.NewProc("FindFirstStreamW"), kernel.NewProc("FindNextStreamW")
	if first.Find() != nil || next.Find() != nil {
		return nil, nil // older than Vista
	}
	if strings.Contains(path[max(strings.LastIndexAny(path, `\/`), 1)+1:], ":") {
		return nil, nil // it is one
	}
	info, err := os.Lstat(longPath(path))
	if err != nil {
		return nil, err
	}
	p, err := windows.UTF16PtrFromString(longPath(path))
	if err != nil {
		return nil, err
	}
	var data findStreamData
	const standard = 0 // FindStreamInfoStandard
	handle, _, err := first.Call(uintptr(unsafe.Pointer(p)), standard, uintptr(unsafe.Pointer(&data)), 0)
	if windows.Handle(handle) == windows.InvalidHandle {
		// A folder without streams, and a file system that has none.
		for _, none := range []syscall.Errno{windows.ERROR_HANDLE_EOF, windows.ERROR_INVALID_PARAMETER, windows.ERROR_NOT_SUPPORTED, windows.ERROR_CALL_NOT_IMPLEMENTED} {
			if errors.Is(err, none) {
				return nil, nil
			}
		}
		return nil, &fs.PathError{Op: "FindFirstStreamW", Path: path, Err: err}
	}
	defer windows.FindClose(windows.Handle(handle))
	var list []scan.Entry
	for {
		name, kind, _ := strings.Cut(strings.TrimPrefix(windows.UTF16ToString(data.name[:]), ":"), ":")
		if name != "" && strings.EqualFold(kind, "$DATA") {
			list = append(list, scan.Entry{Path: name, Size: data.size, ModTime: info.ModTime().UTC()})
		}
		more, _, err := next.Call(handle, uintptr(unsafe.Pointer(&data)))
		if more == 0 && errors.Is(err, windows.ERROR_HANDLE_EOF) {
			return list, nil
		}
		if more == 0 {
			return nil, &fs.PathError{Op: "FindNextStreamW", Path: path, Err: err}
		}
	}
}

// isStream: no name of a file begins with a colon.
func isStream(string) bool { return true }

// localStream is of no use here: the system opens a stream like a file.
func localStream(string) scan.Blob { return nil }
