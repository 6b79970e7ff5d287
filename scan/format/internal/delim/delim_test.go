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
		"1,\"x\" y,3\n":                  "0=1|1=x|2=3|",
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
