package tally

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/score"
	"github.com/kagiban/kagiban/scan"
)

// A counted is how many records there are of one key. Where no address names the
// prefecture, the number does.
type counted struct {
	key        int // of a record in cells: its place in Table.keys
	n, interim int64
	pairs      *byPair
}

// byPair counts records by the first two digits of the number.
type byPair [100]int64

func (c *counted) add(value uint64, lives uint8) {
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

// Counts adds the records to the findings.
func (t *Table) Counts(f *scan.Findings, judge Judge, roles observed.Roles) {
	for key, by := range t.byKey {
		if c, ok := judge.Cells(key.numbers, key.flags); ok {
			by.addTo(f, c, roles.Facts(key.filled&^key.numbers)|key.above, key.lives, key.flags&(score.FlagNine|score.FlagMended) != 0)
		}
	}
	for key, by := range t.byText {
		by.addTo(f, judge.Text(key.class), key.class.Facts(), key.lives, false)
	}
}

// Single adds one record to the findings.
func Single(f *scan.Findings, c scan.Confidence, facts lex.Facts, value uint64) {
	var by counted
	by.add(value, 0)
	by.addTo(f, c, facts, 0, false)
}

// addTo adds records of one confidence, with the same beside them, to the findings.
func (c *counted) addTo(f *scan.Findings, confidence scan.Confidence, facts lex.Facts, lives uint8, mended bool) {
	if confidence == scan.ConfidenceLow {
		f.Low += c.n
		return
	}
	sum := scan.Counts{Records: c.n, Interim: c.interim, Classes: scan.ClassesOf(ClassOfFacts(facts), c.n), Places: map[string]int64{}}
	if lives != 0 {
		sum.Places[lex.PrefixName(int(lives))] = c.n
		sum.Lives = sum.Places
	} else {
		for pair, n := range c.pairs {
			if n > 0 {
				sum.Places[lex.PrefixName(pair)] += n
			}
		}
	}
	if mended {
		f.Repaired += c.n
	}
	if confidence == scan.ConfidenceHigh {
		f.High.Add(sum)
	} else {
		f.Medium.Add(sum)
	}
}

// ClassOfFacts returns the class of a record by what stands beside its number.
func ClassOfFacts(facts lex.Facts) scan.Class {
	switch {
	case facts&(lex.Name|lex.Birth|lex.Address) == lex.Name|lex.Birth|lex.Address:
		return scan.ClassFour
	case facts&(lex.Name|lex.Birth) == lex.Name|lex.Birth:
		return scan.ClassThree
	case facts&lex.Name != 0:
		return scan.ClassTwo
	}
	return scan.ClassNumber
}
