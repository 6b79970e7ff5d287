// Package arj reads ARJ archives: headers, and the methods 0 (stored), 1 to 3
// and 4. The layout is that of Robert K. Jung's technical note TECHNOTE.TXT,
// section "ARJ archive file header". Garbled members need their password.
package arj

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/checked"
	"github.com/kagiban/kagiban/scan/format/internal/lzh"
)

// An Entry is one member.
type Entry struct {
	Name    []byte // as stored
	Size    int64  // bytes after unpacking, as stated
	Garbled bool
	Split   bool // goes on in another volume, or comes from one
	Folder  bool // or a label or another thing without content
	method  byte
	crc     uint32
	off     int64 // of the data
	packed  int64
}

const (
	headerMax = 2600
	fixedPart = 30 // bytes before the names that all versions write

	flagGarbled = 0x01
	flagVolume  = 0x04
	flagExtends = 0x08

	typeComment = 2
)

func bad(format string, args ...any) error {
	return fmt.Errorf("arj: %s: %w", fmt.Sprintf(format, args...), scan.ErrMalformed)
}

// Match reports whether the first bytes are the main header of an archive; its
// sum has to be right.
func Match(head []byte) bool {
	if len(head) < 4+fixedPart+4 || head[0] != 0x60 || head[1] != 0xEA {
		return false
	}
	size := int(binary.LittleEndian.Uint16(head[2:]))
	return size >= fixedPart && size <= headerMax && len(head) >= 8+size && head[10] == typeComment &&
		crc32.ChecksumIEEE(head[4:4+size]) == binary.LittleEndian.Uint32(head[4+size:])
}

// Next reads the header at off and says where the next one begins. The first
// one is the main header, which is no member. It returns io.EOF at the mark
// that ends an archive.
func Next(r io.ReaderAt, off int64) (*Entry, int64, error) {
	b := make([]byte, headerMax+10)
	n, err := r.ReadAt(b, off)
	if err != nil && err != io.EOF {
		return nil, 0, err
	}
	b = b[:n]
	if n < 4 || b[0] != 0x60 || b[1] != 0xEA {
		return nil, 0, bad("no header where one should be")
	}
	size := int(binary.LittleEndian.Uint16(b[2:]))
	if size == 0 {
		return nil, 0, io.EOF
	}
	if size < fixedPart || size > headerMax || n < size+10 {
		return nil, 0, bad("header breaks off")
	}
	h := b[4 : 4+size]
	if crc32.ChecksumIEEE(h) != binary.LittleEndian.Uint32(b[4+size:]) {
		return nil, 0, bad("sum of the header")
	}
	if int(h[0]) > size {
		return nil, 0, bad("header breaks off")
	}
	e := &Entry{
		Garbled: h[4]&flagGarbled != 0, Split: h[4]&(flagVolume|flagExtends) != 0, method: h[5], Folder: h[6] > 1,
		packed: int64(binary.LittleEndian.Uint32(h[12:])), Size: int64(binary.LittleEndian.Uint32(h[16:])), crc: binary.LittleEndian.Uint32(h[20:]),
	}
	e.Name, _, _ = bytes.Cut(h[h[0]:], []byte{0})
	e.off = off + int64(size) + 10
	if extended := binary.LittleEndian.Uint16(b[8+size:]); extended > 0 {
		e.off += int64(extended) + 4
	}
	if h[6] == typeComment {
		e.packed = 0 // the fields mean other things there
	}
	return e, e.off + e.packed, nil
}

// Open unpacks an entry. The sum is checked at its end.
func (e *Entry) Open(r io.ReaderAt) (io.Reader, error) {
	data := io.NewSectionReader(r, e.off, e.packed)
	var plain io.Reader
	switch e.method {
	case 0:
		plain = data
	case 1, 2, 3: // LHA's code with a window of 26 KiB
		plain = lzh.Unpack(data, 16, 17, 5, e.Size)
	case 4:
		plain = newFastest(data, e.Size)
	default:
		return nil, fmt.Errorf("arj: method %d: %w", e.method, scan.ErrUnsupported)
	}
	return &checked.Reader{
		R: io.LimitReader(plain, e.Size), Left: e.Size, Want: e.crc,
		Fail: func(what string) error { return bad("%s", what) },
	}, nil
}
