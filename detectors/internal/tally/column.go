package tally

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/score"
)

// A Column is what is counted of the numbers in one column of interest.
type Column struct {
	stats   score.ColumnStats
	prev    uint64 // the number above
	samples []Sample
}

// count counts one number.
func (c *Column) count(n *observed.Number) {
	s, v := &c.stats, n.Value
	switch n.Form {
	case lex.FormNine:
		s.Nine++
		return
	case lex.FormHyphen:
		s.Hyphen++
	case lex.FormCertificate:
		s.Certificate++
		s.Coded += one(n.Code)
	}
	if s.Numbers > 0 {
		switch {
		case v == c.prev:
			s.Same++
		case v > c.prev && v-c.prev <= 10:
			s.Step++
		}
		s.Serial += one(v%1e6 > c.prev%1e6 && v%1e6-c.prev%1e6 <= 10)
		s.Pair += one(v/1e8 == c.prev/1e8)
		s.Office += one(v/1e6 == c.prev/1e6)
	}
	s.Numbers++
	c.prev = v
	s.Boxes += one(n.Shape == observed.ShapeBoxes)
	s.Known += one(lex.KnownPrefix(lex.Prefix(v)))
	s.Zero += one(v < 1e9)
	s.Care += one(v < 1e7)
	s.Phone += one(lex.PhonePrefix(v))
	s.Year += one(v/1e6 >= 1900 && v/1e6 < 2100)
	s.Clock += one(lex.ClockLike(v))
	s.Unix += one(lex.UnixTimeLike(v))
}

// addSample keeps a sample while there are fewer than most.
func (c *Column) addSample(most int, n *observed.Number) {
	if len(c.samples) < most {
		c.samples = append(c.samples, Sample{n.Row, mask(n.Value)})
	}
}

// Samples returns the evidence from a column.
func (t *Table) Samples(place int) []Sample { return t.columns[place].samples }

// flagsOf returns what is odd about a number.
func flagsOf(n *observed.Number) (f score.Flags) {
	if n.Form == lex.FormNine {
		f |= score.FlagNine
	}
	if n.Form == lex.FormSpaced || n.Form == lex.FormGrouped {
		f |= score.FlagSpaced
	}
	if n.Form == lex.FormRounded {
		f |= score.FlagRounded
	}
	if n.Mended {
		f |= score.FlagMended
	}
	if lex.PhonePrefix(n.Value) {
		f |= score.FlagPhone
	}
	if lex.SampleLike(n.Value) {
		f |= score.FlagSample
	}
	return f
}

func one(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
