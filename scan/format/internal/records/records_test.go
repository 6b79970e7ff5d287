package records

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
)

// A taker is a sink that writes rows as lines: headings behind '#', cells with their
// columns.
type taker struct{ lines []string }

func (s *taker) Member(scan.Member) error { return nil }
func (s *taker) Problem(error)            {}
func (s *taker) Row(r scan.Row) error {
	line := r.Table
	if r.Heads {
		line += "#"
	}
	for _, c := range r.Cells {
		line += fmt.Sprintf("|%d=%s", c.Col, c.Text)
	}
	s.lines = append(s.lines, line)
	return nil
}

// build feeds a builder with steps: "key{" and "key[" open, "}" closes, "key=value"
// is a value and "value" one in a list.
func build(t *testing.T, steps string) []string {
	t.Helper()
	out := &taker{}
	b := New(&grid.Writer{Out: out, Max: 1 << 20}, "")
	for _, step := range strings.Fields(steps) {
		var err error
		switch last := step[len(step)-1]; {
		case last == '{' || last == '[':
			err = b.Open([]byte(step[:len(step)-1]), last == '[')
		case last == '}':
			err = b.Close()
		default:
			key, value, ok := strings.Cut(step, "=")
			if !ok {
				key, value = "", step
			}
			err = b.Value([]byte(key), []byte(value))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := b.End(); err != nil {
		t.Fatal(err)
	}
	return out.lines
}

func TestRecords(t *testing.T) {
	for name, c := range map[string]struct {
		steps string
		want  []string
	}{
		"one record":            {"{ a=1 b=2 }", []string{"#|0=a|1=b", "|0=1|1=2"}},
		"a list of them":        {"[ { a=1 b=2 } { b=4 c=5 } }", []string{"#|0=a|1=b", "|0=1|1=2", "#|2=c", "|1=4|2=5"}},
		"a part":                {"[ { name=x address{ zip=1 city=2 } no=3 } }", []string{"#|0=name|1=address/zip|2=address/city|3=no", "|0=x|1=1|2=2|3=3"}},
		"a person in it":        {"[ { name=x no=1 spouse{ name=y no=2 } } }", []string{"#|0=spouse/name|1=spouse/no", "|0=y|1=2", "#|2=name|3=no", "|2=x|3=1"}},
		"a list of one in it":   {"[ { no=1 who[ { name=x at[ { city=c } } } } } { no=2 who[ { name=y } { name=z } } } { no=3 who[ { name=u } } } }", []string{"#|0=no|1=who/name|2=who/at/city", "|0=1|1=x|2=c", "|1=y", "|1=z", "|0=2", "|0=3|1=u"}},
		"one and a value":       {"{ a=1 l[ { b=2 } 3 } }", []string{"#|0=l/b", "|0=2", "#|1=a|2=l", "|1=1|2=3"}},
		"a person in a list":    {"[ { name=x no=1 family[ { name=y no=2 } } } }", []string{"#|0=family/name|1=family/no", "|0=y|1=2", "#|2=name|3=no", "|2=x|3=1"}},
		"lists of one, by name": {"{ x[ { a=1 b=2 } } y[ { a=3 b=4 } } z[ { a=5 } } }", []string{"#|1=a|2=b", "|0=x|1=1|2=2", "|0=y|1=3|2=4", "|0=z|1=5"}},
		"a list of one, open":   {"{ a=1 l[ { b=2 }", []string{"#|0=a|1=l/b", "|0=1|1=2"}},
		"a list in it":          {"[ { name=x kids[ { name=y } { name=z } } no=1 } }", []string{"#|0=kids/name", "|0=y", "|0=z", "#|1=name|2=no", "|1=x|2=1"}},
		"by key":                {"{ e1{ a=1 b=2 } e2{ a=3 b=4 } e3{ a=5 c=6 } }", []string{"#|1=a|2=b", "|0=e1|1=1|2=2", "|0=e2|1=3|2=4", "#|3=c", "|0=e3|1=5|3=6"}},
		"values of databases":   {"[ { no{ $numberLong=1 } name{ S=x } } }", []string{"#|0=no|1=name", "|0=1|1=x"}},
		"titles and rows":       {"{ fields[ { name=no } { name=who } } rows[ [ 1 x } [ 2 y } } }", []string{"#|0=fields/name", "|0=no", "|0=who", "[]#|1=rows/no|2=rows/who", "[]|1=1|2=x", "[]|1=2|2=y"}},
		"the same key":          {"list{ by=me p{ a=1 x{ c=7 } } p{ a=2 } p{ a=3 } }", []string{"#|0=list/p/a|1=list/p/x/c", "|0=1|1=7", "|0=2", "|0=3", "#|2=list/by", "|2=me"}},
		"parts unalike":         {"{ name=x home{ zip=1 } bank{ code=2 } }", []string{"#|0=name|1=home/zip|2=bank/code", "|0=x|1=1|2=2"}},
		"a number as key":       {"{ 4123567801{ name=x } 4123567802=y }", []string{"#|1=name", "|0=4123567801|1=x", "|0=4123567802|2=y"}},
		"labels":                {"[ { id=7 fields[ { label=no value=1 } { label=name value=x } } } }", []string{"#|0=id|1=no|2=name", "|0=7|1=1|2=x"}},
		"values with type":      {"[ { no{ type=t value=1 } name{ type=t value=x } } { no{ type=t value=2 } name{ type=t value=y } } }", []string{"#|0=no/type|1=no|2=name/type|3=name", "|0=t|1=1|2=t|3=x", "|0=t|1=2|2=t|3=y"}},
		"lists in lists":        {"[ [ no name } [ 1 x } [ 2 y } }", []string{"[]|0=no|1=name", "[]|0=1|1=x", "[]|0=2|1=y"}},
		"columns and data":      {"{ columns[ no name } data[ [ 1 x } [ 2 y } } }", []string{"[]#|0=data/no|1=data/name", "[]|0=1|1=x", "[]|0=2|1=y", "#|2=columns|3=columns", "|2=no|3=name"}},
		"side by side":          {"{ no[ 1 2 3 } name[ x y z } }", []string{"#|0=no|1=name", "|0=1|1=x", "|0=2|1=y", "|0=3|1=z"}},
		"several values":        {"[ { name=x no[ 1 2 } } }", []string{"#|0=name|1=no|2=no", "|0=x|1=1|2=2"}},
		"a bare list":           {"[ 1 2 }", []string{"|0=1|1=2"}},
		"a bare value":          {"1", []string{"|0=1"}},
		"left open":             {"[ { a=1", []string{"#|0=a", "|0=1"}},
		"closed twice":          {"{ a=1 } } } { a=2", []string{"#|0=a", "|0=1", "|0=2"}},
	} {
		if diff := cmp.Diff(c.want, build(t, c.steps)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A long list of values is a column, whatever stands around it.
func TestLongList(t *testing.T) {
	got := build(t, "{ name=x no[ "+strings.Repeat("1 ", 3*longList)+"} }")
	if len(got) != 3*longList+3 || got[0] != "#|0=no" || got[2] != "|0=1" || got[len(got)-1] != "|1=x" {
		t.Errorf("%d rows: %q … %q", len(got), got[:3], got[len(got)-2:])
	}
}

// What is kept does not grow with a record, and no value is lost.
func TestBounds(t *testing.T) {
	out := &taker{}
	b := New(&grid.Writer{Out: out, Max: 1 << 20}, "")
	if err := b.Open(nil, false); err != nil {
		t.Fatal(err)
	}
	const n = 3 * maxNodes
	for i := range n {
		if err := b.Value(fmt.Appendf(nil, "k%d", i), fmt.Appendf(nil, "v%d", i)); err != nil {
			t.Fatal(err)
		}
		if len(b.cells) > maxCells || len(b.nodes) > maxNodes {
			t.Fatalf("%d cells, %d nodes are kept", len(b.cells), len(b.nodes))
		}
	}
	for range 2 * maxDepth {
		if err := b.Open([]byte("x"), false); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.End(); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, line := range out.lines {
		for cell := range strings.SplitSeq(line, "|") {
			found[cell[strings.LastIndexAny(cell, "= ")+1:]] = true
		}
	}
	for i := range n {
		if !found[fmt.Sprintf("v%d", i)] {
			t.Fatalf("value %d is lost", i)
		}
	}
}

// Pairs of labels and values begin another record where a label comes again.
func TestPairs(t *testing.T) {
	out := &taker{}
	b := New(&grid.Writer{Out: out, Max: 1 << 20}, "")
	for _, p := range []string{"name=x", "no=1", "name=y", "no=2"} {
		key, value, _ := strings.Cut(p, "=")
		if err := b.Pair([]byte(key), []byte(value)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.End(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"#|0=name|1=no", "|0=x|1=1", "|0=y|1=2"}, out.lines); diff != "" {
		t.Error(diff)
	}
}
