package charset

import (
	"io"

	"golang.org/x/text/transform"
)

// The room of a reader: a small file needs no more than the first.
const (
	firstSize = 2 << 10
	blockSize = 64 << 10
)

// NewReader reads r as UTF-8 and reports the encoding as far as it is known: a
// text may be ASCII for long before it shows what it is written in.
func NewReader(r io.Reader) *Reader {
	return &Reader{r: r, charset: ASCII}
}

// A Reader decodes text, region by region.
type Reader struct {
	r       io.Reader
	charset Charset // the latest one that is not ASCII
	binary  bool    // some region is no text
	started bool
	settled bool   // some line was in that encoding
	buf     []byte // read; what lies before at was decoded
	at      int
	out     []byte    // decoded and not handed on
	room    []byte    // that out is made in
	wide    io.Reader // the decoder of units of two and four bytes
	err     error
}

// Charset is the encoding as far as it was needed; Binary as soon as some region
// was no text.
func (t *Reader) Charset() Charset {
	if t.binary {
		return Binary
	}
	return t.charset
}

func (t *Reader) Read(p []byte) (int, error) {
	for t.wide == nil && len(t.out) == 0 {
		if t.at == len(t.buf) && t.err != nil {
			return 0, t.err
		}
		t.block()
	}
	if t.wide != nil {
		return t.wide.Read(p)
	}
	n := copy(p, t.out)
	t.out = t.out[n:]
	return n, nil
}

// block takes the next piece of text and decodes the whole lines of it.
func (t *Reader) block() {
	t.fill()
	if !t.started {
		t.started = true
		c, bom := Detect(t.buf)
		if c.wide() {
			t.charset = c
			t.wide = transform.NewReader(io.MultiReader(&held{t.buf[bom:]}, &remainder{t}), c.Encoding().NewDecoder())
			return
		}
		t.charset, t.binary = c, c == Binary
		t.at = bom
	} else if !t.binary && controls(t.buf) {
		t.binary = true
	}
	region := t.buf[t.at:]
	if t.err == nil {
		region = region[:whole(region)]
	}
	t.at += len(region)
	t.out = t.decode(region)
}

// fill reads until the buffer is full or the text at its end.
func (t *Reader) fill() {
	t.buf, t.at = t.buf[:copy(t.buf, t.buf[t.at:])], 0
	size := blockSize
	if t.buf == nil {
		size = firstSize
	}
	for t.err == nil {
		if cap(t.buf) < size {
			grown := make([]byte, len(t.buf), size)
			copy(grown, t.buf)
			t.buf = grown
		}
		var n int
		n, t.err = io.ReadFull(t.r, t.buf[len(t.buf):size])
		t.buf = t.buf[:len(t.buf)+n]
		if t.err == io.ErrUnexpectedEOF {
			t.err = io.EOF
		}
		if t.err == nil && size == blockSize {
			return
		}
		size = blockSize // more than a small file holds
	}
}

// held is bytes that were read.
type held struct{ b []byte }

func (h *held) Read(p []byte) (int, error) {
	if len(h.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, h.b)
	h.b = h.b[n:]
	return n, nil
}

// remainder goes on after what was read, with the error that came with it.
type remainder struct{ t *Reader }

func (m *remainder) Read(p []byte) (int, error) {
	if m.t.err != nil {
		return 0, m.t.err
	}
	return m.t.r.Read(p)
}
