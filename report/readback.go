package report

import (
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/xuri/excelize/v2"
)

// A workbook comes back with what people wrote into it. Its rows are known by
// the number of the finding; a hidden column shows whether anything else in a row
// was changed.

// A Filled is a workbook that came back.
type Filled struct {
	Made time.Time // when it was written, UTC
	Rows []FilledRow
}

// A FilledRow is one row of it.
type FilledRow struct {
	Sheet  string
	Row    int // from 1, the headings are the first
	Number int64
	Fields map[string]string // by field, in codes where people choose; empty cells too
	Edited bool              // a cell that is computed was changed
}

// workbookLimit bounds what a workbook unpacks to, in bytes.
const workbookLimit = 2 << 30

// ReadFilled reads a workbook of Write in either language.
func ReadFilled(r io.Reader) (*Filled, error) {
	book, err := excelize.OpenReader(r, excelize.Options{UnzipSizeLimit: workbookLimit, RawCellValue: true})
	if err != nil {
		return nil, err
	}
	defer book.Close()
	out := &Filled{}
	props, err := book.GetDocProps()
	if err != nil {
		return nil, err
	}
	if out.Made, err = time.Parse(time.RFC3339, props.Created); err != nil || !strings.HasPrefix(props.Creator, "kagiban ") {
		return nil, scan.Errorf("it is no workbook of kagiban (made by %q)", props.Creator)
	}
	for _, name := range book.GetSheetList() {
		if err := out.sheet(book, name); err != nil {
			return nil, scan.Errorf("sheet %s: %w", name, err)
		}
	}
	return out, nil
}

// sheet reads the rows of a sheet that people fill in.
func (f *Filled) sheet(book *excelize.File, name string) error {
	rows, err := book.Rows(name)
	if err != nil {
		return err
	}
	defer rows.Close()
	var h *filledHeadings
	for n := 1; rows.Next(); n++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return err
		}
		if n == 1 {
			if h = headingsOf(cells); h == nil {
				return nil // a sheet that nobody fills in
			}
			continue
		}
		if row, ok := h.row(cells); ok {
			row.Sheet, row.Row = name, n
			f.Rows = append(f.Rows, row)
		}
	}
	return rows.Error()
}

// filledHeadings say what the columns of a sheet are.
type filledHeadings struct {
	texts  []string
	words  words
	number int
	check  int
	fields map[int]string
}

// headingsOf understands a row of headings in one of the languages; nil if the
// sheet has no number or nothing to fill in.
func headingsOf(cells []string) *filledHeadings {
	for _, lang := range []string{"ja", "en"} {
		w := wordsIn(lang)
		h := &filledHeadings{texts: cells, words: w, fields: map[int]string{}}
		h.number, h.check = slices.Index(cells, w.text("col.number")), slices.Index(cells, w.text("col.check"))
		for _, field := range scan.Fields() {
			if i := slices.Index(cells, w.text("col."+field)); i >= 0 {
				h.fields[i] = field
			}
		}
		if h.number >= 0 && h.check >= 0 && len(h.fields) > 0 {
			return h
		}
	}
	return nil
}

func (h *filledHeadings) row(cells []string) (row FilledRow, ok bool) {
	cell := func(i int) string {
		if i < len(cells) {
			return cells[i]
		}
		return ""
	}
	n, err := strconv.ParseInt(strings.TrimPrefix(cell(h.number), "K"), 10, 64)
	if err != nil {
		return row, false
	}
	row = FilledRow{Number: n, Fields: map[string]string{}}
	sum := newRowSum()
	for i, heading := range h.texts {
		field := h.fields[i]
		switch {
		case field != "":
			row.Fields[field] = h.code(field, strings.TrimSpace(cell(i)))
		case i != h.check && h.summed(heading):
			sum.add(heading, cell(i))
		}
	}
	row.Edited = sum.String() != cell(h.check)
	return row, true
}

// code is the code of a word that somebody chose, or the text itself.
func (h *filledHeadings) code(field, text string) string {
	for id, word := range h.words {
		if code, ok := strings.CutPrefix(id, field+"."); ok && word == text {
			return code
		}
	}
	return text
}

// summed is true of the headings whose cells are texts or counts: others are
// written in a form that programs change when they save.
func (h *filledHeadings) summed(heading string) bool {
	return slices.ContainsFunc(columns(), func(c column) bool { return c.exact && h.words.heading(c) == heading })
}

// A rowSum is the checksum of the computed cells of a row.
type rowSum struct {
	sum interface {
		io.Writer
		Sum64() uint64
	}
}

func newRowSum() rowSum { return rowSum{fnv.New64a()} }

func (s rowSum) add(heading, text string) { fmt.Fprintf(s.sum, "%s=%s\n", heading, text) }

// String writes the sum in letters alone, which nobody takes for a number.
func (s rowSum) String() string {
	return strings.Map(func(r rune) rune {
		if r <= '9' {
			return r - '0' + 'g'
		}
		return r
	}, fmt.Sprintf("%016x", s.sum.Sum64()))
}
