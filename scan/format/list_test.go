package format_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

const fixtures = "../../testdata/formats"

// TestMain lets the tests have workers for isolated formats.
func TestMain(m *testing.M) { os.Exit(scantest.Main(m, format.List())) }

func TestFormats(t *testing.T) { scantest.Format(t, format.List(), fixtures) }

// Each format has fixtures, each folder of fixtures a format, each file of a
// folder an entry in its manifest.
func TestFixturesMatchList(t *testing.T) {
	known := map[string]bool{}
	for _, f := range format.List() {
		if known[f.Name] {
			t.Errorf("format %s is listed twice", f.Name)
		}
		known[f.Name] = true
		if _, err := os.Stat(filepath.Join(fixtures, f.Name, "manifest.json")); err != nil {
			t.Errorf("format %s has no fixtures: %v", f.Name, err)
		}
	}
	folders, err := os.ReadDir(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		if !known[folder.Name()] {
			t.Errorf("fixtures for %s, which is no format of the list", folder.Name())
			continue
		}
		listed := map[string]bool{"manifest.json": true}
		for _, fx := range scantest.Fixtures(t, filepath.Join(fixtures, folder.Name())) {
			listed[fx.Name], listed[fx.Table] = true, true
			for _, name := range fx.Beside {
				listed[name] = true
			}
		}
		files, err := os.ReadDir(filepath.Join(fixtures, folder.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !listed[file.Name()] {
				t.Errorf("%s/%s is in no manifest", folder.Name(), file.Name())
			}
		}
	}
}
