package detectors

import (
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// Numbers also stand in the names of files and sheets. One that the content
// holds too is one record, not two.

// maxInNames bounds the numbers in names that one document may have.
const maxInNames = 1 << 10

// A nameNumber is a number that stands in a name.
type nameNumber struct {
	value uint64
	class textClass
	name  string // as it is shown
	sheet bool
	tells bool // the name speaks of pensions
}

// baseName is what follows the folders, without the ending that tells the format.
func baseName(name string) string {
	name = name[strings.LastIndexByte(name, '/')+1:]
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= 6 {
		name = name[:i]
	}
	return name
}

// inName notes the numbers of a name.
func (e *examination) inName(name string, sheet bool) {
	if len(name) < 10 || len(e.inNames) >= maxInNames {
		return
	}
	text := []byte(strings.ReplaceAll(name, "_", " "))
	_, said := e.lastLabel(text)
	if said == labelNone && strings.Contains(foldHeading(name), "年金") {
		said = labelSame
	}
	f := finder{text: text}
	n, ok := f.next()
	if !ok {
		return
	}
	with, tells, shown := textClass(company(text)), tellingName([]string{name}), safe(name)
	for ; ok; n, ok = f.next() {
		class := with
		if n.form == formBare {
			class |= textBare
			if clock(n.value) || unixTime(n.value) {
				class |= textClock
			}
		}
		if n.form == formSpaced {
			class |= textSpaced
		}
		if phonePrefix(n.value) {
			class |= textPhone
		}
		if sampleLike(n.value) {
			class |= textSample
		}
		if placeCode(pairOf(n.value)) {
			class |= textListed
		}
		class |= textClass(said) << textLabelShift
		if e.met == nil {
			e.met = map[uint64]bool{}
		}
		if _, known := e.met[n.value]; !known {
			e.met[n.value] = false
		}
		e.inNames = append(e.inNames, nameNumber{n.value, class, shown, sheet, tells})
	}
}

// meet notes that the content holds a number.
func (e *examination) meet(value uint64) {
	if met, named := e.met[value]; named && !met {
		e.met[value] = true
	}
}

// closeNames counts the numbers that stand in names only.
func (e *examination) closeNames() error {
	for i := range e.inNames {
		n := &e.inNames[i]
		if e.met[n.value] {
			continue
		}
		e.meet(n.value) // a number in two names is one record
		stats := textStats{found: 1, valid: one(placeCode(pairOf(n.value)))}
		v := stats.judge(n.class, e.named || n.sheet && n.tells, e.grades)
		v.why = append(v.why, "in-name")
		var by tallied
		by.add(n.value, 0)
		e.table.count(v.confidence, n.class.beside(), &by, 0, false)
		if err := e.subject.Persons.Add(v.confidence, e.person(n.value)); err != nil {
			return err
		}
		if v.confidence != scan.ConfidenceLow {
			h := scan.Hit{Column: n.name, Masked: masked(n.value), Score: v.score, Confidence: v.confidence, Why: v.why}
			if n.sheet {
				h.Table = n.name
			}
			e.keep(h)
		}
	}
	return nil
}
