package sqltext

import (
	"bytes"

	"github.com/kagiban/kagiban/scan/format/internal/grid"
)

// The bounds of what is remembered of tables.
const (
	maxTables  = 1 << 10
	maxColumns = 1 << 12
	maxWaiting = 4 << 20 // bytes of remarks within one row
)

// A table is what is known of the columns of one.
type table struct {
	name  string
	at    map[string]int
	names []string
	told  int // of names, those whose headings were handed out
}

// tables are those that statements have named. Rows go to one of them, other text
// to lines.
type tables struct {
	w     *grid.Writer
	by    map[string]*table
	now   *table // to which rows were handed last
	row   int
	line  []byte
	lines [][]byte
	lineN int
	waits int  // bytes of lines
	cut   bool // there were more than may wait
	room  []byte
}

// table returns the table of a name.
func (ts *tables) table(name string) *table {
	if t := ts.by[name]; t != nil {
		return t
	}
	if len(ts.by) >= maxTables {
		clear(ts.by)
	}
	t := &table{name: name, at: map[string]int{}}
	ts.by[name] = t
	return t
}

// create forgets what is known of a table.
func (ts *tables) create(t *table) {
	*t = table{name: t.name, at: map[string]int{}}
	if ts.now == t {
		ts.now = nil
	}
}

// describe adds what a remark says of the latest column of a table to its heading.
func (t *table) describe(remark []byte) {
	if n := len(t.names); n > 0 && len(remark) > 0 && len(remark) < maxName {
		t.names[n-1] = string(remark) + "/" + t.names[n-1]
	}
}

// columns returns the columns of names, which are new or known.
func (ts *tables) columns(t *table, names []string) []int {
	cols := make([]int, len(names))
	for i, n := range names {
		col, ok := t.at[n]
		if !ok && len(t.names) < maxColumns {
			col = len(t.names)
			t.at[n] = col
			t.names = append(t.names, n)
		}
		cols[i] = col
	}
	return cols
}

// begin begins a row of a table, after the headings that are new.
func (ts *tables) begin(t *table) error {
	if err := ts.flushLine(); err != nil {
		return err
	}
	if ts.now != t {
		ts.now, t.told = t, 0
		ts.w.Table = t.name
	}
	if t.told < len(t.names) {
		if err := ts.next(); err != nil {
			return err
		}
		ts.w.Heads = true
		for ; t.told < len(t.names); t.told++ {
			ts.w.String(t.told, t.names[t.told])
		}
		err := ts.w.Flush()
		ts.w.Heads = false
		if err != nil {
			return err
		}
	}
	return ts.next()
}

func (ts *tables) next() error {
	ts.row++
	return ts.w.Row(ts.row)
}

func (ts *tables) value(col int, text []byte) {
	if len(text) > 0 {
		ts.w.Text(col, text)
	}
}

func (ts *tables) flush() error { return ts.w.Flush() }

// say adds words to the line at hand.
func (ts *tables) say(words []byte) {
	if words = bytes.TrimSpace(words); len(words) > 0 {
		ts.line = append(append(ts.line, words...), ' ')
	}
}

// endLine ends the line at hand; it waits until the row at hand is at its end.
func (ts *tables) endLine() {
	if len(bytes.TrimSpace(ts.line)) > 0 {
		if ts.waits += len(ts.line) + 64; ts.waits < maxWaiting {
			ts.lines = append(ts.lines, bytes.Clone(ts.line))
		} else {
			ts.cut = true
		}
	}
	ts.line = ts.line[:0]
}

// flushLine hands out the lines that wait, in a table of their own.
func (ts *tables) flushLine() error {
	ts.endLine()
	if len(ts.lines) == 0 {
		return nil
	}
	ts.w.Table, ts.now = "", nil
	for _, text := range ts.lines {
		for line := range bytes.Lines(text) {
			ts.lineN++
			if err := ts.w.Row(ts.lineN); err != nil {
				return err
			}
			ts.w.Text(0, bytes.TrimSpace(line))
		}
	}
	ts.lines, ts.waits = ts.lines[:0], 0
	return ts.w.Flush()
}
