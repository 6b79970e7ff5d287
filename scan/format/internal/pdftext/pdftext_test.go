package pdftext

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLexer(t *testing.T) {
	l := lexer{data: []byte("% a comment\n/F#31 -1.5 (a\\(b\\)\\101\\\n(c)) Tj <</K 1>> [<3 4>-20(x)] TJ BI /W 1 ID \x00 EIx EI\nQ")}
	want := []any{name("F1"), -1.5, "a(b)A(c)", operator("Tj"), nil, name("K"), 1.0, nil, array{"4", -20.0, "x"}, operator("TJ"), operator("BI")}
	var got []any
	for len(got) < len(want) {
		v, ok := l.next(0)
		if !ok {
			break
		}
		got = append(got, v)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	l.inlineImage()
	if v, ok := l.next(0); v != operator("Q") || !ok {
		t.Errorf("behind the picture stands %v, want Q", v)
	}
}

func TestCMap(t *testing.T) {
	m := parseCMap([]byte(`1 begincodespacerange <00> <7F> endcodespacerange 1 begincodespacerange <8140> <FEFE> endcodespacerange
1 beginbfchar <41> <5C71> endbfchar
2 beginbfrange <30> <39> <0030> <8140> <8141> [<D83DDE00> <0042>] endbfrange`))
	for code, want := range map[string]string{"A": "山", "5": "5", "\x81\x40": "😀", "\x81\x41": "B"} {
		if got, ok := m.lookup(codeOf(code)); got != want || !ok {
			t.Errorf("code %x is %q, want %q", code, got, want)
		}
		if n := m.length(code + "A"); n != len(code) {
			t.Errorf("code %x takes %d bytes", code, n)
		}
	}
	if s, ok := m.lookup(0x99); ok {
		t.Errorf("a code that is not there is %q", s)
	}
}

func TestLines(t *testing.T) {
	at := func(text string, x, y float64, moved bool) run {
		return run{text: text, x: x, y: y, endX: x + 5*float64(len(text)), endY: y, size: 10, moved: moved}
	}
	p := &page{runs: []run{
		at("678", 100, 700, true), at("12", 10, 700.5, true), at("345", 20, 699.8, true), // pieces, out of order
		at("bold", 10, 600, true), at("bold", 10.2, 600, true), // drawn twice
		at("a", 10, 500, true), at("b", 18, 500, false), // a gap without a space
		at("No", 10, 400, true), at("1", 50, 400, true), at("2", 70, 400, true), at("3", 90, 400, true), at("4", 110, 400, true),
		at("-", 125, 400, true), at("5", 140, 400, true), at("6", 160, 400, true), at("x", 200, 400, true), // a number in boxes
		at("1", 10, 300, true), at("2", 60, 300, true), at("3", 110, 300, true), at("4", 160, 300, true), // columns of a table
		{text: "up", x: 300, y: 100, endX: 300, endY: 120, size: 10},
	}}
	want := [][]string{{"12345", "678"}, {"bold"}, {"a b"}, {"No", "1234-56", "x"}, {"1", "2", "3", "4"}, {"up"}}
	if diff := cmp.Diff(want, p.lines()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// FuzzContent looks for panics in what has no structure of pdfcpu around it.
func FuzzContent(f *testing.F) {
	f.Add([]byte("BT /F1 12 Tf (x) Tj [(y) -3] TJ ET BI ID EI q 1 0 0 1 2 3 cm Q"))
	f.Add([]byte("1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <00> <FF> <0041> endbfrange"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := &page{document: &document{fonts: &fonts{}}}
		p.ctx = t.Context()
		p.run(data, nil, identity(), 0)
		p.lines()
		parseCMap(data).lookup(65)
	})
}
