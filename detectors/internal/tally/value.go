package tally

import (
	"slices"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/score"
	"github.com/kagiban/kagiban/scan"
)

// values holds the numbers themselves, until they are judged and hashed: 34 bits
// of number below 30 that name the record it is of. Of a record in cells that is
// its key, by the order in which keys were met (of which there are maxRecords at
// most); of one in text its class (12 bits) and the prefecture beside it (7).
type values struct{ kept []uint64 }

const (
	valueBits = 34
	valueMask = 1<<valueBits - 1
	textBit   = 1 << 29
	textLives = 12
	textClass = 1<<textLives - 1
	livesMask = 1<<7 - 1
)

// addCells keeps a number of the key-th kind of record.
func (v *values) addCells(key int, value uint64) {
	v.kept = append(v.kept, uint64(key)<<valueBits|value)
}

// addText keeps a number of running text.
func (v *values) addText(key textKey, value uint64) {
	where := textBit | uint64(key.lives)<<textLives | uint64(key.class)
	v.kept = append(v.kept, where<<valueBits|value)
}

func (v *values) compact() {
	slices.Sort(v.kept)
	v.kept = slices.Compact(v.kept)
}

// A Judge knows the confidence in numbers that stand somewhere.
type Judge interface {
	// Cells is the confidence in a number in cells of its own, in the columns of a
	// set; false if it is not even alike.
	Cells(columns uint64, f score.Flags) (scan.Confidence, bool)
	Text(class score.TextClass) scan.Confidence
}

// A Believed is a number that is believed, with what its record says of the person.
type Believed struct {
	Value   uint64
	Grade   scan.Confidence
	Class   scan.Class
	Place   uint8 // code of the prefecture, or of the prefix of the number; 0: not known
	Address bool  // Place is that of an address in the record
}

// Persons hands out the numbers that are believed, each once for each kind of
// record that it is in, and forgets all of them.
func (t *Table) Persons(judge Judge, roles observed.Roles, add func(Believed) error) error {
	t.values.compact()
	where, lives := uint64(1<<63), uint8(0)
	var believed Believed
	for _, v := range t.values.kept {
		if v>>valueBits != where {
			where = v >> valueBits
			believed, lives = t.believe(where, judge, roles)
		}
		if believed.Grade == scan.ConfidenceLow {
			continue
		}
		if err := add(believed.of(v&valueMask, lives)); err != nil {
			return err
		}
	}
	t.values.kept = t.values.kept[:0]
	return nil
}

// believe judges the numbers of one kind of record.
func (t *Table) believe(where uint64, judge Judge, roles observed.Roles) (b Believed, lives uint8) {
	if where&textBit != 0 {
		class := score.TextClass(where & textClass)
		return Believed{Grade: judge.Text(class), Class: ClassOfFacts(class.Facts())}, uint8(where >> textLives & livesMask)
	}
	key := t.keys[where]
	grade, ok := judge.Cells(key.numbers, key.flags)
	if !ok {
		grade = scan.ConfidenceLow
	}
	return Believed{Grade: grade, Class: ClassOfFacts(roles.Facts(key.filled&^key.numbers) | key.above)}, key.lives
}

// BelievedAlone is a number of which nothing is known but what stands beside it.
func BelievedAlone(c scan.Confidence, facts lex.Facts, value uint64) Believed {
	return Believed{Grade: c, Class: ClassOfFacts(facts)}.of(value, 0)
}

// of fills in the number, and the place by the address or else by the number.
func (b Believed) of(value uint64, lives uint8) Believed {
	b.Value, b.Place, b.Address = value, lives, lives != 0
	if pair := lex.Prefix(value); lives == 0 && lex.KnownPrefix(pair) {
		b.Place = uint8(pair)
	}
	return b
}
