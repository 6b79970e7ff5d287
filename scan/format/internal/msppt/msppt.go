// Package msppt reads the text of PowerPoint's binary presentations (MS-PPT).
package msppt

import (
	"bufio"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"unicode/utf16"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
)

// Record types (MS-PPT 2.13.24).
const (
	recTextChars = 0x0FA0
	recTextBytes = 0x0FA8
	recCString   = 0x0FBA
	recOleObj    = 0x1011
	recCrypt     = 0x2F14
)

// Encrypted reads the Current User stream (MS-PPT 2.3.2).
func Encrypted(currentUser []byte) (encrypted, ok bool) {
	if len(currentUser) < 16 {
		return false, false
	}
	switch binary.LittleEndian.Uint32(currentUser[12:]) {
	case 0xE391C05F:
		return false, true
	case 0xF3D1C4DF:
		return true, true
	}
	return false, false
}

// A record head (MS-PPT 2.3.1).
type head struct {
	container bool
	instance  int
	kind      int
	size      int64
}

type reader struct {
	r    *bufio.Reader
	pos  int64
	ends []int64 // of the open containers, innermost last
	torn int     // records that reach out of their containers
}

// enter opens a container; one that reaches out of another ends with it.
func (r *reader) enter(size int64) {
	end := r.pos + size
	if n := len(r.ends); n > 0 && end > r.ends[n-1] {
		end = r.ends[n-1]
		r.torn++
	}
	if len(r.ends) < maxDepth {
		r.ends = append(r.ends, end)
	}
}

// leave closes the containers that end here, and passes over what is left of
// one that has no room for another record.
func (r *reader) leave() error {
	for n := len(r.ends); n > 0 && r.pos+8 > r.ends[n-1]; n = len(r.ends) {
		left := r.ends[n-1] - r.pos
		r.ends = r.ends[:n-1]
		if left > 0 {
			if err := r.skip(left); err != nil {
				return err
			}
		}
	}
	return nil
}

// fit cuts a record that reaches out of its container: what follows the
// container is in order again.
func (r *reader) fit(h *head) {
	if n := len(r.ends); n > 0 && r.pos+h.size > r.ends[n-1] {
		h.size = r.ends[n-1] - r.pos
		r.torn++
	}
}

const maxDepth = 64 // containers in containers

func (r *reader) next() (head, error) {
	var b [8]byte
	if _, err := io.ReadFull(r.r, b[:]); err != nil {
		if err == io.ErrUnexpectedEOF {
			err = io.EOF // streams are padded
		}
		return head{}, err
	}
	r.pos += 8
	v := int(binary.LittleEndian.Uint16(b[:]))
	return head{v&0xF == 0xF, v >> 4, int(binary.LittleEndian.Uint16(b[2:])), int64(binary.LittleEndian.Uint32(b[4:]))}, nil
}

// take reads the data of a record, up to a limit; what is longer is passed over.
func (r *reader) take(size, limit int64) ([]byte, error) {
	b := make([]byte, 0, min(size, 64<<10))
	var chunk [32 << 10]byte
	for left := min(size, limit); left > 0; {
		n, err := io.ReadFull(r.r, chunk[:min(left, int64(len(chunk)))])
		b = append(b, chunk[:n]...)
		r.pos += int64(n)
		left -= int64(n)
		if err != nil {
			return nil, broken(err)
		}
	}
	return b, r.skip(size - min(size, limit))
}

// copy puts the data of a record into a room.
func (r *reader) copy(room io.Writer, n int64) error {
	k, err := io.CopyN(room, r.r, n)
	r.pos += k
	return broken(err)
}

func (r *reader) skip(n int64) error {
	k, err := io.CopyN(io.Discard, r.r, n)
	r.pos += k
	if err != nil {
		return broken(err)
	}
	return nil
}

func broken(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("record breaks off: %w", scan.ErrMalformed)
	}
	return err
}

// Crypt finds the encryption header of an encrypted presentation (MS-PPT
// 2.3.7, CryptSession10Container). The records around it are cipher text, so
// that it is looked for by its head.
func Crypt(document io.Reader) []byte {
	r := bufio.NewReaderSize(document, 64<<10)
	mark := [4]byte{0x0F, 0, byte(recCrypt & 0xFF), recCrypt >> 8}
	for {
		b, err := r.Peek(8)
		if err != nil {
			return nil
		}
		if [4]byte(b) == mark {
			if size := binary.LittleEndian.Uint32(b[4:]); size > 60 && size < 4096 {
				data := make([]byte, 8+size)
				if _, err := io.ReadFull(r, data); err != nil {
					return nil
				}
				return data[8:]
			}
		}
		if _, err := r.Discard(1); err != nil {
			return nil
		}
	}
}

// Read hands out the text of the PowerPoint Document stream; containers are
// entered, so that nothing depends on their order. Object takes each embedded
// object, which is kept in room: Open returns it unpacked, and is nil if it is not
// packed.
func Read(document io.Reader, w *grid.Writer, room scan.Scratch, object func(n int, open func() io.Reader, data *io.SectionReader) error) error {
	r := &reader{r: bufio.NewReaderSize(document, 64<<10)}
	objects := 0
	for {
		if err := r.leave(); err != nil {
			return err
		}
		h, err := r.next()
		if err == io.EOF {
			if r.torn > 0 {
				w.Out.Problem(fmt.Errorf("%d records reach out of their containers: %w", r.torn, scan.ErrMalformed))
			}
			return w.Flush()
		}
		if err != nil {
			return err
		}
		if h.container && !roundTrip(h.kind) {
			r.enter(h.size)
			continue
		}
		r.fit(&h)
		switch h.kind {
		case recTextChars, recCString, recTextBytes:
			b, err := r.take(h.size, 2*int64(w.Max))
			if err != nil {
				return err
			}
			if h.size > 2*int64(w.Max) {
				w.Out.Problem(&scan.LimitError{Limit: "cell"})
			}
			if err := text(w, b, h.kind == recTextBytes); err != nil {
				return err
			}
		case recOleObj:
			from := room.Size()
			if err := r.copy(room, h.size); err != nil {
				return err
			}
			objects++
			if err := hand(objects, h, io.NewSectionReader(room, from, h.size), w, object); err != nil {
				return err
			}
		default:
			if err := r.search(h.size, w); err != nil {
				return err
			}
		}
	}
}

// search looks for text in a record whose kind has none by its specification, or is
// not known.
func (r *reader) search(n int64, w *grid.Writer) error {
	if err := w.Flush(); err != nil {
		return err
	}
	limited := &io.LimitedReader{R: r.r, N: n}
	err := rawtext.Scan(limited, w, rawtext.All)
	r.pos += n - limited.N
	if err == nil && limited.N > 0 {
		err = broken(io.ErrUnexpectedEOF)
	}
	return err
}

// roundTrip selects the records in which PowerPoint 2007 keeps what older ones do
// not know (MS-PPT 2.11): packages of XML, though they look like containers.
func roundTrip(kind int) bool { return kind >= 0x040E && kind <= 0x042B }

// hand hands an embedded object on (MS-PPT 2.10.34); it may be compressed.
func hand(n int, h head, data *io.SectionReader, w *grid.Writer, object func(int, func() io.Reader, *io.SectionReader) error) error {
	if h.instance != 1 {
		return object(n, nil, data)
	}
	if data.Size() < 4 {
		w.Out.Problem(fmt.Errorf("embedded object: %w", scan.ErrMalformed))
		return nil
	}
	return object(n, func() io.Reader { return &inflating{data: io.NewSectionReader(data, 4, data.Size()-4)} }, data)
}

// inflating opens its data at the first read, so that damage is an error of reading.
type inflating struct {
	data io.Reader
	r    io.Reader
}

func (i *inflating) Read(p []byte) (int, error) {
	if i.r == nil {
		z, err := zlib.NewReader(i.data)
		if err != nil {
			return 0, fmt.Errorf("embedded object: %w: %w", scan.ErrMalformed, err)
		}
		i.r = z
	}
	return i.r.Read(p)
}

// text hands out a text, a row for each paragraph: one byte a character, which
// is the low byte of its code, or two.
func text(w *grid.Writer, b []byte, narrow bool) error {
	var units []uint16
	if narrow {
		for _, c := range b {
			units = append(units, uint16(c))
		}
	} else {
		for i := 0; i+1 < len(b); i += 2 {
			units = append(units, uint16(b[i])|uint16(b[i+1])<<8)
		}
	}
	return w.Lines(string(utf16.Decode(units)))
}
