package detectors

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// A column is what is known of one column.
type column struct {
	col     int
	slot    int  // -1 until the column is of interest
	mute    bool // it turned out to be of none for the class of a row
	heading string
	kind    vocab.Role  // by the heading
	part    vocab.Role  // of the number, by a heading below the number's own
	barred  vocab.Roles // kinds that the heading forbids
	era     uint32      // table.era when filled was last counted up
	ruled   int32       // place of its first entry in ruled.columns, plus one
	filled  int64       // cells below the heading
	sampled int
	words   int16              // of the sampled cells, those that may be a name besides
	likes   [vocab.Other]int16 // of the sampled cells, those that look like a kind
}

// column is the column with that number; it is made when it is first seen.
func (t *table) column(col int) *column {
	col = min(col, maxColumns-1)
	if col >= len(t.index) {
		grown := make([]uint16, min(max(2*len(t.index), col+1, 64), maxColumns))
		copy(grown, t.index)
		t.index = grown
	}
	if t.index[col] == 0 {
		t.columns = append(t.columns, column{col: col, slot: -1})
		t.index[col] = uint16(len(t.columns))
	}
	return &t.columns[t.index[col]-1]
}

// count counts a cell below the heading; a row of headings begins a new count.
func (c *column) count(era uint32) {
	if c.era != era {
		c.era, c.filled = era, 0
	}
	c.filled++
}

// filledIn is how many cells stand below the headings of that era.
func (c *column) filledIn(era uint32) int64 {
	if c.era != era {
		return 0
	}
	return c.filled
}

// known is the column with that number if it was seen.
func (t *table) known(col int) *column {
	if col < 0 || col >= len(t.index) || t.index[col] == 0 {
		return nil
	}
	return &t.columns[t.index[col]-1]
}

// slotOf gives a column of interest its place in the sets of filled columns.
func (t *table) slotOf(c *column) int {
	if c.slot < 0 {
		if len(t.slots) < maxSlots {
			t.slots = append(t.slots, slot{col: c.col})
		}
		c.slot = len(t.slots) - 1
	}
	return c.slot
}

// sample looks at the content of a column that has no telling heading.
func (t *table) sample(c *column, cell *scan.Cell, f lex.Form) {
	c.sampled++
	c.mute = c.sampled == sampleSize && c.role() == vocab.None
	if f >= lex.FormHyphen && f <= lex.FormCertificate || len(cell.Text) > vocab.MaxHeading {
		return
	}
	if f == lex.FormNone && len(t.slots) < maxSlots/2 {
		t.slotOf(c)
	}
	text := string(cell.Text)
	for i := range personal {
		if p := &personal[i]; !c.barred.Has(p.role) && p.like(text) {
			c.likes[p.role]++
			t.slotOf(c)
			return
		}
	}
	if lex.WordLike(text) {
		c.words++
	}
}
