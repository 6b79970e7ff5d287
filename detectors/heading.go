package detectors

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/kagiban/kagiban/scan"
)

const (
	headingRows  = 20  // headings are looked for in the first rows of a table,
	formRows     = 200 // the labels of a form in so many
	headingCells = 1 << 11
	formCells    = 64
	headingBytes = 160 // longer texts are no headings
)

// foldHeading brings a heading to one form: full width and half width, capitals,
// spaces, line breaks and punctuation make no difference.
func foldHeading(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == 'ー' || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(s))
}

// headingKind says what a folded heading announces. exact: the words are the
// whole of it, so that it is no title that merely mentions them.
func headingKind(fields []field, folded string) (k kind, exact bool) {
	if folded == "" {
		return kindNone, false
	}
	for i := range fields {
		if ok, exact := fields[i].heads(folded); ok {
			return fields[i].kind, exact
		}
	}
	return kindNone, false
}

func (f *field) heads(folded string) (ok, exact bool) {
	for _, word := range f.not {
		if strings.Contains(folded, word) {
			return false, false
		}
	}
	for _, word := range f.headings {
		whole, only := strings.CutPrefix(word, "=")
		if folded == whole {
			return true, true
		}
		if !only && strings.Contains(folded, whole) {
			ok = true
		}
	}
	return ok, false
}

// heading looks whether a row without numbers is a row of headings, and notes
// them. Two rows of headings are joined column by column; a heading over
// several columns stands for those to its right that have none in its row.
func (t *table) heading(r *scan.Row) bool {
	joined := t.headed && r.N == t.headedAt+1
	if t.headed && !joined && t.roles >= 2 {
		return false
	}
	if len(r.Cells) > headingCells || t.seen > headingRows && !speaksOfPensions(r) {
		return false
	}
	h := t.headingsIn(r)
	// One cell alone is a heading only if it is the number's and says nothing
	// else; otherwise it is a title or a line of text. In longer rows a value
	// may by chance hold one such word. Far down only the number's own heading
	// begins a list.
	switch {
	case h.roles == 0, len(r.Cells) == 1 && (h.exact == 0 || !h.telling), len(r.Cells) > 1 && h.roles == 1 && !h.telling,
		h.form && !h.telling, t.seen > headingRows && !h.telling,
		h.values > 0 && (joined || h.roles < 2 || h.values*2 > len(r.Cells)), h.numbers && h.exact < 2:
		return false
	}
	if !joined {
		t.forgetHeadings()
	}
	t.headed, t.headedAt = true, r.N
	t.roles = max(t.roles, h.roles)
	t.note(r, joined, h.form)
	return true
}

// announced is what the cells of a row announce as headings.
type announced struct {
	roles, exact int
	telling      bool // the pension number is among them
	form         bool // each is followed by what may be its value
	values       int  // cells that are no heading but a name, a date, digits
	numbers      bool // a number stands in one of the cells
}

func (t *table) headingsIn(r *scan.Row) (h announced) {
	h.form = len(r.Cells) > 1
	last := kindNone
	for i := range r.Cells {
		k, whole := t.headingOf(r.Cells[i].Text)
		if k != kindNone {
			h.roles++
			h.exact += int(one(whole))
			h.telling = h.telling || k == kindPension || k == kindOffice
			h.form = h.form && last == kindNone && i+1 < len(r.Cells)
		} else if t.reads[i].form == formShort || valueLike(r.Cells[i].Text) {
			h.values++
		}
		if t.reads[i].form == formText {
			f := finder{text: r.Cells[i].Text}
			_, found := f.next()
			h.numbers = h.numbers || found
		}
		last = k
	}
	return h
}

// form notes what stands beside its label in a form or letter about one person.
func (t *table) form(r *scan.Row) {
	if len(r.Cells) == 1 {
		t.formLine(r.Cells[0].Text)
		return
	}
	for i := range r.Cells[:min(len(r.Cells), formCells)-1] {
		if t.reads[i].form != formNone {
			continue
		}
		k, exact := t.headingOf(r.Cells[i].Text)
		if !exact || k < kindName || k > kindAddress {
			continue
		}
		if next, _ := t.headingOf(r.Cells[i+1].Text); next == kindNone {
			t.persona |= 1 << (k - kindName)
		}
	}
}

// formLine reads a line such as "氏名：山田太郎".
func (t *table) formLine(text []byte) {
	if len(text) > headingBytes || !utf8.Valid(text) {
		return
	}
	label, value, ok := strings.Cut(strings.ReplaceAll(string(text), "：", ":"), ":")
	if !ok || strings.TrimSpace(value) == "" {
		return
	}
	if k, exact := headingKind(t.fields, foldHeading(label)); exact && k >= kindName && k <= kindAddress {
		t.persona |= 1 << (k - kindName)
	}
}

func (t *table) headingOf(text []byte) (kind, bool) {
	if len(text) > headingBytes || !utf8.Valid(text) {
		return kindNone, false
	}
	return headingKind(t.fields, foldHeading(string(text)))
}

// note keeps the texts of a row of headings. Where a value may stand beside its
// label, only labels are kept: what is shown as a heading must not be a name.
func (t *table) note(r *scan.Row, joined, form bool) {
	if joined {
		t.spread(r)
	}
	for i := range r.Cells {
		text := string(r.Cells[i].Text[:min(len(r.Cells[i].Text), headingBytes)])
		if k, _ := t.headingOf(r.Cells[i].Text); k == kindNone && (form || valueLike(r.Cells[i].Text)) {
			continue
		}
		col := t.column(r.Cells[i].Col)
		if joined && col.heading != "" {
			text = col.heading + " " + text
		}
		col.heading = text
	}
	for i := range t.columns {
		c := &t.columns[i]
		c.filled = 0
		c.kind, c.barred = t.kindOf(c.heading)
		if c.kind != kindNone && !c.kind.negative() {
			t.slotOf(c)
		}
	}
}

// valueLike says that a text is what a person's record holds, and no heading.
func valueLike(text []byte) bool {
	if len(text) > headingBytes {
		return false
	}
	s := string(text)
	return nameLike(s) || addressLike(s) || dateYear(s) != 0
}

// spread carries the headings of the row above to the right, as far as the
// cells of r have nothing above them.
func (t *table) spread(r *scan.Row) {
	above := ""
	last := -1
	for i := range r.Cells {
		c := &r.Cells[i]
		for k := last + 1; k <= c.Col && k < last+64; k++ {
			if col := t.known(k); col != nil && col.heading != "" {
				above = col.heading
			}
		}
		last = c.Col
		if col := t.column(c.Col); col.heading == "" {
			col.heading = above
		}
	}
}

// kindOf is the role that the whole heading gives a column, and the roles that
// it forbids.
func (t *table) kindOf(heading string) (k kind, barred uint16) {
	folded := foldHeading(heading)
	for i := range t.fields {
		for _, word := range t.fields[i].not {
			if strings.Contains(folded, word) {
				barred |= 1 << t.fields[i].kind
			}
		}
	}
	k, _ = headingKind(t.fields, folded)
	if k != kindPension {
		return k, barred
	}
	for _, end := range [...]string{"課所符号", "番号記号", "前4桁", "上4桁"} {
		if strings.HasSuffix(folded, end) {
			return kindOffice, barred
		}
	}
	for _, end := range [...]string{"一連番号", "番号番号", "後6桁", "下6桁"} {
		if strings.HasSuffix(folded, end) {
			return kindSerial, barred
		}
	}
	return k, barred
}

// forgetHeadings drops what turned out to be a title block.
func (t *table) forgetHeadings() {
	for i := range t.columns {
		t.columns[i].heading, t.columns[i].kind, t.columns[i].barred = "", kindNone, 0
	}
}
