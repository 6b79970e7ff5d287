package source

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/kagiban/kagiban/scan"
)

// What Linux has of alternate data streams are extended attributes: people set those
// that begin with "user.", and Samba keeps there what its clients write into streams
// (streams_xattr: user.DosStream.NAME:$DATA). The others are the system's own.
const (
	attributes = "user."
	// dosAttribute is Samba's own: attributes and times, in some 60 bytes.
	dosAttribute     = "user.DOSATTRIB"
	dosAttributeMost = 64
)

// localStreams lists the streams of a file or folder, by their bare names.
func localStreams(path string) ([]scan.Entry, error) {
	names, err := readAttribute(func(to []byte) (int, error) { return unix.Llistxattr(path, to) })
	switch {
	case errors.Is(err, unix.ENOTSUP), errors.Is(err, unix.ENOENT): // of a stream, which has no path of its own
		return nil, nil
	case err != nil:
		return nil, &fs.PathError{Op: "listxattr", Path: path, Err: err}
	case len(names) == 0:
		return nil, nil
	}
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	changed, _ := changeAndID(info)
	var list []scan.Entry
	for name := range bytes.SplitSeq(names, []byte{0}) {
		if !bytes.HasPrefix(name, []byte(attributes)) {
			continue
		}
		size, err := unix.Lgetxattr(path, string(name), nil)
		switch {
		case errors.Is(err, unix.ENODATA): // removed meanwhile
			continue
		case err != nil:
			return nil, &fs.PathError{Op: "getxattr", Path: path, Err: err}
		case string(name) == dosAttribute && size <= dosAttributeMost:
			continue
		}
		if _, err := os.Lstat(path + ":" + string(name)); err == nil {
			return nil, fmt.Errorf("a file is called like the attribute %q, which therefore cannot be named", name)
		}
		list = append(list, scan.Entry{Path: string(name), Size: int64(size), ModTime: info.ModTime().UTC(), ChangeTime: changed})
	}
	return list, nil
}

// localStream opens a stream by the path of its file, a colon and its name; nil if
// there is none.
func localStream(path string) scan.Blob {
	for at := 0; ; at++ {
		next := strings.Index(path[at:], ":"+attributes)
		if next < 0 {
			return nil
		}
		at += next
		value, err := readAttribute(func(to []byte) (int, error) { return unix.Lgetxattr(path[:at], path[at+1:], to) })
		if err == nil {
			return memoryBlob{bytes.NewReader(value)}
		}
	}
}

// isStream tells a stream of a folder from a file in it whose name begins with a colon.
func isStream(path string) bool { return localStream(path) != nil }

// readAttribute asks for the length first; it may grow meanwhile.
func readAttribute(ask func(to []byte) (int, error)) ([]byte, error) {
	for {
		size, err := ask(nil)
		if err != nil || size == 0 {
			return nil, err
		}
		value := make([]byte, size)
		if size, err = ask(value); errors.Is(err, unix.ERANGE) {
			continue
		}
		return value[:max(size, 0)], err
	}
}

type memoryBlob struct{ *bytes.Reader }

func (memoryBlob) Close() error { return nil }
