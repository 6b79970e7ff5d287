package engine_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

// A format reads more siblings than are held open at a time, back and forth; all
// of it counts as read of the file. What is no name in the folder is not there.
func TestSiblings(t *testing.T) {
	files := map[string][]byte{"dir/main": []byte("main")}
	names := []string{"a", "b", "c", "d", "e"}
	for _, name := range names {
		files["dir/"+name] = []byte(strings.Repeat(name, 200_000)) // more than is fetched by a first read
	}
	total := int64(len(names) * 200_000)
	src := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: files}}
	asked := 0
	volumes := scan.Format{Name: "volumes", Match: func(f *scan.File) bool { return f.Size() == 4 }}
	volumes.Open = func(_ context.Context, f *scan.File) (scan.Document, error) {
		asked++
		for _, bad := range []string{"", "none", "../dir/a", `..\dir\a`} {
			if _, err := f.Sibling(bad); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("Sibling(%q): %v, want fs.ErrNotExist", bad, err)
			}
		}
		for off := range int64(2) {
			for _, name := range names {
				r, err := f.Sibling(name)
				if err != nil {
					t.Fatal(err)
				}
				b, err := io.ReadAll(io.NewSectionReader(r, off*100_000, 100_000))
				if err != nil || string(b) != strings.Repeat(name, 100_000) {
					t.Errorf("sibling %s: %d bytes, %v", name, len(b), err)
				}
			}
		}
		return nil, scan.ErrUnsupported
	}
	store := newShelf()
	cfg := config(src, store)
	cfg.Formats = []scan.Format{volumes}
	mustRun(t, cfg)
	if asked != 1 {
		t.Errorf("the format was asked %d times", asked)
	}
	if n := store.results["dir/main"].Bytes; n < total+4 {
		t.Errorf("%d bytes count as read, want %d at least", n, total+4)
	}

	// A set that lacks a volume is looked at again when it may have come.
	volumes.Open = func(context.Context, *scan.File) (scan.Document, error) { asked++; return nil, scan.ErrIncomplete }
	cfg.Formats = []scan.Format{volumes}
	cfg.Store = newShelf()
	for range 2 {
		mustRun(t, cfg)
	}
	if asked != 3 {
		t.Errorf("the format was asked %d times, want 3", asked)
	}
}
