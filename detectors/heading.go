package detectors

import (
	"bytes"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

const (
	headingRows  = 20  // headings are looked for in the first rows of a table,
	quietRows    = 3   // after a gap and below numbers,
	titleReach   = 5   // a title is so many rows above its table at most
	formRows     = 200 // the number's own heading, and labels of forms, in so many
	headingCells = 1 << 11
	formCells    = 64
)

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
	if len(r.Cells) > headingCells || t.seen > headingRows && t.quiet > quietRows && (t.records > 0 || t.seen > formRows || !t.speaksOfPensions(r)) {
		return headNone
	}
	joined := t.headed && r.N == t.headedAt+1 && t.records == 0
	if joined && t.underTitle(r) {
		t.titleAt, joined = t.headedAt, false
		t.forgetHeadings()
		t.headed, t.roles = false, 0
	}
	h := t.headingsIn(r, joined)
	if !h.heads(joined, len(r.Cells)) {
		if len(r.Cells) <= 3 && t.titleOf(r) {
			t.titleAt = r.N
		}
		return headNone
	}
	if t.headed && !joined && t.records == 0 && len(r.Cells) > 1 && h.roles > 1 && len(t.heads) == 1 {
		t.titleAt = t.headedAt // it was a title
		t.noteRow(r, h, false)
		return headNoted
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

// underTitle says that the headings of the row above were one cell only, and
// that r has another heading below it: that cell was a title.
func (t *table) underTitle(r *scan.Row) bool {
	if h := t.headingsIn(r, false); len(t.heads) != 1 || len(r.Cells) < 2 || h.roles == 0 || h.values > 0 || h.digits {
		return false
	}
	for i := range r.Cells {
		if c := t.known(r.Cells[i].Col); c != nil && c.heading != "" {
			k, _ := t.words.Heading(r.Cells[i].Text)
			return k != vocab.Office && k != vocab.Serial && !(vocab.PartWord(vocab.FoldHead(r.Cells[i].Text)) && t.partBeside(r, i))
		}
	}
	return false
}

// partBeside says that the cell after i names a part too.
func (t *table) partBeside(r *scan.Row, i int) bool {
	return i+1 < len(r.Cells) && vocab.PartWord(vocab.FoldHead(r.Cells[i+1].Text))
}

// titleOf says that a row is a title that speaks of the number.
func (t *table) titleOf(r *scan.Row) bool {
	for i := range r.Cells {
		if t.words.Title(r.Cells[i].Text) {
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
		if text := r.Cells[i].Text; len(text) <= vocab.MaxHeading && strings.HasSuffix(vocab.Fold(c.heading), vocab.Fold(string(text))) {
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
	return !h.form && (h.roles >= 2 || joined && h.parts || cells >= 3 && h.values == 0 && !h.digits)
}

// announced is what the cells of a row announce as headings.
type announced struct {
	roles, exact int
	telling      bool // the pension number is among them
	form         bool // each is followed by what may be its value
	values       int  // cells that are no heading but a name, a date, digits
	numbers      bool // a number stands in one of the cells
	digits       bool // a cell holds a digit
	parts        bool // a cell names a part of what stands above it
}

func (t *table) headingsIn(r *scan.Row, joined bool) (h announced) {
	h.form = len(r.Cells) > 1
	last := vocab.None
	for i := range r.Cells {
		k, whole := t.words.Heading(r.Cells[i].Text)
		if joined && vocab.PartWord(vocab.FoldHead(r.Cells[i].Text)) {
			k, h.parts = vocab.Plain, true
		}
		found := false
		if t.reads[i].Form == lex.FormText {
			f := lex.NewFinder(r.Cells[i].Text)
			_, found = f.Next()
			h.numbers = h.numbers || found
		}
		switch {
		case found && !bytes.Contains(r.Cells[i].Text, []byte("例")): // a label with its number
			k = vocab.None
			h.values++
		case k != vocab.None:
			h.roles++
			h.exact += int(one(whole))
			h.telling = h.telling || k == vocab.Pension || k == vocab.Office
			h.form = h.form && last == vocab.None && i+1 < len(r.Cells)
		case t.reads[i].Form == lex.FormShort || valueLike(r.Cells[i].Text):
			h.values++
		case vocab.Neutral(vocab.FoldHead(r.Cells[i].Text)):
			h.roles++
			h.form = false
		}
		h.digits = h.digits || bytes.ContainsAny(r.Cells[i].Text, "0123456789")
		last = k
	}
	h.form = h.form && h.roles*2 >= len(r.Cells)
	return h
}

// note keeps the texts of a row of headings. Where a value may stand beside its
// label, only labels are kept: what is shown as a heading must not be a name.
func (t *table) note(r *scan.Row, joined, form bool) {
	if joined {
		t.spread(r)
	}
	for i := range r.Cells {
		text := string(r.Cells[i].Text[:min(len(r.Cells[i].Text), vocab.MaxHeading)])
		if k, _ := t.words.Heading(r.Cells[i].Text); k == vocab.None && (form || valueLike(r.Cells[i].Text)) {
			continue
		}
		col := t.column(r.Cells[i].Col)
		if joined && col.heading != "" {
			if k, _ := t.words.Column(col.heading); k == vocab.Pension {
				col.part = vocab.PartBelow(text)
			}
			text = t.join(col.heading, text)
		}
		t.setHeading(col, text)
	}
	t.era++
	for _, place := range t.placesOf(r) {
		c := &t.columns[place]
		c.kind, c.barred = t.words.Column(c.heading)
		if c.part == vocab.Office || c.part == vocab.Serial {
			c.kind = c.part
		}
		if c.kind != vocab.None && !c.kind.Negative() {
			t.slotOf(c)
		}
	}
}

// joinedBytes bounds a heading that is joined from several rows. Real ones are
// of two to four rows and of a hundred bytes.
const joinedBytes = 4 * vocab.MaxHeading

// join puts the text of a further row of headings behind those above. What is
// too long to be one heading stays as it is, but for a text that announces the
// number: it alone is the heading then, so that numbers below it count.
func (t *table) join(above, text string) string {
	if len(above)+len(text) < joinedBytes {
		return above + " " + text
	}
	if k, _ := t.words.Heading([]byte(text)); k == vocab.Pension || k == vocab.Office || k == vocab.Serial {
		return text
	}
	return above
}

// setHeading sets the heading of a column, and remembers that it has one.
func (t *table) setHeading(c *column, text string) {
	if c.heading == "" && text != "" {
		t.heads = append(t.heads, t.index[c.col]-1)
	}
	c.heading = text
}

// placesOf are the places of a row's columns, in the order in which the columns
// were first seen. A row must not cost what all columns of the table do.
func (t *table) placesOf(r *scan.Row) []uint16 {
	t.touched = t.touched[:0]
	for i := range r.Cells {
		if c := t.known(min(r.Cells[i].Col, maxColumns-1)); c != nil {
			t.touched = append(t.touched, t.index[c.col]-1)
		}
	}
	slices.Sort(t.touched)
	return t.touched
}

// valueLike says that a text is what a person's record holds, and no heading.
func valueLike(text []byte) bool {
	if len(text) > vocab.MaxHeading {
		return false
	}
	return lex.ValueLike(string(text))
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
			t.setHeading(col, above)
		}
	}
}

// forgetHeadings drops what turned out to be a title block.
func (t *table) forgetHeadings() {
	for _, place := range t.heads {
		c := &t.columns[place]
		c.heading, c.kind, c.part, c.barred = "", vocab.None, vocab.None, 0
	}
	t.heads = t.heads[:0]
}
