package xmltok

import (
	"bytes"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/refill"
)

// An input is the part of a document that is in memory, and the rest of it.
type input struct {
	r   io.Reader
	buf []byte
	pos int // of what is next
	eof bool
	err error
}

// skipPast passes over all up to the end of a text. Aside, if not nil, takes it.
func (in *input) skipPast(end string, aside func([]byte)) error {
	pass := func(to int) {
		if aside != nil && to > in.pos {
			aside(in.buf[in.pos:to])
		}
		in.pos = to
	}
	for {
		if i := bytes.Index(in.buf[in.pos:], []byte(end)); i >= 0 {
			pass(in.pos + i)
			in.pos += len(end)
			return nil
		}
		pass(max(in.pos, len(in.buf)-len(end)+1))
		if !in.fill() {
			return in.broken()
		}
	}
}

// need makes sure that n bytes are in the buffer.
func (in *input) need(n int) error {
	for len(in.buf)-in.pos < n {
		if !in.fill() {
			return in.broken()
		}
	}
	return nil
}

// fill reads more, keeping what is not used up. False: no more came.
func (in *input) fill() bool {
	if in.eof || in.err != nil {
		return false
	}
	have := len(in.buf) - in.pos
	var err error
	in.buf, err = refill.Fill(in.r, in.buf, in.pos)
	in.pos = 0
	if in.eof = err == io.EOF; !in.eof {
		in.err = err
	}
	return len(in.buf) > have
}

// end is the error at the end of the document.
func (in *input) end() error {
	if in.err != nil {
		return in.err
	}
	return io.EOF
}

// broken is the error where the document ends too early.
func (in *input) broken() error {
	if in.err != nil {
		return in.err
	}
	return fmt.Errorf("xml: file breaks off: %w", scan.ErrMalformed)
}
