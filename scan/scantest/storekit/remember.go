package storekit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

func day() time.Time { return time.Date(2026, 4, 1, 9, 0, 0, 123456000, time.UTC) }

// knownFiles: a stored result is used again for the same file and no other.
func knownFiles(t *testing.T, open Opener) {
	db := open(t, "one")
	replaced := Clean("a", day())
	replaced.Revision = "r2"
	found := Found("c", day(), []uint64{1}, nil)
	night(t, db, true, Clean("a", day()), Clean("b", day()), found, replaced)
	run := begin(t, db)
	for name, change := range map[string]func(*scan.Entry){
		"as it was": func(*scan.Entry) {},
		"size":      func(e *scan.Entry) { e.Size++ },
		"mtime":     func(e *scan.Entry) { e.ModTime = e.ModTime.Add(time.Second) },
		"ctime":     func(e *scan.Entry) { e.ChangeTime = e.ChangeTime.Add(time.Second) },
		"path":      func(e *scan.Entry) { e.Path = "new" },
		"folder":    func(e *scan.Entry) { e.Path = "a/a" },
		"target":    func(e *scan.Entry) { e.Target = "other" },
	} {
		e := replaced.Entry
		change(&e)
		got, err := run.Known(t.Context(), e, func(r string) bool { return r == "r2" })
		if err != nil || (got == scan.Unchanged) != (name == "as it was") {
			t.Errorf("%s: Known = %v, %v", name, got, err)
		}
	}
	if got, err := run.Known(t.Context(), found.Entry, func(string) bool { return true }); err != nil || got != scan.RefreshAccess {
		t.Errorf("a file with findings: Known = %v, %v", got, err)
	}
	if got, err := run.Known(t.Context(), replaced.Entry, func(string) bool { return false }); err != nil || got != scan.ReuseNone {
		t.Errorf("another revision: Known = %v, %v, want it to be examined", got, err)
	}
}

// goneAfterCompleteWalk: what was not met is gone after a complete walk only.
func goneAfterCompleteWalk(t *testing.T, open Opener) {
	db := open(t, "one")
	a, b, c := Clean("a", day()), Clean("b", day()), Clean("c", day())
	night(t, db, true, a, b, c)
	night(t, db, false, &scan.Kept{Entry: a.Entry})
	if got := paths(t, db, scan.Present); got != "a b c " {
		t.Errorf("after an incomplete walk present = %s, want a b c", got)
	}
	night(t, db, true, &scan.Kept{Entry: a.Entry}, b)
	if got := paths(t, db, scan.Present); got != "a b " {
		t.Errorf("after a complete walk present = %s, want a b", got)
	}
	night(t, db, false, c) // it is back
	if got := paths(t, db, scan.Present); got != "a b c " {
		t.Errorf("after its return present = %s, want a b c", got)
	}
	night(t, db, true, &scan.LeftOut{Entry: a.Entry, Rule: "exclude", At: day()})
	if got := list(t, db, scan.Present); len(got) != 1 || got[0].Skipped != "exclude" {
		t.Errorf("a file that was left out: %+v", got)
	}
}

// directoriesAreMarked: a walk that asks before it keeps, as walks do, loses
// none of the files that it met and takes none for met that it did not meet.
func directoriesAreMarked(t *testing.T, open Opener) {
	db := open(t, "one")
	var batch []scan.Outcome
	var all []scan.Entry
	for _, folder := range []string{"", "部/", "部/課/", "部!/"} {
		for i := range 5 {
			r := Clean(fmt.Sprint(folder, i), day())
			batch, all = append(batch, r), append(all, r.Entry)
		}
	}
	night(t, db, true, batch...)
	for _, step := range []struct {
		name string
		met  func(path string) bool
		gone string
	}{
		{"all", func(string) bool { return true }, ""},
		{"one missing", func(p string) bool { return p != "部/3" }, "部/3 "},
		{"a folder is gone", func(p string) bool { return p != "部/3" && (len(p) < 7 || p[:7] != "部/課") }, "部/3 部/課/0 部/課/1 部/課/2 部/課/3 部/課/4 "},
		{"all are back", func(string) bool { return true }, ""},
	} {
		run := begin(t, db)
		for _, e := range all {
			if !step.met(e.Path) {
				continue
			}
			reuse, err := run.Known(t.Context(), e, func(string) bool { return true })
			if err != nil || reuse != scan.Unchanged {
				t.Fatalf("%s: %s: Known = %v, %v", step.name, e.Path, reuse, err)
			}
			if err := run.Save(t.Context(), []scan.Outcome{&scan.Kept{Entry: e}}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
			t.Fatal(err)
		}
		if got := paths(t, db, scan.Gone); got != step.gone {
			t.Errorf("%s: gone are %q, want %q", step.name, got, step.gone)
		}
	}
}

// askedAndSavedAtOnce asks and saves from two goroutines, as a run does.
func askedAndSavedAtOnce(t *testing.T, open Opener) {
	run := begin(t, open(t, "one"))
	var group sync.WaitGroup
	group.Go(func() {
		for i := range 200 {
			if _, err := run.Known(context.Background(), Clean(fmt.Sprint(i), day()).Entry, func(string) bool { return true }); err != nil {
				t.Errorf("Known: %v", err)
			}
		}
	})
	group.Go(func() {
		for i := range 50 {
			if err := run.Save(context.Background(), []scan.Outcome{Clean(fmt.Sprint(i), day()), Clean(fmt.Sprint(i+1), day())}, nil); err != nil {
				t.Errorf("Save: %v", err)
			}
		}
	})
	group.Wait()
}

// done is a completion that succeeds or fails.
type done struct {
	err  error
	seen any
}

func (d *done) CompleteIn(_ context.Context, tx any) error {
	d.seen = tx
	return d.err
}

// completion: results and what ends with them are written together or not at all.
func completion(t *testing.T, open Opener) {
	db := open(t, "one")
	run := begin(t, db)
	failed := errors.New("the job was given to another")
	if err := run.Save(t.Context(), []scan.Outcome{Clean("a", day())}, &done{err: failed}); !errors.Is(err, failed) {
		t.Errorf("Save = %v, want what the completion said", err)
	}
	if got := paths(t, db, scan.Present); got != "" {
		t.Errorf("stored in spite of it: %s", got)
	}
	ok := &done{}
	if err := run.Save(t.Context(), []scan.Outcome{Clean("a", day())}, ok); err != nil || ok.seen == nil {
		t.Errorf("Save = %v, transaction %v", err, ok.seen)
	}
	if got := paths(t, db, scan.Present); got != "a " {
		t.Errorf("stored: %q, want a", got)
	}
}

// marksOutliveFailure: what was met counts as met, also if the transaction that
// was to say so failed.
func marksOutliveFailure(t *testing.T, open Opener) {
	db := open(t, "one")
	var batch []scan.Outcome
	for i := range 3000 { // more folders than a store keeps at hand, so that some are marked early
		batch = append(batch, Clean(fmt.Sprint(i, "/a"), day()))
	}
	night(t, db, true, batch...)
	run := begin(t, db)
	for some := range slices.Chunk(batch, 10) {
		var kept []scan.Outcome
		for _, o := range some {
			if _, err := run.Known(t.Context(), o.Of(), func(string) bool { return true }); err != nil {
				t.Fatal(err)
			}
			kept = append(kept, &scan.Kept{Entry: o.Of()})
		}
		if err := run.Save(t.Context(), nil, &done{err: errors.New("the job was given to another")}); err == nil {
			t.Fatal("a failed completion is no error")
		}
		if err := run.Save(t.Context(), kept, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	if got := len(list(t, db, scan.Present)); got != len(batch) {
		t.Errorf("%d of %d files that were met are there", got, len(batch))
	}
}

// versions: a result that says the same goes on, one that differs follows the
// one before, and a clean one ends it.
func versions(t *testing.T, open Opener) {
	db := open(t, "one")
	at := func(d int) time.Time { return day().AddDate(0, 0, d) }
	saved := func(d int, hashes ...uint64) *scan.Result {
		r := Found("a", day(), hashes, nil)
		r.Scanned = at(d)
		return r
	}
	same := saved(1, 1, 2)
	same.Access = nil // who may read it is not of its content
	clean := Clean("a", day())
	clean.Scanned = at(4)
	night(t, db, true, saved(0, 1, 2))
	night(t, db, true, same)
	night(t, db, true, saved(2, 2, 3))
	night(t, db, true, clean)
	night(t, db, true, saved(5, 2))
	for hash, want := range map[uint64][][2]int{1: {{0, 2}}, 2: {{0, 2}, {2, 4}, {5, -1}}, 3: {{2, 4}}, 4: nil} {
		got, err := db.Holding(t.Context(), hash)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%d: Holding = %+v, %v; want %v", hash, got, err, want)
		}
		for i, h := range got {
			holds := want[i][1] < 0 && h.Until.IsZero() || want[i][1] >= 0 && h.Until.Equal(at(want[i][1]))
			if !h.Since.Equal(at(want[i][0])) || !holds || h.Grade != scan.ConfidenceHigh {
				t.Errorf("%d: result %d is %+v, want days %v", hash, i, h, want[i])
			}
		}
	}
}

// personIndex: a person is found in each file that holds it, also behind the
// first part of a long list, and beside one with the same upper half.
func personIndex(t *testing.T, open Opener) {
	db := open(t, "one")
	var many []uint64
	for i := range uint64(20_000) {
		many = append(many, i<<40|i)
	}
	night(t, db, true, Found("a", day(), many, []uint64{5}), Found("b", day(), []uint64{7<<32 | 1}, []uint64{7<<32 | 2, 19_999<<40 | 19_999}))
	if got, err := db.Revisions(t.Context()); err != nil || got["r"] != 2 || len(got) != 1 {
		t.Errorf("revisions %v, %v", got, err)
	}
	for hash, want := range map[uint64]string{19_999<<40 | 19_999: "a high, b middle, ", 7<<32 | 1: "b high, ", 7<<32 | 2: "b middle, ", 7<<32 | 3: "", 5: "a middle, "} {
		holding, err := db.Holding(t.Context(), hash)
		if err != nil {
			t.Fatal(err)
		}
		names := map[int64]string{}
		for _, r := range list(t, db, scan.Present) {
			names[r.ID] = r.Entry.Path
		}
		got := ""
		for _, h := range holding {
			got += fmt.Sprintf("%s %s, ", names[h.File], h.Grade)
		}
		if got != want {
			t.Errorf("%x is held by %q, want %q", hash, got, want)
		}
	}
}
