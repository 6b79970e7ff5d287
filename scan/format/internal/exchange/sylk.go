package exchange

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/numfmt"
)

// lines reads text line by line; a line longer than a cell may be is cut.
type lines struct {
	r    *bufio.Reader
	max  int
	line []byte
	cr   bool // the last line ended in CR
	cut  bool
}

func newLines(r io.Reader, limit int) *lines {
	return &lines{r: bufio.NewReaderSize(r, 64<<10), max: limit}
}

// next returns a line without its end, which is LF, CR LF or, from old
// Macintoshes, CR alone; io.EOF after the last.
func (l *lines) next() ([]byte, error) {
	l.line = l.line[:0]
	for {
		c, err := l.r.ReadByte()
		switch {
		case err == io.EOF && len(l.line) > 0:
			return l.line, nil
		case err != nil:
			return nil, err
		case c == '\n' && l.cr:
			l.cr = false
			continue
		}
		if l.cr = c == '\r'; l.cr || c == '\n' {
			return l.line, nil
		}
		if len(l.line) > l.max {
			l.cut = true
			continue
		}
		l.line = append(l.line, c)
	}
}

// rest hands on the lines that are left.
func (l *lines) rest(aside func([]byte)) error {
	for {
		line, err := l.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		aside(line)
	}
}

// plainEnds makes all ends of lines LF.
func plainEnds(head []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(head, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
}

// IsSYLK reports whether a file begins like one: an ID record and then a record
// of another known type.
func IsSYLK(head []byte) bool {
	if !bytes.HasPrefix(head, []byte("ID;P")) {
		return false
	}
	_, rest, found := bytes.Cut(plainEnds(head), []byte("\n"))
	second, _, _ := bytes.Cut(rest, []byte("\n"))
	kind, _, fields := bytes.Cut(second, []byte(";"))
	switch string(kind) {
	case "P", "B", "F", "C", "O", "W", "NN", "NE", "NU":
		return found && fields
	}
	return false
}

// SYLK reads a symbolic link file, as Multiplan and Excel write it; there is no
// published specification beyond the names of its records and fields. Aside takes
// records of other kinds and what follows the end.
func SYLK(r io.Reader, w *grid.Writer, aside func([]byte)) error {
	s := &sylk{w: w, x: 1, y: 1}
	in := newLines(r, w.Max)
	ended := false
	for !ended {
		line, err := in.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		fields := split(line)
		switch fields[0] {
		case "P":
			s.picture(fields[1:])
		case "F":
			s.format(fields[1:])
		case "C":
			if err := s.cell(fields[1:]); err != nil {
				return err
			}
		case "E":
			ended = true
		case "ID", "B", "W", "O":
		default:
			aside(line)
		}
	}
	if err := in.rest(aside); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if in.cut {
		w.Out.Problem(&scan.LimitError{Limit: "cell"})
	}
	if err := s.codes.Check(); err != nil {
		w.Out.Problem(fmt.Errorf("sylk: %w", err))
	}
	if !ended {
		return fmt.Errorf("sylk: no end record: %w", scan.ErrMalformed)
	}
	return nil
}

// split cuts a record at single semicolons; two stand for one in a text. Some
// writers leave one in a quoted text as it is.
func split(line []byte) []string {
	var fields []string
	var field []byte
	for i := 0; i < len(line); i++ {
		double := i+1 < len(line) && line[i+1] == ';'
		switch {
		case line[i] != ';':
			field = append(field, line[i])
		case double:
			field = append(field, ';')
			i++
		case quoted(field):
			field = append(field, ';')
		default:
			fields = append(fields, string(field))
			field = field[:0]
		}
	}
	return append(fields, string(field))
}

// quoted reports whether a field is a text whose end has not come.
func quoted(field []byte) bool {
	return len(field) >= 2 && field[1] == '"' && (len(field) == 2 || field[len(field)-1] != '"')
}

type sylk struct {
	w        *grid.Writer
	codes    numfmt.Codes
	pictures []*numfmt.Format
	x, y     int // 1-based
	next     int // format of the cell at nextX, nextY; 1-based, 0 for none
	nextX    int
	nextY    int
}

func (s *sylk) picture(fields []string) {
	for _, f := range fields {
		if f != "" && f[0] == 'P' && len(s.pictures) < 1<<16 {
			s.pictures = append(s.pictures, s.codes.Compile(f[1:]))
		}
	}
}

// place reads the fields X and Y, which stay in force.
func (s *sylk) place(fields []string) {
	for _, f := range fields {
		if len(f) < 2 {
			continue
		}
		n, err := strconv.Atoi(f[1:])
		if err != nil || n < 1 || n > 1<<20 {
			continue
		}
		switch f[0] {
		case 'X':
			s.x = n
		case 'Y':
			s.y = n
		}
	}
}

func (s *sylk) format(fields []string) {
	s.place(fields)
	for _, f := range fields {
		if len(f) > 1 && f[0] == 'P' {
			if n, err := strconv.Atoi(f[1:]); err == nil {
				s.next, s.nextX, s.nextY = n+1, s.x, s.y
			}
		}
	}
}

func (s *sylk) cell(fields []string) error {
	s.place(fields)
	if err := s.w.Row(s.y); err != nil {
		return err
	}
	for _, f := range fields {
		if f == "" || f[0] != 'K' {
			continue
		}
		v := f[1:]
		if len(v) >= 2 && v[0] == '"' && v[len(v)-1] == '"' {
			s.w.Text(s.x-1, bytes.ReplaceAll([]byte(v[1:len(v)-1]), []byte("\x1b :"), []byte("\n")))
			continue
		}
		if s.next > 0 && s.next <= len(s.pictures) && s.nextX == s.x && s.nextY == s.y {
			s.w.End(s.x-1, s.pictures[s.next-1].Append(s.w.Buf(), []byte(v), false))
			continue
		}
		s.w.String(s.x-1, v)
	}
	return nil
}

// IsDIF reports whether a file begins like one.
func IsDIF(head []byte) bool {
	return bytes.HasPrefix(plainEnds(head[:min(len(head), 64)]), []byte("TABLE\n0,1\n\""))
}

// DIF reads a data interchange file (Navy DIF, Software Arts 1981): pairs of
// lines, type and number, then text. Aside takes what stands in the head and behind
// the end.
func DIF(r io.Reader, w *grid.Writer, aside func([]byte)) error {
	in := newLines(r, w.Max)
	col, data, ended := 0, false, false
	for !ended {
		line, err := in.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		head := bytes.Clone(line) // the next line takes its place
		if !data {
			data = string(head) == "DATA"
			for range 2 {
				line, err := in.next()
				if err != nil && err != io.EOF {
					return err
				}
				aside(line)
			}
			continue
		}
		text, err := in.next()
		if err != nil && err != io.EOF {
			return err
		}
		kind, number, _ := bytes.Cut(head, []byte(","))
		switch string(bytes.TrimSpace(kind)) {
		case "-1":
			ended = string(text) == "EOD"
			col = 0
			if err := w.Next(); err != nil {
				return err
			}
		case "0":
			if v := string(text); v != "V" && v != "" { // TRUE, FALSE, NA, ERROR
				number = text
			}
			w.Text(col, bytes.TrimSpace(number))
			col++
		case "1":
			w.Text(col, unquote(text))
			col++
		}
	}
	if err := in.rest(aside); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if in.cut {
		w.Out.Problem(&scan.LimitError{Limit: "cell"})
	}
	if !ended {
		return fmt.Errorf("dif: no end of data: %w", scan.ErrMalformed)
	}
	return nil
}

func unquote(text []byte) []byte {
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		return bytes.ReplaceAll(text[1:len(text)-1], []byte(`""`), []byte(`"`))
	}
	return text
}
