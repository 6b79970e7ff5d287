package detectors

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

const (
	maxColumns = 1 << 14 // of a worksheet; columns beyond share the last place
	sampleSize = 64      // cells of a column that are looked at for names, dates, addresses
	maxSlots   = 64      // columns of interest; those beyond share the last slot
)

// A table is what is known of the table whose rows come in. It is used again
// for the next one.
type table struct {
	exam  *examination
	words *vocab.Reader

	name     string
	lastName string // of the table before
	telling  bool   // that name speaks of pensions
	begun    bool
	named    bool   // the name of the table or of the file speaks of pensions
	titled   bool   // a line above the table does
	titleAt  int    // row of that line
	shown    string // the name as evidence shows it
	seen     int    // rows with cells
	numbered bool   // the row before held a number
	quiet    int    // rows without a number since then, or since a gap
	below    int    // rows with cells below the headings
	last     int    // number of the last one
	headed   bool
	headedAt int
	roles    int   // headings known in the row of headings
	block    block // what stands beside labels, as in a form about one person

	index   []uint16 // column number to place in columns, plus one
	columns []column
	heads   []uint16 // places in columns of those that have a heading
	touched []uint16 // scratch of note
	era     uint32   // counts the rows of headings that were noted
	slots   []slot
	ruled   ruled
	reads   []cellReading // of the row at hand
	numbers int           // how many of them are numbers
	memo    rowMemo
	again   againRow
	found   []candidate
	label   window
	tally
}

// A cellReading is a reading in its row.
type cellReading struct {
	lex.Reading
	left int32 // nearest cell to the left that is no number, or -1
}

// A candidate is a number found in a row, with the slots that hold it.
type candidate struct {
	value uint64
	slots uint64
	flags flags
}

func newTable(e *examination) *table {
	t := &table{exam: e, words: e.words}
	t.tally.init()
	return t
}

func (t *table) begin(name string) {
	// What the table before used is emptied, and not all there is room for: a
	// document may begin a table with each row.
	for i := range t.columns {
		t.index[t.columns[i].col] = 0
	}
	t.columns, t.slots, t.heads = t.columns[:0], t.slots[:0], t.heads[:0]
	t.name, t.begun = name, true
	if t.name != t.lastName {
		t.exam.inName(name, true)
		t.lastName, t.telling, t.shown = name, t.words.Names(name), safe(name)
	}
	t.named = t.exam.named || t.telling
	t.seen, t.last, t.headed, t.headedAt, t.roles, t.numbered, t.quiet, t.below = 0, 0, false, 0, 0, false, 0, 0
	t.label = window{}
	t.block.clear()
	t.titled, t.titleAt = false, 0
	t.texts = textStats{}
	t.records = 0
}

// finish gives the judgement over the table.
func (t *table) finish() error {
	t.begun = false
	if err := t.block.flush(t); err != nil {
		return err
	}
	if err := t.fold(); err != nil {
		return err
	}
	t.report()
	return t.ruleFinish()
}

// row looks at one row: its headings or its numbers.
func (t *table) row(r *scan.Row) error {
	if len(r.Cells) == 0 {
		return nil
	}
	numbers, texts, short := t.read(r)
	r = t.again.shorten(r)
	gap := r.N > t.last+1
	t.last = r.N
	t.seen++
	if !numbers {
		switch t.heading(r, gap) {
		case headNoted:
			return t.embedded(r, texts)
		case headRepeat:
			return t.unheaded(r, texts)
		case headAnew:
			if err := t.another(r); err != nil {
				return err
			}
			return t.unheaded(r, texts)
		}
	}
	t.below++
	if err := t.labels(r); err != nil {
		return err
	}
	filled := t.fill(r)
	if len(t.exam.rules) > 0 {
		if err := t.ruleRow(r); err != nil {
			return err
		}
	}
	t.found = t.found[:0]
	if numbers {
		t.titled = t.titled || t.records == 0 && t.titleAt > 0 && r.N <= t.titleAt+titleReach
		t.numbered = true
		if err := t.whole(r); err != nil {
			return err
		}
	}
	if short > 0 {
		if err := t.parts(r); err != nil {
			return err
		}
	}
	lives := uint8(0)
	if len(t.found) > 0 {
		lives = t.lives(r)
	}
	for i := range t.found {
		if err := t.add(t.found[i], filled, lives); err != nil {
			return err
		}
	}
	t.numbered = t.numbered || len(t.found) > 0
	return t.embedded(r, texts)
}

// unheaded takes the numbers in a long text of a row of headings, which is not
// looked at again where it is met next.
func (t *table) unheaded(r *scan.Row, texts int) error {
	if !t.again.long {
		return nil
	}
	return t.embedded(r, texts)
}

// another ends the table at hand and begins the one that r is the heading of.
func (t *table) another(r *scan.Row) error {
	if err := t.finish(); err != nil {
		return err
	}
	title := t.titleAt
	t.begin(r.Table)
	t.last, t.seen, t.titleAt = r.N, 1, title
	t.noteRow(r, t.headingsIn(r, false), false)
	return nil
}

// speaksOfPensions is a first look at a row.
func (t *table) speaksOfPensions(r *scan.Row) bool {
	for i := range r.Cells {
		if t.words.Speaks(r.Cells[i].Text) {
			return true
		}
	}
	return false
}

// read judges each cell by itself.
func (t *table) read(r *scan.Row) (numbers bool, texts, short int) {
	t.reads, t.numbers = t.reads[:0], 0
	t.memo.forget()
	t.again.clear()
	left := int32(-1)
	for i := range r.Cells {
		var rd cellReading
		if c := &r.Cells[i]; c.Shared == 0 || c.Shared >= sharedMax {
			rd.Reading = lex.ReadCell(c.Text)
		} else {
			rd.Reading = t.exam.readShared(c, &t.again, i)
		}
		rd.left = left
		t.reads = append(t.reads, rd)
		if rd.Number() {
			t.numbers++
		} else {
			left = int32(i)
		}
		switch rd.Form {
		case lex.FormText:
			texts++
		case lex.FormShort:
			short++
		default:
			numbers = numbers || rd.Number() || rd.Form == lex.FormRounded
		}
	}
	return numbers, texts, short
}

// fill counts the cells of a row by column and gives the set of filled slots. A
// column without a telling heading is in it until its sample has shown that it
// holds nothing of a person.
func (t *table) fill(r *scan.Row) (filled uint64) {
	for i := range r.Cells {
		c := t.column(r.Cells[i].Col)
		c.count(t.era)
		if c.sampled < sampleSize && c.kind == vocab.None {
			t.sample(c, &r.Cells[i], t.reads[i].Form)
		}
		if c.slot >= 0 && !c.mute && !lex.Vacant(r.Cells[i].Text) {
			filled |= 1 << c.slot
		}
	}
	return filled
}

// whole takes the cells that are a number by themselves.
func (t *table) whole(r *scan.Row) error {
	for i, rd := range t.reads {
		c := t.column(r.Cells[i].Col)
		if rd.Form == lex.FormRounded && c.kind == vocab.Pension {
			t.candidate(r, rd.Reading, t.slotOf(c), flagRounded)
		}
		if !rd.Number() {
			continue
		}
		s := t.slotOf(c)
		if near := t.label.left > 0; near && len(r.Cells) == 1 && c.kind == vocab.None && rd.Form != lex.FormNine {
			if err := t.await(r, i, lex.Find{Reading: rd.Reading}, labelNear, 0, -1); err != nil {
				return err
			}
			continue
		}
		if c.kind == vocab.Pension && len(r.Cells) == 1 && t.roles == 1 {
			if rd.Form == lex.FormNine {
				rd.Form = lex.FormBare
				t.exam.findings.Repaired++
			}
			if err := t.await(r, i, lex.Find{Reading: rd.Reading}, labelDirect, 0, -1); err != nil {
				return err
			}
			continue
		}
		if c.kind != vocab.Pension && t.slots[s].n+t.slots[s].nine < sampleSize {
			if done, err := t.labelled(r, i); err != nil {
				return err
			} else if done {
				continue
			}
		}
		if lex.SampleLike(rd.Value) {
			c.filled-- // says nothing of the column
		} else {
			t.slots[s].count(rd.Reading)
		}
		t.candidate(r, rd.Reading, s, 0)
	}
	return nil
}

// labelled takes a number that has a label to its left, as forms have it. It is
// judged by that and not with its column, which holds other things.
func (t *table) labelled(r *scan.Row, i int) (done bool, err error) {
	near := labelDirect
	switch k := t.labelLeft(r, i); {
	case k.Negative():
		near = labelOther
	case k != vocab.Pension:
		return false, nil
	}
	rd := t.reads[i]
	if rd.Form == lex.FormNine {
		if near == labelOther {
			return true, nil
		}
		rd.Form = lex.FormBare
		t.exam.findings.Repaired++
	}
	return true, t.formNumber(r, i, rd.Reading, near)
}

// labelLeft reads the label of a form: the nearest cell to the left that is
// none, behind other numbers that it is the label of too.
func (t *table) labelLeft(r *scan.Row, i int) vocab.Role {
	k := t.reads[i].left
	for steps := 0; k >= 0 && steps < 2; steps++ {
		if t.reads[k].Form == lex.FormNone {
			kind, _ := t.words.Heading(r.Cells[k].Text)
			return kind
		}
		k = t.reads[k].left
	}
	return vocab.None
}

// candidate notes a number of the row once, however many columns hold it.
func (t *table) candidate(r *scan.Row, rd lex.Reading, slot int, f flags) {
	f |= flagsOf(rd)
	if f&flagSample == 0 {
		t.slots[slot].keep(t.exam.subject.MaxHits, r.N, rd.Value)
	}
	for i := max(0, len(t.found)-maxSlots); i < len(t.found); i++ {
		if t.found[i].value == rd.Value {
			t.found[i].slots |= 1 << slot
			t.found[i].flags &= f | flagSample
			return
		}
	}
	t.found = append(t.found, candidate{value: rd.Value, slots: 1 << slot, flags: f})
}
