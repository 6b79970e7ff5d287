package xlsx

import "testing"

func TestJoin(t *testing.T) {
	cells := map[int]string{0: "4123", 1: "56", 2: "山田"}
	for text, want := range map[string]string{
		`"4123"&"-"&"000056"`: "4123-000056", `A2&"-"&TEXT(B2,"000000")`: "4123-000056", `CONCATENATE(A2,"-",$B$2)`: "4123-56", `= C2 & " 様"`: "山田 様",
		`"a""b"`: `a"b`, `"x"&1.5`: "x1.5", `_xlfn.CONCAT(A2,C2)`: "4123山田",
	} {
		j := join{rest: text, row: 2, cell: func(col int) (string, bool) { return cells[col], true }}
		if len(text) > 0 && text[0] == '=' {
			j.rest = text[1:]
		}
		if got, ok := j.all(); !ok || got != want || !j.literal {
			t.Errorf("%s: %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{`SUM(A2:B2)`, `A3&"-"&B3`, `A2&SUM(B2)`, `Sheet2!A2&"x"`, `"never`, `A2:B2`, `IF(A2="x",1,2)`, `A2&`, ``} {
		j := join{rest: text, row: 2, cell: func(col int) (string, bool) { return cells[col], true }}
		if got, ok := j.all(); ok {
			t.Errorf("%s: %q", text, got)
		}
	}
	for text, want := range map[string]bool{`A3&"-"&B3`: true, `Sheet2!A2&Sheet2!B2`: true, `A3&" "&B3&"様"`: false, `SUM(A1:A3)`: false, `CONCAT(A3:B3)`: true} {
		if got := joins(text); got != want {
			t.Errorf("joins(%s) = %v", text, got)
		}
	}
}
