package detectors

import (
	"strings"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/scan"
)

// companyCells tells what of a person stands in the other cells of the row.
func (t *table) companyCells(r *scan.Row, i int) (b lex.Facts) {
	for k := max(0, i-maxSlots); k < min(len(r.Cells), i+maxSlots); k++ {
		if k == i || len(r.Cells[k].Text) > headingBytes {
			continue
		}
		kind := t.column(r.Cells[k].Col).kind
		if kind == kindNone {
			kind = t.likeCell(r, k)
		}
		if kind == kindNone {
			kind = t.ownLabel(r, k)
		}
		if kind >= kindName && kind <= kindAddress {
			b |= 1 << (kind - kindName)
		}
	}
	return b
}

// labelledCell is the kind of a cell that holds its own label: 氏名：山田太郎.
func (t *table) labelledCell(s string) kind {
	at := strings.IndexAny(s, ":：=")
	if at <= 0 || strings.Trim(s[at:], " 　:：=") == "" {
		return kindNone
	}
	k, exact := headingKind(t.fields, foldHeading(s[:at]))
	if !exact {
		return kindNone
	}
	return k
}

// like is the kind that a text looks like.
func (t *table) like(s string) kind {
	for i := range t.fields {
		if f := &t.fields[i]; f.like != nil && f.like(s) {
			return f.kind
		}
	}
	return kindNone
}

// likeCells is the same by content alone, for forms, whose columns hold all
// kinds of things.
func (t *table) likeCells(r *scan.Row, i int) (b lex.Facts) {
	for k := max(0, i-formCells); k < min(len(r.Cells), i+formCells); k++ {
		if k == i || len(r.Cells[k].Text) > headingBytes || t.reads[k].Number() {
			continue
		}
		if kind := t.likeCell(r, k); kind >= kindName && kind <= kindAddress {
			b |= 1 << (kind - kindName)
		}
	}
	return b
}
