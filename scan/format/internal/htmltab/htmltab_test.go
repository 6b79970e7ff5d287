package htmltab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/scantest"
)

type sink struct {
	gone     []string
	rows     []string
	cells    []int
	problems []error
}

func (s *sink) Row(r scan.Row) error {
	row := fmt.Sprintf("%s %d:", r.Table, r.N)
	for _, c := range r.Cells {
		row += fmt.Sprintf(" %d=%s", c.Col, c.Text)
	}
	s.rows, s.cells = append(s.rows, row), append(s.cells, len(r.Cells))
	return nil
}
func (s *sink) Member(scan.Member) error { return nil }
func (s *sink) Problem(err error)        { s.problems = append(s.problems, err) }

func read(t *testing.T, page string, limits scan.Limits) *sink {
	t.Helper()
	f, err := scantest.NewFile(context.Background(), "x", bytes.NewReader(nil), 0, limits)
	if err != nil {
		t.Fatal(err)
	}
	out := &sink{}
	if err := Read(strings.NewReader(page), grid.New(f, out), func(text []byte) { out.gone = append(out.gone, strings.TrimSpace(string(text))) }); err != nil {
		t.Fatal(err)
	}
	return out
}

// Text that a page does not show, and lists that it would join to one line, are
// handed on as they are written.
func TestTextThatIsNotShown(t *testing.T) {
	const list = "name,1234-567890\nname,0123-456789"
	for page, want := range map[string][]string{
		"<p>x<!-- " + list + " -->y</p>":                {list},
		"<script>" + list + "</script>":                 {list},
		"<style>" + list + "</style>":                   {list},
		"<div title=\"" + list + "\">x</div>":           {list},
		"<iframe srcdoc='" + list + "'></iframe>":       {list},
		"<ruby>x<rt>" + list + "</rt></ruby>":           {list},
		"<div>" + list + "</div>":                       {list},
		"<pre>" + list + "</pre>":                       {list},
		"<xmp>" + list + "</xmp>":                       {list},
		"<plaintext>" + list:                            {list},
		"<table>" + list + "</table>":                   {list},
		"<p>one line 1234-567890</p>":                   nil,
		"<p>1234-567890<br>0123-456789</p>":             nil,
		"<table><tr><td>" + list + "</td></tr></table>": nil,
		"<p class=short>x</p>":                          nil,
	} {
		if got := read(t, page, scan.DefaultLimits()).gone; strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%q: %q, want %q", page, got, want)
		}
	}
}

// Cells that reach over rows and columns move what comes after them, whether a
// row is closed or not.
func TestSpans(t *testing.T) {
	for page, want := range map[string][]string{
		"<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr><tr><td>d</td></tr></table>": {
			"table 1 1: 0=a 1=b", "table 1 2: 1=c", "table 1 3: 0=d"},
		"<table><tr><td rowspan=3>a<td>b<tr><td>c<tr><td>d<tr><td>e</table>": {
			"table 1 1: 0=a 1=b", "table 1 2: 1=c", "table 1 3: 1=d", "table 1 4: 0=e"},
		"<table><tr><td colspan=2 rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>": {
			"table 1 1: 0=a 2=b", "table 1 2: 2=c"},
		"<table><tr><td colspan=16384>a</td><td colspan=99999>b</td><td>c</td></tr><tr><td>d</td></tr></table>": {
			"table 1 1: 0=a 16384=b 16384=c", "table 1 2: 0=d"},
		"<table><tr><td x:num=5 colspan=0 rowspan=-1></td><td>b</td></tr></table>": {"table 1 1: 0=5 1=b"},
	} {
		if got := read(t, page, scan.Limits{}).rows; strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: %q, want %q", page, got, want)
		}
	}
}

// Cells of a full row are left out in whatever way they are written, and the
// row after it is whole.
func TestFullRow(t *testing.T) {
	for _, cell := range []string{"<td>1", "<TD >1</TD>", "<th\n>1</th>", "<td colspan=3 rowspan=2>1<br>2</td>", "<td><p>1</p>2<input value=3></td>"} {
		out := read(t, "<table><tr>"+strings.Repeat(cell, 40)+"</tr><tr><td>a</td><td>b</td></tr></table>", scan.Limits{RowCells: 8})
		if len(out.cells) != 2 || out.cells[0] != 8 || out.cells[1] != 2 || len(out.problems) != 1 {
			t.Errorf("%q: rows of %v cells, problems %v", cell, out.cells, out.problems)
		}
	}
	if out := read(t, "<table><tr>"+strings.Repeat("<td>1", 8)+"</table>", scan.Limits{RowCells: 8}); out.cells[0] != 8 || len(out.problems) > 0 {
		t.Errorf("rows of %v cells, problems %v", out.cells, out.problems)
	}
}

// Tags and texts up to the bound of the tokenizer are passed over or read.
func TestLongTags(t *testing.T) {
	out := read(t, "<html><p "+strings.Repeat("a ", 1<<20)+">text</p></html>", scan.Limits{})
	if len(out.rows) != 1 || !strings.HasSuffix(out.rows[0], "=text") {
		t.Errorf("rows %q", out.rows)
	}
	f, err := scantest.NewFile(context.Background(), "x", bytes.NewReader(nil), 0, scan.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if err := Read(strings.NewReader("<p "+strings.Repeat("a", maxToken)+">"), grid.New(f, &sink{}), func([]byte) {}); !errors.Is(err, scan.ErrMalformed) {
		t.Errorf("a tag of more than %d bytes: %v", maxToken, err)
	}
}
