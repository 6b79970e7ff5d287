package state_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
)

// A finding that was renamed is neither gone, which would count as put right,
// nor new. Another file under the same number is.
func TestRenamedFileKeepsItsHistory(t *testing.T) {
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
			db := open(t, filepath.Join(t.TempDir(), "state.db"))
			was, other := found("旧.csv", first, []uint64{1, 2}, nil), found("他.csv", first, nil, nil)
			was.Entry.ID, was.Entry.ChangeTime, other.Entry.ID = 7, first, 8
			run := begin(t, db)
			if err := errors.Join(run.Save(t.Context(), []*scan.Result{was, other}), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
				t.Fatal(err)
			}
			now := found("新.csv", later, []uint64{1, 2}, nil)
			now.Entry = was.Entry
			now.Entry.Path, now.Entry.ChangeTime = "新.csv", later
			tt.change(now)
			run = begin(t, db)
			if known, err := run.Unchanged(t.Context(), now.Entry, func(string) bool { return true }); known != scan.ToExamine || err != nil {
				t.Errorf("Unchanged of a file that was renamed, and may have been edited = %v, %v", known, err)
			}
			other.Kept = true
			if err := errors.Join(run.Save(t.Context(), []*scan.Result{now, other}), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
				t.Fatal(err)
			}
			var gone []string
			for _, r := range list(t, db, state.Gone) {
				gone = append(gone, r.Entry.Path)
			}
			if got := strings.Join(gone, ","); got != tt.gone {
				t.Errorf("gone are %q, want %q", got, tt.gone)
			}
			for _, r := range list(t, db, state.Present) {
				if r.Entry.Path == "新.csv" && !r.History.FirstFound.Equal(tt.found) {
					t.Errorf("first found %v, want %v", r.History.FirstFound, tt.found)
				}
			}
		})
	}
}

// Two paths of one file that are both met are two files.
func TestHardLinksStay(t *testing.T) {
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	db := open(t, filepath.Join(t.TempDir(), "state.db"))
	a, b := found("a", at, []uint64{1}, nil), found("b", at, []uint64{1}, nil)
	a.Entry.ID, b.Entry.ID = 7, 7
	for range 2 {
		run := begin(t, db)
		if err := errors.Join(run.Save(t.Context(), []*scan.Result{a, b}), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	if got := list(t, db, state.Present); len(got) != 2 {
		t.Errorf("%d files present, want 2", len(got))
	}
}
