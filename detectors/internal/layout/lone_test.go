package layout

import (
	"strings"
	"testing"
)

// TestLoneNames has the facts beside the numbers of persons whose name stands alone
// above their labels, and of others above whom something else stands.
func TestLoneNames(t *testing.T) {
	for name, c := range map[string]struct{ lines, want string }{
		"above":            {"高橋 一郎/基礎年金番号：4120-381746/生年月日：1961-02-03//村田 花江/基礎年金番号：4120-381747/住所：東京都港区芝1-2-3", "3 5"},
		"with respect":     {"■西川様/基礎年金番号　4120-381746/----/■長谷　美代 様/基礎年金番号　4120-381747", "1 1"},
		"a blank line":     {"高橋 一郎//基礎年金番号：4120-381746", "1"},
		"of the next only": {"基礎年金番号：4120-381746/生年月日：1961-02-03//村田 花江/基礎年金番号：4120-381747", "2 1"},
		"within":           {"基礎年金番号：4120-381746/村田 花江/生年月日：1961-02-03", "3"},
		"in cells":         {"高橋 一郎/基礎年金番号|4120-381746/生年月日|1961-02-03", "3"},
		"a title":          {"基本 情報/基礎年金番号：4120-381746/年金加入 記録/基礎年金番号：4120-381747", "0 0"},
		"customers":        {"お客様/基礎年金番号：4120-381746/各位様/基礎年金番号：4120-381747", "0 0"},
		"far above":        {"高橋 一郎///////基礎年金番号：4120-381746", "0"},
	} {
		out := &recorder{}
		table := newTable(out)
		put(t, table, strings.Split(c.lines, "/")...)
		if err := table.Flush(); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, line := range out.lines {
			if _, rest, ok := strings.Cut(line, "beside "); ok {
				beside, _, _ := strings.Cut(rest, ",")
				got = append(got, beside)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: beside the numbers stands %v, want %s (%q)", name, got, c.want, out.lines)
		}
	}
}
