package detectors

import (
	"slices"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// A rowMemo is what was worked out of the row at hand. Each number of a row
// asks what stands beside it: a row of a hundred thousand numbers must not be
// read once for each of them.
type rowMemo struct {
	labelled, lives known8
	likes           []known8 // by cell: the kind that its content looks like
	own             []known8 // by cell: the kind of the label that it holds itself
}

// A known8 is a small value plus one; 0 is not known yet.
type known8 uint8

// forget empties the memo for another row.
func (m *rowMemo) forget() {
	m.labelled, m.lives, m.likes, m.own = 0, 0, m.likes[:0], m.own[:0]
}

// unknown makes room for n values of which none is known.
func unknown(m []known8, n int) []known8 {
	m = slices.Grow(m[:0], n)[:n]
	clear(m)
	return m
}

// likeCell is the kind that the content of cell i looks like.
func (t *table) likeCell(r *scan.Row, i int) vocab.Role {
	if len(t.memo.likes) == 0 {
		t.memo.likes = unknown(t.memo.likes, len(r.Cells))
	}
	m := &t.memo.likes[i]
	if *m == 0 {
		*m = known8(t.like(string(r.Cells[i].Text))) + 1
	}
	return vocab.Role(*m - 1)
}

// ownLabel is the kind of the label that cell i holds beside its value.
func (t *table) ownLabel(r *scan.Row, i int) vocab.Role {
	if len(t.memo.own) == 0 {
		t.memo.own = unknown(t.memo.own, len(r.Cells))
	}
	m := &t.memo.own[i]
	if *m == 0 {
		*m = known8(t.labelledCell(string(r.Cells[i].Text))) + 1
	}
	return vocab.Role(*m - 1)
}

// labelledIn is what the row's own labels announce; it is noted by labels.
func (t *table) labelledIn(r *scan.Row) lex.Facts {
	if t.memo.labelled == 0 {
		t.memo.labelled = known8(t.findLabelled(r)) + 1
	}
	return lex.Facts(t.memo.labelled - 1)
}

// lives is the prefecture of the address that stands in a row, or 0.
func (t *table) lives(r *scan.Row) uint8 {
	if t.memo.lives == 0 {
		t.memo.lives = known8(t.findLives(r)) + 1
	}
	return uint8(t.memo.lives - 1)
}

// longText is the length in bytes of a cell from which a shared text is judged
// once in a document, and not once for each cell that refers to it: a workbook
// of a few kilobytes may refer a million times to a text of a megabyte. Its
// numbers are then counted where it is met first, so that the document is
// reported and its persons are exact. Texts that people copy from row to row
// are far shorter and count in each.
const longText = 1 << 12

// An againRow is a row without the texts that were judged before: of these only
// so much is left that they are still seen to be no heading.
type againRow struct {
	long  bool  // the row has a long shared text that was not judged before
	cells []int // those with a text that was
	row   scan.Row
	room  []scan.Cell
}

// clear begins with another row.
func (a *againRow) clear() { a.long, a.cells = false, a.cells[:0] }

// shorten returns the row to look at in place of r.
func (a *againRow) shorten(r *scan.Row) *scan.Row {
	if len(a.cells) == 0 {
		return r
	}
	a.room = append(a.room[:0], r.Cells...)
	for _, i := range a.cells {
		a.room[i].Text = a.room[i].Text[:vocab.MaxHeading+1]
	}
	a.row = *r
	a.row.Cells = a.room
	return &a.row
}

// judged is remembered of a long shared text: there is no more to find in it.
const judged = lex.FormShort + 1

// readShared judges a shared text, unless it was judged before: then what is
// remembered is enough, but for a number.
func (e *examination) readShared(c *scan.Cell, a *againRow, i int) lex.Reading {
	id := int(c.Shared)
	if id >= len(e.shared) {
		e.shared = append(e.shared, make([]lex.Form, max(len(e.shared), id+1-len(e.shared), 1024))...)
	}
	switch known := e.shared[id]; known {
	case lex.FormNone, lex.FormText:
		return lex.Reading{Form: known}
	case judged:
		a.cells = append(a.cells, i)
		return lex.Reading{Form: lex.FormNone}
	}
	r := lex.ReadCell(c.Text)
	e.shared[id] = r.Form
	if len(c.Text) > longText {
		e.shared[id], a.long = judged, a.long || r.Form == lex.FormText
	}
	return r
}
