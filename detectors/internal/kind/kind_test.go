package kind

import (
	"testing"

	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// TestPensionWords checks the examples that the headings of the number carry.
func TestPensionWords(t *testing.T) {
	v := vocab.New(Pension(), vocab.Own{})
	for _, f := range Pension().Fields {
		if len(f.Yes) == 0 || len(f.No) == 0 {
			t.Errorf("%q has no examples of headings", f.Headings[0])
		}
		for _, h := range f.Yes {
			if r, _ := v.Role(vocab.Fold(h)); r != f.Role {
				t.Errorf("heading %q is of role %d, want %d", h, r, f.Role)
			}
		}
		for _, h := range f.No {
			if ok, _ := f.Matches(vocab.Fold(h)); ok {
				t.Errorf("heading %q is taken for %q", h, f.Headings[0])
			}
		}
	}
}

// TestPensionHints checks that the first look at a line misses no label and no
// heading.
func TestPensionHints(t *testing.T) {
	v := vocab.New(Pension(), vocab.Own{})
	for _, label := range Pension().Labels {
		if !v.Speaks([]byte(label)) {
			t.Errorf("label %q has no hint", label)
		}
	}
}

// TestRules checks the examples of my number.
func TestRules(t *testing.T) {
	for _, r := range []Rule{MyNumber()} {
		ready, err := r.Compile()
		if err != nil {
			t.Fatalf("%s: %v", r.Name, err)
		}
		for i, text := range r.Match {
			if !ready.Matches(text) {
				t.Errorf("%s: match: example %d does not match", r.Name, i+1)
			}
		}
		for i, text := range r.NoMatch {
			if ready.Matches(text) {
				t.Errorf("%s: no-match: example %d matches", r.Name, i+1)
			}
		}
	}
}

func TestCompile(t *testing.T) {
	good := Rule{Name: "member", Pattern: "K[0-9]{5}", Headings: []string{"会員証"}, StopWords: []string{"再発行"}, Match: []string{"K12345"}, NoMatch: []string{"K1234"}}
	m, err := good.Compile()
	if err != nil {
		t.Fatal(err)
	}
	for heading, want := range map[string]bool{"会員証": true, "会員証 再発行": false, "会員": false} {
		if m.heads([]byte(heading)) != want {
			t.Errorf("heads(%q) = %v", heading, !want)
		}
	}
	for name, change := range map[string]func(*Rule){
		"pattern":     func(r *Rule) { r.Pattern = "(" },
		"no pattern":  func(r *Rule) { r.Pattern = "" },
		"no headings": func(r *Rule) { r.Headings = []string{"－"} },
		"no examples": func(r *Rule) { r.Match = nil },
		"match":       func(r *Rule) { r.Match = []string{"x"} },
		"no match":    func(r *Rule) { r.NoMatch = []string{"K54321"} },
	} {
		bad := good
		change(&bad)
		if _, err := bad.Compile(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// noHeadings is a table without headings.
type noHeadings struct{}

func (noHeadings) Heading(int) (string, bool) { return "", true }

// TestManyColumns has more columns of a declared number than one judgement holds.
func TestManyColumns(t *testing.T) {
	m, err := MyNumber().Compile()
	if err != nil {
		t.Fatal(err)
	}
	const columns = observed.MaxColumns + 50
	var r scan.Row
	for col := range 2 * columns {
		text := "個人番号"
		if col%2 == 1 {
			text = "123456789018"
		}
		r.Cells = append(r.Cells, scan.Cell{Col: col, Text: []byte(text)})
	}
	var f scan.Findings
	cs := NewColumns([]Matcher{m}, scan.Subject{Persons: scan.NewPersons(), MaxHits: 3}, &f, func(string) uint64 { return 1 })
	const turns = mostWaits/columns + 2
	for n := range turns {
		r.N = n + 1
		if err := cs.Row(&r, r.N, noHeadings{}); err != nil {
			t.Fatal(err)
		}
		if cs.waits > mostWaits {
			t.Fatalf("%d numbers wait", cs.waits)
		}
	}
	if err := cs.Finish("", func(int) string { return "" }, func(scan.Hit) {}); err != nil || f.High.Detectors["my-number"] != turns*columns {
		t.Errorf("%d of %d, %v", f.High.Detectors["my-number"], turns*columns, err)
	}
}
