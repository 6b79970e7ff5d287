package grid

import "github.com/kagiban/kagiban/scan"

// A Meter counts what one row after another holds against File.MaxRow. It is
// the one place where a row becomes full: what comes after that is left out,
// which is reported once, and the next row begins anew. The zero Meter bounds
// nothing.
type Meter struct {
	out         scan.Sink
	cells, text int // of the present row
	maxCells    int
	maxText     int
	full, told  bool
}

// NewMeter makes a meter for a document of f.
func NewMeter(f *scan.File, out scan.Sink) Meter {
	cells, text := f.MaxRow()
	return Meter{out: out, maxCells: cells, maxText: text}
}

// Next says that another row begins.
func (m *Meter) Next() { m.cells, m.text, m.full = 0, 0, false }

// Full reports that the row takes no more, so that the text of a further cell
// need not be made.
func (m *Meter) Full() bool { return m.full }

// Take counts a cell with a text of n bytes, which counts in full wherever the
// text is kept: whoever reads the row reads it for each cell. False means that
// the cell has no room.
func (m *Meter) Take(n int) bool {
	if m.out == nil {
		return true
	}
	if m.full {
		return false
	}
	if m.cells >= m.maxCells || m.text > m.maxText-n {
		m.full = true
		if !m.told {
			m.told = true
			m.out.Problem(&scan.LimitError{Limit: "row"})
		}
		return false
	}
	m.cells++
	m.text += n
	return true
}
