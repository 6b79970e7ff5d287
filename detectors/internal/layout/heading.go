package layout

import (
	"bytes"
	"strings"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
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
	headNone     headRow = iota
	headAccepted         // a row of headings; they are accepted
	headRepeat           // the headings of this table once more, as on each page
	headAnother          // headings of another table
)

// headings are what is known of the rows of headings of a table.
type headings struct {
	*page
	headed   bool
	headedAt int  // row of the headings
	titled   bool // a line above the table speaks of the number
	titleAt  int  // row of that line
	quiet    int  // rows without a number since the last one, or since a gap
	below    int  // rows with cells below the headings
	stacked  bool // a person has two rows, and so do the headings
	named    bool // the format says what the headings are, and some are known
}

// begin forgets the table before.
func (h *headings) begin() { *h = headings{page: h.page} }

// classify finds out whether a row without numbers is a row of headings, and accepts
// them if they are those of the table at hand. Two rows of headings are joined
// column by column; a heading over several columns stands for those to its
// right that have none in its row.
func (h *headings) classify(r *row, gap bool) headRow {
	if gap || h.numbered {
		h.quiet = 0
	}
	h.numbered = false
	h.quiet++
	if len(r.Cells) > headingCells || h.seen > headingRows && h.quiet > quietRows && (h.seen > formRows && !r.wordy() || !r.speaks()) || h.holdsPart(r) {
		return headNone
	}
	joined := h.headed && r.N == h.headedAt+1 && h.records == 0
	if joined && h.underTitle(r) {
		h.titleAt, joined = h.headedAt, false
		h.columns.forgetHeadings()
		h.headed, h.roles = false, 0
	}
	a := h.announced(r, joined)
	if !a.heads(joined, len(r.Cells)) {
		if len(r.Cells) <= 3 && h.isTitle(r) {
			h.titleAt = r.N
		}
		return headNone
	}
	if h.headed && !joined && h.records == 0 && len(r.Cells) > 1 && a.roles > 1 && len(h.columns.heads) == 1 {
		h.titleAt = h.headedAt // it was a title
		h.accept(r, a, false)
		return headAccepted
	}
	if h.headed && !joined || h.records > 0 {
		switch {
		case h.repeats(r):
			return headRepeat
		case h.records == 0 && h.roles < 2 && !a.telling, h.roles > a.roles && !a.telling && !gap && h.quiet > 1, !h.restarts(a, gap, len(r.Cells)):
			return headNone
		case h.records > 0 || h.roles >= 2 && !h.onlyTitle():
			return headAnother
		}
	}
	h.accept(r, a, joined)
	return headAccepted
}

// restarts reports whether headings begin another table below the one at hand: they
// name the number, or a blank block stands before them, or there is nothing but
// headings among them. A row of data may by chance hold two words that are headings
// elsewhere.
func (h *headings) restarts(a announced, gap bool, cells int) bool {
	if h.roles < 2 {
		return true
	}
	if a.telling {
		return a.values == 0 || a.exact > 0 && a.values*3 <= cells
	}
	return gap || a.values == 0 && !a.digits && a.roles*2 >= cells
}

// holdsPart reports whether a row has digits in a column of parts of the number: it
// is one of data.
func (h *headings) holdsPart(r *row) bool {
	if !h.headed || r.short == 0 {
		return false
	}
	for i := range r.Cells {
		if r.reads[i].Form != lex.FormShort {
			continue
		}
		if c := h.columns.known(r.Cells[i].Col); c != nil && (c.role == vocab.Office || c.role == vocab.Serial || c.role == vocab.Pension && r.reads[i].Digits == 4) {
			return true
		}
	}
	return false
}

// underTitle reports whether the headings of the row above were one cell only, and
// r has another heading below it: that cell was a title.
func (h *headings) underTitle(r *row) bool {
	if a := h.announced(r, false); len(h.columns.heads) != 1 || len(r.Cells) < 2 || a.roles == 0 || a.values > 0 || a.digits {
		return false
	}
	for i := range r.Cells {
		if c := h.columns.known(r.Cells[i].Col); c != nil && c.heading != "" {
			role, _ := h.words.Heading(r.Cells[i].Text)
			return role != vocab.Office && role != vocab.Serial && !(vocab.PartWord(vocab.FoldHead(r.Cells[i].Text)) && partBeside(r, i))
		}
	}
	return false
}

// partBeside reports whether the cell after i names a part too.
func partBeside(r *row, i int) bool {
	return i+1 < len(r.Cells) && vocab.PartWord(vocab.FoldHead(r.Cells[i+1].Text))
}

// isTitle reports whether a row is a title that speaks of the number.
func (h *headings) isTitle(r *row) bool {
	for i := range r.Cells {
		if h.words.Title(r.Cells[i].Text) {
			return true
		}
	}
	return false
}

// onlyTitle reports whether what was taken for headings so far has no rows below
// it: it was a title block.
func (h *headings) onlyTitle() bool { return h.seen <= headingRows && h.below == 0 }

// titledBy notes that a title above the first numbers of a table speaks of them.
func (h *headings) titledBy(r *row) {
	h.titled = h.titled || h.records == 0 && h.titleAt > 0 && r.N <= h.titleAt+titleReach
}

// repeats reports whether a row holds the headings that the table has already.
func (h *headings) repeats(r *row) bool {
	same := 0
	for i := range r.Cells {
		c := h.columns.known(r.Cells[i].Col)
		if c == nil || c.heading == "" {
			continue
		}
		if text := r.Cells[i].Text; len(text) <= vocab.MaxHeading && strings.HasSuffix(vocab.Fold(c.heading), vocab.Fold(string(text))) {
			same++
		}
	}
	return same*4 >= len(r.Cells)*3
}

// announced is what the cells of a row announce as headings.
type announced struct {
	roles, exact int
	telling      bool // the number is among them
	form         bool // each is followed by what may be its value
	values       int  // cells that are no heading but a name, a date, digits
	numbers      bool // a number stands in one of the cells
	digits       bool // a cell holds a digit
	parts        bool // a cell names a part of what stands above it
}

// heads decides whether what a row announces makes it a row of headings. One
// cell alone is a heading only if it is the number's and says nothing else;
// otherwise it is a title or a line of text. In longer rows a value may by
// chance hold one such word.
func (a announced) heads(joined bool, cells int) bool {
	switch {
	case a.roles == 0 || a.numbers && a.exact < 2:
		return false
	case cells == 1:
		return a.telling && a.exact > 0
	case a.values > 0 && (joined || a.roles < 2 || a.values*2 > cells):
		return false
	case a.telling:
		return !a.form || a.values == 0
	}
	return !a.form && (a.roles >= 2 || joined && a.parts || cells >= 3 && a.values == 0 && !a.digits)
}

// announced reads the cells of a row as headings.
func (h *headings) announced(r *row, joined bool) (a announced) {
	a.form = len(r.Cells) > 1
	last := vocab.None
	for i := range r.Cells {
		role, whole := h.words.Heading(r.Cells[i].Text)
		if joined && vocab.PartWord(vocab.FoldHead(r.Cells[i].Text)) {
			role, a.parts = vocab.Plain, true
		}
		found := false
		if r.reads[i].Form == lex.FormText {
			f := lex.NewFinder(r.Cells[i].Text)
			_, found = f.Next()
			a.numbers = a.numbers || found
		}
		switch {
		case found && !bytes.Contains(r.Cells[i].Text, []byte("例")): // a label with its number
			role = vocab.None
			a.values++
		case role != vocab.None:
			a.roles++
			if whole {
				a.exact++
			}
			a.telling = a.telling || role == vocab.Pension || role == vocab.Office
			a.form = a.form && last == vocab.None && i+1 < len(r.Cells)
		case r.reads[i].Form == lex.FormShort || valueLike(r.Cells[i].Text):
			a.values++
		case vocab.Neutral(vocab.FoldHead(r.Cells[i].Text)):
			a.roles++
			a.form = false
		}
		a.digits = a.digits || bytes.ContainsAny(r.Cells[i].Text, "0123456789")
		last = role
	}
	a.form = a.form && a.roles*2 >= len(r.Cells)
	return a
}

// valueLike reports whether a text is what a person's record holds, and no heading.
func valueLike(text []byte) bool {
	return len(text) <= vocab.MaxHeading && lex.ValueLike(string(text))
}
