package detectors

import (
	"strings"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// companyCells tells what of a person stands in the other cells of the row.
func (t *table) companyCells(r *scan.Row, i int) (b lex.Facts) {
	for k := max(0, i-maxSlots); k < min(len(r.Cells), i+maxSlots); k++ {
		if k == i || len(r.Cells[k].Text) > vocab.MaxHeading {
			continue
		}
		kind := t.column(r.Cells[k].Col).kind
		if kind == vocab.None {
			kind = t.likeCell(r, k)
		}
		if kind == vocab.None {
			kind = t.ownLabel(r, k)
		}
		if kind >= vocab.Name && kind <= vocab.Address {
			b |= 1 << (kind - vocab.Name)
		}
	}
	return b
}

// labelledCell is the kind of a cell that holds its own label: 氏名：山田太郎.
func (t *table) labelledCell(s string) vocab.Role {
	at := strings.IndexAny(s, ":：=")
	if at <= 0 || strings.Trim(s[at:], " 　:：=") == "" {
		return vocab.None
	}
	k, exact := t.words.Role(vocab.Fold(s[:at]))
	if !exact {
		return vocab.None
	}
	return k
}

// A personalRole is a role that counts for a person.
type personalRole struct {
	role vocab.Role
	fact lex.Facts
	like func(text string) bool
}

// personal are the roles that count for a person, in the order in which a text
// is tried.
var personal = [...]personalRole{
	{vocab.Birth, lex.Birth, lex.BirthLike},
	{vocab.Name, lex.Name, lex.NameLike},
	{vocab.Address, lex.Address, lex.AddressLike},
}

// factOf returns what a role says of a person; 0 for nothing.
func factOf(r vocab.Role) lex.Facts {
	for i := range personal {
		if personal[i].role == r {
			return personal[i].fact
		}
	}
	return 0
}

// like is the kind that a text looks like.
func (t *table) like(s string) vocab.Role {
	for i := range personal {
		if personal[i].like(s) {
			return personal[i].role
		}
	}
	return vocab.None
}

// likeCells is the same by content alone, for forms, whose columns hold all
// kinds of things.
func (t *table) likeCells(r *scan.Row, i int) (b lex.Facts) {
	for k := max(0, i-formCells); k < min(len(r.Cells), i+formCells); k++ {
		if k == i || len(r.Cells[k].Text) > vocab.MaxHeading || t.reads[k].Number() {
			continue
		}
		if kind := t.likeCell(r, k); kind >= vocab.Name && kind <= vocab.Address {
			b |= 1 << (kind - vocab.Name)
		}
	}
	return b
}
