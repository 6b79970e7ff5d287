package score

import "github.com/kagiban/kagiban/scan"

// Grades are the scores from which a finding is of high and of middling
// confidence. What scores less is counted and not reported.
type Grades struct{ High, Middle int }

// DefaultGrades are those that the weights were fitted to.
func DefaultGrades() Grades { return Grades{High: 70, Middle: 45} }

func (g Grades) of(score int) scan.Confidence {
	switch {
	case score >= g.High:
		return scan.ConfidenceHigh
	case score >= g.Middle:
		return scan.ConfidenceMiddle
	}
	return scan.ConfidenceLow
}

// A Verdict is the judgement over the numbers of one column, or over one class
// of numbers in running text.
type Verdict struct {
	Score      int
	Confidence scan.Confidence
	Why        []string
	Header     bool // a heading or label speaks for it
	Nine       bool // numbers of nine digits have lost a zero
}

func (v *Verdict) add(why string) {
	v.Score += Points(why)
	v.Why = append(v.Why, why)
}

// limit keeps the score at most so high, and says so.
func (v *Verdict) limit(most int) {
	if v.Score > most {
		v.Score = most
		v.Why = append(v.Why, "limited")
	}
}

// settle grades the sum of the points, shown as 100 at most.
func (v Verdict) settle(g Grades) Verdict {
	v.Score = min(v.Score, 100)
	v.Confidence = g.of(v.Score)
	return v
}

// Most reports whether at least percent of whole are part.
func Most(part, whole, percent int64) bool { return whole > 0 && part*100 >= whole*percent }
