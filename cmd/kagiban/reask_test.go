package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
)

// TestReasking says which files are read again where restricted access counts:
// those with findings on servers, also where they were moved to.
func TestReasking(t *testing.T) {
	ctx := t.Context()
	db, err := state.Open(ctx, filepath.Join(t.TempDir(), "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	file := func(target, path string, id uint64, found int64) *scan.Result {
		return &scan.Result{
			Entry: scan.Entry{Target: target, Path: path, Size: 1, ModTime: at, ChangeTime: at, ID: id}, Revision: "r", Scanned: at,
			Items: []scan.Item{{Format: "text", Protection: scan.Protection{Verdict: scan.VerdictNone}}}, Distinct: scan.Distinct{High: found},
		}
	}
	first, err := db.Begin(ctx, "test")
	if err != nil {
		t.Fatal(err)
	}
	err = first.Save(ctx, []*scan.Result{
		file("smb://fs/data", "found.csv", 1, 3), file("smb://fs/data", "old/moved.csv", 2, 3), file("smb://fs/data", "clean.csv", 3, 0), file("/srv", "found.csv", 0, 3),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := first.End(ctx); err != nil {
		t.Fatal(err)
	}
	run, err := db.Begin(ctx, "test")
	if err != nil {
		t.Fatal(err)
	}
	asking, err := reask(ctx, db, run)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := asking.(scan.Bookmarker); !ok {
		t.Error("it does not go on where a walk stopped")
	}
	current := func(revision string) bool { return revision == "r" }
	for _, c := range []struct {
		file         *scan.Result
		plain, asked bool
	}{
		{file("smb://fs/data", "found.csv", 1, 0), true, false},
		{file("smb://fs/data", "new/moved.csv", 2, 0), true, false},
		{file("smb://fs/data", "clean.csv", 3, 0), true, true},
		{file("smb://fs/data", "new.csv", 4, 0), false, false},
		{file("/srv", "found.csv", 0, 0), true, true}, // nobody tells who can read it
	} {
		plain, err := run.Unchanged(ctx, c.file.Entry, current)
		if err != nil {
			t.Fatal(err)
		}
		asked, err := asking.Unchanged(ctx, c.file.Entry, current)
		if err != nil {
			t.Fatal(err)
		}
		if plain != c.plain || asked != c.asked {
			t.Errorf("%s/%s is kept: %t, and %t where access counts; want %t and %t", c.file.Entry.Target, c.file.Entry.Path, plain, asked, c.plain, c.asked)
		}
	}
	if err := run.End(ctx); err != nil {
		t.Fatal(err)
	}
}
