package storekit

import (
	"errors"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A walk over three nights sees each file once; what it met on none of them is
// gone at its end, and not before.
func walkOverSeveralRuns(t *testing.T, open Opener) {
	db := open(t, "one")
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	night := func(mark scan.Bookmark, complete bool, paths ...string) {
		t.Helper()
		run := begin(t, db)
		for _, p := range paths {
			if err := run.Save(t.Context(), []scan.Outcome{Found(p, at, nil, nil)}, nil); err != nil {
				t.Fatal(err)
			}
		}
		var err error
		if !complete {
			err = run.SetBookmark(t.Context(), "t", mark)
		}
		if err := errors.Join(err, run.Finish(t.Context(), "t", complete), run.End(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	present := func() (paths string) {
		for _, r := range list(t, db, scan.Present) {
			paths += r.Entry.Path
		}
		return paths
	}
	bookmark := func() scan.Bookmark {
		run := begin(t, db)
		mark, err := run.Bookmark(t.Context(), "t")
		if err := errors.Join(err, run.End(t.Context())); err != nil {
			t.Fatal(err)
		}
		return mark
	}
	if mark := bookmark(); mark != (scan.Bookmark{}) {
		t.Errorf("bookmark of a target that is not known: %+v", mark)
	}
	night(scan.Bookmark{}, true, "a", "b", "c", "d", "e")
	night(scan.Bookmark{Folder: "b", Full: true}, false, "a", "b")
	if mark := bookmark(); mark != (scan.Bookmark{Folder: "b", Full: true}) {
		t.Errorf("bookmark = %+v", mark)
	}
	night(scan.Bookmark{Folder: "c"}, false, "c")
	if got := present(); got != "abcde" {
		t.Errorf("before the end of the walk %q are present, want all", got)
	}
	night(scan.Bookmark{}, true, "e")
	if got := present(); got != "abce" {
		t.Errorf("after it %q are present, want abce", got)
	}
	if mark := bookmark(); mark != (scan.Bookmark{}) {
		t.Errorf("bookmark after the end: %+v", mark)
	}
	night(scan.Bookmark{}, true, "a")
	if got := present(); got != "a" {
		t.Errorf("after a walk of one run %q are present, want a", got)
	}
}
