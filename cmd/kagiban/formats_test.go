package main

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan/format"
)

var update = flag.Bool("update", false, "write the table of formats into the README")

// TestReadmeListsTheFormats keeps the README's table the one that kagiban
// formats prints, and every format described.
func TestReadmeListsTheFormats(t *testing.T) {
	abouts := format.Abouts()
	for _, f := range format.List() {
		if abouts[f.Name].Names == "" {
			t.Errorf("format %s is not described in scan/format/about.go", f.Name)
		}
		delete(abouts, f.Name)
	}
	for name := range abouts {
		t.Errorf("scan/format/about.go describes %s, which is no format", name)
	}
	const path, begin, end = "../../README.md", "<!-- formats -->\n", "<!-- /formats -->"
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(readme), begin)
	have, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("README has no marks for the table of formats")
	}
	if have == markdownFormats() {
		return
	}
	if !*update {
		t.Fatal("the table of formats in README is not that of kagiban formats; run go test ./cmd/kagiban -run Readme -update")
	}
	if err := os.WriteFile(path, []byte(before+begin+markdownFormats()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
