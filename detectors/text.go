package detectors

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// A textClass is all that is kept of a number in running text: what speaks for
// it and what stands beside it.
type textClass uint16

const (
	textName textClass = 1 << iota
	textBirth
	textAddress
	textPhone  // begins like a free-dial number
	textClock  // bare digits that can be a time
	textSample // looks made up
	textBare
	textSpaced
	textListed // begins with digits in use
	// three bits for the label
	textLabelShift = 9
)

// label is what the words near a number announce.
type label uint16

const (
	labelNone   label = iota
	labelSame         // the same line speaks of the number
	labelNear         // a line above does
	labelOther        // the same line speaks of another number
	labelLayout       // the layout of a known file says it is one
	labelDirect       // the words stand right before it
	labels      = iota
)

// labelFor is the label that an announcement in the same line makes.
func labelFor(a vocab.Announcement) label {
	return [...]label{vocab.AnnouncesNothing: labelNone, vocab.AnnouncesNumber: labelSame, vocab.AnnouncesOther: labelOther}[a]
}

func (c textClass) label() label      { return label(c >> textLabelShift) }
func (c textClass) beside() lex.Facts { return lex.Facts(c & (textName | textBirth | textAddress)) }

// textStats is what is known of the running text of a table.
type textStats struct {
	lines, found, valid int64
	mentioned           bool         // some line speaks of the number
	lifted              [labels]bool // most numbers with such a label are certain, so that the others are
	samples             [labels][]textEvidence
}

type textEvidence struct {
	sample
	col   int
	class textClass
	lives uint8
}

// nearLines is how many lines a label speaks for; each number found under it
// renews it, so that a list may be long.
const nearLines = 5

// A window remembers the last label of the lines above.
type window struct{ left int }

// embedded takes the numbers that stand among other signs in a cell.
func (t *table) embedded(r *scan.Row, texts int) error {
	line := len(r.Cells) == 1
	if line {
		t.texts.lines++
		defer t.window(r.Cells[0].Text)
	}
	if handled, err := t.layout(r); handled && !t.again.long || err != nil {
		return err
	}
	for i := 0; texts > 0 && i < len(r.Cells); i++ {
		if t.reads[i].Form != lex.FormText {
			continue
		}
		texts--
		if err := t.line(r, i); err != nil {
			return err
		}
	}
	return nil
}

// window moves the label of the lines above on by one line.
func (t *table) window(text []byte) {
	if t.label.left > 0 {
		t.label.left--
		if k, _ := t.words.Heading(text); k.Negative() {
			t.label.left = 0 // a heading of other numbers
		}
	}
	if !t.words.Speaks(text) {
		return
	}
	if _, l := t.words.LastLabel(text); labelFor(l) == labelSame {
		t.label.left, t.texts.mentioned = nearLines, true
	}
}

// line finds the numbers of cell i.
func (t *table) line(r *scan.Row, i int) error {
	text := r.Cells[i].Text
	f := lex.NewFinder(text)
	n, more := f.Next()
	prev, said := 0, t.columnLabel(r, i)
	leading := lex.Facts(0)
	for first := true; more; first = false {
		after, left := f.Next()
		to := len(text)
		if left {
			to = after.Start
		}
		if n.Assigned && !t.words.Directly(text[prev:n.Start]) {
			prev, n, more = n.End, after, left
			continue
		}
		if k, l := t.words.LastLabel(text[prev:n.Start]); k >= 0 {
			said = labelFor(l)
		} else if first && said == labelNone {
			if k, l := t.words.LastLabel(text[n.End:min(to, n.End+40)]); k >= 0 && l == vocab.AnnouncesNumber {
				said = labelSame
			}
		}
		near := said
		if near == labelSame && t.words.Directly(text[prev:n.Start]) {
			near = labelDirect
		}
		if near == labelNone && t.label.left > 0 {
			near = labelNear
		}
		with := lex.PersonIn(text[prev:n.Start]) | lex.PersonIn(text[n.End:to])
		if left || !first {
			// Several persons in a line: a name stands before each number, or
			// behind each.
			if first {
				leading = lex.PersonIn(text[:n.Start]) & lex.Name
			}
			if leading != 0 {
				with = lex.PersonIn(text[prev:n.Start])
			} else {
				with = lex.PersonIn(text[n.End:to])
			}
		}
		if len(r.Cells) > 1 {
			with |= t.companyCells(r, i)
		}
		var err error
		if first && !left && len(r.Cells) == 1 && near != labelOther {
			err = t.await(r, i, n, near, with, -1)
		} else {
			err = t.textNumber(r, i, n, near, with)
		}
		if err != nil {
			return err
		}
		prev, n, more = n.End, after, left
	}
	return nil
}

// columnLabel is what the heading of the cell's column announces.
func (t *table) columnLabel(r *scan.Row, i int) label {
	switch k := t.column(r.Cells[i].Col).kind; {
	case k == vocab.Pension:
		return labelSame
	case k.Negative():
		return labelOther
	}
	if i > 0 && t.reads[i].Form == lex.FormText && len(r.Cells) > 1 && t.records < sampleSize {
		switch k := t.labelLeft(r, i); {
		case k == vocab.Pension:
			return labelSame
		case k.Negative():
			return labelOther
		}
	}
	return labelNone
}

// textNumber counts one number found in text.
func (t *table) textNumber(r *scan.Row, i int, n lex.Find, near label, with lex.Facts) error {
	for _, c := range t.found[:min(len(t.found), maxSlots)] {
		if c.value == n.Value {
			return nil // the row holds it in a cell of its own
		}
	}
	return t.countText(t.evidence(r, i, n, near, with), n.Value)
}

// evidence is a number in text with what speaks for it.
func (t *table) evidence(r *scan.Row, i int, n lex.Find, near label, with lex.Facts) textEvidence {
	class := textClass(with) | textClass(near)<<textLabelShift
	if n.Form == lex.FormBare {
		class |= textBare
		if lex.ClockLike(n.Value) || near == labelNone && lex.UnixTimeLike(n.Value) {
			class |= textClock
		}
	}
	if n.Form == lex.FormSpaced {
		class |= textSpaced
	}
	if lex.PhonePrefix(n.Value) {
		class |= textPhone
	}
	if lex.SampleLike(n.Value) {
		class |= textSample
	}
	if lex.KnownPrefix(lex.Prefix(n.Value)) {
		class |= textListed
	}
	if t.label.left > 0 && near != labelOther {
		t.label.left = nearLines + 1
	}
	t.numbered = true
	return textEvidence{sample{r.N, mask(n.Value)}, r.Cells[i].Col, class, t.lives(r)}
}

// countText counts a number once all that stands beside it is known.
func (t *table) countText(e textEvidence, value uint64) error {
	t.texts.found++
	t.texts.valid += one(lex.KnownPrefix(lex.Prefix(value)))
	kept := &t.texts.samples[e.class.label()]
	if len(*kept) < t.exam.subject.MaxHits {
		*kept = append(*kept, e)
	}
	return t.addText(e.class, value, e.lives)
}

// judge weighs one class of numbers in running text.
func (t *textStats) judge(c textClass, named bool, g Grades) (v verdict) {
	l := c.label()
	t.said(&v, l)
	if c&(textBare|textSpaced) == 0 {
		v.add("shape")
	} else {
		v.add("bare")
	}
	// Many lines, each with a number: a list without separators.
	if t.found >= 5 && most(t.found, t.lines, 80) {
		v.add("column-short")
	}
	switch {
	case t.found >= 20 && most(t.valid, t.found, 95):
		v.add("prefecture-many")
	case c&textListed != 0:
		v.add("prefecture")
	default:
		v.add("no-prefecture")
	}
	for k, code := range [...]string{"name", "birth", "address"} {
		if c&(1<<k) != 0 {
			v.add(code)
		}
	}
	if named {
		v.add("file-name")
	}
	if c&textPhone != 0 && l != labelDirect && l != labelLayout {
		v.add("phone")
	}
	if c&textClock != 0 {
		v.add("datetime-like")
	}
	known := l == labelSame || l == labelDirect || l == labelNear || l == labelLayout
	if !known && c&(textBare|textSpaced) != 0 {
		v.limit(g.High - 1)
	}
	if c&textSample != 0 || !known && c&textSpaced != 0 {
		v.limit(g.Middle - 1)
	}
	v = v.settle(g)
	if v.confidence == scan.ConfidenceMiddle && t.lifted[l] && c&(textBare|textSpaced|textPhone|textClock|textSample) == 0 {
		v.score = g.High
		v.why = append(v.why, "list")
		v.confidence = scan.ConfidenceHigh
	}
	return v
}

// said weighs what the words near a number announce.
func (t *textStats) said(v *verdict, l label) {
	switch l {
	case labelSame, labelNear, labelDirect:
		v.add("header")
		if l == labelDirect {
			v.add("direct")
		}
	case labelLayout:
		v.add("layout")
	case labelOther:
		v.add("other-header")
	case labelNone:
		if t.mentioned {
			v.add("mentioned")
		}
	}
}

// lift finds the labels under which most numbers are certain: in a list, what
// a line lacks the others tell.
func (t *table) lift() {
	var sure, all [labels]int64
	for key, by := range t.byText {
		v := t.texts.judge(key.class, t.named, t.exam.grades)
		all[key.class.label()] += by.n
		sure[key.class.label()] += by.n * one(v.confidence == scan.ConfidenceHigh)
	}
	for l := range all {
		t.texts.lifted[l] = t.texts.lifted[l] || all[l] >= 5 && most(sure[l], all[l], 50)
	}
}

// reportTexts writes the evidence from running text.
func (t *table) reportTexts() {
	for _, kept := range t.texts.samples {
		for _, one := range kept {
			if v := t.texts.judge(one.class, t.named, t.exam.grades); v.confidence != scan.ConfidenceLow || t.exam.subject.Low {
				t.hit(one.sample, t.column(one.col), v)
			}
		}
	}
}
