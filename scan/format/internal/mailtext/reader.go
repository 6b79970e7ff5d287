package mailtext

import (
	"bufio"
	"bytes"
	"io"
	"strings"
)

// lineMax is how much of a line is looked at as one; longer ones come in pieces.
const lineMax = 64 << 10

// A Reader reads a message line by line. Boundaries of the multiparts around the
// present part end it.
type Reader struct {
	in     *bufio.Reader
	marks  []string // boundaries, outermost first
	line   []byte   // the present line, with its end
	starts bool     // it is the start of a line and not a further piece
	back   bool     // it comes again
	whole  bool     // the piece before was a whole line
	err    error

	Mbox bool // a line "From …" behind a blank one ends the message

	blank bool // the line before was blank
}

// NewReader reads a message.
func NewReader(r io.Reader) *Reader {
	return &Reader{in: bufio.NewReaderSize(r, lineMax), whole: true, blank: true}
}

// next goes on to the next line, or piece of one.
func (r *Reader) next() bool {
	if r.back {
		r.back = false
		return true
	}
	if r.err != nil {
		return false
	}
	if r.starts && r.line != nil {
		r.blank = len(bytes.TrimRight(r.line, "\r\n")) == 0
	}
	r.starts = r.whole
	line, err := r.in.ReadSlice('\n')
	if r.whole = err != bufio.ErrBufferFull; r.whole && err != nil {
		r.err = err
	}
	r.line = line
	return len(line) > 0
}

// Err is the failure of the source; nil at the end of the message.
func (r *Reader) Err() error {
	if r.err == io.EOF {
		return nil
	}
	return r.err
}

// An edge is a line that ends a part.
type edge int

const (
	edgeNone  edge = iota
	edgePart       // another part begins
	edgeClose      // the multipart ends
	edgeMail       // another message begins
)

// edge reports what the present line ends, and the multipart that it is of.
func (r *Reader) edge() (edge, int) {
	if !r.starts {
		return edgeNone, 0
	}
	if r.Mbox && r.blank && envelope(r.line) {
		return edgeMail, 0
	}
	if !bytes.HasPrefix(r.line, []byte("--")) {
		return edgeNone, 0
	}
	line := strings.TrimRight(string(r.line[2:min(len(r.line), 1024)]), " \t\r\n")
	for i := len(r.marks) - 1; i >= 0; i-- {
		switch line {
		case r.marks[i]:
			return edgePart, i
		case r.marks[i] + "--":
			return edgeClose, i
		}
	}
	return edgeNone, 0
}

// envelope reports whether a line separates the messages of an mbox (RFC 4155):
// "From ", an address, a date with a time.
func envelope(line []byte) bool {
	return bytes.HasPrefix(line, []byte("From ")) && bytes.Count(line[:min(len(line), 200)], []byte(":")) >= 1 && len(line) < 200
}

// Header reads the header that comes next. It ends with a blank line, or where a
// part begins without one. Before that of a message, in front, blank lines are
// passed over.
func (r *Reader) Header(front bool) *Header {
	h := &Header{}
	size := 0
	for first := front; r.next(); {
		line := bytes.TrimRight(r.line, "\r\n")
		if len(line) == 0 && first {
			continue // blank lines in front
		}
		if len(line) == 0 && r.starts {
			return h
		}
		if e, _ := r.edge(); e != edgeNone {
			if e == edgeMail && first {
				continue // the line of this message
			}
			r.back = true
			return h
		}
		if len(h.Fields) > 0 && r.declares(h, line) {
			r.back = true
			return h
		}
		first = false
		if size += len(r.line); size > HeaderMax {
			h.Cut = true
			continue
		}
		if !r.starts && len(h.Fields) > 0 { // a long line goes on
			h.Fields[len(h.Fields)-1].Value += string(line)
			continue
		}
		h.add(line)
	}
	return h
}

// declares reports whether a line begins a part of the multipart that the header
// before it declares, with no blank line between them.
func (r *Reader) declares(h *Header, line []byte) bool {
	if !bytes.HasPrefix(line, []byte("--")) {
		return false
	}
	_, params := Params(h.Get("Content-Type"))
	for _, mark := range All(params, "boundary") {
		if strings.TrimRight(string(line[2:]), " \t") == mark {
			return true
		}
	}
	return false
}

// A Body is the content of a part as it is written, without the end of line that
// belongs to the boundary (RFC 2046 section 5.1.1).
type Body struct {
	r    *Reader
	left []byte
	end  []byte // of the line before; part of the body if another follows
	buf  []byte
	done bool
}

// Body reads the body of the present part.
func (r *Reader) Body() *Body { return &Body{r: r} }

func (b *Body) Read(p []byte) (int, error) {
	for len(b.left) == 0 {
		if b.done || !b.r.next() {
			b.done = true
			if err := b.r.Err(); err != nil {
				return 0, err
			}
			return 0, io.EOF
		}
		if e, _ := b.r.edge(); e != edgeNone {
			b.r.back, b.done = true, true
			return 0, io.EOF
		}
		text := bytes.TrimRight(b.r.line, "\r\n")
		b.buf = append(append(b.buf[:0], b.end...), text...)
		b.end = append(b.end[:0], b.r.line[len(text):]...)
		b.left = b.buf
	}
	n := copy(p, b.left)
	b.left = b.left[n:]
	return n, nil
}

// Drain passes over what is left of the body.
func (b *Body) Drain() error {
	_, err := io.Copy(io.Discard, b)
	return err
}

// Multipart goes through the parts of a multipart (RFC 2046 section 5.1). Part is
// called at the start of each, aside for the text before the first and after the
// last. Marks are the boundaries that may be meant.
func (r *Reader) Multipart(marks []string, part func() error, aside func(*Body) error) error {
	outer := r.marks
	defer func() { r.marks = outer }()
	r.marks = append(append([]string(nil), outer...), marks...)
	open := false
	for {
		if !open {
			b := r.Body()
			if err := aside(b); err != nil {
				return err
			}
			if err := b.Drain(); err != nil {
				return err
			}
		}
		if !r.next() {
			return r.Err()
		}
		e, i := r.edge()
		switch {
		case e == edgeNone:
			open = false
		case e == edgeMail || i < len(outer):
			r.back = true
			return nil
		case e == edgeClose:
			open = false
			r.marks = append([]string(nil), outer...) // what follows is no part
		default:
			open = true
			if err := part(); err != nil {
				return err
			}
			b := r.Body()
			if err := b.Drain(); err != nil {
				return err
			}
		}
		if e == edgeClose {
			b := r.Body()
			if err := aside(b); err != nil {
				return err
			}
			if err := b.Drain(); err != nil {
				return err
			}
			return nil
		}
	}
}

// Guess returns the boundary that a multipart without one seems to have: its first
// line that looks like one. Aside is called with what stands before it: all of the
// part where there is none, which programs then show as it is.
func (r *Reader) Guess(aside func(line []byte)) string {
	for r.next() {
		if e, _ := r.edge(); e != edgeNone {
			r.back = true
			return ""
		}
		line := strings.TrimRight(string(r.line[:min(len(r.line), 1024)]), " \t\r\n")
		if r.starts && len(line) > 4 && strings.HasPrefix(line, "--") && !strings.ContainsAny(line, " \t") {
			r.back = true
			return line[2:]
		}
		aside(r.line)
	}
	return ""
}

// NextMail goes on to the next message of an mbox, and past its envelope line.
func (r *Reader) NextMail() bool {
	for r.next() {
		if e, _ := r.edge(); e == edgeMail {
			return true
		}
	}
	return false
}

// Mail reads the present message of an mbox as it is written.
func (r *Reader) Mail() *Body { return &Body{r: r} }
