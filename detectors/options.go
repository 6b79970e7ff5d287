package detectors

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/kagiban/kagiban/detectors/internal/kind"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
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
type Rule struct {
	Name      string
	Pattern   string // regular expression (RE2) for the whole number; full width counts as half width
	Headings  []string
	StopWords []string // words that forbid a heading
	// Match and NoMatch are examples of numbers, verified before anything else.
	Match, NoMatch []string
	// Valid checks digits where a pattern cannot. May be nil.
	Valid func(text string) bool `json:"-"`
}

// A rule is a Rule made ready.
type rule struct {
	Rule
	whole, within *regexp.Regexp
	headings      []string // folded
	field         vocab.Field
}

// New makes a detector with options. An error names the setting, and an
// example by its index, never by its text.
func (o Options) New(key []byte) (*Detector, error) {
	d := New(key)
	if o.Grades != (Grades{}) {
		if o.Grades.Middle <= 0 || o.Grades.High < o.Grades.Middle || o.Grades.High > 100 {
			return nil, fmt.Errorf("grades: high is %d and middle %d; 0 < middle <= high <= 100 is needed", o.Grades.High, o.Grades.Middle)
		}
		d.grades = o.Grades
	}
	rules := slices.Clone(o.Rules)
	for _, name := range o.Enable {
		i := slices.IndexFunc(Rules(), func(r Rule) bool { return r.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("detector %q is not known", name)
		}
		rules = append(rules, Rules()[i])
	}
	names := map[string]bool{}
	for i, r := range rules {
		ready, err := r.ready()
		switch {
		case r.Name == "":
			return nil, fmt.Errorf("detector %d has no name", i+1)
		case err != nil:
			return nil, fmt.Errorf("detector %q: %w", r.Name, err)
		case names[r.Name]:
			return nil, fmt.Errorf("detector %q is there twice", r.Name)
		}
		names[r.Name] = true
		d.rules = append(d.rules, ready)
	}
	d.vocabulary(o)
	return d, nil
}

// vocabulary joins the words of an organisation and of the rules to those of the
// number.
func (d *Detector) vocabulary(o Options) {
	own := vocab.Own{Headings: o.Headings, StopWords: o.StopWords}
	for i := range d.rules {
		own.Others = append(own.Others, d.rules[i].headings...)
	}
	d.words = vocab.New(kind.Pension(), own)
	changed := len(vocab.FoldAll(o.Headings))+len(vocab.FoldAll(o.StopWords))+len(d.rules) > 0 || d.grades != DefaultGrades()
	if b, err := json.Marshal(o); err == nil && changed {
		d.settings = b
	}
}

// ready compiles a rule and tries its examples.
func (r Rule) ready() (rule, error) {
	whole, err := regexp.Compile(`^(?:` + r.Pattern + `)$`)
	if err != nil || r.Pattern == "" {
		return rule{}, fmt.Errorf("pattern: no regular expression: %w", cause(err))
	}
	within, err := regexp.Compile(r.Pattern)
	if err != nil {
		return rule{}, fmt.Errorf("pattern: %w", err)
	}
	headings := vocab.FoldAll(r.Headings)
	field := vocab.Field{Role: vocab.Other, Headings: vocab.Within(headings...), Not: vocab.FoldAll(r.StopWords)}
	out := rule{Rule: r, whole: whole, within: within, headings: headings, field: field}
	switch {
	case len(headings) == 0:
		return rule{}, fmt.Errorf("headings: at least one is needed")
	case len(r.Match) == 0 || len(r.NoMatch) == 0:
		return rule{}, fmt.Errorf("examples: at least one that must match and one that must not are needed")
	}
	for i, text := range r.Match {
		if !out.matches(text) {
			return rule{}, fmt.Errorf("match: example %d does not match", i+1)
		}
	}
	for i, text := range r.NoMatch {
		if out.matches(text) {
			return rule{}, fmt.Errorf("no-match: example %d matches", i+1)
		}
	}
	return out, nil
}

func cause(err error) error {
	if err == nil {
		return fmt.Errorf("it is empty")
	}
	return err
}
