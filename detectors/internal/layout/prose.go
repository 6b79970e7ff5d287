package layout

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
)

const (
	// nearLines is how many lines a label speaks for; each number found under it
	// renews it, so that a list may be long.
	nearLines = 5
	// behindBytes is how far behind a number its label may begin.
	behindBytes = 40
)

// prose finds the numbers that stand among other signs.
type prose struct {
	*page
	forms     *forms
	lines     int64
	mentioned bool // some line speaks of the number
	other     bool // the headings of the lines at hand are those of other numbers
}

// begin forgets the table before.
func (p *prose) begin() { p.lines, p.mentioned, p.other = 0, false, false }

// cells finds the numbers in all texts of a row.
func (p *prose) cells(r *row) error {
	for i, left := 0, r.texts; left > 0 && i < len(r.Cells); i++ {
		if r.reads[i].Form != lex.FormText {
			continue
		}
		left--
		if err := p.text(r, i); err != nil {
			return err
		}
	}
	return nil
}

// advance moves the label of the lines above on by one line.
func (p *prose) advance(text []byte) {
	if p.near > 0 {
		p.near--
		if role, _ := p.words.Heading(text); role.Negative() {
			p.near = 0 // a heading of other numbers
		}
	}
	if p.words.HeadsOther(text) {
		p.other = true
	}
	if !p.words.Speaks(text) {
		return
	}
	p.other = false
	if at, a := p.words.LastLabel(text); a == vocab.AnnouncesNumber && !p.words.Treats(text, at) {
		p.near, p.mentioned = nearLines, true
	}
}

// LabelFor returns the label that an announcement in the same line makes.
func LabelFor(a vocab.Announcement) observed.Label {
	switch a {
	case vocab.AnnouncesNumber:
		return observed.LabelSame
	case vocab.AnnouncesOther:
		return observed.LabelOther
	}
	return observed.LabelNone
}

// A passage is where in a text the numbers of one cell are being looked for.
type passage struct {
	text    []byte
	prev    int            // behind the number before
	n       lex.Find       // the number at hand
	to      int            // where the next one begins, or the text ends
	said    observed.Label // by the latest label
	first   bool
	more    bool      // another number follows
	leading lex.Facts // what stands before the first of several numbers
}

// text finds the numbers of cell i.
func (p *prose) text(r *row, i int) error {
	text := r.Cells[i].Text
	f := lex.NewFinder(text)
	s := passage{text: text, said: p.columnLabel(r, i), first: true}
	n, ok := f.Next()
	for ; ok; s.first = false {
		after, more := f.Next()
		s.n, s.more, s.to = n, more, len(text)
		if more {
			s.to = after.Start
		}
		if !n.Assigned || p.words.Directly(text[s.prev:n.Start]) {
			if err := p.number(r, i, &s); err != nil {
				return err
			}
		}
		s.prev, n, ok = n.End, after, more
	}
	return nil
}

// number takes the number at hand. One alone in its line waits for its form.
func (p *prose) number(r *row, i int, s *passage) error {
	near := p.label(s)
	beside := s.beside()
	if len(r.Cells) > 1 {
		beside |= r.beside(i)
	}
	if s.first && !s.more && len(r.Cells) == 1 && near != observed.LabelOther {
		return p.forms.await(r, i, s.n.Reading, near, beside, -1)
	}
	return p.observeText(r, i, s.n.Reading, near, beside)
}

// label returns what the words near the number at hand announce.
func (p *prose) label(s *passage) observed.Label {
	before := s.text[s.prev:s.n.Start]
	if at, a := p.words.LastLabel(before); at >= 0 {
		s.said = LabelFor(a)
	} else if s.first && s.said == observed.LabelNone {
		if at, a := p.words.LastLabel(s.text[s.n.End:min(s.to, s.n.End+behindBytes)]); at >= 0 && a == vocab.AnnouncesNumber {
			s.said = observed.LabelSame
		}
	}
	switch {
	case s.said == observed.LabelSame && p.words.Directly(before):
		return observed.LabelDirect
	case s.said == observed.LabelNone && p.near == 0 && (p.other || p.words.Foreign(before)):
		return observed.LabelOther
	case s.said == observed.LabelNone && p.near > 0:
		return observed.LabelNear
	}
	return s.said
}

// beside returns what of a person stands around the number at hand. Of several
// persons in a line, a name stands before each number or behind each.
func (s *passage) beside() lex.Facts {
	before, behind := s.text[s.prev:s.n.Start], s.text[s.n.End:s.to]
	if !s.more && s.first {
		return lex.PersonIn(before) | lex.PersonIn(behind)
	}
	if s.first {
		s.leading = lex.PersonIn(s.text[:s.n.Start]) & lex.Name
	}
	if s.leading != 0 {
		return lex.PersonIn(before)
	}
	return lex.PersonIn(behind)
}

// columnLabel returns what the heading of the cell's column announces.
func (p *prose) columnLabel(r *row, i int) observed.Label {
	switch role := p.columns.at(r.Cells[i].Col).role; {
	case role == vocab.Pension:
		return observed.LabelSame
	case role.Negative():
		return observed.LabelOther
	}
	if i > 0 && r.reads[i].Form == lex.FormText && len(r.Cells) > 1 && p.records < sampleSize {
		switch role := r.labelLeft(i); {
		case role == vocab.Pension:
			return observed.LabelSame
		case role.Negative():
			return observed.LabelOther
		}
	}
	return observed.LabelNone
}
