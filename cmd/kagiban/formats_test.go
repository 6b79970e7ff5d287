package main

import (
	"flag"
	"testing"

	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

var update = flag.Bool("update", false, "write the table of formats into the topic of formats")

// TestManualListsTheFormats keeps the manual's table the one that kagiban
// formats prints, and every format described.
func TestManualListsTheFormats(t *testing.T) {
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
	scantest.ManualTable(t, "help/en/formats.md", "formats", markdownFormats(), *update) // go test ./cmd/kagiban -run Manual -update
}
