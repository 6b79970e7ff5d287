package layout

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// A Table examines the rows of one table. It is used again for the next one.
type Table struct {
	page
	headings headings
	cells    cells
	forms    forms
	prose    prose
	filing   filing
	shared   sharedTexts
	row      row
	rows     pairs
	last     int               // number of the last row
	view     []observed.Column // scratch of Observed
	facts    observed.Roles    // and this
}

// New returns a table that hands what it observes to a sink.
func New(words *vocab.Reader, places lex.Places, sink Sink) *Table {
	t := &Table{page: page{words: words, places: places, sink: sink}}
	p := &t.page
	p.columns.words = words
	t.headings.page, t.forms.page, t.row.page = p, p, p
	t.cells = cells{page: p, forms: &t.forms}
	t.prose = prose{page: p, forms: &t.forms}
	t.filing = filing{p}
	t.rows = pairs{page: p, headings: &t.headings}
	return t
}

// Begin begins another table.
func (t *Table) Begin() {
	t.rows.begin(t.seen)
	t.page.begin()
	t.headings.begin()
	t.forms.clear()
	t.forms.formed = 0
	t.prose.begin()
	t.last = 0
}

// Flush hands on what waits for the end of the table.
func (t *Table) Flush() error { return t.forms.flush() }

// Row examines one row: its headings or its numbers. It returns the row if it
// stands below the headings, without long texts that were judged before, and nil
// if it is one of headings.
func (t *Table) Row(source *scan.Row) (below *scan.Row, err error) {
	if len(source.Cells) == 0 {
		return nil, nil
	}
	r := &t.row
	r.read(source, &t.shared)
	gap := r.N > t.last+1
	t.last = r.N
	t.seen++
	if t.seen == 1 && !source.Heads {
		t.rows.inherit(r)
	}
	if source.Heads {
		t.headings.given(r)
		return nil, nil
	}
	if !r.numbers && !t.headings.named {
		switch t.headings.classify(r, gap) {
		case headAccepted:
			return nil, t.texts(r)
		case headRepeat:
			return nil, t.unheaded(r)
		case headAnother:
			if err := t.another(r); err != nil {
				return nil, err
			}
			return nil, t.unheaded(r)
		}
	}
	t.headings.below++
	if handled, err := t.filed(r); handled || err != nil {
		return &r.Row, err
	}
	if err := t.forms.labels(r); err != nil {
		return nil, err
	}
	if err := t.numbers(r, t.columns.fill(r)); err != nil {
		return nil, err
	}
	return &r.Row, t.texts(r)
}

// numbers takes the numbers in cells of a row.
func (t *Table) numbers(r *row, filled uint64) error {
	t.group++
	t.inCells = 0
	if r.numbers {
		t.headings.titledBy(r)
		t.numbered = true
		if err := t.cells.whole(r); err != nil {
			return err
		}
	}
	if r.short > 0 {
		if err := t.cells.parts(r); err != nil {
			return err
		}
	}
	if t.inCells == 0 {
		t.rows.keep(r)
		return nil
	}
	t.numbered = true
	made, err := t.sink.EndRow(observed.Row{Filled: filled, Lives: r.lives(), Above: t.rows.before(r)})
	t.records += int64(made)
	return err
}

// texts takes the numbers that stand among other signs in a row.
func (t *Table) texts(r *row) error {
	if len(r.Cells) == 1 {
		t.prose.lines++
		defer t.prose.advance(r.Cells[0].Text)
	}
	return t.prose.cells(r)
}

// filed takes a record of a file for the pension service, whose layout says where
// its number stands.
func (t *Table) filed(r *row) (handled bool, err error) {
	t.group++
	handled, err = t.filing.record(r)
	if handled && len(r.Cells) == 1 {
		t.prose.lines++
	}
	return handled && !t.shared.long, err
}

// unheaded takes the numbers in a long text of a row of headings, which is not
// looked at again where it is met next.
func (t *Table) unheaded(r *row) error {
	if !t.shared.long {
		return nil
	}
	return t.texts(r)
}

// another ends the table at hand and begins the one that r is the heading of.
func (t *Table) another(r *row) error {
	if err := t.Flush(); err != nil {
		return err
	}
	if err := t.sink.EndTable(); err != nil {
		return err
	}
	title := t.headings.titleAt
	t.Begin()
	t.last, t.seen, t.headings.titleAt = r.N, 1, title
	t.headings.accept(r, t.headings.announced(r, false), false)
	return nil
}

// Seen returns how many rows of the table had cells.
func (t *Table) Seen() int { return t.seen }

// Mended returns to how many numbers of the document a lost zero was put back
// before they were observed.
func (t *Table) Mended() int64 { return t.mended }

// Heading returns the heading of a column, and whether the column was seen.
func (t *Table) Heading(col int) (string, bool) {
	if c := t.columns.known(col); c != nil {
		return c.heading, true
	}
	return "", false
}

// ColumnOf returns the number of the first column that has a place.
func (t *Table) ColumnOf(place int) int { return t.columns.places[place].col }

// Observed returns what is known of the table beside its numbers. It is valid
// until the next row.
func (t *Table) Observed() observed.Table {
	t.view = t.view[:0]
	for i := range t.columns.places {
		t.view = append(t.view, t.columns.known(t.columns.places[i].col).observed(t.columns.era))
	}
	t.facts = t.facts[:0]
	for i := range personal {
		t.facts = append(t.facts, observed.Role{Fact: personal[i].fact})
	}
	for i := range t.columns.list {
		c := &t.columns.list[i]
		if c.place < 0 {
			continue
		}
		fact := c.fact()
		for k := range t.facts {
			if fact&t.facts[k].Fact != 0 {
				t.facts[k].Columns |= 1 << c.place
			}
		}
	}
	return observed.Table{
		Columns: t.view, Roles: t.facts, Titled: t.headings.titled,
		Mentioned: t.prose.mentioned, Lines: t.prose.lines,
	}
}
