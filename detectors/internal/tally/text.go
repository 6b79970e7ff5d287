package tally

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/score"
)

// texts is what is counted of the numbers in the running text of a table.
type texts struct {
	found, known int64
	lifted       [observed.Labels]bool
	samples      [observed.Labels][]TextSample
}

// observeText counts a number in text as a record at once.
func (t *Table) observeText(n *observed.Number) (records int) {
	if t.holds(n) {
		return 0
	}
	class := ClassOf(n)
	t.texts.found++
	t.texts.known += one(class&score.TextKnown != 0)
	if kept := &t.texts.samples[n.Label]; len(*kept) < t.maxSamples {
		*kept = append(*kept, TextSample{Sample{n.Row, mask(n.Value)}, n.Col, class})
	}
	key := textKey{class, n.Lives}
	by := t.byText[key]
	if by == nil {
		by = new(counted)
		t.byText[key] = by
	}
	by.add(n.Value, n.Lives)
	if class&score.TextSample == 0 {
		t.values.addText(key, n.Value)
	}
	return 1
}

// ClassOf returns the class of a number in text.
func ClassOf(n *observed.Number) score.TextClass {
	class := score.Labelled(n.Beside, n.Label)
	if n.Form == lex.FormBare {
		class |= score.TextBare
		if lex.ClockLike(n.Value) || n.Label == observed.LabelNone && lex.UnixTimeLike(n.Value) {
			class |= score.TextClock
		}
	}
	if n.Form == lex.FormSpaced || n.Form == lex.FormGrouped {
		class |= score.TextSpaced
	}
	if lex.PhonePrefix(n.Value) {
		class |= score.TextPhone
	}
	if lex.SampleLike(n.Value) {
		class |= score.TextSample
	}
	if lex.KnownPrefix(lex.Prefix(n.Value)) {
		class |= score.TextKnown
	}
	return class
}

// Texts returns what is known of the numbers in running text.
func (t *Table) Texts() score.TextStats {
	return score.TextStats{Found: t.texts.found, Known: t.texts.known, Lifted: t.texts.lifted}
}

// Classes returns how many numbers in running text there are of each class.
func (t *Table) Classes() []score.ClassCount {
	classes := make([]score.ClassCount, 0, len(t.byText))
	for key, by := range t.byText {
		classes = append(classes, score.ClassCount{Class: key.class, N: by.n})
	}
	return classes
}

// Lift remembers under which labels most numbers are certain.
func (t *Table) Lift(labels [observed.Labels]bool) { t.texts.lifted = labels }

// TextSamples returns the evidence from running text.
func (t *Table) TextSamples() (samples []TextSample) {
	for _, kept := range t.texts.samples {
		samples = append(samples, kept...)
	}
	return samples
}
