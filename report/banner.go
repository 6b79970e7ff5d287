package report

import "github.com/kagiban/kagiban/scan"

// banner says at the head of every report what its reader must not overlook: a
// target that was not walked to its end, or whose walk proves nothing.
func (b *Book) banner(w words) []string {
	var lines []string
	for _, t := range b.Targets {
		name := visible(t.Name)
		switch {
		case t.Doubt != "":
			lines = append(lines, w.text("banner."+t.Doubt, name))
		case t.Completed.IsZero():
			lines = append(lines, w.text("banner.never", name))
		case !t.Complete:
			lines = append(lines, w.text("banner.incomplete", name, b.clock().minute(t.Completed)))
		}
	}
	if old := b.Totals.OldRules; old > 0 {
		lines = append(lines, w.text("banner.old-rules", old, b.Totals.Files, percent(b.Totals.Files-old, b.Totals.Files), b.Totals.OldFound))
	}
	return lines
}

// A changeRow is one line of what became of findings.
type changeRow struct {
	Name string
	Count
	Alarm bool
}

// changesNote says what is compared with what.
func (b *Book) changesNote(w words) string {
	if b.Changes.Since.IsZero() {
		return w.text("text.first-time")
	}
	return w.text("text.changes", b.clock().minute(b.Changes.Since))
}

// changes lists what became of findings, nil if nothing is known of before.
func (b *Book) changes(w words) []changeRow {
	c := b.Changes
	if c == nil {
		return nil
	}
	rows := []changeRow{
		{w.text("change.new"), c.New, false}, {w.text("change.remaining"), c.Remaining, false}, {w.text("change.recurred"), c.Recurred, c.Recurred.Files > 0},
		{w.text("change.overdue"), c.Overdue, c.Overdue.Files > 0}, {w.text("change.fixed"), c.Fixed, false},
	}
	for _, how := range []string{scan.HowPassword, scan.HowRemoved, scan.HowDeleted, scan.HowMoved, scan.HowRestricted, scan.HowException} {
		if n := c.FixedHow[how]; n > 0 {
			rows = append(rows, changeRow{Name: "　" + w.code("how", how), Count: Count{Files: n, Records: -1}})
		}
	}
	return append(rows, changeRow{w.text("change.withdrawn"), c.Withdrawn, false})
}
