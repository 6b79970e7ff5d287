// Package delim splits text into rows and cells. The delimiter and the quote are
// found, not assumed, by the records that they make; text without a delimiter comes
// as rows of one cell. Quoting is that of RFC 4180 section 2, borne with where
// programs bend it: what stands behind a closing quote stays in its field, and a
// quote that is never closed is an ordinary character, so that it cannot swallow the
// rest of a file.
//
// Read it in this order: delim.go (rows), quote.go (the grammar of a record),
// guess.go (which grammar a text has).
package delim

import (
	"bytes"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/refill"
)

const (
	blockSize = 256 << 10
	probeSize = 64 << 10
	maxQuoted = 64 << 10 // bytes of a quoted field over several lines
	// Each quote that is never closed costs a look at maxQuoted bytes. So much
	// may be looked at in vain, and so many times the text beyond that: then a
	// field ends with its line.
	vainFree  = 16 << 20
	vainTimes = 16
	lineStep  = 4 << 10 // bytes searched at a time for the end of a line
)

// A Splitter reads rows. Zero values are not usable; see New.
type Splitter struct {
	r   io.Reader
	max int // bytes of one line
	buf []byte
	pos int
	eof bool
	err error
	grammar
	again    int64 // bytes of text after which a delimiter is looked for once more
	n        int
	cells    []scan.Cell
	unquoted []byte // fields whose text is not as it stands in the line
	cut      int    // lines that were too long
	meter    grid.Meter
	vain     int64 // bytes that may be looked through in vain besides
	ahead    int64 // bytes looked through for the end of quoted fields, in vain
	done     int64 // bytes of lines that were taken
}

// New makes a splitter over UTF-8. A line longer than maxLine bytes is handed
// out in pieces, each a row. Rows are as long as meter allows. Size is about how
// much text there is: archives hold many files of a few bytes.
func New(r io.Reader, maxLine int, size int64, meter grid.Meter) *Splitter {
	room := min(max(2*size, 1<<10), blockSize)
	return &Splitter{r: r, max: maxLine, buf: make([]byte, 0, room), meter: meter, vain: vainFree}
}

// Cut is how many lines were longer than the limit.
func (s *Splitter) Cut() int { return s.cut }

// Each calls row for each line that is not empty.
func (s *Splitter) Each(row func(scan.Row) error) error {
	for len(s.buf) < probeSize && s.fill() {
	}
	s.guess()
	for {
		if s.delim == 0 && s.done >= s.again {
			s.guess()
		}
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

// guess looks for the delimiter in the text at hand. Where there is none it is
// looked for again after twice as much text: a list may stand behind a long log.
func (s *Splitter) guess() {
	text := s.buf[s.pos:]
	s.grammar = find(text[:min(len(text), probeSize)], s.eof && len(text) <= probeSize)
	s.again = 2*s.done + probeSize
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
		if s.delim != 0 && i < maxQuoted && s.mayLook() && bytes.IndexByte(rest[:i], s.quote) >= 0 {
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
	s.done += int64(n + end)
	return line
}

// lineEnd finds LF, CRLF or a lone CR. Without all of the text at hand a CR at
// the end does not count yet. The text is searched step by step, so that one
// with CR alone is not searched for LF to its end at each line.
func lineEnd(b []byte, all bool) int {
	for from := 0; from < len(b); from += lineStep {
		step := b[from:min(from+lineStep, len(b))]
		lf := bytes.IndexByte(step, '\n')
		if lf >= 0 {
			step = step[:lf]
		}
		cr := bytes.IndexByte(step, '\r')
		switch {
		case cr >= 0 && (from+cr+1 < len(b) || all):
			return from + cr
		case lf >= 0:
			return from + lf
		}
	}
	return -1
}

// mayLook tells whether there is leave to look ahead for the end of a field.
func (s *Splitter) mayLook() bool { return s.ahead <= s.vain+vainTimes*s.done }

// quotedEnd finds the line end at which no quoted field is open, from the one
// at i on; it is i if there is none. Known is false while more bytes may tell.
func (s *Splitter) quotedEnd(i int) (end int, known bool) {
	rest := s.buf[s.pos:]
	q := quoting{grammar: s.grammar}
	q.pass(rest[:i])
	for at := i; ; {
		if q.state != quoted {
			return at, true
		}
		if at >= min(len(rest), maxQuoted) {
			break
		}
		next := lineEnd(rest[at+1:], s.eof)
		if next < 0 {
			if q.pass(rest[at:]); s.eof && q.state != quoted {
				return len(rest), true
			}
			break
		}
		q.pass(rest[at : at+1+next])
		at += 1 + next
	}
	if known = s.eof || len(rest) >= maxQuoted; known {
		s.ahead += int64(min(len(rest), maxQuoted))
	}
	return i, known
}

// split cuts a line into cells. Empty cells are left out.
func (s *Splitter) split(line []byte) {
	s.cells, s.unquoted = s.cells[:0], s.unquoted[:0]
	s.meter.Next()
	if s.delim == 0 {
		s.add(0, line)
		return
	}
	if bytes.IndexByte(line, s.quote) < 0 {
		for col := 0; ; col++ {
			i := bytes.IndexByte(line, s.delim)
			if i < 0 {
				s.add(col, line)
				return
			}
			if s.add(col, line[:i]); s.meter.Full() {
				return
			}
			line = line[i+1:]
		}
	}
	for col := 0; ; col++ {
		field, rest, more := s.field(line)
		if s.add(col, field); !more || s.meter.Full() {
			return
		}
		line = rest
	}
}

// field takes the first field of a line. What stands behind a closing quote is a
// part of the field too.
func (s *Splitter) field(line []byte) (field, rest []byte, more bool) {
	if len(line) > 0 && line[0] == s.quote {
		if end := s.closing(line); end >= 0 {
			behind := line[end+1:]
			i := bytes.IndexByte(behind, s.delim)
			if more = i >= 0; more {
				behind, rest = behind[:i], behind[i+1:]
			}
			field = line[1:end]
			if len(behind) == 0 && s.plainField(field) {
				return field, rest, more
			}
			from := len(s.unquoted)
			s.unquoted = append(s.unquote(s.unquoted, field), behind...)
			return s.unquoted[from:], rest, more
		}
	}
	i := bytes.IndexByte(line, s.delim)
	if i < 0 {
		return line, nil, false
	}
	return line[:i], line[i+1:], true
}

func (s *Splitter) add(col int, text []byte) {
	if len(text) > 0 && s.meter.Take(len(text)) {
		s.cells = append(s.cells, scan.Cell{Col: col, Text: text})
	}
}

// fill reads more. False: nothing more came.
func (s *Splitter) fill() bool {
	if s.eof || s.err != nil {
		return false
	}
	have := len(s.buf) - s.pos
	var err error
	s.buf, err = refill.Fill(s.r, s.buf, s.pos)
	s.pos = 0
	if s.eof = err == io.EOF; !s.eof {
		s.err = err
	}
	return len(s.buf) > have
}
