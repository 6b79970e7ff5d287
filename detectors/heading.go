package detectors

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/kagiban/kagiban/scan"
)

const (
	headingRows  = 20  // headings are looked for in the first rows of a table,
	quietRows    = 3   // after a gap and below numbers,
	titleReach   = 5   // a title is so many rows above its table at most
	formRows     = 200 // the number's own heading, and labels of forms, in so many
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
	if k := endKind(folded); k != kindNone && !barredBy(fields, k, folded) {
		return k, utf8.RuneCountInString(folded) <= 8
	}
	for i := range fields {
		if ok, exact := fields[i].heads(folded); ok {
			return fields[i].kind, exact
		}
	}
	if foreignNumber(folded) {
		return kindOther, false
	}
	return kindNone, false
}

// endKind knows headings by an end that leaves no doubt, whatever the words
// before it: 請求者氏名 is no number of a claim.
func endKind(folded string) kind {
	switch {
	case strings.HasSuffix(folded, "氏名"):
		return kindName
	case strings.HasSuffix(folded, "生年月日"):
		return kindBirth
	case strings.HasSuffix(folded, "住所"):
		return kindAddress
	}
	return kindNone
}

func barredBy(fields []field, k kind, folded string) bool {
	for i := range fields {
		if fields[i].kind == k {
			return holdsOne(folded, fields[i].not)
		}
	}
	return false
}

func (f *field) heads(folded string) (ok, exact bool) {
	if f.kind == kindPension && strings.Contains(folded, "番号") {
		folded = strings.TrimSuffix(folded, "年金コード") // 基礎年金番号・年金コード
	}
	strong := f.kind == kindPension && (strings.Contains(folded, "基礎年金番号") || nearly(folded))
	if holdsOne(folded, f.not) || !strong && holdsOne(folded, f.unless) {
		return false, false
	}
	if strong {
		return true, utf8.RuneCountInString(folded) <= 12
	}
	for _, word := range f.headings {
		whole, only := strings.CutPrefix(word, "=")
		if folded == whole {
			return true, true
		}
		if !only && holdsOne(folded, []string{word}) {
			ok = true
			exact = exact || utf8.RuneCountInString(folded) <= utf8.RuneCountInString(word)+4
		}
	}
	if !ok && f.made(folded) {
		return true, utf8.RuneCountInString(folded) <= 16
	}
	return ok, exact
}

// made says that a heading is made of a word of each of two lists, with nothing
// between them but words that leave the sense: 厚生年金手帳の番号 is the number,
// 厚生年金の伝票番号 is another.
func (f *field) made(folded string) bool {
	for _, first := range f.of {
		_, rest, ok := strings.Cut(folded, first)
		for ok {
			for _, last := range f.alone {
				end, only := strings.CutPrefix(last, "$")
				between, after, found := strings.Cut(rest, end)
				if found && (!only || after == "") && passing(between, f.between) {
					return true
				}
			}
			_, rest, ok = strings.Cut(rest, first)
		}
	}
	return false
}

// passing says that s is made of words alone.
func passing(s string, words []string) bool {
	for s != "" {
		before := s
		for _, word := range words {
			s = strings.TrimPrefix(s, word)
		}
		if s == before {
			return false
		}
	}
	return true
}

func holdsOne(s string, words []string) bool {
	for _, word := range words {
		if end, last := strings.CutPrefix(word, "$"); last && strings.HasSuffix(s, end) || !last && strings.Contains(s, word) {
			return true
		}
	}
	return false
}

// What a row without numbers turns out to be.
type headRow uint8

const (
	headNone   headRow = iota
	headNoted          // a row of headings; they are noted
	headRepeat         // the headings of this table once more, as on each page
	headAnew           // headings of another table
)

// heading looks whether a row without numbers is a row of headings, and notes
// them if they are those of the table at hand. Two rows of headings are joined
// column by column; a heading over several columns stands for those to its
// right that have none in its row.
func (t *table) heading(r *scan.Row, gap bool) headRow {
	if gap || t.numbered {
		t.quiet = 0
	}
	t.numbered = false
	t.quiet++
	if len(r.Cells) > headingCells || t.seen > headingRows && t.quiet > quietRows && (t.records > 0 || t.seen > formRows || !speaksOfPensions(r)) {
		return headNone
	}
	joined := t.headed && r.N == t.headedAt+1 && t.records == 0
	h := t.headingsIn(r, joined)
	if !h.heads(joined, len(r.Cells)) {
		if len(r.Cells) <= 3 && t.titleOf(r) {
			t.titleAt = r.N
		}
		return headNone
	}
	if t.headed && !joined || t.records > 0 {
		switch {
		case t.repeats(r):
			return headRepeat
		case t.records == 0 && t.roles < 2 && !h.telling, t.roles > h.roles && !h.telling && !gap && t.quiet > 1:
			return headNone
		case t.records > 0 || t.roles >= 2 && !t.onlyTitle():
			return headAnew
		}
	}
	t.noteRow(r, h, joined)
	return headNoted
}

// titleOf says that a row is a title that speaks of the number.
func (t *table) titleOf(r *scan.Row) bool {
	for i := range r.Cells {
		text := r.Cells[i].Text
		if len(text) <= headingBytes && (bytes.Contains(text, []byte("年金番号")) || bytes.Contains(text, []byte("年金手帳")) || bytes.Contains(text, []byte("年金証書"))) {
			return true
		}
	}
	return false
}

// onlyTitle says that what was taken for headings so far has no rows below it: it
// was a title block.
func (t *table) onlyTitle() bool { return t.seen <= headingRows && t.below == 0 }

func (t *table) noteRow(r *scan.Row, h announced, joined bool) {
	if !joined {
		t.forgetHeadings()
	}
	t.headed, t.headedAt, t.below = true, r.N, 0
	t.titled = t.titled || t.titleAt > 0 && r.N <= t.titleAt+titleReach
	t.roles = max(t.roles, h.roles)
	t.note(r, joined, h.form)
}

// repeats says that a row holds the headings that the table has already.
func (t *table) repeats(r *scan.Row) bool {
	same := 0
	for i := range r.Cells {
		c := t.known(r.Cells[i].Col)
		if c == nil || c.heading == "" {
			continue
		}
		if strings.HasSuffix(foldHeading(c.heading), foldHeading(string(r.Cells[i].Text))) {
			same++
		}
	}
	return same*4 >= len(r.Cells)*3
}

// heads decides whether what a row announces makes it a row of headings. One
// cell alone is a heading only if it is the number's and says nothing else;
// otherwise it is a title or a line of text. In longer rows a value may by
// chance hold one such word.
func (h announced) heads(joined bool, cells int) bool {
	switch {
	case h.roles == 0 || h.numbers && h.exact < 2:
		return false
	case cells == 1:
		return h.telling && h.exact > 0
	case h.values > 0 && (joined || h.roles < 2 || h.values*2 > cells):
		return false
	case h.telling:
		return !h.form || h.values == 0
	}
	return !h.form && (h.roles >= 2 || joined && h.parts)
}

// announced is what the cells of a row announce as headings.
type announced struct {
	roles, exact int
	telling      bool // the pension number is among them
	form         bool // each is followed by what may be its value
	values       int  // cells that are no heading but a name, a date, digits
	numbers      bool // a number stands in one of the cells
	parts        bool // a cell names a part of what stands above it
}

func (t *table) headingsIn(r *scan.Row, joined bool) (h announced) {
	h.form = len(r.Cells) > 1
	last := kindNone
	for i := range r.Cells {
		k, whole := t.headingOf(r.Cells[i].Text)
		if joined && partWord(foldHeading(string(r.Cells[i].Text[:min(len(r.Cells[i].Text), headingBytes)]))) {
			k, h.parts = kindPlain, true
		}
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
	return partOf(folded), barred
}

// forgetHeadings drops what turned out to be a title block.
func (t *table) forgetHeadings() {
	for i := range t.columns {
		t.columns[i].heading, t.columns[i].kind, t.columns[i].barred = "", kindNone, 0
	}
}
