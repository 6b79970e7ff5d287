package storekit

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A file whose folder was moved keeps result, history and persons, and is not
// read again. Whatever differs has it read.
func movedFile(t *testing.T, open Opener) {
	db := open(t, "one")
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	was := Found("旧/名簿.csv", at, []uint64{1, 2, 3}, nil)
	was.Entry.ID, was.Entry.ChangeTime, was.Revision = 1<<63+7, at, "r"
	run := begin(t, db)
	if err := errors.Join(run.Save(t.Context(), []scan.Outcome{was}, nil), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	run = begin(t, db)
	moved := was.Entry
	moved.Path = "新/所/名簿.csv"
	for name, change := range map[string]func(*scan.Entry){
		"as it was": func(*scan.Entry) {},
		"identity":  func(e *scan.Entry) { e.ID++ },
		"no id":     func(e *scan.Entry) { e.ID = 0 },
		"size":      func(e *scan.Entry) { e.Size++ },
		"saved":     func(e *scan.Entry) { e.ModTime = at.Add(1e6) },
		"changed":   func(e *scan.Entry) { e.ChangeTime = at.Add(1e6) },
		"no change": func(e *scan.Entry) { e.ChangeTime = time.Time{} },
		"renamed":   func(e *scan.Entry) { e.Path = "新/所/名簿.txt" },
		"elsewhere": func(e *scan.Entry) { e.Target = "u" },
	} {
		e := moved
		change(&e)
		for revision, holds := range map[string]bool{"r": true, "s": false} {
			got, err := run.Known(t.Context(), e, func(r string) bool { return r == revision })
			if err != nil || (got == scan.RefreshAccess) != (holds && name == "as it was") {
				t.Errorf("%s, revision %s: Known = %v, %v", name, revision, got, err)
			}
		}
	}
	stranger := moved
	stranger.Path, stranger.ID = "何処/名簿.csv", 99
	batch := []scan.Outcome{&scan.Kept{Entry: moved}, &scan.Kept{Entry: stranger}}
	if err := errors.Join(run.Save(t.Context(), batch, nil), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	got := list(t, db, scan.Present)
	if len(got) != 2 || got[1].Entry.Path != moved.Path || !got[1].History.FirstFound.Equal(at) || got[1].Distinct != was.Distinct {
		t.Fatalf("present: %+v", got)
	}
	// One whose former result went in the meantime is not passed over.
	if lost := got[0]; lost.Entry.Path != stranger.Path || len(lost.Items[0].Problems) != 1 {
		t.Errorf("a file without a result: %+v", lost)
	}
	if gone := list(t, db, scan.Gone); len(gone) != 0 {
		t.Errorf("gone, which counts as put right: %+v", gone)
	}
	n, err := db.Distinct(t.Context(), func(yield func(scan.GroupMember, error) bool) {
		yield(scan.GroupMember{Group: "g", File: got[1].ID}, nil)
	})
	if err != nil || n["g"].N != 3 {
		t.Errorf("persons of the moved file: %v, %v", n, err)
	}
}

// A finding that was renamed is neither gone, which would count as put right,
// nor new. Another file under the same number is.
func renamedFileKeepsItsHistory(t *testing.T, open Opener) {
	first := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	later := first.Add(24 * time.Hour)
	for _, tt := range []struct {
		name   string
		change func(*scan.Result)
		gone   string
		found  time.Time
	}{
		{"renamed", func(*scan.Result) {}, "", first},
		{"renamed and now with a password", func(r *scan.Result) { r.Distinct, r.Hashes = scan.Distinct{}, nil }, "", first},
		{"its number given to another file", func(r *scan.Result) { r.Entry.Size++ }, "旧.csv", later},
		{"renamed and saved", func(r *scan.Result) { r.Entry.ModTime = later }, "旧.csv", later},
		{"a server without numbers", func(r *scan.Result) { r.Entry.ID = 0 }, "旧.csv", later},
		{"on another target", func(r *scan.Result) { r.Entry.Target = "u" }, "旧.csv", later},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := open(t, "one")
			was, other := Found("旧.csv", first, []uint64{1, 2}, nil), Found("他.csv", first, nil, nil)
			was.Entry.ID, was.Entry.ChangeTime, other.Entry.ID = 7, first, 8
			run := begin(t, db)
			if err := errors.Join(run.Save(t.Context(), []scan.Outcome{was, other}, nil), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
				t.Fatal(err)
			}
			now := Found("新.csv", later, []uint64{1, 2}, nil)
			now.Entry = was.Entry
			now.Entry.Path, now.Entry.ChangeTime = "新.csv", later
			tt.change(now)
			run = begin(t, db)
			if known, err := run.Known(t.Context(), now.Entry, func(string) bool { return true }); known != scan.ReuseNone || err != nil {
				t.Errorf("Known of a file that was renamed, and may have been edited = %v, %v", known, err)
			}
			if err := errors.Join(run.Save(t.Context(), []scan.Outcome{now, &scan.Kept{Entry: other.Entry}}, nil), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
				t.Fatal(err)
			}
			var gone []string
			for _, r := range list(t, db, scan.Gone) {
				gone = append(gone, r.Entry.Path)
			}
			slices.Sort(gone) // they come by folder
			if got := strings.Join(gone, ","); got != tt.gone {
				t.Errorf("gone are %q, want %q", got, tt.gone)
			}
			for _, r := range list(t, db, scan.Present) {
				if r.Entry.Path == "新.csv" && !r.History.FirstFound.Equal(tt.found) {
					t.Errorf("first found %v, want %v", r.History.FirstFound, tt.found)
				}
			}
		})
	}
}

// Two paths of one file that are both met are two files.
func hardLinksStay(t *testing.T, open Opener) {
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	db := open(t, "one")
	a, b := Found("a", at, []uint64{1}, nil), Found("b", at, []uint64{1}, nil)
	a.Entry.ID, b.Entry.ID = 7, 7
	for range 2 {
		run := begin(t, db)
		if err := errors.Join(run.Save(t.Context(), []scan.Outcome{a, b}, nil), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	if got := list(t, db, scan.Present); len(got) != 2 {
		t.Errorf("%d files present, want 2", len(got))
	}
}

// What lies below a folder that could not be listed is not gone, whatever else
// is. Its neighbours by name are no part of it.
func unlistedFolderKeepsItsFiles(t *testing.T, open Opener) {
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	before := []string{"a", "部", "部 2/x", "部!/x", "部/1", "部/2/3", "部/￿", "部.txt", "部0", "部署/1"}
	for _, tt := range []struct {
		name, gap, rule string
		gone            string
	}{
		{"folder", "部", "", "a,部 2/x,部!/x,部.txt,部0,部署/1"},
		{"folder left out by a rule", "部", scan.RuleLoop, "a,部 2/x,部!/x,部.txt,部/1,部/2/3,部/￿,部0,部署/1"},
		{"folder in a folder", "部/2", "", "a,部,部 2/x,部!/x,部.txt,部/1,部/￿,部0,部署/1"},
		{"the rest of the target itself", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := open(t, "one")
			run := begin(t, db)
			for _, p := range before {
				if err := run.Save(t.Context(), []scan.Outcome{Found(p, at, nil, nil)}, nil); err != nil {
					t.Fatal(err)
				}
			}
			if err := errors.Join(run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
				t.Fatal(err)
			}
			run = begin(t, db)
			gap := Found(tt.gap, at, nil, nil)
			gap.Entry.Folder, gap.Skipped = true, tt.rule
			if err := errors.Join(run.Save(t.Context(), []scan.Outcome{gap}, nil), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
				t.Fatal(err)
			}
			var gone []string
			for _, r := range list(t, db, scan.Gone) {
				gone = append(gone, r.Entry.Path)
			}
			slices.Sort(gone) // they come by folder
			if got := strings.Join(gone, ","); got != tt.gone {
				t.Errorf("gone are %q, want %q", got, tt.gone)
			}
		})
	}
}
