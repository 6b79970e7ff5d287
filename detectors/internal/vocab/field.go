package vocab

import (
	"strings"
	"unicode/utf8"
)

// A Role is what a column holds.
type Role uint8

// The roles.
const (
	None    Role = iota
	Pension      // the number
	Office       // its first four digits (課所符号)
	Serial       // its last six (一連番号)
	Name
	Birth
	Address
	Plain // known to many lists, and of no weight: 備考, 区分
	Other // known to hold something else
	Phone // the same, and the values look alike most
)

// Negative reports whether the heading speaks against the number.
func (r Role) Negative() bool { return r == Other || r == Phone }

// Roles is a set of roles.
type Roles uint16

// Has reports whether r is in the set.
func (s Roles) Has(r Role) bool { return s&(1<<r) != 0 }

// A Field is one thing a column can hold.
type Field struct {
	Role     Role
	Headings []Word // one of which is in the heading
	Compound Compound
	Not      []string // words that forbid the heading
	Unless   []string // words that forbid a heading that does not name the field in full
	// Full is the name in full: a heading with it, or mistyped by a character,
	// is the field's, whatever words stand beside it. Ends are those with which such
	// a heading names another thing: the day on which the number was confirmed. Or
	// are words behind the name that offer another thing in its place. Tail may
	// follow a heading of the field.
	Full, Tail string
	// Cut are names that a program may have cut to ten characters, as dBASE does: a
	// heading that is the beginning of one is the field's.
	Cut      []string
	Ends, Or []string
	Yes, No  []string // examples of headings, checked by a test
}

// A Compound is a heading made of a word of each of two lists, with nothing
// between them but words that leave the sense: 厚生年金手帳の番号 is the number,
// 厚生年金の伝票番号 is another.
type Compound struct {
	First, Between []string
	Last           []Word
}

// in reports whether a folded heading is made so.
func (c *Compound) in(folded string) bool {
	for _, first := range c.First {
		_, rest, ok := strings.Cut(folded, first)
		for ok {
			for _, last := range c.Last {
				between, after, found := strings.Cut(rest, last.Text)
				if found && (last.At != AtEnd || after == "") && onlyOf(between, c.Between) {
					return true
				}
			}
			_, rest, ok = strings.Cut(rest, first)
		}
	}
	return false
}

// longHeading is the length in characters from which a heading only mentions
// what it names.
const longHeading = 16

// Matches reports whether a folded heading is the field's. exact: the words are
// the whole of it, so that it is no title that merely mentions them.
func (f *Field) Matches(folded string) (ok, exact bool) {
	if f.Tail != "" && strings.Contains(folded, "番号") {
		folded = strings.TrimSuffix(folded, f.Tail)
	}
	if named, ok := f.named(folded); named {
		return ok, ok && utf8.RuneCountInString(folded) <= longHeading
	}
	if f.cut(folded) {
		return true, true
	}
	full := f.Full != "" && nearly(folded, f.Full)
	if holdsOne(folded, f.Not) || !full && holdsOne(folded, f.Unless) {
		return false, false
	}
	if full {
		return true, utf8.RuneCountInString(folded) <= longHeading
	}
	for _, word := range f.Headings {
		in, whole := word.in(folded)
		ok, exact = ok || in, exact || whole
	}
	if !ok && f.Compound.in(folded) {
		return true, utf8.RuneCountInString(folded) <= longHeading
	}
	return ok, exact
}

// distorted reports whether a folded heading may be the field's although it holds
// none of its words: the name is cut, or mistyped.
func (f *Field) distorted(folded string) bool {
	if f.Tail != "" {
		folded = strings.TrimSuffix(folded, f.Tail)
	}
	return f.cut(folded) || f.Full != "" && nearly(folded, f.Full)
}

// cut reports whether a folded heading is the beginning of a name of the field.
func (f *Field) cut(folded string) bool {
	if len(folded) < cutFrom {
		return false
	}
	for _, name := range f.Cut {
		if strings.HasPrefix(name, folded) {
			return true
		}
	}
	return false
}

// cutFrom is the length in bytes from which the beginning of a name is enough.
const cutFrom = 8

// named reports whether a folded heading holds the name in full, and whether it is
// the field's then.
func (f *Field) named(folded string) (named, ok bool) {
	at := -1
	if f.Full != "" {
		at = strings.LastIndex(folded, f.Full)
	}
	if at < 0 {
		return false, false
	}
	after := folded[at+len(f.Full):]
	for _, or := range f.Or {
		if strings.HasPrefix(after, or) {
			return true, true
		}
	}
	for _, end := range f.Ends {
		if strings.HasSuffix(after, end) {
			return true, false
		}
	}
	return true, true
}

// nearly reports whether a heading is right with one character wrong, missing or
// too many, as people mistype it.
func nearly(folded, right string) bool {
	if off := utf8.RuneCountInString(folded) - utf8.RuneCountInString(right); off > 1 || off < -1 {
		return false
	}
	want, have := []rune(right), []rune(folded)
	head, tail := 0, 0
	for head < min(len(want), len(have)) && want[head] == have[head] {
		head++
	}
	for tail < min(len(want), len(have))-head && want[len(want)-1-tail] == have[len(have)-1-tail] {
		tail++
	}
	return max(len(want), len(have))-head-tail <= 1
}
