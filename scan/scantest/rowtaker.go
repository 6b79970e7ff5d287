package scantest

import "github.com/kagiban/kagiban/scan"

// A RowTaker is a sink for readers of records. It writes rows down as "table|a|b",
// and headings as "table#|a|b".
type RowTaker struct{ Rows []string }

// Row implements scan.Sink.
func (t *RowTaker) Row(r scan.Row) error {
	line := r.Table
	if r.Heads {
		line += "#"
	}
	for _, c := range r.Cells {
		line += "|" + string(c.Text)
	}
	t.Rows = append(t.Rows, line)
	return nil
}

// Member implements scan.Sink: records hold no files.
func (t *RowTaker) Member(scan.Member) error { return nil }

// Problem implements scan.Sink.
func (t *RowTaker) Problem(error) {}
