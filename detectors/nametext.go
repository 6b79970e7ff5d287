package detectors

import (
	"strings"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
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
	_, said := e.words.LastLabel(text)
	if said == vocab.AnnouncesNothing && strings.Contains(vocab.Fold(name), "年金") {
		said = vocab.AnnouncesNumber
	}
	f := lex.NewFinder(text)
	n, ok := f.Next()
	if !ok {
		return
	}
	with, tells, shown := textClass(lex.PersonIn(text)), e.words.Names(name), safe(name)
	for ; ok; n, ok = f.Next() {
		class := with
		if n.Form == lex.FormBare {
			class |= textBare
			if lex.ClockLike(n.Value) || lex.UnixTimeLike(n.Value) {
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
		class |= textClass(labelFor(said)) << textLabelShift
		if e.met == nil {
			e.met = map[uint64]bool{}
		}
		e.met[n.Value] = e.met[n.Value]
		e.inNames = append(e.inNames, nameNumber{n.Value, class, shown, sheet, tells})
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
		stats := textStats{found: 1, valid: one(lex.KnownPrefix(lex.Prefix(n.value)))}
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
