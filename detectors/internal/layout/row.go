package layout

import (
	"slices"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// A row is the row at hand with what was worked out of it. Each number of a row
// asks what stands beside it: a row of a hundred thousand numbers must not be read
// once for each of them.
type row struct {
	scan.Row
	page  *page
	reads []reading

	numbers  bool // a cell is a number by itself, or what is left of one
	exact    int  // cells that are a number by themselves
	texts    int  // cells that may hold one among other signs
	short    int  // cells that may hold a part of one
	labelled known
	living   known
	likes    []known // by cell: the role that its content looks like
	own      []known // by cell: the role of the label that it holds itself
}

// A reading is what a cell is by itself, and the nearest cell to the left that is
// no number, or -1.
type reading struct {
	lex.Reading
	left int32
}

// A known is a small value plus one; 0 is not known yet.
type known uint8

// forget empties what was worked out of the row before.
func (r *row) forget() {
	r.reads, r.numbers, r.exact, r.texts, r.short = r.reads[:0], false, 0, 0, 0
	r.labelled, r.living, r.likes, r.own = 0, 0, r.likes[:0], r.own[:0]
}

// read judges each cell by itself.
func (r *row) read(source *scan.Row, texts *sharedTexts) {
	r.forget()
	texts.begin()
	left := int32(-1)
	for i := range source.Cells {
		rd := reading{left: left}
		if c := &source.Cells[i]; c.Shared == 0 || c.Shared >= maxShared {
			rd.Reading = lex.ReadCell(c.Text)
		} else {
			rd.Reading = texts.read(c, i)
		}
		r.reads = append(r.reads, rd)
		if rd.Number() {
			r.exact++
		} else {
			left = int32(i)
		}
		switch rd.Form {
		case lex.FormText:
			r.texts++
		case lex.FormShort:
			r.short++
		default:
			r.numbers = r.numbers || rd.Number() || rd.Form == lex.FormRounded
		}
	}
	r.Row = texts.shorten(source)
}

// labelLeft reads the label of a form: the nearest cell to the left that is
// none, behind other numbers that it is the label of too.
func (r *row) labelLeft(i int) vocab.Role {
	k := r.reads[i].left
	for steps := 0; k >= 0 && steps < 2; steps++ {
		if r.reads[k].Form == lex.FormNone {
			role, _ := r.page.words.Heading(r.Cells[k].Text)
			return role
		}
		k = r.reads[k].left
	}
	return vocab.None
}

// several reports whether more values than one follow the same label: cell i is
// the first of them and the next is none either.
func (r *row) several(i int) bool {
	if i+1 >= len(r.Cells) {
		return false
	}
	role, _ := r.page.words.Heading(r.Cells[i+1].Text)
	return role == vocab.None && i == 1
}

// speaks is a first look at a row for words of the number.
func (r *row) speaks() bool {
	for i := range r.Cells {
		if r.page.words.Speaks(r.Cells[i].Text) {
			return true
		}
	}
	return false
}

// wordy is a look that is cheaper still, for rows far down: headings are short, and
// hold no digit.
func (r *row) wordy() bool {
	for i := range r.Cells {
		text := r.Cells[i].Text
		if r.reads[i].Form != lex.FormNone || len(text) > wordyBytes {
			return false
		}
		for _, c := range text {
			if c-'0' <= 9 {
				return false
			}
		}
	}
	return true
}

// wordyBytes is the length of headings that are looked for far down.
const wordyBytes = 60

// unknown makes room for n values of which none is known.
func unknown(m []known, n int) []known {
	m = slices.Grow(m[:0], n)[:n]
	clear(m)
	return m
}

// likeCell returns the role that the content of cell i looks like.
func (r *row) likeCell(i int) vocab.Role {
	if len(r.likes) == 0 {
		r.likes = unknown(r.likes, len(r.Cells))
	}
	m := &r.likes[i]
	if *m == 0 {
		*m = known(roleLike(string(r.Cells[i].Text))) + 1
	}
	return vocab.Role(*m - 1)
}

// ownLabel returns the role of the label that cell i holds beside its value.
func (r *row) ownLabel(i int) vocab.Role {
	if len(r.own) == 0 {
		r.own = unknown(r.own, len(r.Cells))
	}
	m := &r.own[i]
	if *m == 0 {
		*m = known(labelledCell(r.page.words, string(r.Cells[i].Text))) + 1
	}
	return vocab.Role(*m - 1)
}

// labels returns what the row's own labels announce.
func (r *row) labels() lex.Facts {
	if r.labelled == 0 {
		r.labelled = known(r.findLabelled()) + 1
	}
	return lex.Facts(r.labelled - 1)
}

// lives returns the prefecture of the address that stands in the row, or 0.
func (r *row) lives() uint8 {
	if r.living == 0 {
		r.living = known(r.findLives()) + 1
	}
	return uint8(r.living - 1)
}
