package detectors

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
)

// A sample is one piece of evidence, masked when it is taken.
type sample struct {
	row    int
	masked [11]byte
}

// mask keeps the first four and the last two digits: enough to find the cell
// again, too little to use.
func mask(v uint64) (m [11]byte) {
	copy(m[:], "0000-****00")
	for i, first := 3, v/1e6; i >= 0; i-- {
		m[i] = byte('0' + first%10)
		first /= 10
	}
	m[9], m[10] = byte('0'+v/10%10), byte('0'+v%10)
	return m
}

func masked(v uint64) string {
	m := mask(v)
	return string(m[:])
}

// keep takes a sample while there is room.
func (s *slot) keep(room, row int, value uint64) {
	if len(s.samples) < room {
		s.samples = append(s.samples, sample{row, mask(value)})
	}
}

// report writes the evidence of a table that is at its end.
func (t *table) report() {
	for i := range t.slots {
		s := &t.slots[i]
		v := s.best
		if v.confidence == scan.ConfidenceLow && !t.exam.subject.Low || v.confidence == "" {
			continue
		}
		c := t.known(s.col)
		for _, one := range s.samples {
			t.hit(one, c, v)
		}
	}
	t.reportTexts()
}

func (t *table) hit(s sample, c *column, v verdict) {
	t.exam.keep(scan.Hit{
		Table: t.shown, Row: s.row, Column: c.title(), Masked: string(s.masked[:]),
		Score: v.score, Confidence: v.confidence, Why: v.why,
	})
}

// keep takes a piece of evidence, in place of the worst if there is no room.
func (e *examination) keep(h scan.Hit) {
	f := &e.findings
	if len(f.Hits) < e.subject.MaxHits {
		f.Hits = append(f.Hits, h)
		return
	}
	if h.Score <= e.floor {
		return
	}
	worst := -1
	for i := range f.Hits {
		if f.Hits[i].Score < h.Score && (worst < 0 || f.Hits[i].Score < f.Hits[worst].Score) {
			worst = i
		}
	}
	if worst < 0 {
		e.floor = h.Score
		return
	}
	f.Hits[worst] = h
}

// title is the heading, or the column's letters where there is none.
func (c *column) title() string {
	if h := safe(c.heading); h != "" {
		return h
	}
	var letters string
	for n := c.col + 1; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return letters
}

// titleRunes bounds how much of a heading is shown.
const titleRunes = 40

// safe makes a heading or a table's name fit to be shown: short, on one line,
// and without digits where they could be a number.
func safe(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if digits >= 9 {
		s = strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return '*'
			}
			return r
		}, s)
	}
	runes := 0
	for i := range s {
		if runes == titleRunes {
			return s[:i]
		}
		runes++
	}
	return s
}
