package format

import (
	"bytes"
	"encoding/binary"
	"io"
	"strconv"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
)

// Files that lie whole in free sectors or between the files of a volume: deleted, or
// put there. Of what is left of a file nothing can be read but its text, and that it
// is no whole file is nothing to report.

const (
	spareSector = 512 // files begin at one
	spareFiles  = 16  // of one range
)

// A spareReader passes a range on and remembers where files may begin in it.
type spareReader struct {
	r      io.Reader
	at     int64 // place in the file of what comes next
	buf    [64 << 10]byte
	left   []byte
	starts []int64
}

// Read implements io.Reader.
func (s *spareReader) Read(p []byte) (int, error) {
	if len(s.left) == 0 {
		n, err := io.ReadFull(s.r, s.buf[:int64(len(s.buf))-s.at%spareSector])
		if n == 0 {
			return 0, err // of the range, or its end
		}
		s.left = s.buf[:n]
		for i := int((spareSector - s.at%spareSector) % spareSector); i+8 <= n && len(s.starts) < spareFiles; i += spareSector {
			if beginsFile(s.left[i : i+8]) {
				s.starts = append(s.starts, s.at+int64(i))
			}
		}
		s.at += int64(n)
	}
	n := copy(p, s.left)
	s.left = s.left[n:]
	return n, nil
}

func beginsFile(b []byte) bool {
	for _, magic := range [...]string{"PK\x03\x04", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "%PDF-", "7z\xBC\xAF\x27\x1C"} {
		if bytes.HasPrefix(b, []byte(magic)) {
			return true
		}
	}
	return false
}

// hand hands out the files that are whole.
func (s *spareReader) hand(f *scan.File, out scan.Sink, end int64) error {
	from := int64(0)
	for _, at := range s.starts {
		if at < from {
			continue // it lies in the one before
		}
		size, err := wholeFile(f, at, end)
		if err != nil {
			return err
		}
		if size == 0 {
			continue
		}
		from = at + size
		err = out.Member(scan.Member{Name: scan.RestName + strconv.FormatInt(at, 10), Size: size, At: io.NewSectionReader(f, at, size)})
		if err != nil {
			return err
		}
	}
	return nil
}

// wholeFile returns how long the file is that begins at a place; 0 if it is none, or
// ends elsewhere than before end.
func wholeFile(f *scan.File, at, end int64) (int64, error) {
	head := make([]byte, 32)
	if n, err := f.ReadAt(head, at); n < len(head) {
		if err == io.EOF {
			err = nil
		}
		return 0, err
	}
	switch head[0] {
	case 'P':
		return lastMark(f, at, end, "PK\x05\x06", 22, func(mark []byte, off int64) int64 {
			size, start := int64(binary.LittleEndian.Uint32(mark[12:])), int64(binary.LittleEndian.Uint32(mark[16:]))
			if start+size != off {
				return 0
			}
			return off + 22 + int64(binary.LittleEndian.Uint16(mark[20:]))
		})
	case '%':
		return lastMark(f, at, end, "%%EOF", 5, func(_ []byte, off int64) int64 { return off + 5 })
	case '7':
		size := 32 + binary.LittleEndian.Uint64(head[12:]) + binary.LittleEndian.Uint64(head[20:])
		if !sevenStart(head) || size > uint64(end-at) {
			return 0, nil
		}
		return int64(size), nil
	}
	c, err := cfb.Open(io.NewSectionReader(f, at, end-at), end-at)
	if err != nil {
		return 0, nil
	}
	size, err := c.End()
	if err != nil || size > end-at {
		return 0, nil
	}
	return size, nil
}

// lastMark looks for the mark with which a file ends, of which the first that fits
// holds.
func lastMark(f *scan.File, at, end int64, mark string, size int, fits func(mark []byte, off int64) int64) (int64, error) {
	r := f.Bound(io.NewSectionReader(f, at, end-at))
	buf := make([]byte, 64<<10)
	kept, off := 0, int64(0)
	for {
		n, err := io.ReadFull(r, buf[kept:])
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return 0, err
		}
		b := buf[:kept+n]
		for from := 0; ; {
			i := bytes.Index(b[from:], []byte(mark))
			if i < 0 || from+i+size > len(b) {
				break
			}
			if length := fits(b[from+i:], off+int64(from+i)); length > 0 && length <= end-at {
				return length, nil
			}
			from += i + 1
		}
		if err != nil {
			return 0, nil
		}
		kept = copy(buf, b[len(b)-size+1:])
		off += int64(len(b) - kept)
	}
}
