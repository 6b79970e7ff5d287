package layout

import (
	"strings"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
)

// A personalRole is a role of columns that counts for a person.
type personalRole struct {
	role vocab.Role
	fact lex.Facts
	like func(text string) bool
	// words: of its values only some are known for sure, so that other words in the
	// column count beside them. Of names those with a common family name are.
	words bool
}

// personal are the roles that count for a person, in the order in which a text is
// tried.
var personal = [...]personalRole{
	{role: vocab.Birth, fact: lex.Birth, like: lex.BirthLike},
	{role: vocab.Name, fact: lex.Name, like: lex.NameLike, words: true},
	{role: vocab.Address, fact: lex.Address, like: lex.AddressLike},
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

// roleLike returns the role that a text looks like.
func roleLike(s string) vocab.Role {
	s = unmarked(s)
	for i := range personal {
		if personal[i].like(s) {
			return personal[i].role
		}
	}
	return vocab.None
}

// unmarked takes off what a program writes around a value in a text that is no table:
// quotes, and the brackets of a call.
func unmarked(s string) string { return strings.Trim(s, " \t　'\"`()[]{};,") }

// beside returns what of a person stands in the other cells of a row.
func (r *row) beside(i int) (facts lex.Facts) {
	for k := max(0, i-observed.MaxPlaces); k < min(len(r.Cells), i+observed.MaxPlaces); k++ {
		if k == i || len(r.Cells[k].Text) > vocab.MaxHeading {
			continue
		}
		role := r.page.columns.at(r.Cells[k].Col).role
		if role == vocab.None {
			role = r.likeCell(k)
		}
		if role == vocab.None {
			role = r.ownLabel(k)
		}
		facts |= factOf(role)
	}
	return facts
}

// besideLike is the same by content alone, for forms, whose columns hold all kinds
// of things.
func (r *row) besideLike(i int) (facts lex.Facts) {
	for k := max(0, i-formCells); k < min(len(r.Cells), i+formCells); k++ {
		if k == i || len(r.Cells[k].Text) > vocab.MaxHeading || r.reads[k].Number() {
			continue
		}
		facts |= factOf(r.likeCell(k))
	}
	return facts
}

// findLabelled looks for what the row's own labels announce.
func (r *row) findLabelled() (facts lex.Facts) {
	for i := range r.Cells[:min(len(r.Cells), formCells)] {
		if r.reads[i].Form != lex.FormNone {
			continue
		}
		if role, exact := r.page.words.Heading(r.Cells[i].Text); exact {
			facts |= factOf(role)
		}
	}
	return facts
}

// findLives looks for the prefecture of the address that stands in a row.
func (r *row) findLives() uint8 {
	for i := range r.Cells[:min(len(r.Cells), formCells)] {
		text := r.Cells[i].Text
		text = text[:min(len(text), lex.AddressBytes)]
		if len(text) < 6 || text[0] < 0xE3 && text[0] > ' ' {
			continue
		}
		c := r.page.columns.known(r.Cells[i].Col)
		if c == nil || c.role != vocab.Address && (c.role != vocab.None || c.barred.Has(vocab.Address)) {
			continue
		}
		if code := r.page.places.Prefecture(text); code != 0 && (c.role == vocab.Address || lex.AddressLike(string(text))) {
			return code
		}
	}
	return 0
}

// labelledCell returns the role of a cell that holds its own label: 氏名：山田太郎.
func labelledCell(words *vocab.Reader, s string) vocab.Role {
	at := strings.IndexAny(s, ":：=")
	if at <= 0 || strings.Trim(s[at:], " 　:：=") == "" {
		return vocab.None
	}
	role, exact := words.Role(vocab.Fold(s[:at]))
	if !exact {
		return vocab.None
	}
	return role
}
