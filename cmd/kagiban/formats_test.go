package main

import (
	"flag"
	"testing"

	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/kagiban/kagiban/report/messages"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

var update = flag.Bool("update", false, "write the table of formats into the topic of formats")

// TestManualListsTheFormats keeps the manual's table the one that kagiban
// formats prints, and every format described.
func TestManualListsTheFormats(t *testing.T) {
	for _, f := range format.List() {
		if f.About.Names == "" || f.About.Verdict == "" || f.About.Content == "" {
			t.Errorf("format %s is not described", f.Name)
		}
	}
	for _, lang := range messages.Languages() {
		scantest.ManualTable(t, "help/"+lang+"/formats.md", "formats", markdownFormats(words.In(lang)), *update)
	} // go test ./cmd/kagiban -run Manual -update
}
