// Package grid collects the cells of a table row by row for the readers of
// formats that hold cells one after another. Nothing is allocated per cell.
package grid

import (
	"bytes"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// A Writer hands the rows of one document to a sink. Text of a cell is cut at
// Max bytes, which is told once.
type Writer struct {
	Out   scan.Sink
	Max   int    // bytes of one cell
	Table string // of the rows to come; set it between rows

	row   int // 1-based, of the cells held
	cells []scan.Cell
	spans []span
	buf   []byte
	cut   bool
}

type span struct{ from, to int }

// New makes a writer for a document of f.
func New(f *scan.File, out scan.Sink) *Writer { return &Writer{Out: out, Max: f.MaxCell()} }

// Row says that the next cells stand in row n, 1-based, and hands out the row
// before if it is another.
func (w *Writer) Row(n int) error {
	if n == w.row {
		return nil
	}
	err := w.Flush()
	w.row = n
	return err
}

// Next is Row for the row after the present one.
func (w *Writer) Next() error { return w.Row(w.row + 1) }

// Begin starts a table.
func (w *Writer) Begin(table string) error {
	err := w.Flush()
	w.Table, w.row = table, 0
	return err
}

// Buf gives room to which the text of a cell is appended; End takes it back.
func (w *Writer) Buf() []byte { return w.buf }

// End makes a cell in column col, 0-based, of what was appended to Buf. A cell
// without text is none.
func (w *Writer) End(col int, buf []byte) {
	from := len(w.buf)
	if len(buf)-from > w.Max {
		buf = buf[:from+runeCut(buf[from:], w.Max)]
		w.tellCut()
	}
	w.buf = buf
	if len(bytes.TrimSpace(buf[from:])) == 0 {
		return
	}
	w.cells = append(w.cells, scan.Cell{Col: col})
	w.spans = append(w.spans, span{from, len(buf)})
}

// Text makes a cell of text.
func (w *Writer) Text(col int, text []byte) { w.End(col, append(w.buf, text...)) }

// String is Text for a string.
func (w *Writer) String(col int, text string) { w.End(col, append(w.buf, text...)) }

// Shared makes a cell of a text that stays as it is and has a number.
func (w *Writer) Shared(col int, text []byte, n uint32) {
	if len(text) > w.Max {
		w.Text(col, text)
		return
	}
	if len(text) > 0 {
		w.cells = append(w.cells, scan.Cell{Col: col, Text: text, Shared: n})
		w.spans = append(w.spans, span{})
	}
}

// Len is the number of cells held.
func (w *Writer) Len() int { return len(w.cells) }

// Flush hands out the row that is held, if it has cells.
func (w *Writer) Flush() error {
	if len(w.cells) == 0 {
		w.buf = w.buf[:0]
		return nil
	}
	for i, s := range w.spans {
		if s.to > s.from {
			w.cells[i].Text = w.buf[s.from:s.to]
		}
	}
	err := w.Out.Row(scan.Row{Table: w.Table, N: w.row, Cells: w.cells})
	w.cells, w.spans, w.buf = w.cells[:0], w.spans[:0], w.buf[:0]
	return err
}

// Again hands out the row that is held once more under the next numbers, as a
// format does that writes equal rows once. It must be called before Flush.
func (w *Writer) Again(times int) error {
	if len(w.cells) == 0 {
		w.row += times
		return nil
	}
	cells := append([]scan.Cell(nil), w.cells...)
	for i, s := range w.spans {
		if s.to > s.from {
			cells[i].Text = append([]byte(nil), w.buf[s.from:s.to]...)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for range times {
		w.row++
		if err := w.Out.Row(scan.Row{Table: w.Table, N: w.row, Cells: cells}); err != nil {
			return err
		}
	}
	return nil
}

// Lines hands out text as one-cell rows, a line each, numbered on.
func (w *Writer) Lines(text string) error {
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' || r == '\v' || r == '\f' }) {
		if err := w.Next(); err != nil {
			return err
		}
		w.String(0, line)
	}
	return w.Flush()
}

func (w *Writer) tellCut() {
	if !w.cut {
		w.cut = true
		w.Out.Problem(&scan.LimitError{Limit: "cell"})
	}
}

// runeCut finds where to cut text so that no character is torn.
func runeCut(text []byte, n int) int {
	for n > 0 && text[n]&0xC0 == 0x80 {
		n--
	}
	return n
}
