package records

import (
	"slices"

	"github.com/kagiban/kagiban/scan/format/internal/grid"
)

// A cell is a value that waits for the end of its record.
type cell struct {
	node     int32
	from, to int // in text
}

// rows are the values that wait, and the way out for them.
type rows struct {
	tree
	w     *grid.Writer
	table string
	cells []cell
	text  []byte
	row   int
	keys  map[string]bool // scratch of split
}

// push keeps a value until its record is at its end.
func (r *rows) push(n int32, text []byte) {
	if len(text) > 0 {
		text = r.w.Cut(text)
		r.cells = append(r.cells, cell{n, len(r.text), len(r.text) + len(text)})
		r.text = append(r.text, text...)
	}
}

// drop forgets the cells from one on.
func (r *rows) drop(from int) {
	r.cells = r.cells[:from]
	if from == 0 {
		r.text = r.text[:0]
	}
}

// record hands out a row of cells, after the headings that are new.
func (r *rows) record(cells []cell) error {
	if len(cells) == 0 {
		return nil
	}
	if done, err := r.side(cells); done || err != nil {
		return err
	}
	r.turn(r.table)
	if err := r.heads(cells); err != nil {
		return err
	}
	return r.put(cells)
}

// positional hands out a row whose columns are positions. Its first row may hold
// the headings, which is for others to find out, unless they are known.
func (r *rows) positional(cells []cell) error {
	if len(cells) == 0 {
		return nil
	}
	r.turn(r.table + "[]")
	if err := r.heads(cells); err != nil {
		return err
	}
	return r.put(cells)
}

// turn begins another table, in which no heading was handed out.
func (r *rows) turn(table string) {
	if r.w.Table != table {
		r.w.Table = table
		r.era++
	}
}

// put hands out one row.
func (r *rows) put(cells []cell) error {
	if err := r.next(); err != nil {
		return err
	}
	slices.SortStableFunc(cells, func(x, y cell) int { return r.nodes[x.node].col - r.nodes[y.node].col })
	for _, c := range cells {
		if r.w.Full() {
			break
		}
		r.w.Text(r.nodes[c.node].col, r.text[c.from:c.to])
	}
	return r.w.Flush()
}

// side hands out lists of equal length that stand side by side in one object, as
// programs write columns: the values at each place are a row.
func (r *rows) side(cells []cell) (done bool, err error) {
	var first []int // of each list
	length, alone := 0, 0
	for i := 0; i < len(cells); {
		run := 1
		for i+run < len(cells) && r.nodes[cells[i+run].node].key == again && r.nodes[cells[i+run].node].parent == cells[i+run-1].node {
			run++
		}
		switch {
		case run == 1:
			alone++
		case length == 0 || run == length && r.nodes[cells[first[0]].node].parent == r.nodes[cells[i].node].parent:
			length = run
			first = append(first, i)
		default:
			return false, nil
		}
		i += run
	}
	if len(first) < 2 || length < 2 || alone > 1 {
		return false, nil
	}
	row := make([]cell, 0, len(first))
	for k := range length {
		row = row[:0]
		for _, at := range first {
			c := cells[at+k]
			c.node = cells[at].node
			row = append(row, c)
		}
		if err := r.plain(row); err != nil {
			return true, err
		}
	}
	row = row[:0]
	for i := range cells {
		if n := &r.nodes[cells[i].node]; n.key != again && !slices.Contains(first, i) {
			row = append(row, cells[i])
		}
	}
	if len(row) == 0 {
		return true, nil
	}
	return true, r.plain(row)
}

// plain hands out a record that needs no further look.
func (r *rows) plain(cells []cell) error {
	r.turn(r.table)
	if err := r.heads(cells); err != nil {
		return err
	}
	return r.put(cells)
}

// heads hands out the headings of the columns of cells that have none yet.
func (r *rows) heads(cells []cell) error {
	begun := false
	for i := range cells {
		col, first := r.column(cells[i].node)
		if !first {
			continue
		}
		text := r.heading(cells[i].node)
		if text == "" {
			continue
		}
		if !begun {
			begun = true
			if err := r.next(); err != nil {
				return err
			}
			r.w.Heads = true
		}
		r.w.String(col, text)
	}
	if !begun {
		return nil
	}
	err := r.w.Flush()
	r.w.Heads = false
	return err
}

// next begins another row.
func (r *rows) next() error {
	r.row++
	return r.w.Row(r.row)
}

// move puts cells from below one node below another.
func (r *rows) move(cells []cell, from, to int32) {
	for i := range cells {
		cells[i].node = r.moved(cells[i].node, from, to)
	}
}
