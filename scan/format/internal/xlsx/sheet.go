package xlsx

import (
	"fmt"
	"io"
	"strconv"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/numfmt"
	"github.com/kagiban/kagiban/scan/format/internal/strtab"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// roomKept is how many bytes of a row's text are kept for the next one.
const roomKept = 1 << 20

// maxColumns of a sheet (ECMA-376 has no limit; every program stops at XFD).
const maxColumns = 1 << 14

// A sheetReader streams the rows of one worksheet part (ECMA-376 part 1,
// section 18.3). Nothing is allocated per cell.
type sheetReader struct {
	book  *Workbook
	table string
	out   scan.Sink
	t     *xmltok.Tokenizer
	run   textRun

	row   int // 1-based
	col   int // 0-based, of the latest cell
	meter *grid.Meter
	cells []scan.Cell
	spans []span // where a cell's text lies in buf, until the row is complete
	buf   []byte

	inCell   bool
	inValue  bool // a v
	inline   bool // it has an is, beside which a v says nothing
	cellType cellType
	style    int
	start    int // of the value in buf
	unclosed int // cells without an end tag
	strays   int // indexes of strings that are not there
	aside    aside
	formulas formulas
}

type span struct{ from, to int }

type cellType uint8

const (
	numberCell cellType = iota
	sharedCell
	inlineCell
	stringCell
	boolCell
	errorCell
)

// read goes through the part. What is known from the first rows on is reported
// while reading; notes on protection go to the workbook.
func (s *sheetReader) read(r io.Reader) error {
	s.t = xmltok.New(xmltok.Decode(r))
	for {
		kind, err := s.t.Next()
		if err == nil {
			err = s.token(kind)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if err := s.endRow(); err != nil { // a row that was never closed
		return err
	}
	if s.strays > 0 {
		s.out.Problem(fmt.Errorf("%d cells refer to shared strings that are not there: %w", s.strays, scan.ErrMalformed))
	}
	if s.unclosed > 0 {
		s.out.Problem(fmt.Errorf("%d cells are not closed: %w", s.unclosed, scan.ErrMalformed))
	}
	s.formulas.report(s.out)
	s.aside.spoken(s.run.spoken)
	return s.aside.flush(s)
}

func (s *sheetReader) token(kind xmltok.Kind) error {
	switch kind {
	case xmltok.Text:
		switch {
		case s.formulas.open:
			s.formulas.add(s.t)
		case s.inValue:
			s.buf = s.run.add(s.buf, s.t)
		case s.inCell:
			if s.cellType == inlineCell {
				s.buf = s.run.token(s.buf, kind, s.t)
			}
		default:
			s.aside.text(s.t)
		}
	case xmltok.Start:
		return s.startTag()
	case xmltok.End:
		return s.endTag()
	}
	return nil
}

func (s *sheetReader) startTag() error {
	switch name := s.t.Name(); string(name) {
	case "c":
		if err := s.endUnclosed(); err != nil {
			return err
		}
		s.startCell()
		return s.shortCell()
	case "v":
		s.inValue = s.inCell && !s.inline
	case "row":
		if err := s.endRow(); err != nil {
			return err
		}
		s.startRow()
	case "t", "rPh":
		s.run.token(nil, xmltok.Start, s.t)
	case "is": // the text of the cell, whatever its type says and a value beside it
		if s.inCell {
			s.buf, s.cellType, s.inline = s.buf[:s.start], inlineCell, true
			s.run.from = s.start
		}
	case "f":
		s.formulas.open = s.inCell
	case "r", "rPr", "sheetData":
	default:
		if !s.inCell {
			s.aside.start(s)
		}
	}
	return nil
}

func (s *sheetReader) endTag() error {
	switch string(s.t.Name()) {
	case "c":
		return s.endCell()
	case "v":
		s.inValue = false
	case "f":
		s.formulas.open = false
	case "row":
		return s.endRow()
	case "t", "rPh":
		s.run.token(nil, xmltok.End, s.t)
	default:
		if !s.inCell {
			s.aside.end(s)
		}
	}
	return nil
}

func (s *sheetReader) startRow() {
	s.row++
	if n, err := strconv.Atoi(string(s.t.Attr("r"))); err == nil && n > 0 {
		s.row = n
	}
	s.col = -1
}

func (s *sheetReader) startCell() {
	s.inCell, s.inValue, s.inline = true, false, false
	s.formulas.text = s.formulas.text[:0]
	s.start = len(s.buf)
	s.run.from = s.start
	s.col++
	s.style, s.cellType = 0, numberCell
	// r="A1" s="3" t="s": names of one letter, each byte looked at once.
	list := s.t.Attrs()
	for len(list) > 4 {
		if list[0] != ' ' || list[2] != '=' || list[3] != '"' {
			break
		}
		list = s.cellAttr(list[1], list[4:])
	}
	for key, value, rest := xmltok.NextAttr(list); key != nil; key, value, rest = xmltok.NextAttr(rest) {
		if len(key) == 1 {
			s.cellAttr(key[0], append(value[:len(value):len(value)], '"'))
		}
	}
}

// cellAttr takes the value of one attribute, which ends in a quote, and returns
// what follows.
func (s *sheetReader) cellAttr(key byte, list []byte) []byte {
	n := 0
	switch key {
	case 'r':
		col := 0
		for n < len(list) && list[n] >= 'A' && list[n] <= 'Z' && col < maxColumns {
			col = col*26 + int(list[n]-'A') + 1
			n++
		}
		if col > 0 && col <= maxColumns {
			s.col = col - 1
		}
	case 's':
		for n < len(list) && list[n] >= '0' && list[n] <= '9' && s.style < 1<<20 {
			s.style = s.style*10 + int(list[n]-'0')
			n++
		}
	}
	for n < len(list) && list[n] != '"' {
		n++
	}
	if key == 't' {
		s.cellType = typeOf(list[:n])
	}
	return list[min(n+1, len(list)):]
}

// shortCell takes the usual cell, <c …><v>…</v></c>, in one go.
func (s *sheetReader) shortCell() error {
	if s.cellType == inlineCell {
		return nil
	}
	raw, ok := s.t.Leaf("v")
	if !ok {
		return nil
	}
	if s.cellType == sharedCell && s.t.Closes("c") {
		s.inCell = false
		return s.addShared(index(raw))
	}
	s.buf = append(s.buf, raw...)
	if s.t.Closes("c") {
		return s.endCell()
	}
	return nil
}

// typeOf reads ST_CellType (ECMA-376 part 1, section 18.18.11).
func typeOf(value []byte) cellType {
	switch string(value) {
	case "s":
		return sharedCell
	case "inlineStr":
		return inlineCell
	case "str", "d":
		return stringCell
	case "b":
		return boolCell
	case "e":
		return errorCell
	}
	return numberCell
}

// column reads the letters of a reference like AB12.
func column(ref []byte) (int, bool) {
	n := 0
	for _, c := range ref {
		switch {
		case c >= 'A' && c <= 'Z':
			n = n*26 + int(c-'A') + 1
		case c >= 'a' && c <= 'z':
			n = n*26 + int(c-'a') + 1
		default:
			return n - 1, n > 0
		}
		if n > maxColumns {
			return 0, false
		}
	}
	return n - 1, n > 0
}

// endUnclosed ends a cell whose end tag is missing: what it holds counts, and
// the damage is reported.
func (s *sheetReader) endUnclosed() error {
	if !s.inCell {
		return nil
	}
	s.unclosed++
	return s.endCell()
}

func (s *sheetReader) endCell() error {
	if !s.inCell {
		return nil
	}
	s.inCell, s.inValue = false, false
	s.formulas.open = false
	raw := s.buf[s.start:]
	if len(raw) == 0 {
		s.formulas.wait(s.col)
		return nil
	}
	if s.meter.Full() {
		s.buf = s.buf[:s.start]
		return nil
	}
	cell := scan.Cell{Col: s.col}
	switch s.cellType {
	case sharedCell:
		i := index(raw)
		s.buf = s.buf[:s.start]
		return s.addShared(i)
	case numberCell:
		from := len(s.buf)
		s.buf = s.book.format(s.style).Append(s.buf, raw, s.book.date1904)
		s.start = from
	case inlineCell, stringCell:
		s.buf = s.buf[:s.start+len(xstring(raw))]
	case boolCell:
		s.start = len(s.buf)
		s.buf = append(s.buf, boolean(raw)...)
	}
	if !s.meter.Take(len(s.buf) - s.start) {
		s.buf = s.buf[:s.start]
		return nil
	}
	s.cells, s.spans = append(s.cells, cell), append(s.spans, span{s.start, len(s.buf)})
	return nil
}

// addShared adds a cell with a shared string.
func (s *sheetReader) addShared(i int) error {
	if s.meter.Full() {
		return nil
	}
	text, ok, err := s.book.strings.Get(i)
	if err != nil {
		return err
	}
	if !ok {
		s.strays++
	} else if len(text) > 0 && s.meter.Take(len(text)) {
		s.cells = append(s.cells, scan.Cell{Col: s.col, Text: text, Shared: uint32(i) + 1})
		s.spans = append(s.spans, span{})
	}
	return nil
}

func boolean(raw []byte) string {
	if raw[0] == '1' || raw[0] == 't' {
		return "TRUE"
	}
	return "FALSE"
}

// index reads the number of a shared string; -1 if it is none.
func index(raw []byte) int {
	n := 0
	for _, c := range raw {
		if c < '0' || c > '9' || n > strtab.Max {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// endRow hands out a row once all its text is in place.
func (s *sheetReader) endRow() error {
	if err := s.endUnclosed(); err != nil {
		return err
	}
	s.results()
	if len(s.cells) == 0 {
		s.buf = s.buf[:0]
		return nil
	}
	for i, sp := range s.spans {
		if sp.to > sp.from {
			s.cells[i].Text = s.buf[sp.from:sp.to]
		}
	}
	err := s.out.Row(scan.Row{Table: s.table, N: s.row, Cells: s.cells})
	s.cells, s.spans, s.buf = s.cells[:0], s.spans[:0], s.buf[:0]
	if cap(s.buf) > roomKept {
		s.buf = nil
	}
	s.meter.Next()
	return err
}

// format returns the number format of a style.
func (b *Workbook) format(style int) *numfmt.Format {
	if style < len(b.styles) {
		return b.styles[style]
	}
	return b.general
}
