package odf

import (
	"bytes"
	"strconv"

	"github.com/kagiban/kagiban/scan"
)

// running hands out text that is no cell. What lies over a table waits for its
// end, so that its rows stay together.
func (r *Reader) running(t *table, text []byte) error {
	if t != nil {
		text = bytes.Clone(r.w.Cut(text))
		r.asides = append(r.asides, text)
		if r.asideLen += len(text) + asideCost; r.asideLen < maxAside {
			return nil
		}
		return r.flushAsides(t.name)
	}
	if r.w.Table != r.prefix {
		if err := r.w.Begin(r.prefix); err != nil {
			return err
		}
	}
	r.n++
	if err := r.w.Row(r.n); err != nil {
		return err
	}
	r.w.Text(0, text)
	return r.w.Flush()
}

// flushAsides hands out the text that lay over a table, straight to the sink:
// a row of the table may be waiting.
func (r *Reader) flushAsides(table string) error {
	for i, text := range r.asides {
		row := scan.Row{Table: table + "!text", N: i + 1, Cells: []scan.Cell{{Text: text}}}
		if err := r.out.Row(row); err != nil {
			return err
		}
	}
	r.asides, r.asideLen = nil, 0
	return nil
}

// endCell puts a cell into the row: dates by their value, since their text is
// in any language, and numbers as they are shown.
func (r *Reader) endCell(t *table) error {
	t.inCell = false
	c := &t.cell
	text := c.text
	switch {
	case c.kind == "date" && len(c.value) > 0:
		text = isoDate(c.value)
	case c.kind == "boolean" && len(c.value) > 0:
		text = bytes.ToUpper(c.value)
	case len(bytes.Trim(text, "# ")) == 0:
		text = c.value
	}
	if len(bytes.TrimSpace(text)) > 0 {
		// A cell beyond the last column of every program counts, its copies do not.
		n := min(c.repeat, maxRepeat, max(maxColumns-t.col, 1))
		if !r.w.Repeat(t.col, n, text) || c.repeat > n {
			r.cut++
		}
	}
	t.col = min(t.col+c.repeat, maxCount)
	return nil
}

// isoDate cuts midnight off a date (xsd:dateTime).
func isoDate(v []byte) []byte {
	v, _, _ = bytes.Cut(v, []byte("T00:00:00"))
	return bytes.Replace(v, []byte("T"), []byte(" "), 1)
}

func (r *Reader) endRow() error {
	t := r.table()
	if t == nil {
		return nil
	}
	again := max(min(t.repeat, maxRepeat)-1, 0)
	if r.w.Len() > 0 && t.repeat > maxRepeat {
		r.cut++
	}
	all, err := r.w.Again(again)
	if !all {
		r.cut++
	}
	t.row = min(t.row+t.repeat, maxCount)
	return err
}

func (r *Reader) endTable() error {
	t := r.table()
	if t == nil {
		return nil
	}
	r.tables = r.tables[:len(r.tables)-1]
	name := t.name
	if err := r.w.Flush(); err != nil {
		return err
	}
	if err := r.flushAsides(name); err != nil {
		return err
	}
	if outer := r.table(); outer != nil {
		if err := r.w.Begin(outer.name); err != nil {
			return err
		}
		return r.w.Row(outer.row)
	}
	return nil
}

// count reads a number of repetitions; 1 if there is none.
func count(b []byte) int {
	n, err := strconv.Atoi(string(b))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, maxCount)
}
