// Package delim splits text into rows and cells. The delimiter is found, not
// assumed; text without one gives rows of one cell. Quoting is that of RFC
// 4180 section 2, borne with where programs bend it: a quote that is never
// closed is an ordinary character, so that it cannot swallow the rest of a file.
package delim

import (
	"bytes"
	"io"

	"github.com/kagiban/kagiban/scan"
)

const (
	blockSize = 256 << 10
	probeSize = 16 << 10
	maxQuoted = 64 << 10 // bytes of a quoted field over several lines
)

// A Splitter reads rows. Zero values are not usable; see New.
type Splitter struct {
	r       io.Reader
	max     int // bytes of one line
	buf     []byte
	pos     int
	eof     bool
	err     error
	delim   byte // 0: none
	n       int
	cells   []scan.Cell
	unquote []byte
	cut     int // lines that were too long
}

// New makes a splitter over UTF-8. A line longer than maxLine bytes is handed
// out in pieces, each a row.
func New(r io.Reader, maxLine int) *Splitter {
	return &Splitter{r: r, max: maxLine, buf: make([]byte, 0, blockSize)}
}

// Cut is how many lines were longer than the limit.
func (s *Splitter) Cut() int { return s.cut }

// Each calls row for each line that is not empty.
func (s *Splitter) Each(row func(scan.Row) error) error {
	for len(s.buf) < probeSize && s.fill() {
	}
	s.delim = find(s.buf[:min(len(s.buf), probeSize)], s.eof)
	for {
		line, ok := s.line()
		if !ok {
			if s.err != nil {
				return s.err
			}
			return nil
		}
		s.n++
		if len(line) == 0 {
			continue
		}
		s.split(line)
		if len(s.cells) == 0 {
			continue
		}
		if err := row(scan.Row{N: s.n, Cells: s.cells}); err != nil {
			return err
		}
	}
}

// line takes the next line without its end. A quoted field may span lines.
func (s *Splitter) line() ([]byte, bool) {
	from := 0 // where to look for the end
	for {
		rest := s.buf[s.pos:]
		i := lineEnd(rest[from:], s.eof)
		if i < 0 {
			from = max(len(rest)-1, 0) // a CR at the very end may belong to a CRLF
			if len(rest) >= s.max {
				s.cut++
				return s.take(s.max, 0), true
			}
			if s.fill() {
				continue
			}
			if len(s.buf) == s.pos {
				return nil, false
			}
			rest = s.buf[s.pos:]
			if i = lineEnd(rest[from:], true); i < 0 {
				return s.take(len(rest), 0), true
			}
		}
		i += from
		if s.delim != 0 && i < maxQuoted && bytes.IndexByte(rest[:i], '"') >= 0 && openQuote(rest[:i], s.delim) {
			if end, known := s.quotedEnd(i); known {
				i = end
			} else if s.fill() {
				from = 0
				continue
			}
		}
		rest = s.buf[s.pos:]
		width := 1
		if i+1 < len(rest) && rest[i] == '\r' && rest[i+1] == '\n' {
			width = 2
		}
		if i >= len(rest) {
			width = 0
		}
		return s.take(i, width), true
	}
}

// take gives n bytes and passes over the line end.
func (s *Splitter) take(n, end int) []byte {
	line := s.buf[s.pos : s.pos+n]
	s.pos += n + end
	return line
}

// lineEnd finds LF, CRLF or a lone CR. Without all of the text at hand a CR at
// the end does not count yet.
func lineEnd(b []byte, all bool) int {
	lf := bytes.IndexByte(b, '\n')
	upto := b
	if lf >= 0 {
		upto = b[:lf]
	}
	cr := bytes.IndexByte(upto, '\r')
	switch {
	case cr >= 0 && (cr+1 < len(b) || all):
		return cr
	case lf >= 0:
		return lf
	}
	return -1
}

// openQuote tells whether a line ends inside a quoted field.
func openQuote(line []byte, delim byte) bool {
	for len(line) > 0 {
		if line[0] != '"' {
			i := bytes.IndexByte(line, delim)
			if i < 0 {
				return false
			}
			line = line[i+1:]
			continue
		}
		end := closing(line)
		if end < 0 {
			return true
		}
		line = line[end+1:]
		i := bytes.IndexByte(line, delim)
		if i < 0 {
			return false
		}
		line = line[i+1:]
	}
	return false
}

// closing finds the quote that closes the field which begins with one.
func closing(field []byte) int {
	for i := 1; i < len(field); {
		j := bytes.IndexByte(field[i:], '"')
		if j < 0 {
			return -1
		}
		i += j
		if i+1 < len(field) && field[i+1] == '"' {
			i += 2
			continue
		}
		return i
	}
	return -1
}

// quotedEnd finds the line end at which the quoted field that is open at i has
// been closed. Known is false while more bytes may tell.
func (s *Splitter) quotedEnd(i int) (end int, known bool) {
	rest := s.buf[s.pos:]
	for at := i; at < min(len(rest), maxQuoted); {
		next := lineEnd(rest[at+1:], s.eof)
		if next < 0 {
			if s.eof && !openQuote(rest, s.delim) {
				return len(rest), true
			}
			break
		}
		at += 1 + next
		if !openQuote(rest[:at], s.delim) {
			return at, true
		}
	}
	return i, s.eof || len(rest) >= maxQuoted
}

// split cuts a line into cells. Empty cells are left out.
func (s *Splitter) split(line []byte) {
	s.cells, s.unquote = s.cells[:0], s.unquote[:0]
	if s.delim == 0 {
		s.add(0, line)
		return
	}
	if bytes.IndexByte(line, '"') < 0 {
		for col := 0; ; col++ {
			i := bytes.IndexByte(line, s.delim)
			if i < 0 {
				s.add(col, line)
				return
			}
			s.add(col, line[:i])
			line = line[i+1:]
		}
	}
	for col := 0; ; col++ {
		field, rest, more := s.field(line)
		s.add(col, field)
		if !more {
			return
		}
		line = rest
	}
}

// field takes the first field of a line.
func (s *Splitter) field(line []byte) (field, rest []byte, more bool) {
	if len(line) > 0 && line[0] == '"' {
		if end := closing(line); end >= 0 {
			field = line[1:end]
			if bytes.Contains(field, []byte(`""`)) {
				from := len(s.unquote)
				s.unquote = append(s.unquote, bytes.ReplaceAll(field, []byte(`""`), []byte(`"`))...)
				field = s.unquote[from:]
			}
			rest = line[end+1:]
			i := bytes.IndexByte(rest, s.delim)
			if i < 0 {
				return field, nil, false
			}
			return field, rest[i+1:], true
		}
	}
	i := bytes.IndexByte(line, s.delim)
	if i < 0 {
		return line, nil, false
	}
	return line[:i], line[i+1:], true
}

func (s *Splitter) add(col int, text []byte) {
	if len(text) > 0 {
		s.cells = append(s.cells, scan.Cell{Col: col, Text: text})
	}
}

// fill reads more. False: nothing more came.
func (s *Splitter) fill() bool {
	if s.eof || s.err != nil {
		return false
	}
	if s.pos > 0 {
		s.buf = s.buf[:copy(s.buf, s.buf[s.pos:])]
		s.pos = 0
	}
	if len(s.buf) == cap(s.buf) {
		grown := make([]byte, len(s.buf), 2*cap(s.buf))
		copy(grown, s.buf)
		s.buf = grown
	}
	for range 100 {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		if err == io.EOF {
			s.eof = true
		} else {
			s.err = err
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.err = io.ErrNoProgress
	return false
}
