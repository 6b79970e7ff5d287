package htmltab

import (
	"bytes"
	"strconv"
)

// Tables: rows and cells, and what reaches over several of them.

func (r *reader) open() error {
	if t := r.table(); t != nil && t.cell { // a table in a cell: what stood before it stays a cell
		r.endCell()
	} else if err := r.block(); err != nil {
		return err
	}
	if len(r.tables) >= maxDepth {
		r.deep = true
		return nil
	}
	r.serial++
	r.tables = append(r.tables, table{name: "table " + strconv.Itoa(r.serial)})
	return r.w.Begin(r.table().name)
}

func (r *reader) shut() error {
	if r.table() == nil {
		return nil
	}
	if err := r.endRow(); err != nil {
		return err
	}
	r.tables = r.tables[:len(r.tables)-1]
	if t := r.table(); t != nil {
		if err := r.w.Begin(t.name); err != nil {
			return err
		}
		return r.w.Row(t.row)
	}
	return r.w.Begin("")
}

func (r *reader) row() error {
	t := r.table()
	if t == nil { // a row outside of a table still is one
		if err := r.open(); err != nil {
			return err
		}
		t = r.table()
	} else if err := r.endRow(); err != nil {
		return err
	}
	t.row++
	t.col = 0
	return r.w.Row(t.row)
}

func (r *reader) cell() error {
	t := r.table()
	if t == nil || t.row == 0 {
		if err := r.row(); err != nil {
			return err
		}
		t = r.table()
	}
	r.endCell()
	if len(bytes.TrimSpace(r.text)) > 0 {
		if err := r.block(); err != nil {
			return err
		}
	}
	r.text, r.raw = r.text[:0], r.raw[:0]
	for t.col < len(t.spans) && t.spans[t.col] >= t.row {
		t.col++
	}
	t.cell, t.width, t.down, t.num = true, number(r.attrs.colspan), number(r.attrs.rowspan), string(r.attrs.num)
	return nil
}

func number(v []byte) int {
	if len(v) == 0 {
		return 1
	}
	n, err := strconv.Atoi(string(v))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, 1<<16)
}

func (r *reader) endCell() {
	t := r.table()
	if t == nil || !t.cell {
		return
	}
	t.cell = false
	text := bytes.TrimSpace(r.text)
	if len(text) == 0 {
		text = []byte(t.num)
	}
	r.w.Text(min(t.col, maxCols), text)
	r.text = r.text[:0]
	width := min(t.width, maxCols)
	for col := t.col; t.down > 1 && col < min(t.col+width, maxCols); col++ {
		for len(t.spans) <= col {
			t.spans = append(t.spans, 0)
		}
		t.spans[col] = t.row + t.down - 1
	}
	t.col = min(t.col+width, maxPlace)
}

func (r *reader) endRow() error {
	r.endCell()
	t := r.table()
	if t == nil {
		return nil
	}
	if len(bytes.TrimSpace(r.text)) > 0 {
		if err := r.block(); err != nil {
			return err
		}
	}
	return r.w.Flush()
}
