package detectors

import (
	"slices"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/scan"
)

const (
	formRecords = 3       // a form about one person may name its number so often
	maxValues   = 1 << 16 // 512 KiB
	maxRecords  = 1 << 10 // 800 KiB
)

// flags are what is odd about a number.
type flags uint8

const (
	flagNine    flags = 1 << iota // nine digits, a leading zero may be lost
	flagPhone                     // begins like a free-dial number
	flagSpaced                    // a space between four and six digits
	flagMended                    // a zero was put back in one of two columns
	flagSample                    // looks made up
	flagRounded                   // all but its first digits are lost
)

func flagsOf(rd lex.Reading) (f flags) {
	if rd.Form == lex.FormNine {
		f |= flagNine
	}
	if rd.Form == lex.FormSpaced {
		f |= flagSpaced
	}
	if lex.PhonePrefix(rd.Value) {
		f |= flagPhone
	}
	if lex.SampleLike(rd.Value) {
		f |= flagSample
	}
	return f
}

// A recordKey is all that is kept of a record: which slots hold its number and
// which are filled.
type recordKey struct {
	numbers, filled uint64
	flags           flags
	lives           uint8 // code of the prefecture of the address in the row, or 0
}

// A textKey is the same for a number in running text.
type textKey struct {
	class textClass
	lives uint8
}

// A tallied is how many records there are of one key. Where no address tells
// the prefecture, the number does.
type tallied struct {
	n, interim int64
	pairs      *byPair
}

func (c *tallied) add(value uint64, lives uint8) {
	pair := lex.Prefix(value)
	c.n++
	c.interim += one(pair == lex.InterimPrefix)
	if lives != 0 {
		return
	}
	if c.pairs == nil {
		c.pairs = new(byPair)
	}
	c.pairs[pair]++
}

// byPair counts records by the first two digits of the number.
type byPair [100]int64

// A tally is what is kept of the rows of a table. When it is full, its content
// is judged by what is known of the columns at that time, which are then tens
// of thousands of rows, and the counting goes on.
type tally struct {
	records int64 // of this table
	byKey   map[recordKey]*tallied
	lastKey recordKey
	lastBy  *tallied
	byText  map[textKey]*tallied
	// values holds the numbers themselves, until they are judged and hashed:
	// 34 bits of number below 13 of where it stands.
	values []uint64
	texts  textStats
}

const (
	valueBits = 34
	valueMask = 1<<valueBits - 1
	textBit   = 1 << 12
)

func (t *tally) init() {
	t.byKey = map[recordKey]*tallied{}
	t.byText = map[textKey]*tallied{}
}

// add counts a number that stands in cells of its own.
func (t *table) add(c candidate, filled uint64, lives uint8) error {
	key := recordKey{c.slots, filled, c.flags, lives}
	if t.lastBy == nil || t.lastKey != key {
		by := t.byKey[key]
		if by == nil {
			by = new(tallied)
			t.byKey[key] = by
		}
		t.lastKey, t.lastBy = key, by
	}
	t.lastBy.add(c.value, lives)
	t.records++
	t.exam.meet(c.value)
	if c.flags&(flagSample|flagRounded) == 0 {
		for s := range t.slots {
			if c.slots&(1<<s) != 0 {
				where := uint64(c.flags&(flagNine|flagPhone|flagSpaced))<<6 | uint64(s)
				t.values = append(t.values, where<<valueBits|c.value)
			}
		}
	}
	return t.spill()
}

// addText counts a number that stands in running text.
func (t *table) addText(class textClass, value uint64, lives uint8) error {
	key := textKey{class, lives}
	by := t.byText[key]
	if by == nil {
		by = new(tallied)
		t.byText[key] = by
	}
	by.add(value, lives)
	t.records++
	t.exam.meet(value)
	if class&textSample == 0 {
		t.values = append(t.values, (textBit|uint64(class))<<valueBits|value)
	}
	return t.spill()
}

// spill judges what was kept once it is too much.
func (t *table) spill() error {
	if len(t.values) < maxValues && len(t.byKey) < maxRecords {
		return nil
	}
	t.compact()
	if len(t.values) < maxValues/2 && len(t.byKey) < maxRecords {
		return nil
	}
	return t.fold()
}

func (t *tally) compact() {
	slices.Sort(t.values)
	t.values = slices.Compact(t.values)
}

// fold judges the columns and turns what was kept into findings.
func (t *table) fold() error {
	if len(t.byKey)+len(t.byText) == 0 {
		return nil
	}
	roles := t.roleMasks()
	for s := range t.slots {
		t.slots[s].verdict = t.judge(s, roles)
		if v := t.slots[s].verdict; v.score > t.slots[s].best.score || t.slots[s].best.why == nil {
			t.slots[s].best = v
		}
	}
	for key, by := range t.byKey {
		c, ok := t.grade(key.numbers, key.flags)
		if ok {
			t.count(c, roles.class(key.filled&^key.numbers), by, key.lives, key.flags&(flagNine|flagMended) != 0)
		}
	}
	t.lift()
	for key, by := range t.byText {
		v := t.texts.judge(key.class, t.named, t.exam.grades)
		t.count(v.confidence, key.class.beside(), by, key.lives, false)
	}
	if err := t.persons(); err != nil {
		return err
	}
	t.byKey, t.byText = emptied(t.byKey), emptied(t.byText)
	t.lastBy = nil
	return nil
}

// persons hashes the values of columns that were believed.
func (t *table) persons() error {
	t.compact()
	where, believed := uint64(1<<63), scan.ConfidenceLow
	for _, v := range t.values {
		if v>>valueBits != where {
			where = v >> valueBits
			believed = t.believed(where)
		}
		if believed == scan.ConfidenceLow {
			continue
		}
		if err := t.exam.subject.Persons.Add(believed, t.exam.person(v&valueMask)); err != nil {
			return err
		}
	}
	t.values = t.values[:0]
	return nil
}

// believed is the confidence in the values that stand in one place.
func (t *table) believed(where uint64) scan.Confidence {
	if where&textBit != 0 {
		return t.texts.judge(textClass(where&^textBit), t.named, t.exam.grades).confidence
	}
	c, _ := t.grade(1<<(where&(maxSlots-1)), flags(where>>6))
	return c
}

// count adds records of one grade and class to the findings.
func (t *table) count(c scan.Confidence, class lex.Facts, by *tallied, lives uint8, mended bool) {
	sum := scan.Counts{Records: by.n, Interim: by.interim}
	switch {
	case c == scan.ConfidenceLow:
	case lives != 0:
		sum.Places = map[string]int64{lex.PrefixName(int(lives)): by.n}
		sum.Lives = sum.Places
	default:
		sum.Places = map[string]int64{}
		for pair, n := range by.pairs {
			if n > 0 {
				sum.Places[lex.PrefixName(pair)] += n
			}
		}
	}
	f := &t.exam.findings
	switch {
	case c == scan.ConfidenceLow:
		f.Low += sum.Records
		return
	case class&(lex.Name|lex.Birth|lex.Address) == lex.Name|lex.Birth|lex.Address:
		sum.Classes.Four = sum.Records
	case class&(lex.Name|lex.Birth) == lex.Name|lex.Birth:
		sum.Classes.Three = sum.Records
	case class&lex.Name != 0:
		sum.Classes.Two = sum.Records
	default:
		sum.Classes.Number = sum.Records
	}
	if mended {
		f.Repaired += sum.Records
	}
	if c == scan.ConfidenceHigh {
		f.High.Add(sum)
	} else {
		f.Middle.Add(sum)
	}
}
