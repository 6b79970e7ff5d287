package report

import "testing"

// Parsers' words become a reader's words; what nobody has thought of stays.
func TestDetail(t *testing.T) {
	w := wordsIn("ja")
	for text, want := range map[string]string{
		"pdf: file breaks off: damaged":                                    "途中で切れている",
		"7z: the header lies in another volume: other volumes are missing": "分割書庫の他の巻がない",
		"lzh: method -lh9-: not supported":                                 "対応していない圧縮方式",
		`repeated cells were not all counted: limit "cell" reached`:        w.text("limit.cell"),
		"image/x-icon: not supported":                                      "形式を判別できない image/x-icon",
		"something new: not supported":                                     "something new",
		"":                                                                 "",
	} {
		if got := w.detail(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
