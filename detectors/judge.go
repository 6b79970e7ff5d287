package detectors

import (
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/score"
	"github.com/kagiban/kagiban/detectors/internal/tally"
	"github.com/kagiban/kagiban/scan"
)

// Grades are the scores from which a finding is of high and of middling
// confidence. What scores less is counted and not reported.
type Grades = score.Grades

// A Weight is what one part of a score counts.
type Weight = score.Weight

// DefaultGrades are those that the weights were fitted to.
func DefaultGrades() Grades { return score.DefaultGrades() }

// Points returns what a part of a score counts, 0 for a code that has no points of
// its own.
func Points(code string) int { return score.Points(code) }

// Weights returns all parts of scores.
func Weights() []Weight { return score.Weights() }

// A judge is the latest judgement over the numbers of a table.
type judge struct {
	kind    score.Kind
	columns []score.Assessment // by place
	best    []score.Assessment // over all instalments
	texts   score.TextStats
}

var _ tally.Judge = (*judge)(nil)

// begin forgets the table before.
func (j *judge) begin() { j.columns, j.best = j.columns[:0], j.best[:0] }

// Cells returns the confidence in a number in cells of its own.
func (j *judge) Cells(columns uint64, f score.Flags) (scan.Confidence, bool) {
	return score.Record(j.columns, columns, f)
}

// Text returns the confidence in a number in running text.
func (j *judge) Text(class score.TextClass) scan.Confidence {
	return j.kind.Text(&j.texts, class).Confidence
}

// set remembers the assessment of a column.
func (j *judge) set(place int, v score.Assessment) {
	for len(j.columns) <= place {
		j.columns, j.best = append(j.columns, score.Assessment{}), append(j.best, score.Assessment{})
	}
	j.columns[place] = v
	if best := &j.best[place]; v.Score > best.Score || best.Why == nil {
		*best = v
	}
}

// spill judges what was kept once it is too much.
func (e *examination) spill() error {
	if !e.counts.Full() {
		return nil
	}
	return e.fold()
}

// fold judges the columns and turns what was kept into findings.
func (e *examination) fold() error {
	if e.counts.Empty() {
		return nil
	}
	seen := e.table.Observed()
	for place := range e.counts.Columns() {
		c := e.counts.Column(place, seen.Roles)
		c.Heading, c.Cells = seen.Columns[place].Heading, seen.Columns[place].Cells
		c.Titled, c.Named = seen.Titled, e.speaks()
		e.judge.set(place, e.judge.kind.Column(&c))
	}
	e.judge.texts = e.texts(&seen)
	e.judge.kind.Lift(&e.judge.texts, e.counts.Classes())
	e.counts.Lift(e.judge.texts.Lifted)
	e.counts.Counts(&e.findings, &e.judge, seen.Roles)
	if err := e.counts.Persons(&e.judge, seen.Roles, e.addPerson); err != nil {
		return err
	}
	e.counts.Clear()
	return nil
}

// addPerson hands on a number as its keyed hash.
func (e *examination) addPerson(b tally.Believed) error {
	return e.subject.Persons.Add(scan.Person{
		Hash: e.hasher.number(b.Value), Grade: b.Grade, Class: b.Class, Place: b.Place, Address: b.Address,
	})
}

// texts is what is known of the running text of the table.
func (e *examination) texts(seen *observed.Table) score.TextStats {
	texts := e.counts.Texts()
	texts.Lines, texts.Mentioned, texts.Named = seen.Lines, seen.Mentioned, e.speaks()
	return texts
}

// speaks reports whether the name of the file or of the table speaks of pensions.
func (e *examination) speaks() bool { return e.named || e.telling }

// report takes the evidence of a table that is at its end.
func (e *examination) report() {
	for place, v := range e.judge.best {
		if v.Confidence == scan.ConfidenceLow && !e.subject.Low {
			continue
		}
		for _, s := range e.counts.Samples(place) {
			e.hit(&s, e.table.ColumnOf(place), v)
		}
	}
	seen := e.table.Observed()
	texts := e.texts(&seen)
	for _, s := range e.counts.TextSamples() {
		if v := e.judge.kind.Text(&texts, s.Class); v.Confidence != scan.ConfidenceLow || e.subject.Low {
			e.hit(&s.Sample, min(s.Col, observed.MaxColumns-1), v)
		}
	}
}

func (e *examination) hit(s *tally.Sample, col int, v score.Assessment) {
	heading, _ := e.table.Heading(col)
	e.hits.add(scan.Hit{
		Table: e.shown, Row: s.Row, Column: title(heading, col), Masked: s.Masked(),
		Score: v.Score, Confidence: v.Confidence, Why: v.Why,
	})
}
