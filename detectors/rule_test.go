package detectors

import (
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan/scantest"
)

// TestRulesAreOff checks that no further detector is on unless it is asked for.
func TestRulesAreOff(t *testing.T) {
	if len(New(nil).declared) != 0 {
		t.Error("a detector without options looks for further numbers")
	}
}

func TestMyNumberInTables(t *testing.T) {
	d, err := Options{Enable: []string{"my-number"}}.New([]byte("k"))
	if err != nil {
		t.Fatal(err)
	}
	if d.Revision() == New([]byte("k")).Revision() {
		t.Error("two sets of rules, one revision")
	}
	for _, c := range []struct {
		name  string
		lines [][]string
		want  int64
	}{
		{"column", [][]string{{"氏名", "個人番号"}, {"山田 太郎", "123456789018"}, {"鈴木 花子", "1234-5678-9018"}}, 2},
		{"label to the left", [][]string{{"個人番号", "123456789018"}}, 1},
		{"line", [][]string{{"山田様のマイナンバーは123456789018です"}}, 1},
		{"check digit", [][]string{{"氏名", "個人番号"}, {"山田 太郎", "123456789012"}}, 0},
		{"no label", [][]string{{"氏名", "番号"}, {"山田 太郎", "123456789018"}}, 0},
		{"other label", [][]string{{"会社", "法人番号"}, {"架空商事", "123456789018"}}, 0},
	} {
		got := scantest.Examine(t, d, "a.csv", rows("", c.lines), 3)
		if n := got.Findings.High.Detectors["my-number"]; n != c.want || got.Findings.High.Records != c.want {
			t.Errorf("%s: %d records, want %d", c.name, n, c.want)
		}
		for _, h := range got.Findings.Hits {
			if strings.Contains(h.Masked, "1234") {
				t.Errorf("%s: a sample shows too much", c.name)
			}
		}
	}
}
