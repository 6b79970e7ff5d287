package score

import "github.com/kagiban/kagiban/scan"

// Grades are the scores from which a finding is of high and of middling
// confidence. What scores less is counted and not reported.
type Grades struct{ High, Medium int }

// DefaultGrades are those that the weights were fitted to.
func DefaultGrades() Grades { return Grades{High: 70, Medium: 45} }

func (g Grades) of(score int) scan.Confidence {
	switch {
	case score >= g.High:
		return scan.ConfidenceHigh
	case score >= g.Medium:
		return scan.ConfidenceMedium
	}
	return scan.ConfidenceLow
}

// A Kind is how numbers of one kind are judged. A reason that its weights do not
// list does not count.
type Kind struct {
	Grades  Grades
	Weights []Weight
	// Share is the percentage of the cells of a column that have to be numbers for
	// it to be a column of them.
	Share int64
}

// Pension is how pension numbers are judged.
func Pension(g Grades) Kind { return Kind{Grades: g, Weights: Weights(), Share: 80} }

// An Assessment is the judgement over the numbers of one column, or over one class
// of numbers in running text.
type Assessment struct {
	Score      int
	Confidence scan.Confidence
	Why        []string
	Header     bool // a heading or label speaks for it
	Nine       bool // numbers of nine digits have lost a zero
}

// A weighing is an assessment in the making.
type weighing struct {
	Assessment
	kind *Kind
}

func (j *weighing) add(why string) {
	for _, w := range j.kind.Weights {
		if w.Code == why {
			j.Score += w.Points
			j.Why = append(j.Why, why)
			return
		}
	}
}

// limit keeps the score at most so high, and says so.
func (j *weighing) limit(most int) {
	if j.Score > most {
		j.Score = most
		j.Why = append(j.Why, "limited")
	}
}

// settle grades the sum of the points, shown as 100 at most.
func (j *weighing) settle() Assessment {
	j.Score = min(j.Score, 100)
	j.Confidence = j.kind.Grades.of(j.Score)
	return j.Assessment
}

// Most reports whether at least percent of whole are part.
func Most(part, whole, percent int64) bool { return whole > 0 && part*100 >= whole*percent }
