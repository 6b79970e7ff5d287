// Package lzh reads LHA archives: headers of the levels 0 to 3 and the methods
// -lh0-, -lh1-, -lh4- to -lh7-, -lz4-, -lz5- and -lzs-; others, such as -pm2- of
// PMarc, are reported as not read. There is no published standard; the layout
// is that of Haruyasu Yoshizaki's LHa as its readers have long agreed on it.
// The format knows no encryption.
package lzh

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// An Entry is one member.
type Entry struct {
	Name   []byte // as stored, with 0xFF or '\' or '/' between folders; mostly CP932
	Method string // "-lh5-"
	Size   int64  // bytes after unpacking, as stated
	CRC    uint16
	off    int64 // of the data
	packed int64
}

// Folder reports whether the entry has no content of its own.
func (e *Entry) Folder() bool { return e.Method == "-lhd-" }

const (
	maxHeader = 64 << 10
	firstRead = 320 // more than a header of level 0 has
)

func bad(format string, args ...any) error {
	return fmt.Errorf("lzh: %s: %w", fmt.Sprintf(format, args...), scan.ErrMalformed)
}

// Match reports whether the first bytes are an LHA header.
func Match(head []byte) bool {
	if len(head) < 22 || head[2] != '-' || head[6] != '-' || head[20] > 3 {
		return false
	}
	switch string(head[3:5]) {
	case "lh", "lz", "pm":
		return true
	}
	return false
}

// Next reads the header at off and says where the next one begins. It returns
// io.EOF at the mark that ends an archive.
func Next(r io.ReaderAt, off int64) (*Entry, int64, error) {
	b := make([]byte, firstRead)
	n, err := r.ReadAt(b, off)
	if n == len(b) && b[20] != 0 && Match(b) { // what may be longer
		b = make([]byte, maxHeader)
		n, err = r.ReadAt(b, off)
	}
	if err != nil && err != io.EOF {
		return nil, 0, err
	}
	b = b[:n]
	if n == 0 || b[0] == 0 {
		return nil, 0, io.EOF
	}
	if n < 32 || !Match(b) {
		return nil, 0, bad("no header where one should be")
	}
	e := &Entry{
		Method: string(b[2:7]), packed: int64(binary.LittleEndian.Uint32(b[7:])), Size: int64(binary.LittleEndian.Uint32(b[11:])),
	}
	switch b[20] {
	case 0, 1:
		err = e.old(b, off)
	default:
		err = e.new(b, off)
	}
	if err != nil {
		return nil, 0, err
	}
	return e, e.off + e.packed, nil
}

// old reads the levels 0 and 1, whose base header begins with its length and sum.
func (e *Entry) old(b []byte, off int64) error {
	size, name := int(b[0])+2, int(b[21])
	if len(b) < size || 24+name > size {
		return bad("header breaks off")
	}
	sum := byte(0)
	for _, c := range b[2:size] {
		sum += c
	}
	if sum != b[1] {
		return bad("sum of the header")
	}
	e.Name = b[22 : 22+name]
	e.CRC = binary.LittleEndian.Uint16(b[22+name:])
	e.off = off + int64(size)
	if b[20] == 0 {
		return nil
	}
	if size < 27+name {
		return bad("header breaks off")
	}
	used, err := e.extensions(b[size-2:], 2)
	e.off += int64(used)
	e.packed -= int64(used) // level 1 counts them as data
	return err
}

// new reads the levels 2 and 3, which are all extensions.
func (e *Entry) new(b []byte, off int64) error {
	width, first, size := 2, 24, int64(binary.LittleEndian.Uint16(b))
	if b[20] == 3 {
		width, first, size = 4, 28, int64(binary.LittleEndian.Uint32(b[24:]))
	}
	if size < int64(first+width) || size > int64(len(b)) {
		return bad("header breaks off")
	}
	e.CRC = binary.LittleEndian.Uint16(b[21:])
	e.off = off + size
	_, err := e.extensions(b[first:size], width)
	return err
}

// extensions reads a chain of extension headers: the size of the next one,
// then its type and data, which end in the size of the one after.
func (e *Entry) extensions(b []byte, width int) (used int, err error) {
	var folder []byte
	for {
		if len(b) < width {
			return used, bad("extension breaks off")
		}
		size := int(binary.LittleEndian.Uint16(b))
		if width == 4 {
			size = int(binary.LittleEndian.Uint32(b))
		}
		if size == 0 {
			break
		}
		if size < width+1 || size > len(b)-width {
			return used, bad("extension breaks off")
		}
		data := b[width+1 : size]
		switch b[width] {
		case 0x01:
			e.Name = data
		case 0x02:
			folder = data
		case 0x42: // sizes of 64 bits
			if len(data) >= 16 {
				e.packed, e.Size = int64(binary.LittleEndian.Uint64(data)), int64(binary.LittleEndian.Uint64(data[8:]))
			}
		}
		b, used = b[size:], used+size
	}
	if len(folder) > 0 {
		e.Name = append(append([]byte{}, folder...), e.Name...)
	}
	if e.packed < 0 || e.Size < 0 {
		return used, bad("sizes")
	}
	return used, nil
}

// Path is the name with '/' between folders; decode makes text of the bytes.
func (e *Entry) Path(decode func(string) string) string {
	var parts []string
	for _, part := range strings.Split(string(e.Name), "\xFF") {
		parts = append(parts, decode(part))
	}
	return strings.Trim(strings.Join(parts, "/"), "/")
}
