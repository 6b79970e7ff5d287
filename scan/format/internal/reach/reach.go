// Package reach says how far the structure of pictures, media and fonts reaches
// in their files. They are left out unread, and a few bytes in front must not hide
// what lies behind them or among them.
package reach

import (
	"bytes"
	"io"
)

// A Span is a range of bytes.
type Span struct{ Off, Size int64 }

// An Extent is what the structure of a file takes of it.
type Extent struct {
	// Known: there is a reader of this kind of file. If not, nothing else is said.
	Known bool
	// Parts are what belongs to the structure. Comments and other parts in which
	// a person writes text are not among them.
	Parts []Span
}

// A walker follows a structure.
type walker struct {
	r     io.ReaderAt
	size  int64
	parts []Span
	buf   []byte // a window of the file
	at    int64
}

const window = 16 << 10

// kinds are the structures that are known, by how they begin.
func kinds() []struct {
	magic string
	walk  func(*walker) bool
} {
	return []struct {
		magic string
		walk  func(*walker) bool
	}{
		{"\x89PNG\r\n\x1A\n", (*walker).png},
		{"\xFF\xD8\xFF", (*walker).jpeg},
		{"GIF87a", (*walker).gif},
		{"GIF89a", (*walker).gif},
		{"BM", (*walker).bmp},
		{"\x00\x00\x01\x00", (*walker).icon},
		{"\x00\x00\x02\x00", (*walker).icon},
		{"RIFF", (*walker).riff},
		{"\x00\x01\x00\x00", (*walker).sfnt},
		{"OTTO", (*walker).sfnt},
		{"true", (*walker).sfnt},
		{"wOFF", (*walker).woff},
		{"wOF2", (*walker).woff},
		{"MThd", (*walker).midi},
		{"\x01\x00\x00\x00", (*walker).emf},
	}
}

// Of follows the structure of a file of some size; head are its first bytes.
func Of(r io.ReaderAt, size int64, head []byte) Extent {
	if len(head) >= 12 && bytes.Equal(head[4:8], []byte("ftyp")) {
		w := &walker{r: r, size: size}
		return w.extent(w.boxes())
	}
	for _, k := range kinds() {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			w := &walker{r: r, size: size}
			return w.extent(k.walk(w))
		}
	}
	return Extent{}
}

// extent is the outcome: a structure that breaks off before it begins is none.
func (w *walker) extent(begun bool) Extent {
	if !begun {
		w.parts = nil
	}
	return Extent{Known: true, Parts: w.parts}
}

// bytes returns n bytes at off, nil if they are not there; n is at most window.
func (w *walker) bytes(off int64, n int) []byte {
	if off < 0 || off+int64(n) > w.size {
		return nil
	}
	if off < w.at || off+int64(n) > w.at+int64(len(w.buf)) {
		buf := make([]byte, min(window, w.size-off))
		m, err := w.r.ReadAt(buf, off)
		if err != nil && err != io.EOF {
			return nil
		}
		w.buf, w.at = buf[:m], off
	}
	from := off - w.at
	if from+int64(n) > int64(len(w.buf)) {
		return nil
	}
	return w.buf[from : from+int64(n)]
}

// claim adds a part, as far as the file reaches.
func (w *walker) claim(off, size int64) {
	size = min(size, w.size-off)
	if size <= 0 || off < 0 {
		return
	}
	if n := len(w.parts); n > 0 && w.parts[n-1].Off+w.parts[n-1].Size == off {
		w.parts[n-1].Size += size
		return
	}
	w.parts = append(w.parts, Span{off, size})
}

// claimData adds a part but for those pieces of it that read as a list: they are
// left to those who read text.
func (w *walker) claimData(off, size int64) {
	const piece = 512
	for size = min(size, w.size-off); size > 0; {
		n := min(size, piece)
		if !Listlike(w.bytes(off, int(n))) {
			w.claim(off, n)
		}
		off, size = off+n, size-n
	}
}

// Listlike reports whether bytes read as text that holds numbers, in characters of
// one byte or two: at least ten digits in runs of four or more.
func Listlike(b []byte) bool {
	digits, run, odd := 0, 0, 0
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
			if run++; run == 4 {
				digits += 4
			} else if run > 4 {
				digits++
			}
			continue
		case c == 0: // the other half of a character of two bytes
			continue
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != 0x1B, c == 0x7F, c == 0xFF:
			odd++ // no text holds it
		}
		run = 0
	}
	// Every ninth byte of compressed data is a control; rows of pixels have no runs.
	return digits >= 10 && digits*20 > len(b) && odd*50 <= len(b)
}
