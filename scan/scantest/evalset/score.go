package evalset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// An Answer is what a rule says of one document.
type Answer struct {
	Found   bool
	Sure    bool // a violation, not only for review
	Records int64
	Persons int64
	Classes scan.Classes
}

// A Score counts answers.
type Score struct {
	Docs                     int
	TruePos, FalsePos, Miss  int
	Records, Classes, People int // documents with numbers whose counts are exact
	Unsure                   int // documents with numbers that are for review
}

// Add counts one answer.
func (s *Score) Add(t Truth, a Answer) {
	s.Docs++
	switch {
	case a.Found && t.Holds:
		s.TruePos++
	case a.Found:
		s.FalsePos++
	case t.Holds:
		s.Miss++
	}
	if !t.Holds {
		return
	}
	if a.Found && !a.Sure && !t.Unsure {
		s.Unsure++
	}
	if a.Records == t.Records {
		s.Records++
	}
	if a.Persons == t.Persons {
		s.People++
	}
	if a.Classes == t.Classes {
		s.Classes++
	}
}

// Precision is the share of findings that are true.
func (s Score) Precision() float64 { return share(s.TruePos, s.TruePos+s.FalsePos) }

// Recall is the share of documents with numbers that are found.
func (s Score) Recall() float64 { return share(s.TruePos, s.TruePos+s.Miss) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// A Table is scores by a name: the split, the family, the rule.
type Table map[string]*Score

// Add counts one answer under a name.
func (t Table) Add(name string, truth Truth, a Answer) {
	if t[name] == nil {
		t[name] = &Score{}
	}
	t[name].Add(truth, a)
}

// Markdown writes the rows whose names begin with prefix, by name.
func (t Table) Markdown(prefix string) string {
	var names []string
	for name := range t {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		s := t[name]
		true := s.TruePos + s.Miss
		percent := func(n int) string { return fmt.Sprintf("%.1f %%", 100*share(n, true)) }
		row := []string{strings.TrimPrefix(name, prefix), fmt.Sprint(s.Docs), fmt.Sprint(s.FalsePos), fmt.Sprint(s.Miss), fmt.Sprintf("%.4f", s.Precision()), fmt.Sprintf("%.4f", s.Recall())}
		if true > 0 {
			row = append(row, percent(s.Records), percent(s.People), percent(s.Classes), fmt.Sprint(s.Unsure))
		} else {
			row = append(row, "–", "–", "–", "–")
		}
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
	return b.String()
}
