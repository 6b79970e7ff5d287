package report

import (
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A Department is who answers for a file.
type Department struct {
	Name    string // "": nobody yet
	Contact string // whom to ask there
	Site    string // 拠点
	Days    int    // in which a finding is to be put right; 0: as its class says
}

// A DueRule is how long a finding may stay open, by its gravest class.
type DueRule struct {
	Days map[string]int // days by class: four, three, two, number
}

// DefaultDue is a week where addresses are in it, and a month for numbers alone.
func DefaultDue() DueRule {
	return DueRule{Days: map[string]int{"four": 7, "three": 14, "two": 30, "number": 30}}
}

// due is the last moment to put a file right, zero if it does not have to be.
func (r DueRule) due(f File) time.Time {
	if f.Status != scan.StatusViolation {
		return time.Time{}
	}
	from := f.History.FirstFound
	if f.Finding != nil {
		from = f.Finding.First
		if f.Finding.Stage == scan.StageRecurred {
			from = f.Finding.Since
		}
	}
	days := f.Department.Days
	if days == 0 {
		days = r.Days[gravest(f.Counts.Classes)]
	}
	if from.IsZero() || days == 0 {
		return time.Time{}
	}
	return from.AddDate(0, 0, days)
}

// gravest is the code of the class with the most beside the number.
func gravest(c scan.Classes) string {
	switch {
	case c.Four > 0:
		return "four"
	case c.Three > 0:
		return "three"
	case c.Two > 0:
		return "two"
	}
	return "number"
}

// A Declaration is what a department said of itself.
type Declaration struct {
	Period, Department, Answer string
}
