package state_test

import (
	"context"
	"database/sql"
	"errors"
	"hash/crc32"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/state"
)

func open(t *testing.T, path string) *state.DB {
	t.Helper()
	db, err := state.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func begin(t *testing.T, db *state.DB) *state.Run {
	t.Helper()
	run, err := db.Begin(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func list(t *testing.T, db *state.DB, which state.Which, targets ...string) []*scan.Result {
	t.Helper()
	var all []*scan.Result
	for r, err := range db.Results(t.Context(), which, targets...) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func TestStore(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "日本語 %41?#.db"))
	scantest.Store(t, func(t *testing.T) scantest.StoreRun {
		run := begin(t, db)
		return scantest.StoreRun{Store: run, End: func() error { return run.End(context.Background()) }}
	}, func(t *testing.T) []string {
		var paths []string
		for _, r := range list(t, db, state.Present) {
			paths = append(paths, r.Entry.Path)
		}
		return paths
	})
}

// found makes a result with persons.
func found(path string, at time.Time, high, middle []uint64) *scan.Result {
	p := scan.NewPersons()
	for _, h := range high {
		_ = p.Add(scan.ConfidenceHigh, h) // in memory it cannot fail
	}
	for _, h := range middle {
		_ = p.Add(scan.ConfidenceMiddle, h)
	}
	d, _ := p.Distinct()
	return &scan.Result{
		Entry:    scan.Entry{Target: "t", Path: path, Size: 1, ModTime: at, Owner: `D\u`, ID: 1<<63 | uint64(crc32.ChecksumIEEE([]byte(path)))},
		Revision: "r", Scanned: at, Hashes: p, Distinct: d, Members: 3, Omitted: 1, Bytes: 9,
		Access: &scan.Access{Owner: `D\u`, Grants: []scan.Grant{{SID: "S-1-1-0", Name: "Everyone", Read: true}}},
		Items: []scan.Item{{
			Format: "zip", Size: 1, Protection: scan.Protection{Verdict: scan.VerdictPartial, Scheme: "aes-256", Strength: scan.StrengthStrong, Notes: []scan.Note{scan.NoteNamesVisible}},
			Problems: []scan.Problem{{Kind: scan.KindMalformed, Detail: "x"}},
		}, {
			Inner: []string{"中.csv"}, Format: "text",
			Findings: scan.Findings{High: scan.Counts{Records: 2, Places: map[string]int64{"13": 2}}, Hits: []scan.Hit{{Masked: "1234-****90", Why: []string{"header"}}}},
		}},
	}
}

func TestResultsComeBackAsTheyWere(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "state.db"))
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	run := begin(t, db)
	want := found("a", at, []uint64{1, 1 << 63, 5}, nil)
	if err := run.Save(t.Context(), []*scan.Result{want}); err != nil {
		t.Fatal(err)
	}
	later := found("a", at.Add(time.Hour), nil, nil) // put right
	got := list(t, db, state.Present)[0]
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(scan.Result{}, "ID", "Hashes", "History")); diff != "" {
		t.Errorf("result (-saved +read):\n%s", diff)
	}
	if err := run.Save(t.Context(), []*scan.Result{later}); err != nil {
		t.Fatal(err)
	}
	history := list(t, db, state.Present)[0].History
	if !history.FirstFound.Equal(at) || !history.LastFound.Equal(at) || !history.FirstSeen.Equal(at) {
		t.Errorf("history %+v, want all of %v", history, at)
	}
}

func TestDistinctOverFiles(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "state.db"))
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	run := begin(t, db)
	err := run.Save(t.Context(), []*scan.Result{
		found("a", at, []uint64{1, 2, 3}, []uint64{3, 9}), found("b", at, []uint64{3, 4}, nil), found("c", at, nil, []uint64{1, 7}),
	})
	if err != nil {
		t.Fatal(err)
	}
	members := func() iter.Seq2[state.Member, error] {
		return func(yield func(state.Member, error) bool) {
			for r, err := range db.Results(t.Context(), state.Present) {
				if err != nil || !yield(state.Member{Group: "all", File: r.ID}, nil) || !yield(state.Member{Group: r.Entry.Path, File: r.ID}, nil) {
					return
				}
			}
		}
	}
	for middle, want := range map[bool]map[string]int64{
		false: {"all": 4, "a": 3, "b": 2},
		true:  {"all": 6, "a": 4, "b": 2, "c": 2},
	} {
		got, err := db.Distinct(t.Context(), members(), middle)
		if err != nil {
			t.Fatal(err)
		}
		exact := map[string]int64{}
		for group, c := range got {
			if exact[group] = c.N; c.Estimate {
				t.Errorf("%s is an estimate", group)
			}
		}
		if diff := cmp.Diff(want, exact); diff != "" {
			t.Errorf("middle %v (-want +got):\n%s", middle, diff)
		}
	}
}

func TestOneRunAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	first, second := open(t, path), open(t, path)
	run := begin(t, first)
	if _, err := second.Begin(t.Context(), "test"); !errors.Is(err, state.ErrBusy) {
		t.Errorf("second Begin = %v, want ErrBusy", err)
	}
	if n := len(list(t, second, state.Present)); n != 0 {
		t.Errorf("%d results while nothing is stored", n)
	}
	if err := run.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := begin(t, second).End(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestExceptions(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "state.db"))
	at := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	want := scan.Exception{Pattern: "総務部/**", Reason: "移行", Approver: "鈴木", Created: at, Expires: time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)}
	id, err := db.AddException(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.RemoveException(t.Context(), id, at.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := db.RemoveException(t.Context(), id, at); !errors.Is(err, state.ErrNoException) {
		t.Errorf("removed twice: %v, want ErrNoException", err)
	}
	want.ID, want.Removed = id, at.Add(time.Hour)
	got, err := db.Exceptions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]scan.Exception{want}, got); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
}

func TestFileIsPrivateAndHoldsNoKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "state.db")
	open(t, path)
	for _, p := range []string{path, filepath.Dir(path)} {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v, others could look into it", p, info.Mode())
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec("PRAGMA user_version = 999"); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	if _, err := state.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "newer kagiban") {
		t.Errorf("Open = %v, want a word on a newer kagiban", err)
	}
}

func TestTargets(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "state.db"))
	run := begin(t, db)
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	if err := run.Save(t.Context(), []*scan.Result{found("a", at, nil, nil)}); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{run.Finish(t.Context(), "t", true), run.Finish(t.Context(), "u", false)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := db.Targets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []state.TargetState{{Name: "t", Complete: true, Files: 1, Bytes: 1}, {Name: "u"}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(state.TargetState{}, "Completed")); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
	if got[0].Completed.IsZero() || !got[1].Completed.IsZero() {
		t.Errorf("completed at %v and %v, want one moment and never", got[0].Completed, got[1].Completed)
	}
	if len(list(t, db, state.Present, "u")) != 0 {
		t.Error("results of a target that has none")
	}
}

// A walk over three nights sees each file once; what it met on none of them is
// gone at its end, and not before.
func TestWalkOverSeveralRuns(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "state.db"))
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	night := func(mark scan.Bookmark, complete bool, paths ...string) {
		t.Helper()
		run := begin(t, db)
		for _, p := range paths {
			if err := run.Save(t.Context(), []*scan.Result{found(p, at, nil, nil)}); err != nil {
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
		for _, r := range list(t, db, state.Present) {
			paths += r.Entry.Path
		}
		return paths
	}
	bookmark := func() scan.Bookmark {
		run := begin(t, db)
		defer run.End(t.Context())
		mark, err := run.Bookmark(t.Context(), "t")
		if err != nil {
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

// A file whose folder was moved keeps result, history and persons, and is not
// read again. Whatever differs has it read.
func TestMovedFile(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "state.db"))
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	was := found("旧/名簿.csv", at, []uint64{1, 2, 3}, nil)
	was.Entry.ID, was.Entry.ChangeTime, was.Revision = 1<<63+7, at, "r"
	run := begin(t, db)
	if err := errors.Join(run.Save(t.Context(), []*scan.Result{was}), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
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
			got, err := run.Unchanged(t.Context(), e, func(r string) bool { return r == revision })
			if err != nil || (got == scan.SameFound) != (holds && name == "as it was") {
				t.Errorf("%s, revision %s: Unchanged = %v, %v", name, revision, got, err)
			}
		}
	}
	stranger := moved
	stranger.Path, stranger.ID = "何処/名簿.csv", 99
	batch := []*scan.Result{{Entry: moved, Kept: true}, {Entry: stranger, Kept: true}}
	if err := errors.Join(run.Save(t.Context(), batch), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	got := list(t, db, state.Present)
	if len(got) != 2 || got[1].Entry.Path != moved.Path || !got[1].History.FirstFound.Equal(at) || got[1].Distinct != was.Distinct {
		t.Fatalf("present: %+v", got)
	}
	// One whose former result went in the meantime is not passed over.
	if lost := got[0]; lost.Entry.Path != stranger.Path || len(lost.Items[0].Problems) != 1 {
		t.Errorf("a file without a result: %+v", lost)
	}
	if gone := list(t, db, state.Gone); len(gone) != 0 {
		t.Errorf("gone, which counts as put right: %+v", gone)
	}
	n, err := db.Distinct(t.Context(), func(yield func(state.Member, error) bool) { yield(state.Member{Group: "g", File: got[1].ID}, nil) }, false)
	if err != nil || n["g"].N != 3 {
		t.Errorf("persons of the moved file: %v, %v", n, err)
	}
}
