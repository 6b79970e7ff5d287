package report

import (
	"time"

	"github.com/kagiban/kagiban/scan"
)

// Changes are what became of findings since an earlier moment.
type Changes struct {
	Since     time.Time // zero: since ever
	New       Count
	Remaining Count // open then and now
	Recurred  Count
	Fixed     Count
	Withdrawn Count            // judged otherwise by other rules or settings
	FixedHow  map[string]int64 // files by scan.How codes
	Overdue   Count
}

// A Count is files and their records.
type Count struct{ Files, Records int64 }

func (c *Count) add(records int64) { c.Files++; c.Records += records }

// A past is how findings stood at a moment, by their number, as their events say.
type past map[int64]scan.Event

// pastAt replays events up to a moment.
func pastAt(events []scan.Event, at time.Time) past {
	p := past{}
	for _, e := range events {
		if !e.At.After(at) {
			p[e.Finding] = e
		}
	}
	return p
}

// hasNumbers is true of the statuses that a finding with numbers in the open has.
func hasNumbers(s scan.Status) bool {
	return s == scan.StatusViolation || s == scan.StatusReview
}

// add counts a finding that was judged now. Those of files that could not be
// examined are no findings of numbers and are not counted.
func (c *Changes) add(f File, before past, made time.Time) {
	if f.Finding == nil {
		return
	}
	then, known := before[f.Finding.Number]
	was := known && then.Stage.Open() && hasNumbers(then.Status)
	switch {
	case hasNumbers(f.Status):
		records := f.Counts.Records
		if !f.Due.IsZero() && f.Due.Before(made) {
			c.Overdue.add(records)
		}
		switch {
		case was:
			c.Remaining.add(records)
		case f.Finding.Stage == scan.StageRecurred || known && then.Stage == scan.StageClosed:
			c.Recurred.add(records)
		default:
			c.New.add(records)
		}
	case was && f.Finding.Stage == scan.StageClosed:
		c.Fixed.add(f.Finding.Basis.Records)
		c.FixedHow[f.Finding.How]++
	case was && f.Finding.Stage == scan.StageWithdrawn:
		c.Withdrawn.add(f.Finding.Basis.Records)
	}
}
