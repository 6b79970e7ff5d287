package tally

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/score"
)

// The bounds of what is kept.
const (
	maxValues  = 1 << 16 // 512 KiB
	maxRecords = 1 << 10 // 800 KiB
)

// A recordKey is all that is kept of a record: which columns hold its number and
// which are filled.
type recordKey struct {
	numbers, filled uint64
	flags           score.Flags
	lives           uint8 // code of the prefecture of the address in the row, or 0
	above           lex.Facts
}

// A textKey is the same for a number in running text.
type textKey struct {
	class score.TextClass
	lives uint8
}

// A candidate is a number of the row at hand, with the columns that hold it.
type candidate struct {
	value   uint64
	columns uint64
	flags   score.Flags
}

// A Table is what is kept of the rows of a table. When it is full, its content is
// judged by what is known of the columns at that time, which are then tens of
// thousands of rows, and the counting goes on.
type Table struct {
	maxSamples int
	columns    []Column
	texts      texts

	group   int // the row that found is of
	found   []candidate
	byKey   map[recordKey]*counted
	keys    []recordKey // of byKey, by the number that counted has of them
	lastKey recordKey
	last    *counted
	byText  map[textKey]*counted
	values  values
}

// New returns an empty table that keeps so many samples of each column.
func New(maxSamples int) *Table {
	return &Table{maxSamples: maxSamples, byKey: map[recordKey]*counted{}, byText: map[textKey]*counted{}}
}

// Begin forgets what is known of the columns of the table before.
func (t *Table) Begin() {
	t.columns = t.columns[:0]
	t.texts = texts{}
}

// Observe counts a number. What stands in a cell of its own is a record only when
// its row is at its end (Found, Add): a number that a row holds twice is one.
// It returns how many records it has made of the number at once.
func (t *Table) Observe(n *observed.Number) (records int) {
	if n.Shape == observed.ShapeText {
		return t.observeText(n)
	}
	if n.Group != t.group {
		t.group, t.found = n.Group, t.found[:0]
	}
	for len(t.columns) <= n.Place {
		t.columns = append(t.columns, Column{})
	}
	c := &t.columns[n.Place]
	flags := flagsOf(n)
	switch {
	case n.Form == lex.FormRounded:
	case n.Shape == observed.ShapeCell && lex.SampleLike(n.Value): // says nothing of the column
	default:
		c.count(n)
	}
	if flags&score.FlagSample == 0 {
		c.addSample(t.maxSamples, n)
	}
	for i := max(0, len(t.found)-observed.MaxPlaces); i < len(t.found); i++ {
		if t.found[i].value == n.Value {
			t.found[i].columns |= 1 << n.Place
			t.found[i].flags &= flags | score.FlagSample
			return 0
		}
	}
	t.found = append(t.found, candidate{value: n.Value, columns: 1 << n.Place, flags: flags})
	return 0
}

// holds reports whether the cells of a row hold a number that its text repeats.
func (t *Table) holds(n *observed.Number) bool {
	if n.Group != t.group {
		return false
	}
	for i := range t.found[:min(len(t.found), observed.MaxPlaces)] {
		if t.found[i].value == n.Value {
			return true
		}
	}
	return false
}

// Found returns how many numbers the cells of the row at hand hold.
func (t *Table) Found() int { return len(t.found) }

// Add counts the i-th number of the row at hand as a record.
func (t *Table) Add(i int, row observed.Row) {
	c := &t.found[i]
	key := recordKey{c.columns, row.Filled, c.flags, row.Lives, row.Above}
	if t.last == nil || t.lastKey != key {
		by := t.byKey[key]
		if by == nil {
			by = &counted{key: len(t.keys)}
			t.byKey[key], t.keys = by, append(t.keys, key)
		}
		t.lastKey, t.last = key, by
	}
	t.last.add(c.value, row.Lives)
	if c.flags&(score.FlagSample|score.FlagRounded) == 0 {
		t.values.addCells(t.last.key, c.value)
	}
}

// Full reports whether what was kept is too much, and has to be judged.
func (t *Table) Full() bool {
	if len(t.values.kept) < maxValues && len(t.byKey) < maxRecords {
		return false
	}
	t.values.compact()
	return len(t.values.kept) >= maxValues/2 || len(t.byKey) >= maxRecords
}

// Empty reports whether no record is kept.
func (t *Table) Empty() bool { return len(t.byKey)+len(t.byText) == 0 }

// Columns returns how many columns of interest there may be numbers in.
func (t *Table) Columns() int { return len(t.columns) }

// Column returns what is counted of the numbers of a column, and of what stands
// beside them.
func (t *Table) Column(place int, roles observed.Roles) (c score.Column) {
	c.ColumnStats = t.columns[place].stats
	for key, by := range t.byKey {
		if key.numbers&(1<<place) != 0 {
			c.Rows += by.n
			c.Beside.Add(roles.Facts(key.filled&^key.numbers)|key.above, by.n)
		}
	}
	return c
}

// Clear forgets the records, once they are in the findings.
func (t *Table) Clear() {
	t.byKey, t.byText, t.keys = emptied(t.byKey), emptied(t.byText), t.keys[:0]
	t.last = nil
}

// emptied is m without its entries. A map that has grown large is let go, since
// emptying it would cost as much each time as it once held.
func emptied[K comparable, V any](m map[K]V) map[K]V {
	if len(m) > 64 {
		return map[K]V{}
	}
	clear(m)
	return m
}
