package storekit

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// oddNames are names that some file system or server allows.
var oddNames = []string{
	"emoji 🗂.csv", "\U0010FE00\U0010FE83\U0010FEFF.csv", "\U0010FDFF\U0010FF00", `back\slash`, `qu"o'te`, "100%_?1$1.csv", "{a}", "tab\tline\n", "\x80\xff.csv",
	"cut 名\xe5\x90", "\xed\xa0\x80 surrogate", "nul\x00.csv", "か\u3099 が", "E'\\\\x'", "--", "a;b", "\u200b", "\U0010FFFF",
	"番号3412-567890.csv", "３４１２５６７８９０", "\U0010FD003412567890\U0010FD01", "\U0010FD00", "\xf4\x8f\xb43412_567890",
}

// namesComeBack: whatever the bytes of a name are, the file is known again under
// it, in a folder and a target of the same name, and a text about it comes back.
func namesComeBack(t *testing.T, open Opener) {
	db := open(t, "one")
	var batch []scan.Outcome
	var want []string
	for i, name := range oddNames {
		found := Found(name+"/"+name, day(), []uint64{uint64(i)}, nil)
		clean := Clean(name+"/x"+name, day())
		for _, r := range []*scan.Result{found, clean} {
			r.Entry.Target = "t" + name
			batch, want = append(batch, r), append(want, r.Entry.Path)
		}
	}
	run := begin(t, db)
	if err := run.Save(t.Context(), batch, nil); err != nil {
		t.Fatal(err)
	}
	if err := run.SetBookmark(t.Context(), "mark"+oddNames[9], scan.Bookmark{Folder: oddNames[8]}); err != nil {
		t.Fatal(err)
	}
	if mark, err := run.Bookmark(t.Context(), "mark"+oddNames[9]); err != nil || mark.Folder != oddNames[8] {
		t.Errorf("bookmark %+v, %v", mark, err)
	}
	if err := run.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	run = begin(t, db)
	for i, o := range batch {
		if got, err := run.Known(t.Context(), o.Of(), func(string) bool { return true }); err != nil || got == scan.ReuseNone {
			t.Errorf("%q: Known = %v, %v", o.Of().Path, got, err)
		}
		if i%2 == 0 { // the others are gone
			if err := run.Save(t.Context(), []scan.Outcome{&scan.Kept{Entry: o.Of()}}, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, name := range oddNames {
		if err := run.Finish(t.Context(), "t"+name, true); err != nil {
			t.Fatal(err)
		}
	}
	if err := run.End(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, name := range oddNames {
		present, gone := list(t, db, scan.Present, "t"+name), list(t, db, scan.Gone, "t"+name)
		if len(present) != 1 || len(gone) != 1 || present[0].Entry.Target != "t"+name {
			t.Errorf("%q: %d present, %d gone", name, len(present), len(gone))
		}
		for _, r := range append(present, gone...) {
			got = append(got, r.Entry.Path)
		}
	}
	if slices.Sort(got); !slices.Equal(got, sorted(want)) {
		t.Errorf("paths %q, want %q", got, want)
	}
	id, err := db.AddException(t.Context(), scan.Exception{Pattern: "t/" + oddNames[9], Reason: oddNames[4], Created: day(), Expires: day().AddDate(900, 0, 0)})
	ledger, listed := db.Exceptions(t.Context())
	if err := errors.Join(err, listed); err != nil || len(ledger) != 1 || ledger[0].ID != id || ledger[0].Pattern != "t/"+oddNames[9] || ledger[0].Reason != oddNames[4] {
		t.Errorf("exceptions %+v, %v", ledger, err)
	}
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}

// longNames: neither a name nor a path is too long to be stored.
func longNames(t *testing.T, open Opener) {
	db := open(t, "one")
	long := ""
	for i := range 4000 { // hardly to be compressed
		long += string(rune('一' + i*7919%20000))
	}
	var batch []scan.Outcome
	for _, path := range []string{long, long + "/" + long, long + "/b", long + "/" + long + "x", "a/" + long} {
		r := Clean(path, day())
		r.Revision = long
		batch = append(batch, r)
	}
	night(t, db, true, batch...)
	night(t, db, true, batch[1:]...)
	if present, gone := len(list(t, db, scan.Present)), len(list(t, db, scan.Gone)); present != 4 || gone != 1 {
		t.Errorf("%d present, %d gone", present, gone)
	}
	run := begin(t, db)
	for _, o := range batch {
		if got, err := run.Known(t.Context(), o.Of(), func(string) bool { return true }); err != nil || got != scan.Unchanged {
			t.Errorf("Known = %v, %v", got, err)
		}
	}
	// What lies below a folder that cannot be listed stays.
	folder := &scan.Result{Entry: scan.Entry{Target: "t", Path: long, Folder: true}, Revision: scan.RevisionAgain, Scanned: day(),
		Items: []scan.Item{{Problems: []scan.Problem{{Kind: scan.KindUnreadable, Detail: "refused"}}}}}
	if err := errors.Join(run.Save(t.Context(), []scan.Outcome{folder}, nil), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	if got := len(list(t, db, scan.Present)); got != 4 {
		t.Errorf("%d files present after a folder could not be listed, want the three below it and itself", got)
	}
}
