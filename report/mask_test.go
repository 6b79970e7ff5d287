package report

import "testing"

func TestMaskName(t *testing.T) {
	for in, want := range map[string]string{
		"総務/山田_1234-567890.xlsx":  "総務/山田_1234-****90.xlsx",
		"1234567890/名簿.csv":       "1234****90/名簿.csv",
		"１２３４－５６７８９０.xlsx":        "１２３４－****９０.xlsx",
		"1234-567890-1150.pdf":    "1234-****90-1150.pdf",
		"20250131123456.log":      "20250131123456.log",
		"list 2025-01-31.csv":     "list 2025-01-31.csv",
		"1234 567890と2345_678901": "1234 ****90と2345_****01",
	} {
		if got := MaskName(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
