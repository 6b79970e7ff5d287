package tally

import (
	"slices"

	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/score"
	"github.com/kagiban/kagiban/scan"
)

// values holds the numbers themselves, until they are judged and hashed: 34 bits
// of number below 13 of where it stands.
type values struct{ kept []uint64 }

const (
	valueBits = 34
	valueMask = 1<<valueBits - 1
	textBit   = 1 << 12
)

// addCells keeps a number once for each of n columns that holds it.
func (v *values) addCells(c *candidate, n int) {
	odd := uint64(c.flags&(score.FlagNine|score.FlagPhone|score.FlagSpaced)) << 6
	for place := range n {
		if c.columns&(1<<place) != 0 {
			v.kept = append(v.kept, (odd|uint64(place))<<valueBits|c.value)
		}
	}
}

// addText keeps a number of running text.
func (v *values) addText(class score.TextClass, value uint64) {
	v.kept = append(v.kept, (textBit|uint64(class))<<valueBits|value)
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

// Persons hands out the numbers that are believed, each once for each place, and
// forgets all of them.
func (t *Table) Persons(judge Judge, add func(c scan.Confidence, value uint64) error) error {
	t.values.compact()
	where, believed := uint64(1<<63), scan.ConfidenceLow
	for _, v := range t.values.kept {
		if v>>valueBits != where {
			where = v >> valueBits
			if where&textBit != 0 {
				believed = judge.Text(score.TextClass(where &^ textBit))
			} else {
				believed, _ = judge.Cells(1<<(where&(observed.MaxPlaces-1)), score.Flags(where>>6))
			}
		}
		if believed == scan.ConfidenceLow {
			continue
		}
		if err := add(believed, v&valueMask); err != nil {
			return err
		}
	}
	t.values.kept = t.values.kept[:0]
	return nil
}
