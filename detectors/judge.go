package detectors

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// Grades are the scores from which a finding is of high and of middling
// confidence. What scores less is counted and not reported.
type Grades struct{ High, Middle int }

// DefaultGrades are those that the weights were fitted to.
func DefaultGrades() Grades { return Grades{High: 70, Middle: 45} }

func (g Grades) of(score int) scan.Confidence {
	switch {
	case score >= g.High:
		return scan.ConfidenceHigh
	case score >= g.Middle:
		return scan.ConfidenceMiddle
	}
	return scan.ConfidenceLow
}

// A verdict is the judgement over the numbers of one column, or over one class
// of numbers in running text.
type verdict struct {
	score      int
	confidence scan.Confidence
	why        []string
	header     bool // a heading or label speaks for it
	nine       bool // numbers of nine digits have lost a zero
}

func (v *verdict) add(why string) {
	v.score += Points(why)
	v.why = append(v.why, why)
}

// limit keeps the score at most so high, and says so.
func (v *verdict) limit(most int) {
	if v.score > most {
		v.score = most
		v.why = append(v.why, "limited")
	}
}

// judge weighs what is known of a slot. The points follow one thought: no
// single thing but a heading is enough, and a heading alone is not enough for
// a shape that other numbers have too.
func (t *table) judge(i int, roles roleMasks) verdict {
	s := &t.slots[i]
	c := t.known(s.col)
	var v verdict
	switch {
	case c.kind == vocab.Pension || c.kind == vocab.Office || most(s.boxes, s.n, 50):
		v.header = true
		v.add("header")
	case c.kind.Negative():
		v.add("other-header")
	case c.heading != "" && c.kind == vocab.None && !vocab.Neutral(vocab.Fold(c.heading)):
		v.add("unknown-header")
	}
	if t.titled && !v.header && !c.kind.Negative() && (c.heading == "" || vocab.Neutral(vocab.Fold(c.heading))) {
		v.add("title")
	}
	all := s.n
	if s.nine > 0 && (v.header || s.n >= 5 && s.n >= s.nine && most(s.valid, s.n, 95)) {
		v.nine = true
		all += s.nine
	}
	hyphen := most(s.hyphen+s.cert, s.n, 50) && s.n > 0
	if hyphen {
		v.add("shape")
	} else {
		v.add("bare")
	}
	switch share := most(all, c.filledIn(t.era), 80); {
	case share && (v.header || hyphen && s.n >= 5):
		v.add("column")
	case share && hyphen:
		v.add("column-short")
	case share && s.n >= 5:
		v.add("column-short")
	}
	switch {
	case most(s.coded, s.n, 80):
		v.add("certificate-code")
	case most(s.cert, s.n, 50):
		v.add("certificate")
	}
	s.places(&v)
	s.alikes(&v, hyphen)
	t.company(&v, i, roles)
	if t.named {
		v.add("file-name")
	}
	if !v.header && !hyphen {
		// Ten bare digits without a heading are never certain.
		v.limit(t.exam.grades.High - 1)
	}
	return v.settle(t.exam.grades)
}

// settle grades the sum of the points, shown as 100 at most.
func (v verdict) settle(g Grades) verdict {
	v.score = min(v.score, 100)
	v.confidence = g.of(v.score)
	return v
}

// places weighs the first two digits. 58 of 100 pairs are in use, so that each
// number in use makes a column a little more likely to be of pension numbers,
// and each other one much less: few have been given outside of the list.
func (s *slot) places(v *verdict) {
	switch likely := 5*s.valid - 40*(s.n-s.valid); {
	case s.n == 0:
	case likely >= 75:
		v.add("prefecture-many")
	case likely >= 20:
		v.add("prefecture-some")
	case likely >= 0:
		v.add("prefecture")
	case !v.header && (likely <= -60 || most(s.year, s.n, 80)):
		v.add("no-prefecture-many")
	case !v.header && s.n >= 3:
		v.add("no-prefecture-some")
	default:
		v.add("no-prefecture")
	}
}

// alikes weighs what speaks for other kinds of numbers.
func (s *slot) alikes(v *verdict, hyphen bool) {
	if s.n >= 5 && (most(s.step, s.n-1, 90) || most(s.serial, s.n-1, 90)) {
		v.add("sequence")
	}
	times := !hyphen && (most(s.clock, s.n, 95) || !v.header && most(s.unix, s.n, 95))
	switch {
	case times && v.header && s.n >= 5:
		v.add("datetime-header")
	case times && !v.header:
		v.add("datetime")
	}
	if v.header {
		return
	}
	switch {
	case most(s.care, s.n, 80):
		v.add("care")
	case most(s.zero, s.n, 90) && s.n >= 3 && !most(s.pair, s.n-1, 80), most(s.phone, s.n, 50):
		v.add("phone")
	case most(s.zero, s.n, 90) && (!hyphen || s.n < 3):
		v.add("phone-like")
	}
	switch {
	case s.n >= 5 && most(s.same, s.n-1, 50):
		v.add("repeated")
	case s.n >= 5 && most(s.office, s.n-1, 95):
		v.add("same-office")
	}
}

// company weighs what stands in the rows of the numbers.
func (t *table) company(v *verdict, slot int, roles roleMasks) {
	var all, name, birth, address int64
	for key, by := range t.byKey {
		if key.numbers&(1<<slot) == 0 {
			continue
		}
		n := by.n
		class := roles.class(key.filled &^ key.numbers)
		all += n
		name += n * one(class&lex.Name != 0)
		birth += n * one(class&lex.Birth != 0)
		address += n * one(class&lex.Address != 0)
	}
	if most(name, all, 50) {
		v.add("name")
	}
	if most(birth, all, 50) {
		v.add("birth")
	}
	if most(address, all, 50) {
		v.add("address")
	}
}

// grade is the confidence in a number that stands in the given slots; false if
// it is not even alike.
func (t *table) grade(slots uint64, f flags) (scan.Confidence, bool) {
	best, ok := scan.ConfidenceLow, false
	for i := range t.slots {
		if slots&(1<<i) == 0 {
			continue
		}
		v := &t.slots[i].verdict
		if f&flagNine != 0 && !v.nine {
			continue
		}
		ok = true
		if f&flagRounded != 0 {
			if v.header && best == scan.ConfidenceLow {
				best = scan.ConfidenceMiddle
			}
			continue
		}
		if f&flagSample != 0 || f&(flagPhone|flagSpaced) != 0 && !v.header {
			continue
		}
		if v.confidence == scan.ConfidenceHigh || best == scan.ConfidenceLow {
			best = v.confidence
		}
	}
	return best, ok
}

// roleMasks are the slots that hold names, dates of birth and addresses.
type roleMasks struct{ name, birth, address uint64 }

func (m roleMasks) class(filled uint64) (b lex.Facts) {
	if filled&m.name != 0 {
		b |= lex.Name
	}
	if filled&m.birth != 0 {
		b |= lex.Birth
	}
	if filled&m.address != 0 {
		b |= lex.Address
	}
	return b
}

// roleMasks decides the roles of columns by heading, else by content.
func (t *table) roleMasks() (m roleMasks) {
	for i := range t.columns {
		c := &t.columns[i]
		if c.slot < 0 {
			continue
		}
		switch c.role() {
		case vocab.Name:
			m.name |= 1 << c.slot
		case vocab.Birth:
			m.birth |= 1 << c.slot
		case vocab.Address:
			m.address |= 1 << c.slot
		}
	}
	return m
}

func (c *column) role() vocab.Role {
	if c.kind != vocab.None {
		return c.kind
	}
	for k, n := range c.likes {
		// Of names only those with a common family name are known for sure.
		if most(int64(n), int64(c.sampled), 60) || vocab.Role(k) == vocab.Name && most(int64(n), int64(c.sampled), 40) && most(int64(n+c.words), int64(c.sampled), 90) {
			return vocab.Role(k)
		}
	}
	return vocab.None
}
