package scan_test

import (
	"testing"

	"github.com/kagiban/kagiban/scan"
)

func TestRecycleBinOf(t *testing.T) {
	for path, want := range map[string]string{
		"":                                  "",
		"a.txt":                             "",
		"#recycle":                          "", // a file of that name
		"#recycle/a.txt":                    "#recycle",
		"総務/$Recycle.Bin/S-1-5-21/$R1.xlsx": "総務/$Recycle.Bin",
		"総務/.recycle/佐藤/.Trash-1000/a.txt": "総務/.recycle",
		".Trash-1000/files/a.txt":          ".Trash-1000",
		"部/ごみ箱/名簿.xlsx":                    "部/ごみ箱",
		"recycle/a.txt":                    "", // the goods of a recycling yard
		"リサイクル/a.txt":                      "",
		".Trash-/a.txt":                    "",
		"x#recycle/a.txt":                  "",
		"//#recycle/a.txt":                 "//#recycle",
	} {
		if got := scan.RecycleBinOf(path); got != want {
			t.Errorf("RecycleBinOf(%q) = %q, want %q", path, got, want)
		}
	}
}
