package detectors

import (
	"github.com/kagiban/kagiban/detectors/internal/kind"
	"github.com/kagiban/kagiban/detectors/internal/layout"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/tally"
	"github.com/kagiban/kagiban/scan"
)

// An examination sees one document. It holds one table at a time: rows go to the
// layout, what is observed in them is counted, and what was counted is judged when
// the table is at its end or when there is too much of it.
type examination struct {
	subject  scan.Subject
	table    *layout.Table
	counts   *tally.Table
	judge    judge
	declared *kind.Columns // nil where no other number is searched
	hasher   hasher
	names    names
	hits     hits
	findings scan.Findings

	named    bool // the name of the file speaks of pensions
	begun    bool
	name     string // of the table
	lastName string // of the one before
	telling  bool   // that name speaks of pensions
	shown    string // the name as evidence shows it
}

var _ layout.Sink = (*examination)(nil)

// Row examines one row.
func (e *examination) Row(r scan.Row) error {
	if e.begun && r.Table != e.name {
		if err := e.finish(); err != nil {
			return err
		}
		e.begun = false
	}
	if !e.begun {
		e.begin(r.Table)
	}
	below, err := e.table.Row(&r)
	if err != nil || below == nil || e.declared == nil {
		return err
	}
	return e.declared.Row(below, e.table.Seen(), e.table)
}

// begin begins a table.
func (e *examination) begin(name string) {
	e.name, e.begun = name, true
	e.table.Begin()
	if name != e.lastName {
		e.names.add(name, true)
		e.lastName, e.telling, e.shown = name, e.names.words.Names(name), safe(name)
	}
}

// Close returns the judgement over all tables.
func (e *examination) Close() (scan.Findings, error) {
	if e.begun {
		if err := e.finish(); err != nil {
			return scan.Findings{}, err
		}
		e.begun = false
	}
	if err := e.closeNames(); err != nil {
		return scan.Findings{}, err
	}
	e.findings.Repaired += e.table.Mended()
	e.findings.Hits = e.hits.best()
	return e.findings, nil
}

// finish ends the table at hand.
func (e *examination) finish() error {
	if err := e.table.Flush(); err != nil {
		return err
	}
	return e.EndTable()
}

// Observe counts a number.
func (e *examination) Observe(n observed.Number) (records int, err error) {
	made := e.counts.Observe(&n)
	if n.Shape != observed.ShapeText || made > 0 {
		e.names.markFound(n.Value)
	}
	return made, e.spill()
}

// EndRow counts the numbers in cells of a row as records.
func (e *examination) EndRow(r observed.Row) (records int, err error) {
	for i := range e.counts.Found() {
		e.counts.Add(i, r)
		if err := e.spill(); err != nil {
			return i, err
		}
	}
	return e.counts.Found(), nil
}

// EndTable judges what is left of a table, and takes its evidence.
func (e *examination) EndTable() error {
	if err := e.fold(); err != nil {
		return err
	}
	e.report()
	e.counts.Begin()
	e.judge.begin()
	if e.declared == nil {
		return nil
	}
	return e.declared.Finish(e.shown, e.shownColumn, e.hits.add)
}

// shownColumn is how evidence names a column; "" if it was not seen.
func (e *examination) shownColumn(col int) string {
	heading, ok := e.table.Heading(col)
	if !ok {
		return ""
	}
	return title(heading, col)
}
