package xlsx

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// formulas are those of cells whose result is not in the file, as programs write them
// that do not calculate (ECMA-376 part 1, section 18.3.1.40). One over cells of the
// file adds nothing to them. One that joins texts is worked out as far as its texts
// stand in it or in its row; where they do not, and where it refers to another file,
// it is reported.
type formulas struct {
	open    bool
	text    []byte // of the cell at hand
	waits   []waiting
	joined  int // that could not be worked out
	outside int // that refer to another file
}

// A waiting formula is worked out when its row is known.
type waiting struct {
	col  int
	text string
}

// The bounds of formulas.
const (
	maxFormula  = 8 << 10 // bytes; Excel takes as many characters
	maxFormulas = 1 << 14 // of a row, as many as it has columns
	maxOperands = 64
)

func (f *formulas) add(t *xmltok.Tokenizer) {
	if len(f.text) < maxFormula {
		f.text = t.AppendText(f.text)
	}
}

// wait keeps the formula of a cell without a result.
func (f *formulas) wait(col int) {
	if len(f.text) > 0 && len(f.waits) < maxFormulas {
		f.waits = append(f.waits, waiting{col, string(f.text)})
	}
	f.text = f.text[:0]
}

// results works out the formulas of the row at hand and makes cells of them.
func (s *sheetReader) results() {
	if len(s.formulas.waits) == 0 {
		return
	}
	at := make(map[int]int, len(s.cells))
	for i := range s.cells {
		at[s.cells[i].Col] = i
	}
	cell := func(col int) (string, bool) {
		i, ok := at[col]
		if !ok {
			return "", true
		}
		if sp := s.spans[i]; sp.to > sp.from {
			return string(s.buf[sp.from:sp.to]), true
		}
		return string(s.cells[i].Text), true
	}
	for _, w := range s.formulas.waits {
		j := join{rest: strings.TrimPrefix(strings.TrimSpace(w.text), "="), row: s.row, cell: cell}
		text, ok := j.all()
		switch {
		case ok && !j.literal:
		case ok:
			if text != "" && s.meter.Take(len(text)) {
				from := len(s.buf)
				s.buf = append(s.buf, text...)
				s.cells, s.spans = append(s.cells, scan.Cell{Col: w.col}), append(s.spans, span{from, len(s.buf)})
			}
		case strings.Contains(w.text, "[") && strings.Contains(w.text, "]") && strings.Contains(w.text, "!"):
			s.formulas.outside++
		case joins(w.text):
			s.formulas.joined++
		}
	}
	s.formulas.waits = s.formulas.waits[:0]
}

// report reports the formulas whose results are not known.
func (f *formulas) report(out scan.Sink) {
	if f.joined > 0 {
		out.Problem(fmt.Errorf("%d formulas that join texts, whose results are not in the file: %w", f.joined, scan.ErrUnsupported))
	}
	if f.outside > 0 {
		out.Problem(fmt.Errorf("%d formulas that refer to other files, whose results are not in the file: %w", f.outside, scan.ErrUnsupported))
	}
}

// joins reports whether a formula joins texts into what may be a number: there is
// nothing but digits and hyphens among its own texts.
func joins(text string) bool {
	upper := strings.ToUpper(text)
	if !strings.Contains(text, "&") && !strings.Contains(upper, "CONCAT") && !strings.Contains(upper, "TEXTJOIN") {
		return false
	}
	parts := strings.Split(text, `"`)
	for i := 1; i < len(parts); i += 2 {
		if strings.Trim(parts[i], "0123456789-‐－#/. ") != "" {
			return false
		}
	}
	return true
}

// A join is a formula that joins texts: operands with & between them.
type join struct {
	rest    string
	row     int
	cell    func(col int) (string, bool)
	literal bool // it has texts of its own, or several operands
	n       int
}

// all reads the whole of it.
func (j *join) all() (string, bool) {
	text, ok := j.operands()
	return text, ok && j.rest == ""
}

func (j *join) operands() (string, bool) {
	var b strings.Builder
	for first := true; ; first = false {
		if j.n++; j.n > maxOperands {
			return "", false
		}
		text, ok := j.operand()
		if !ok {
			return "", false
		}
		b.WriteString(text)
		j.rest = strings.TrimLeft(j.rest, " ")
		if !strings.HasPrefix(j.rest, "&") {
			j.literal = j.literal || !first
			return b.String(), true
		}
		j.rest = j.rest[1:]
	}
}

// operand reads a text, a number, a cell of the row, or one of the functions that
// join.
func (j *join) operand() (string, bool) {
	j.rest = strings.TrimLeft(j.rest, " ")
	switch {
	case strings.HasPrefix(j.rest, `"`):
		j.literal = true
		return j.text()
	case j.rest != "" && j.rest[0]-'0' <= 9:
		n := 0
		for n < len(j.rest) && (j.rest[n]-'0' <= 9 || j.rest[n] == '.') {
			n++
		}
		number := j.rest[:n]
		j.rest = j.rest[n:]
		return number, true
	}
	for _, name := range [...]string{"CONCATENATE(", "CONCAT(", "_xlfn.CONCAT("} {
		if len(j.rest) > len(name) && strings.EqualFold(j.rest[:len(name)], name) {
			j.rest = j.rest[len(name):]
			return j.list()
		}
	}
	if len(j.rest) > 5 && strings.EqualFold(j.rest[:5], "TEXT(") {
		j.rest = j.rest[5:]
		return j.padded()
	}
	return j.ref()
}

// text reads a text between quotes.
func (j *join) text() (string, bool) {
	var b strings.Builder
	rest := j.rest[1:]
	for {
		i := strings.IndexByte(rest, '"')
		if i < 0 {
			return "", false
		}
		b.WriteString(rest[:i])
		if rest = rest[i+1:]; !strings.HasPrefix(rest, `"`) {
			j.rest = rest
			return b.String(), true
		}
		b.WriteByte('"')
		rest = rest[1:]
	}
}

// list reads the arguments of a function that joins them.
func (j *join) list() (string, bool) {
	var b strings.Builder
	j.literal = true
	for {
		text, ok := j.operands()
		if !ok || j.rest == "" {
			return "", false
		}
		b.WriteString(text)
		end := j.rest[0]
		j.rest = j.rest[1:]
		switch end {
		case ')':
			return b.String(), true
		case ',':
		default:
			return "", false
		}
	}
}

// padded reads TEXT(a, "000000"), which fills up with zeros.
func (j *join) padded() (string, bool) {
	text, ok := j.operands()
	if !ok || !strings.HasPrefix(j.rest, ",") {
		return "", false
	}
	j.rest = strings.TrimLeft(j.rest[1:], " ")
	if !strings.HasPrefix(j.rest, `"`) {
		return "", false
	}
	form, ok := j.text()
	if !ok || !strings.HasPrefix(j.rest, ")") || strings.Trim(form, "0") != "" {
		return "", false
	}
	j.rest = j.rest[1:]
	return strings.Repeat("0", max(0, len(form)-len(text))) + text, true
}

// ref reads a reference to a cell of the same row.
func (j *join) ref() (string, bool) {
	n := 0
	for n < len(j.rest) && (j.rest[n] == '$' || j.rest[n]|0x20 >= 'a' && j.rest[n]|0x20 <= 'z' || j.rest[n]-'0' <= 9) {
		n++
	}
	name := strings.ReplaceAll(j.rest[:n], "$", "")
	letters := strings.TrimRight(name, "0123456789")
	row, err := strconv.Atoi(name[len(letters):])
	if err != nil || letters == "" || row != j.row || strings.HasPrefix(j.rest[n:], "(") || strings.HasPrefix(j.rest[n:], "!") || strings.HasPrefix(j.rest[n:], ":") {
		return "", false
	}
	col, ok := column([]byte(letters))
	if !ok {
		return "", false
	}
	j.rest = j.rest[n:]
	return j.cell(col)
}
