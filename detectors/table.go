package detectors

import (
	"strings"
	"unicode/utf8"

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
	exam   *examination
	fields []field

	name     string
	lastName string // of the table before
	begun    bool
	named    bool // the name of the table or of the file speaks of pensions
	titled   bool // a line above the table does
	titleAt  int  // row of that line
	seen     int  // rows with cells
	numbered bool // the row before held a number
	quiet    int  // rows without a number since then, or since a gap
	below    int  // rows with cells below the headings
	last     int  // number of the last one
	headed   bool
	headedAt int
	roles    int   // headings known in the row of headings
	block    block // what stands beside labels, as in a form about one person

	index   []uint16 // column number to place in columns, plus one
	columns []column
	slots   []slot
	ruled   []ruleColumn
	reads   []reading // of the row at hand
	found   []candidate
	label   window
	tally
}

// A column is what is known of one column.
type column struct {
	col     int
	slot    int  // -1 until the column is of interest
	mute    bool // it turned out to be of none for the class of a row
	heading string
	kind    kind   // by the heading
	part    kind   // of the number, by a heading below the number's own
	barred  uint16 // kinds that the heading forbids
	filled  int64  // cells below the heading
	sampled int
	words   int16            // of the sampled cells, those that may be a name besides
	likes   [kindOther]int16 // of the sampled cells, those that look like a kind
}

// A candidate is a number found in a row, with the slots that hold it.
type candidate struct {
	value uint64
	slots uint64
	flags flags
}

func newTable(e *examination, f []field) *table {
	t := &table{exam: e, fields: f}
	t.tally.init()
	return t
}

func (t *table) begin(name string) {
	clear(t.index)
	t.columns, t.slots = t.columns[:0], t.slots[:0]
	t.name, t.begun = name, true
	t.named = t.exam.named || tellingName([]string{name})
	if t.name != t.lastName {
		t.exam.inName(name, true)
		t.lastName = name
	}
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
	gap := r.N > t.last+1
	t.last = r.N
	t.seen++
	if !numbers {
		switch t.heading(r, gap) {
		case headNoted:
			return t.embedded(r, texts)
		case headRepeat:
			return nil
		case headAnew:
			return t.another(r)
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
		if t.exam.speaks(r.Cells[i].Text) {
			return true
		}
	}
	return false
}

// read judges each cell by itself.
func (t *table) read(r *scan.Row) (numbers bool, texts, short int) {
	t.reads = t.reads[:0]
	for i := range r.Cells {
		rd := t.exam.read(&r.Cells[i])
		t.reads = append(t.reads, rd)
		switch rd.form {
		case formText:
			texts++
		case formShort:
			short++
		default:
			numbers = numbers || rd.number() || rd.form == formRounded
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
		c.filled++
		if c.sampled < sampleSize && c.kind == kindNone {
			t.sample(c, &r.Cells[i], t.reads[i].form)
		}
		if c.slot >= 0 && !c.mute && !vacant(r.Cells[i].Text) {
			filled |= 1 << c.slot
		}
	}
	return filled
}

// vacant says that a cell has been written in to say that it holds nothing.
func vacant(text []byte) bool {
	if len(text) > 12 {
		return false
	}
	switch string(trim(text)) {
	case "", "-", "－", "ー", "―", "‐", "--", "---", "?", "？", "*", "＊", "×", "/", "／", "0", "なし", "無し", "無", "不明", "未記入", "空欄", "未確認", "N/A", "n/a", "NULL", "null", "未定", "未登録", "該当なし":
		return true
	}
	return false
}

// sample looks at the content of a column that has no telling heading.
func (t *table) sample(c *column, cell *scan.Cell, f form) {
	c.sampled++
	c.mute = c.sampled == sampleSize && c.role() == kindNone
	if f >= formHyphen && f <= formCertificate || len(cell.Text) > headingBytes {
		return
	}
	if f == formNone && len(t.slots) < maxSlots/2 {
		t.slotOf(c)
	}
	text := string(cell.Text)
	for i := range t.fields {
		k := t.fields[i].kind
		if t.fields[i].like != nil && c.barred&(1<<k) == 0 && t.fields[i].like(text) {
			c.likes[k]++
			t.slotOf(c)
			return
		}
	}
	if n := utf8.RuneCountInString(text); n >= 2 && n <= 8 && script(strings.ReplaceAll(strings.ReplaceAll(text, "　", ""), " ", "")) != mixed {
		c.words++
	}
}

// whole takes the cells that are a number by themselves.
func (t *table) whole(r *scan.Row) error {
	for i, rd := range t.reads {
		c := t.column(r.Cells[i].Col)
		if rd.form == formRounded && c.kind == kindPension {
			t.candidate(r, rd, t.slotOf(c), flagRounded)
		}
		if !rd.number() {
			continue
		}
		s := t.slotOf(c)
		if near := t.label.left > 0; near && len(r.Cells) == 1 && c.kind == kindNone && rd.form != formNine {
			if err := t.await(r, i, find{reading: rd}, labelNear, 0, -1); err != nil {
				return err
			}
			continue
		}
		if c.kind == kindPension && len(r.Cells) == 1 && t.roles == 1 {
			if rd.form == formNine {
				rd.form = formBare
				t.exam.findings.Repaired++
			}
			if err := t.await(r, i, find{reading: rd}, labelDirect, 0, -1); err != nil {
				return err
			}
			continue
		}
		if c.kind != kindPension && t.slots[s].n+t.slots[s].nine < sampleSize {
			if done, err := t.labelled(r, i); err != nil {
				return err
			} else if done {
				continue
			}
		}
		if sampleLike(rd.value) {
			c.filled-- // says nothing of the column
		} else {
			t.slots[s].count(rd)
		}
		t.candidate(r, rd, s, 0)
	}
	return nil
}

// labelled takes a number that has a label to its left, as forms have it. It is
// judged by that and not with its column, which holds other things.
func (t *table) labelled(r *scan.Row, i int) (done bool, err error) {
	near := labelDirect
	switch k := t.labelLeft(r, i); {
	case k.negative():
		near = labelOther
	case k != kindPension:
		return false, nil
	}
	rd := t.reads[i]
	if rd.form == formNine {
		if near == labelOther {
			return true, nil
		}
		rd.form = formBare
		t.exam.findings.Repaired++
	}
	return true, t.formNumber(r, i, rd, near)
}

// labelLeft reads the label of a form: the nearest cell to the left that is
// none, behind other numbers that it is the label of too.
func (t *table) labelLeft(r *scan.Row, i int) kind {
	for k, steps := i-1, 0; k >= 0 && steps < 2; k-- {
		if t.reads[k].number() {
			continue
		}
		steps++
		if t.reads[k].form == formNone {
			kind, _ := t.headingOf(r.Cells[k].Text)
			return kind
		}
	}
	return kindNone
}

// candidate notes a number of the row once, however many columns hold it.
func (t *table) candidate(r *scan.Row, rd reading, slot int, f flags) {
	f |= flagsOf(rd)
	if f&flagSample == 0 {
		t.slots[slot].keep(t.exam.subject.MaxHits, r.N, rd.value)
	}
	for i := max(0, len(t.found)-maxSlots); i < len(t.found); i++ {
		if t.found[i].value == rd.value {
			t.found[i].slots |= 1 << slot
			t.found[i].flags &= f | flagSample
			return
		}
	}
	t.found = append(t.found, candidate{value: rd.value, slots: 1 << slot, flags: f})
}

// column is the column with that number; it is made when it is first seen.
func (t *table) column(col int) *column {
	col = min(col, maxColumns-1)
	if col >= len(t.index) {
		grown := make([]uint16, min(max(2*len(t.index), col+1, 64), maxColumns))
		copy(grown, t.index)
		t.index = grown
	}
	if t.index[col] == 0 {
		t.columns = append(t.columns, column{col: col, slot: -1})
		t.index[col] = uint16(len(t.columns))
	}
	return &t.columns[t.index[col]-1]
}

// known is the column with that number if it was seen.
func (t *table) known(col int) *column {
	if col < 0 || col >= len(t.index) || t.index[col] == 0 {
		return nil
	}
	return &t.columns[t.index[col]-1]
}

// slotOf gives a column of interest its place in the sets of filled columns.
func (t *table) slotOf(c *column) int {
	if c.slot < 0 {
		if len(t.slots) < maxSlots {
			t.slots = append(t.slots, slot{col: c.col})
		}
		c.slot = len(t.slots) - 1
	}
	return c.slot
}
