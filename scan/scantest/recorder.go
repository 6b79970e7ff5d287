package scantest

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
)

// A Recorder is a sink for the table test of a parser. It writes down what comes
// in one form: rows as "table 2: 0=text 3=text", members as "member name: bytes",
// problems as "problem kind".
type Recorder struct {
	Lines []string
}

// Row implements scan.Sink.
func (r *Recorder) Row(row scan.Row) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d:", row.Table, row.N)
	for _, c := range row.Cells {
		fmt.Fprintf(&b, " %d=%s", c.Col, c.Text)
	}
	r.Lines = append(r.Lines, strings.TrimSpace(b.String()))
	return nil
}

// Member implements scan.Sink. It reads the member.
func (r *Recorder) Member(m scan.Member) error {
	from := io.Reader(strings.NewReader(""))
	switch {
	case m.At != nil:
		from = io.NewSectionReader(m.At, 0, m.Size)
	case m.Open != nil:
		rc, err := m.Open()
		if err != nil {
			r.Problem(err)
			return nil
		}
		defer rc.Close()
		from = rc
	}
	data, err := io.ReadAll(from)
	r.Lines = append(r.Lines, fmt.Sprintf("member %s: %s", m.Name, data))
	if err != nil {
		r.Problem(err)
	}
	return nil
}

// Problem implements scan.Sink.
func (r *Recorder) Problem(err error) {
	r.Lines = append(r.Lines, "problem "+string(scan.ProblemOf(err).Kind))
}

// End writes down the error with which reading ended.
func (r *Recorder) End(err error) *Recorder {
	if err != nil {
		r.Lines = append(r.Lines, "error "+string(scan.ProblemOf(err).Kind))
	}
	return r
}

// Want compares what came with the lines of a text.
func (r *Recorder) Want(t testing.TB, name, want string) {
	t.Helper()
	var lines []string
	for line := range strings.Lines(want) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	if diff := cmp.Diff(lines, r.Lines); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// FileOf makes a file of some bytes for the test of a parser, with the limits of
// a run.
func FileOf(t testing.TB, name string, data []byte) *scan.File {
	t.Helper()
	f, err := NewFile(t.Context(), name, bytes.NewReader(data), int64(len(data)), scan.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return f
}
