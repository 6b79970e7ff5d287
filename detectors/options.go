package detectors

import (
	"encoding/json"
	"slices"

	"github.com/kagiban/kagiban/detectors/internal/kind"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// Options are what an organisation may set. The zero value is: the pension
// number, as this package knows it.
type Options struct {
	Grades    Grades   // zero: DefaultGrades
	Headings  []string // further words that announce the pension number
	StopWords []string // further words that announce another number
	Enable    []string // names of rules of this package that are off otherwise
	Rules     []Rule   // further detectors
}

// A Rule is a detector for another number. A shape alone proves nothing: the
// number counts only where one of the headings stands above it, to its left or
// before it in its line.
type Rule = kind.Rule

// New makes a detector with options. An error names the setting, and an
// example by its index, never by its text.
func (o Options) New(key []byte) (*Detector, error) {
	d := New(key)
	if o.Grades != (Grades{}) {
		if o.Grades.Medium <= 0 || o.Grades.High < o.Grades.Medium || o.Grades.High > 100 {
			return nil, scan.Errorf("grades: high is %d and middle %d; 0 < middle <= high <= 100 is needed", o.Grades.High, o.Grades.Medium)
		}
		d.grades = o.Grades
	}
	rules := slices.Clone(o.Rules)
	for _, name := range o.Enable {
		i := slices.IndexFunc(Rules(), func(r Rule) bool { return r.Name == name })
		if i < 0 {
			return nil, scan.Errorf("detector %q is not known; see kagiban help detection", name)
		}
		rules = append(rules, Rules()[i])
	}
	names := map[string]bool{}
	for i, r := range rules {
		ready, err := r.Compile()
		switch {
		case r.Name == "":
			return nil, scan.Errorf("detector %d has no name; write name: and a word of its own", i+1)
		case err != nil:
			return nil, scan.Errorf("detector %q: %w", r.Name, err)
		case names[r.Name]:
			return nil, scan.Errorf("detector %q is there twice; leave one of them out", r.Name)
		}
		names[r.Name] = true
		d.declared = append(d.declared, ready)
	}
	d.vocabulary(o)
	return d, nil
}

// vocabulary joins the words of an organisation and of the rules to those of the
// number.
func (d *Detector) vocabulary(o Options) {
	own := vocab.Own{Headings: o.Headings, StopWords: o.StopWords}
	for i := range d.declared {
		own.Others = append(own.Others, d.declared[i].Words()...)
	}
	d.words = vocab.New(kind.Pension(), own)
	changed := len(vocab.FoldAll(o.Headings))+len(vocab.FoldAll(o.StopWords))+len(d.declared) > 0 || d.grades != DefaultGrades()
	if b, err := json.Marshal(o); err == nil && changed {
		d.settings = b
	}
}
