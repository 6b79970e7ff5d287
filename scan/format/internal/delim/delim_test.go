package delim

import (
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
)

func split(t *testing.T, text string, slow bool) (*Splitter, []string) {
	t.Helper()
	var r = strings.NewReader(text)
	s := New(r, 1<<20, int64(len(text)), grid.Meter{})
	if slow {
		s = New(iotest.OneByteReader(r), 1<<20, 16, grid.Meter{})
	}
	var rows []string
	if err := s.Each(func(r scan.Row) error {
		row := ""
		for _, c := range r.Cells {
			row += fmt.Sprintf("%d=%s|", c.Col, c.Text)
		}
		rows = append(rows, row)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return s, rows
}

// Quoted fields over lines, and what is no quoted field, as they come in pieces
// of any size.
func TestQuotedFields(t *testing.T) {
	table := strings.Repeat("a,b,c\n", 60)
	for in, want := range map[string]string{
		"1,\"two\nlines\",3\n":           "0=1|1=two\nlines|2=3|",
		"1,\"two \"\"q\"\"\nl\",3\n":     "0=1|1=two \"q\"\nl|2=3|",
		"1,\"a\r\nb\r\n\r\nc\",3\r\n":    "0=1|1=a\r\nb\r\n\r\nc|2=3|",
		"1,x\"y,3\n":                     "0=1|1=x\"y|2=3|",
		"1,\"x\" y,3\n":                  "0=1|1=x y|2=3|",
		"\"x\"y\"z,3\n":                  "0=xy\"z|1=3|",
		"1,\"\",3\n":                     "0=1|2=3|",
		"\"x\n\",\"y\n\"\n":              "0=x\n|1=y\n|",
		"1,\"never closed,3\nnext,4,5\n": "0=1|1=\"never closed|2=3|",
		"1,2,\"end\"":                    "0=1|1=2|2=end|",
		"1,2,\"\"\"\"\n":                 "0=1|1=2|2=\"|",
	} {
		for _, slow := range []bool{false, true} {
			_, rows := split(t, table+in, slow)
			if len(rows) < 61 || rows[60] != want {
				t.Errorf("%q, slow %v: %q, want %q", in, slow, rows[60:], want)
			}
		}
	}
}

// Line ends of any kind end a line, also where a step of the search ends between them.
func TestLineEnds(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		for _, n := range []int{1, lineStep - 2, lineStep - 1, lineStep, lineStep + 1, 3 * lineStep} {
			text := strings.Repeat(strings.Repeat("x", n)+end, 5)
			if _, rows := split(t, text, false); len(rows) != 5 || len(rows[4]) != n+3 {
				t.Errorf("%d lines of %d bytes with %q", len(rows), n, end)
			}
		}
	}
}

// Quotes that are never closed are looked behind in proportion to the text.
func TestLookingAheadIsBounded(t *testing.T) {
	for name, line := range map[string]string{"each line opens one": "x\",y,\"\n", "one alone": "\"a\n", "pairs": "\"a\"\"\n"} {
		text := strings.Repeat("a,b,c\n", 1000) + strings.Repeat(line, 1_000_000)
		s, rows := split(t, text, false)
		if most := int64(vainFree + vainTimes*len(text) + maxQuoted); s.ahead > most {
			t.Errorf("%s: %d bytes were looked through for %d, want at most %d", name, s.ahead, len(text), most)
		}
		if len(rows) < 100_000 {
			t.Errorf("%s: %d rows", name, len(rows))
		}
	}
}

// The delimiter and the quote are found by records, whatever stands in fields, before
// the table and behind a quote.
func TestGrammar(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"first field over lines":   {"a,b,c\n" + strings.Repeat("\"Tokyo\nChiyoda\n1-2\",4123-567801,x\n", 30), "0=Tokyo\nChiyoda\n1-2|1=4123-567801|2=x|"},
		"log before":               {strings.Repeat("# line of the program\r\n", 150) + strings.Repeat("4123-567801,a,b\r\n", 10), "0=4123-567801|1=a|2=b|"},
		"long log before":          {strings.Repeat("2024-01-01 started the job\n", 20_000) + strings.Repeat("4123-567801;a;b\n", 60_000), "0=4123-567801|1=a|2=b|"},
		"at signs":                 {strings.Repeat("4120381746@a b@19570312\r\n", 6), "0=4120381746|1=a b|2=19570312|"},
		"unit separators":          {strings.Repeat("4120381746\x1fa b\x1f19570312\n", 6), "0=4120381746|1=a b|2=19570312|"},
		"start of heading":         {strings.Repeat("4120381746\x01a b\x0119570312\n", 6), "0=4120381746|1=a b|2=19570312|"},
		"carets":                   {strings.Repeat("4120381746^a b^19570312\n", 6), "0=4120381746|1=a b|2=19570312|"},
		"apostrophes":              {strings.Repeat("'4120381746','a, b','19570312'\n", 6), "0=4120381746|1=a, b|2=19570312|"},
		"backslash before a quote": {strings.Repeat("1,\"say \\\"a, b\\\" now\",3\n", 6), "0=1|1=say \"a, b\" now|2=3|"},
		"backslash at the end":     {strings.Repeat("1,\"C:\\dir\\\",3\n", 6), "0=1|1=C:\\dir\\|2=3|"},
		"behind a quote":           {"id,memo,place\n" + strings.Repeat("0,\"note\" number 4123-567801 Taro,x\n", 6), "0=0|1=note number 4123-567801 Taro|2=x|"},
		"mail addresses":           {strings.Repeat("taro@example.jp\n", 30), "0=taro@example.jp|"},
		"prose":                    {strings.Repeat("Well, this is text.\nIt has no table\nbut lines\nof words.\nNothing else\n", 9), "0=Nothing else|"},
		"greetings":                {strings.Repeat("Hello! How are you!\nFine\n", 9), "0=Fine|"},
	} {
		for _, slow := range []bool{false, len(c.text) < 10_000} {
			if _, rows := split(t, c.text, slow); len(rows) == 0 || rows[len(rows)-1] != c.want {
				t.Errorf("%s, slow %v: %q, want %q", name, slow, rows[max(0, len(rows)-1):], c.want)
			}
		}
	}
}
