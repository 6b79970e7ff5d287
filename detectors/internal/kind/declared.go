package kind

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
	"golang.org/x/text/width"

	"github.com/kagiban/kagiban/detectors/internal/score"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
)

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

// A Matcher is a Rule made ready.
type Matcher struct {
	Rule
	whole, within *regexp.Regexp
	words         []string // headings, folded
	field         vocab.Field
}

// declared is how declared numbers are judged: those under a heading are for review,
// and in a column of which half of the cells match they are certain.
func declared() score.Kind {
	return score.Kind{
		Grades:  score.DefaultGrades(),
		Weights: []score.Weight{{Code: "header", Points: 60}, {Code: "column", Points: 20}},
		Share:   50,
	}
}

// Words returns the folded headings.
func (m *Matcher) Words() []string { return m.words }

// Compile makes a rule ready and tries its examples. An error names an example by
// its index, never by its text.
func (r Rule) Compile() (Matcher, error) {
	whole, err := regexp.Compile(`^(?:` + r.Pattern + `)$`)
	if err != nil || r.Pattern == "" {
		return Matcher{}, scan.Errorf("pattern: no regular expression: %w", cause(err))
	}
	within, err := regexp.Compile(r.Pattern)
	if err != nil {
		return Matcher{}, scan.Errorf("pattern: %w", err)
	}
	headings := vocab.FoldAll(r.Headings)
	field := vocab.Field{Role: vocab.Other, Headings: vocab.Within(headings...), Not: vocab.FoldAll(r.StopWords)}
	out := Matcher{Rule: r, whole: whole, within: within, words: headings, field: field}
	switch {
	case len(headings) == 0:
		return Matcher{}, scan.Errorf("headings: at least one is needed; write what stands above such numbers")
	case len(r.Match) == 0 || len(r.NoMatch) == 0:
		return Matcher{}, scan.Errorf("examples are missing: write at least one that must match (match) and one that must not (no-match)")
	}
	for i, text := range r.Match {
		if !out.Matches(text) {
			return Matcher{}, scan.Errorf("match: example %d does not match; mend the pattern or the example", i+1)
		}
	}
	for i, text := range r.NoMatch {
		if out.Matches(text) {
			return Matcher{}, scan.Errorf("no-match: example %d matches; mend the pattern or the example", i+1)
		}
	}
	return out, nil
}

func cause(err error) error {
	if err == nil {
		return scan.Errorf("it is empty")
	}
	return err
}

// Matches reports whether text is one of the numbers as a whole.
func (m *Matcher) Matches(text string) bool {
	text = strings.TrimSpace(width.Fold.String(text))
	return m.whole.MatchString(text) && (m.Valid == nil || m.Valid(text))
}

// heads reports whether a text announces the number.
func (m *Matcher) heads(text []byte) bool {
	if len(text) > vocab.MaxHeading || !utf8.Valid(text) {
		return false
	}
	ok, _ := m.field.Matches(vocab.Fold(string(text)))
	return ok
}
