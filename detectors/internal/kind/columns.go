package kind

import (
	"bytes"
	"strings"

	"golang.org/x/text/width"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/score"
	"github.com/kagiban/kagiban/scan"
)

const (
	labelRows  = 200     // rows of a table in which a label to the left counts
	textColumn = -1      // column number for running text
	beforeText = 120     // bytes before a number in which its heading may stand
	pieceBytes = 1 << 12 // a text is searched in such pieces: a pattern may look to the end of its text from each place
	pieceReach = 1 << 8  // longer than any number is, so that none is cut between two pieces
	maxWaiting = 1 << 12 // numbers that wait for the judgement over a column,
	mostWaits  = 1 << 16 // and over all columns of a table: 512 KiB
)

// Headings knows what stands above the columns of a table.
type Headings interface {
	Heading(col int) (heading string, seen bool)
}

// Columns finds the numbers of declared kinds, and counts them by column.
type Columns struct {
	kinds    []Matcher
	subject  scan.Subject
	findings *scan.Findings
	hash     func(text string) uint64

	at    map[columnKey]int // place in list
	list  []column
	waits int // hashes in all columns
}

type columnKey struct{ kind, col int }

// A column is what is known of a column that a kind may be about.
type column struct {
	kind, col int
	filled, n int64
	hashes    []uint64
	samples   []sample
}

type sample struct {
	row    int
	masked string
}

// NewColumns returns columns that add what they count to the findings.
func NewColumns(kinds []Matcher, s scan.Subject, f *scan.Findings, hash func(string) uint64) *Columns {
	return &Columns{kinds: kinds, subject: s, findings: f, hash: hash, at: map[columnKey]int{}}
}

// Row looks at a row below the headings, which is the seen-th of its table.
func (cs *Columns) Row(r *scan.Row, seen int, headings Headings) error {
	for k := range cs.kinds {
		kind := &cs.kinds[k]
		for i := range r.Cells {
			c := &r.Cells[i]
			heading, _ := headings.Heading(min(c.Col, observed.MaxColumns-1))
			var err error
			switch {
			case heading != "" && kind.heads([]byte(heading)),
				i > 0 && seen <= labelRows && len(c.Text) <= lex.MaxCell && kind.Matches(string(c.Text)) && kind.heads(r.Cells[i-1].Text):
				err = cs.cell(k, c.Col, r.N, string(c.Text))
			case len(r.Cells) == 1 || len(c.Text) > lex.MaxCell:
				err = cs.text(k, r.N, c.Text)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// text finds the numbers of a kind behind one of its headings in a text.
func (cs *Columns) text(k, row int, text []byte) error {
	kind := &cs.kinds[k]
	found := false
	for _, word := range kind.Headings {
		found = found || bytes.Contains(text, []byte(word))
	}
	if !found {
		return nil
	}
	folded := width.Fold.String(string(text))
	for at := 0; at < len(folded); {
		next := at + pieceBytes
		for _, m := range kind.within.FindAllStringIndex(folded[at:min(len(folded), next+pieceReach)], -1) {
			if m[0] >= pieceBytes {
				break // it begins in the next piece
			}
			from, to := at+m[0], at+m[1]
			next = max(next, to)
			if edge(folded, from, to) && kind.Matches(folded[from:to]) && kind.announcedIn(folded[max(0, from-beforeText):from]) {
				if err := cs.cell(k, textColumn, row, folded[from:to]); err != nil {
					return err
				}
			}
		}
		at = next
	}
	return nil
}

// announcedIn reports whether a piece of text holds one of the headings.
func (m *Matcher) announcedIn(before string) bool {
	for _, word := range m.Headings {
		if strings.Contains(before, width.Fold.String(word)) {
			return true
		}
	}
	return false
}

// edge reports whether no digit or letter stands right before or behind a find.
func edge(s string, from, to int) bool {
	plain := func(c byte) bool { return c-'0' <= 9 || lex.Letter(c) || c == '-' || c == '_' }
	return (from == 0 || !plain(s[from-1])) && (to == len(s) || !plain(s[to]))
}

// cell counts one cell of a column that a kind is about.
func (cs *Columns) cell(k, col, row int, text string) error {
	c := cs.column(k, col)
	c.filled++
	kind := &cs.kinds[k]
	if !kind.Matches(text) {
		return nil
	}
	c.n++
	text = strings.Map(func(r rune) rune {
		if lex.IsHyphen(r) || r == ' ' {
			return -1
		}
		return r
	}, strings.TrimSpace(width.Fold.String(text)))
	c.hashes = append(c.hashes, cs.hash(kind.Name+"\x00"+text))
	if len(c.samples) < cs.subject.MaxHits {
		c.samples = append(c.samples, sample{row, mask(text)})
	}
	cs.waits++
	switch {
	case cs.waits >= mostWaits:
		return cs.foldAll()
	case len(c.hashes) >= maxWaiting:
		return cs.fold(c)
	}
	return nil
}

// column returns what is known of a column; it is made when it is first met.
func (cs *Columns) column(k, col int) *column {
	key := columnKey{k, min(col, observed.MaxColumns-1)}
	at, ok := cs.at[key]
	if !ok {
		at = len(cs.list)
		cs.at[key] = at
		cs.list = append(cs.list, column{kind: k, col: col})
	}
	return &cs.list[at]
}

// foldAll counts what waits in all columns.
func (cs *Columns) foldAll() error {
	for i := range cs.list {
		if err := cs.fold(&cs.list[i]); err != nil {
			return err
		}
	}
	return nil
}

// assess judges a column as every column of numbers is judged. Its heading is
// known to announce them.
func (c *column) assess() score.Assessment {
	judged := declared()
	return judged.Column(&score.Column{
		ColumnStats: score.ColumnStats{Numbers: c.n}, Heading: observed.HeadingAnnounces, Cells: c.filled,
	})
}

// fold counts what waits.
func (cs *Columns) fold(c *column) error {
	n := int64(len(c.hashes))
	if n == 0 {
		return nil
	}
	grade, sum := c.assess().Confidence, &cs.findings.Medium
	if grade == scan.ConfidenceHigh {
		sum = &cs.findings.High
	}
	sum.Add(scan.Counts{
		Records: n, Classes: scan.Classes{Number: n}, Places: map[string]int64{"other": n},
		Detectors: map[string]int64{cs.kinds[c.kind].Name: n},
	})
	for _, hash := range c.hashes {
		if err := cs.subject.Persons.Add(scan.Person{Hash: hash, Grade: grade}); err != nil {
			return err
		}
	}
	cs.waits -= len(c.hashes)
	c.hashes = nil // there may be thousands of columns
	return nil
}

// Finish ends the columns of a table: it counts what waits and hands out the
// evidence. title is how evidence names a column.
func (cs *Columns) Finish(table string, title func(col int) string, add func(scan.Hit)) error {
	for i := range cs.list {
		c := &cs.list[i]
		if err := cs.fold(c); err != nil {
			return err
		}
		if len(c.samples) == 0 {
			continue
		}
		v := c.assess()
		h := scan.Hit{Table: table, Column: title(c.col), Score: v.Score, Confidence: v.Confidence, Why: v.Why, Detector: cs.kinds[c.kind].Name}
		for _, s := range c.samples {
			h.Row, h.Masked = s.row, s.masked
			add(h)
		}
	}
	clear(cs.list)
	cs.list = cs.list[:0]
	if len(cs.at) > 64 {
		cs.at = map[columnKey]int{} // emptying it would cost as much each time as it once held
	}
	clear(cs.at)
	return nil
}

// mask keeps the last two characters and hides how long the rest is.
func mask(text string) string {
	runes := []rune(text)
	return "****" + string(runes[max(0, len(runes)-2):])
}
