package yamltext

import (
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/records"
	"github.com/kagiban/kagiban/scan/scantest"
)

func TestTexts(t *testing.T) {
	for text, want := range map[string][]string{
		"- a: 1\n  b: x y\n- a: 2\n  b:\n":                             {"#|a|b", "|1|x y", "|2"},
		"list:\n- a: 1\n- a: 2\n":                                      {"#|list/a", "|1", "|2"},
		"list:\n  -\n    a: 1\n  -\n    a: 2\n":                        {"#|list/a", "|1", "|2"},
		"- a:\n  - 1\n  b:\n  - x\n  - y\n- a:\n  - 2\n  b: z\n":       {"#|a|b|b", "|1|x|y", "|2|z"},
		"list:\n- a: 1\n- a: 2\nb: 3\n":                                {"#|list/a", "|1", "|2", "#|b", "|3"},
		"e1:\n  a: 1\n  b: 2\ne2:\n  a: 3\n  b: 4\n":                   {"#|a|b", "|e1|1|2", "|e2|3|4"},
		"p:\n  name: 'it''s'\n  at:\n    zip: \"1\\u0032\"\n  no: 3\n": {"#|p/name|p/at/zip|p/no", "|it's|12|3"},
		"a: |\n  one\n  two: x\nb: >-\n  three\n":                      {"#|a|b", "|one\ntwo: x|three"},
		"a: {x: 1, y: [2, 3]}\nb: [p, q]\n":                            {"#|a/x|a/y|a/y|b|b", "|1|2|3|p|q"},
		"a: {x: 1,\n  y: 2}\nb: 3\n":                                   {"#|a/x|a/y|b", "|1|2|3"},
		"--- !map\na: &anchor x\nb: *anchor\n---\na: y\n":              {"|!map", "#|a|b", "|x|*anchor", "|y"},
		"a: x # note\nb: y # 4123-567801\n":                            {"#|a|b", "|x|y # 4123-567801"},
		"? \"a\"\n: x\nb: y\n":                                         {"#|a|b", "|x|y"},
		"# note\na: x\n":                                               {"|# note", "#|a", "|x"},
		"a:\n  b: 1\nfree text\nc: 2\n":                                {"|free text", "#|a/b|c", "|1|2"},
		"a: \"over\n  lines\"\nb: 1\n":                                 {"#|a|b", "|over\nlines|1"},
	} {
		for _, slow := range []bool{false, true} {
			out := &scantest.RowTaker{}
			r := iotest.HalfReader(strings.NewReader(text))
			if slow {
				r = iotest.OneByteReader(strings.NewReader(text))
			}
			if _, err := Read(r, 1<<20, records.New(&grid.Writer{Out: out, Max: 1 << 20}, "")); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, out.Rows); diff != "" {
				t.Errorf("%s (-want +got):\n%s", text, diff)
			}
		}
	}
}

func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		"- name: a\n  serial: 1\n- name: b\n": true, "a:\n  b: 1\n  c: 2\n": true, "---\na: 1\nb: 2\n": true, "a:\n- x\n- y\n": true, "version: 3\nx:\n  y: |\n    any text here\n": true,
		"a: 1\nb: 2\n": false, "- one\n- two\n": false, "Note: this\nis prose.\n": false, "Dear all:\n  please come: today.\nThanks for all of it\n": false,
		"10:00 start\n11:00 end\n": false, "": false, "---\ntitle: x\n---\n\nSome text\nof a page\nwith lines\nand more\n": false,
	} {
		if got := Is([]byte(text)); got != want {
			t.Errorf("Is(%q) = %v", text, got)
		}
	}
}
