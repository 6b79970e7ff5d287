// Package grid collects the cells of a table row by row for the readers of
// formats that hold cells one after another. Nothing is allocated per cell.
package grid

import (
	"bytes"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// What repetitions may add to one document: a file says them in a few bytes,
// and each costs as much as a cell that is written out.
const (
	repeatCells = 1 << 19
	repeatText  = 32 << 20
)

// A Writer hands the rows of one document to a sink. Text of a cell is cut at
// Max bytes, which is reported once; so is a row that is full (see Meter).
type Writer struct {
	Out   scan.Sink
	Max   int    // bytes of one cell
	Table string // of the rows to come; set it between rows
	Heads bool   // the rows to come are headings; set it between rows

	row   int // 1-based, of the cells held
	cells []scan.Cell
	spans []span
	buf   []byte
	cut   bool
	meter Meter

	againCells, againText int // that repetitions have added
}

type span struct{ from, to int }

// New makes a writer for a document of f.
func New(f *scan.File, out scan.Sink) *Writer {
	return &Writer{Out: out, Max: f.MaxCell(), meter: NewMeter(f, out)}
}

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

// Buf returns room to which the text of a cell is appended; End takes it back.
func (w *Writer) Buf() []byte { return w.buf }

// End makes a cell in column col, 0-based, of what was appended to Buf. A cell
// without text is none.
func (w *Writer) End(col int, buf []byte) {
	from := len(w.buf)
	buf = buf[:from+len(w.Cut(buf[from:]))]
	if len(bytes.TrimSpace(buf[from:])) == 0 || !w.meter.Take(len(buf)-from) {
		w.buf = buf[:from] // the room is kept, not what is in it
		return
	}
	w.buf = buf
	w.cells = append(w.cells, scan.Cell{Col: col})
	w.spans = append(w.spans, span{from, len(buf)})
}

// Cut returns what of a text has room in a cell; that it was cut is reported.
func (w *Writer) Cut(text []byte) []byte {
	if len(text) <= w.Max {
		return text
	}
	w.TellCut()
	return text[:runeCut(text, w.Max)]
}

// Full reports that the row takes no more cells.
func (w *Writer) Full() bool { return w.meter.Full() }

// Text makes a cell of text.
func (w *Writer) Text(col int, text []byte) {
	if !w.meter.Full() {
		w.End(col, append(w.buf, text...))
	}
}

// String is Text for a string.
func (w *Writer) String(col int, text string) {
	if !w.meter.Full() {
		w.End(col, append(w.buf, text...))
	}
}

// Repeat makes cells side by side that all have one text, which is kept once.
// False means that repetitions of this document have no room left; the first
// cell is there all the same.
func (w *Writer) Repeat(col, times int, text []byte) bool {
	have := len(w.cells)
	w.Text(col, text)
	if len(w.cells) == have {
		return true
	}
	s := w.spans[have]
	n, all := w.affords(times-1, 1, s.to-s.from)
	for i := range n {
		if !w.meter.Take(s.to - s.from) {
			break
		}
		w.cells, w.spans = append(w.cells, scan.Cell{Col: col + 1 + i}), append(w.spans, s)
	}
	return all
}

// affords returns how many of so many repetitions, each of cells with a text,
// there is room for, and takes it.
func (w *Writer) affords(times, cells, text int) (n int, all bool) {
	n = min(times, (repeatCells-w.againCells)/max(cells, 1), (repeatText-w.againText)/max(text, 1))
	w.againCells += n * cells
	w.againText += n * text
	return n, n == times
}

// Shared makes a cell of a text that stays as it is and has a number.
func (w *Writer) Shared(col int, text []byte, n uint32) {
	if len(text) > w.Max {
		w.Text(col, text)
		return
	}
	if len(text) > 0 && w.meter.Take(len(text)) {
		w.cells = append(w.cells, scan.Cell{Col: col, Text: text, Shared: n})
		w.spans = append(w.spans, span{})
	}
}

// Len is the number of cells held.
func (w *Writer) Len() int { return len(w.cells) }

// Flush hands out the row that is held, if it has cells.
func (w *Writer) Flush() error {
	err := w.emit()
	w.reset()
	return err
}

func (w *Writer) emit() error {
	if len(w.cells) == 0 {
		return nil
	}
	for i, s := range w.spans {
		if s.to > s.from {
			w.cells[i].Text = w.buf[s.from:s.to]
		}
	}
	return w.Out.Row(scan.Row{Table: w.Table, N: w.row, Cells: w.cells, Heads: w.Heads})
}

// What is kept of the room of a row for the next one: bytes of text, and cells.
const (
	roomKept  = 1 << 20
	cellsKept = 1 << 14
)

func (w *Writer) reset() {
	w.cells, w.spans, w.buf = w.cells[:0], w.spans[:0], w.buf[:0]
	if cap(w.buf) > roomKept {
		w.buf = nil
	}
	if cap(w.cells) > cellsKept {
		w.cells, w.spans = nil, nil
	}
	w.meter.Next()
}

// Again hands out the row that is held, and then once more under each of the
// next numbers, as a format does that writes equal rows once. False means that
// repetitions of this document have no room left.
func (w *Writer) Again(times int) (all bool, err error) {
	defer w.reset()
	if len(w.cells) == 0 {
		w.row += times
		return true, nil
	}
	text := 0
	for i, s := range w.spans {
		text += s.to - s.from + len(w.cells[i].Text)
	}
	n, all := w.affords(times, len(w.cells), text)
	if err := w.emit(); err != nil {
		return all, err
	}
	for range n {
		w.row++
		if err := w.emit(); err != nil {
			return all, err
		}
	}
	w.row += times - n
	return all, nil
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

// TellCut reports, once, that text of a cell was left out. Readers say so where
// they leave it out, since what is kept may be trimmed to less than a cell holds.
func (w *Writer) TellCut() {
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
