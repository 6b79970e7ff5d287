package detectors

import (
	"strings"

	"github.com/kagiban/kagiban/detectors/internal/layout"
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/score"
	"github.com/kagiban/kagiban/detectors/internal/tally"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// maxInNames bounds the numbers in names that one document may have.
const maxInNames = 1 << 10

// names are the numbers that stand in the names of files and sheets. One that the
// content holds too is one record, not two.
type names struct {
	words   *vocab.Reader
	numbers []nameNumber
	found   map[uint64]bool // whether the content holds them too
}

// A nameNumber is a number that stands in a name.
type nameNumber struct {
	value  uint64
	class  score.TextClass
	name   string // as it is shown
	sheet  bool
	speaks bool // the name speaks of pensions
}

// baseName is what follows the folders, without the ending that names the format.
func baseName(name string) string {
	name = name[strings.LastIndexByte(name, '/')+1:]
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= 6 {
		name = name[:i]
	}
	return name
}

// add notes the numbers of a name.
func (ns *names) add(name string, sheet bool) {
	if len(name) < 10 || len(ns.numbers) >= maxInNames {
		return
	}
	text := []byte(strings.ReplaceAll(name, "_", " "))
	f := lex.NewFinder(text)
	n, ok := f.Next()
	if !ok {
		return
	}
	label := layout.LabelFor(ns.words.NameLabel(name, text))
	facts, speaks, shown := lex.PersonIn(text), ns.words.Names(name), safe(name)
	for ; ok; n, ok = f.Next() {
		class := tally.ClassOf(&observed.Number{Reading: n.Reading, Label: label, Beside: facts})
		if n.Form == lex.FormBare && lex.UnixTimeLike(n.Value) {
			class |= score.TextClock // whatever the label: a name may hold when it was made
		}
		if ns.found == nil {
			ns.found = map[uint64]bool{}
		}
		if !ns.found[n.Value] {
			ns.found[n.Value] = false
		}
		ns.numbers = append(ns.numbers, nameNumber{n.Value, class, shown, sheet, speaks})
	}
}

// markFound remembers that the content holds a number.
func (ns *names) markFound(value uint64) {
	if found, named := ns.found[value]; named && !found {
		ns.found[value] = true
	}
}

// closeNames counts the numbers that stand in names only.
func (e *examination) closeNames() error {
	for i := range e.names.numbers {
		n := &e.names.numbers[i]
		if e.names.found[n.value] {
			continue
		}
		e.names.markFound(n.value) // a number in two names is one record
		stats := score.TextStats{Found: 1, Named: e.named || n.sheet && n.speaks}
		if n.class&score.TextKnown != 0 {
			stats.Known = 1
		}
		v := e.judge.kind.Text(&stats, n.class)
		v.Why = append(v.Why, "in-name")
		tally.Single(&e.findings, v.Confidence, n.class.Facts(), n.value)
		if err := e.addPerson(tally.BelievedAlone(v.Confidence, n.class.Facts(), n.value)); err != nil {
			return err
		}
		if v.Confidence != scan.ConfidenceLow {
			h := scan.Hit{Column: n.name, Masked: tally.Masked(n.value), Score: v.Score, Confidence: v.Confidence, Why: v.Why}
			if n.sheet {
				h.Table = n.name
			}
			e.hits.add(h)
		}
	}
	return nil
}
