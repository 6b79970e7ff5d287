package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A metricsReport is a file for the textfile collector of Prometheus' node
// exporter, in the text format of exposition 0.0.4. It holds counts and no names
// but those of targets.
type metricsReport struct {
	to   io.Writer
	book *Book
}

func newMetrics(w io.Writer, b *Book) (writer, error) { return &metricsReport{w, b}, nil }

// PutRight implements writer.
func (r *metricsReport) PutRight(File) error { return nil }

// File implements writer: all is counted before.
func (r *metricsReport) File(File) error { return nil }

// End implements writer.
func (r *metricsReport) End() error {
	var b strings.Builder
	gauge := func(name, help string) {
		fmt.Fprintf(&b, "# HELP kagiban_%s %s\n# TYPE kagiban_%s gauge\n", name, help, name)
	}
	t := r.book.Totals
	for _, m := range []struct {
		name, help string
		of         func(*Sum) int64
	}{
		{"files", "Files by status.", func(s *Sum) int64 { return s.Files }},
		{"records", "Records by status.", func(s *Sum) int64 { return s.Records }},
		{"persons", "Different persons by status.", func(s *Sum) int64 { return s.Persons }},
	} {
		gauge(m.name, m.help)
		for _, s := range scan.Statuses() {
			if m.name == "files" || hasRecords(s) {
				fmt.Fprintf(&b, "kagiban_%s{status=%q} %d\n", m.name, s, m.of(t.Statuses[s]))
			}
		}
	}
	if c := r.book.Changes; c != nil {
		gauge("findings", "Findings since the run before, by what became of them.")
		for _, row := range []struct {
			name string
			n    Count
		}{{"new", c.New}, {"remaining", c.Remaining}, {"recurred", c.Recurred}, {"fixed", c.Fixed}, {"withdrawn", c.Withdrawn}, {"overdue", c.Overdue}} {
			fmt.Fprintf(&b, "kagiban_findings{change=%q} %d\n", row.name, row.n.Files)
		}
	}
	gauge("target_complete", "Whether the latest walk of a target reached its end and is believed.")
	for _, target := range r.book.Targets {
		fmt.Fprintf(&b, "kagiban_target_complete{target=%s} %d\n", label(target.Name), map[bool]int{true: 1}[target.Complete])
	}
	gauge("target_completed_timestamp_seconds", "When a walk of a target last reached its end; 0 for never.")
	for _, target := range r.book.Targets {
		fmt.Fprintf(&b, "kagiban_target_completed_timestamp_seconds{target=%s} %s\n", label(target.Name), seconds(target.Completed))
	}
	gauge("report_timestamp_seconds", "When this was written.")
	fmt.Fprintf(&b, "kagiban_report_timestamp_seconds %s\n", seconds(r.book.Made))
	_, err := io.WriteString(r.to, b.String())
	return err
}

// seconds writes a moment as the format's own programs do, with an exponent; 0 for never.
func seconds(t time.Time) string {
	if t.IsZero() {
		return "0"
	}
	return strconv.FormatFloat(float64(t.Unix()), 'e', -1, 64)
}

// label writes a label's value: backslash, quote and line end are escaped.
func label(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(visible(MaskName(value))) + `"`
}
