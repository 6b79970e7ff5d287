package score

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/scan"
)

// A TextClass is all that is judged of a number in running text: what stands
// beside it, how it is written, and what its label is.
type TextClass uint16

// The bits of a class above those of lex.Facts.
const (
	TextPhone  TextClass = 8 << iota // begins like a free-dial number
	TextClock                        // bare digits that can be a time
	TextSample                       // looks made up
	TextBare
	TextSpaced
	TextKnown // begins with digits in use
	// three bits for the label
	textLabelShift = 9
	textFacts      = TextPhone - 1
)

// Labelled returns the class of a number with so much beside it and such a label.
func Labelled(facts lex.Facts, label observed.Label) TextClass {
	return TextClass(facts) | TextClass(label)<<textLabelShift
}

// Label returns what the words near the number announce.
func (c TextClass) Label() observed.Label { return observed.Label(c >> textLabelShift) }

// Facts returns what stands beside the number.
func (c TextClass) Facts() lex.Facts { return lex.Facts(c & textFacts) }

// TextStats is what is known of the running text of a table.
type TextStats struct {
	Lines, Found, Known int64
	Mentioned           bool                  // some line speaks of the number
	Named               bool                  // so does the name of the file or of the table
	Lifted              [observed.Labels]bool // most numbers with such a label are certain, so that the others are
}

// Text weighs one class of numbers in running text.
func (k *Kind) Text(t *TextStats, c TextClass) Assessment {
	j := weighing{kind: k}
	l := c.Label()
	t.label(&j, l)
	if c&(TextBare|TextSpaced) == 0 {
		j.add("shape")
	} else {
		j.add("bare")
	}
	// Many lines, each with a number: a list without separators.
	if t.Found >= 5 && Most(t.Found, t.Lines, 80) {
		j.add("column-short")
	}
	switch {
	case t.Found >= 20 && Most(t.Known, t.Found, 95):
		j.add("prefecture-many")
	case c&TextKnown != 0:
		j.add("prefecture")
	default:
		j.add("no-prefecture")
	}
	for i := range factCodes {
		if c.Facts()&factCodes[i].fact != 0 {
			j.add(factCodes[i].code)
		}
	}
	if t.Named {
		j.add("file-name")
	}
	if c&TextPhone != 0 && l != observed.LabelDirect && l != observed.LabelFiling && l != observed.LabelInferred {
		j.add("phone")
	}
	if c&TextClock != 0 && l != observed.LabelDirect {
		j.add("datetime-like")
	}
	known := l == observed.LabelSame || l == observed.LabelDirect || l == observed.LabelNear || l == observed.LabelFiling || l == observed.LabelInferred
	if !known && c&(TextBare|TextSpaced) != 0 {
		j.limit(k.Grades.High - 1)
	}
	if l == observed.LabelInferred {
		j.limit(k.Grades.High - 1)
	}
	if c&TextSample != 0 || !known && c&TextSpaced != 0 {
		j.limit(k.Grades.Medium - 1)
	}
	v := j.settle()
	if v.Confidence == scan.ConfidenceMedium && t.Lifted[l] && l != observed.LabelInferred && c&(TextBare|TextSpaced|TextPhone|TextClock|TextSample) == 0 {
		v.Score = k.Grades.High
		v.Why = append(v.Why, "list")
		v.Confidence = scan.ConfidenceHigh
	}
	return v
}

// label weighs what the words near a number announce.
func (t *TextStats) label(v *weighing, l observed.Label) {
	switch l {
	case observed.LabelSame, observed.LabelNear, observed.LabelDirect:
		v.add("header")
		if l == observed.LabelDirect {
			v.add("direct")
		}
	case observed.LabelFiling, observed.LabelInferred:
		v.add("layout")
	case observed.LabelOther:
		v.add("other-header")
	case observed.LabelNone:
		if t.Mentioned {
			v.add("mentioned")
		}
	}
}

// A ClassCount is how many numbers of a class there are.
type ClassCount struct {
	Class TextClass
	N     int64
}

// Lift finds the labels under which most numbers are certain: in a list, what
// a line lacks the others tell.
func (k *Kind) Lift(t *TextStats, counts []ClassCount) {
	var sure, all [observed.Labels]int64
	for _, c := range counts {
		l := c.Class.Label()
		all[l] += c.N
		if k.Text(t, c.Class).Confidence == scan.ConfidenceHigh {
			sure[l] += c.N
		}
	}
	for l := range all {
		t.Lifted[l] = t.Lifted[l] || all[l] >= 5 && Most(sure[l], all[l], 50)
	}
}
