package jsontext

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/records"
	"github.com/kagiban/kagiban/scan/scantest"
)

func rows(t *testing.T, text string, log bool) []string {
	t.Helper()
	var all [2][]string
	for i := range all {
		out := &scantest.RowTaker{}
		b := records.New(&grid.Writer{Out: out, Max: 1 << 20}, "")
		r := iotest.HalfReader(strings.NewReader(text))
		if i == 1 {
			r = iotest.OneByteReader(strings.NewReader(text))
		}
		read := Read
		if log {
			read = ReadLog
		}
		if _, err := read(r, 1<<20, b); err != nil {
			t.Fatal(err)
		}
		all[i] = out.Rows
	}
	if diff := cmp.Diff(all[0], all[1]); diff != "" {
		t.Errorf("%s: read byte by byte it is another text:\n%s", text, diff)
	}
	return all[0]
}

func TestTexts(t *testing.T) {
	for text, want := range map[string][]string{
		`[{"a":1,"b":"x y"},{"a":2,"b":null}]`:            {"#|a|b", "|1|x y", "|2"},
		"{\"a\":1}\n{\"a\":2}\n":                          {"#|a", "|1", "|2"},
		`{"a":"\u6c34\ud842\udfb7 \"q\" \\ \/"}`:          {"#|a", `|水𠮷 "q" \ /`},
		`{a:1, 'b':'it is', c: +.5e3, /* x */ d:[1,2,],}`: {"|x", "#|a|b|c|d|d", "|1|it is|+.5e3|1|2"},
		`var rows = [{"a":1}]; var other = {"b":2};`:      {"|var rows ", "#|a", "|1", "|var other ", "#|b", "|2"},
		`callback([{"a":1}]);`:                            {"|callback ", "#|a", "|1"},
		`[{'a': 'x', 'b': None}]`:                         {"#|a|b", "|x|None"},
		`{"a"=>"x", :b=>"y"}`:                             {"#|a|b", "|x|y"},
		`{"a":{"b":{"c":1}},"d":2}`:                       {"#|a/b/c|d", "|1|2"},
		`{"a":"never closed, "b":1}`:                      {"#|a", `|never closed,  b ":1}"`},
		`{"a":1,"b":[{"c":2}`:                             {"#|a|b/c", "|1|2"},
		`[{"a":1}}, {"a":2}]]] rest`:                      {"#|a", "|1", "|2", "|rest "},
		`{"a":"{\"b\":1,\"c\":\"x\"}","d":"{no json}"}`:   {"#|a/b|a/c|d", "|1|x|{no json}"},
		`{"a":"http://example.jp/x","b":"12:30"}`:         {"#|a|b", "|http://example.jp/x|12:30"},
	} {
		if diff := cmp.Diff(want, rows(t, text, false)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestLogs(t *testing.T) {
	text := "[2024-05-01] INFO: update {\"id\":1,\"p\":{\"no\":\"x\"}} done\nplain line\n[2024-05-01] INFO: update {\"id\":2,\"p\":{\"no\":\"y\"}}\n"
	want := []string{"|[2024-05-01] INFO: update ", "#|id|p/no", "|1|x", "|done ", "|plain line", "|[2024-05-01] INFO: update ", "|2|y"}
	if diff := cmp.Diff(want, rows(t, text, true)); diff != "" {
		t.Error(diff)
	}
}

// Named arguments of a call are a record too.
func TestCalls(t *testing.T) {
	text := "Employee.create!(name: 'a b', no: '1')\nx Foo(name=c d, no=2) y\n"
	want := []string{"|Employee.create!", "#|name|no", "|a b|1", "|x Foo", "|c d|2", "|y "}
	if diff := cmp.Diff(want, rows(t, text, true)); diff != "" {
		t.Error(diff)
	}
	for line, want := range map[string]bool{"f(a, b)": false, "if (x == 1) {": false, "f(name: x)": false, "f(name=x)": false, "-d '{\"a\":1}' x": true, "f(name=x, b=1)": true, "for (i=0; i<3; i++)": false} {
		if got := IsLog([]byte(line + "\n")); got != want {
			t.Errorf("IsLog(%q) = %v", line, got)
		}
	}
}

func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		`{"a":1}`: true, `[{"a":1},`: true, "{\n  \"a\": [\n    {\"b\": ": true, `["a","b"]`: true, `[1, 2, 3]`: true, `var x = [{a:1}];`: true,
		`export default {"a":"b"}`: true, `{a:1,b:2}`: true, "{\"a\":1}\n{\"a\":2}": true, `[]`: true,
		"[section]\nkey=value\n": false, "[2024-05-01 10:00] started": false, "[1] a footnote": false, "{\\rtf1 x}": false, "function f() { return {a:1} }": false,
		"if (x) { y(); }": false, "a,b\n1,2\n": false, "{ curly words of prose }": false, "[note] see {below}": false, "#!/bin/sh\nx={}\n": false,
		"body { color: red; }": false, "": false, "{% for x in y %}": false, "!function(e){e={a:1}}": false,
	} {
		if got := Is([]byte(text)); got != want {
			t.Errorf("Is(%q) = %v", text, got)
		}
	}
}

// Whatever the standard library writes comes out value by value.
func TestLikeStandardLibrary(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		var want []string
		n := 0
		var make func(depth int) any
		make = func(depth int) any {
			switch r.IntN(4 + min(depth, 3)) {
			case 0:
				m := map[string]any{}
				for range r.IntN(4) {
					n++
					m[fmt.Sprintf("k%d \"x\"", n)] = make(depth + 1)
				}
				return m
			case 1:
				var l []any
				for range r.IntN(4) {
					l = append(l, make(depth+1))
				}
				return l
			}
			n++
			v := fmt.Sprintf("v%d\\ \"<水>\n", n)
			want = append(want, v)
			return v
		}
		text, err := json.Marshal(map[string]any{"root": make(0)})
		if err != nil {
			t.Fatal(err)
		}
		if !Is(text) {
			t.Errorf("%s is none", text)
		}
		all := strings.Join(rows(t, string(text), false), "|") + "|"
		for _, v := range want {
			if !strings.Contains(all, "|"+strings.TrimSpace(v)) {
				t.Fatalf("document %d: %q is missing in %s", i, v, text)
			}
		}
	}
}
