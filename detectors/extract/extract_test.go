package extract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
)

func feed(t *testing.T, x *Extractor, text string) {
	t.Helper()
	e := x.Begin(scan.Subject{Persons: scan.NewPersons()})
	n := 0
	for line := range strings.Lines(text) {
		n++
		row := scan.Row{N: n}
		for col, cell := range strings.Split(strings.TrimRight(line, "\n"), ",") {
			if cell != "" {
				row.Cells = append(row.Cells, scan.Cell{Col: col, Text: []byte(cell)})
			}
		}
		if err := e.Row(row); err != nil {
			t.Fatal(err)
		}
		for _, c := range row.Cells { // rows are valid until Row returns
			for i := range c.Text {
				c.Text[i] = 'x'
			}
		}
	}
	if f, err := e.Close(); err != nil || f.High.Records+f.Medium.Records+f.Low != 0 {
		t.Errorf("%+v, %v", f, err)
	}
}

// TestExtract takes out those who are asked for, with what stands in their columns,
// and nobody else.
func TestExtract(t *testing.T) {
	key := []byte("k")
	asker := detectors.NewAsker(key)
	wanted := map[uint64]bool{}
	for _, n := range []string{"4123-567801", "0123-567802", "9912-567803"} {
		typed, _ := asker.Ask([]byte(n))
		wanted[typed.Hash] = true
	}
	var got []Person
	x := New(key, func(h uint64) bool { return wanted[h] }, func(p Person) error {
		got = append(got, p)
		return nil
	})
	feed(t, x, `連番,課所符号,一連番号,氏名,氏名カナ,生年月日,住所
1,4123,567801,山田 太郎,ヤマダ タロウ,昭和30年4月1日,沖縄県那覇市泉崎1-2
2,123,567802,佐藤 花子,,,
3,9912,567803,高橋 三郎,,1950/01/02,
4,4123,567809,誰か 他人,,,
`)
	want := []Person{
		{Number: "4123-567801", Names: []string{"山田 太郎", "ヤマダ タロウ"}, Births: []string{"昭和30年4月1日"}, Addresses: []string{"沖縄県那覇市泉崎1-2"}},
		{Number: "0123-567802", Names: []string{"佐藤 花子"}},
		{Number: "9912-567803", Names: []string{"高橋 三郎"}, Births: []string{"1950/01/02"}, Interim: true},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Person{}, "Hash")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, p := range got {
		if !wanted[p.Hash] {
			t.Errorf("%s was not asked for", p.Number)
		}
	}
}
