package storekit

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
)

// settle stores what became of findings in a run of its own.
func settle(t *testing.T, db Database, moves ...scan.Move) {
	t.Helper()
	run := begin(t, db)
	settler, ok := run.(scan.Settler)
	if !ok {
		t.Fatalf("%T settles no findings", run)
	}
	if err := errors.Join(settler.Settle(t.Context(), moves), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
}

// findings returns the findings of all files that have one, by path.
func findings(t *testing.T, db Database) map[string]scan.Finding {
	t.Helper()
	all := map[string]scan.Finding{}
	for _, r := range list(t, db, scan.Noted) {
		if r.Finding != nil {
			all[r.Entry.Path] = *r.Finding
		}
	}
	return all
}

// A finding keeps its number when its file is renamed; a number is never used
// again; what happened stays.
func findingsKeepTheirNumber(t *testing.T, open Opener) {
	db := open(t, "one")
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	old, other := Found("a/名簿.xlsx", at, []uint64{1}, nil), Found("a/b.xlsx", at, []uint64{2}, nil)
	old.Entry.ID, old.Entry.ChangeTime = 7, at
	night(t, db, true, old, other)
	var moves []scan.Move
	for _, r := range list(t, db, scan.Noted) {
		if r.Finding != nil {
			t.Fatalf("%s has finding %+v before any was settled", r.Entry.Path, r.Finding)
		}
		f := scan.Finding{File: r.ID, Stage: scan.StageNew, Since: at, First: at, Last: at,
			Basis: scan.Basis{Status: scan.StatusViolation, Reason: "x", Size: 5, ModTime: at, Revision: "r", Access: "a", Records: 3, Persons: 2, Exception: 4}}
		moves = append(moves, scan.Move{Finding: f, Events: []scan.Event{{At: at, Kind: scan.EventFound, Stage: scan.StageNew, Status: scan.StatusViolation}}})
	}
	settle(t, db, moves...)
	first := findings(t, db)
	f := first["a/名簿.xlsx"]
	if len(first) != 2 || f.Number == 0 || f.Number == first["a/b.xlsx"].Number {
		t.Fatalf("findings %+v", first)
	}
	want := moves[1].Finding
	want.Number, want.File = first["a/名簿.xlsx"].Number, f.File
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}

	renamed := Found("新/名簿 (改).xlsx", at, []uint64{1}, nil)
	renamed.Entry.ID, renamed.Entry.ChangeTime = 7, at.Add(time.Hour)
	night(t, db, true, renamed) // b.xlsx is gone
	now := findings(t, db)
	if got := now["新/名簿 (改).xlsx"]; got.Number != f.Number {
		t.Errorf("after a rename the number is %d, want %d", got.Number, f.Number)
	}
	g := now["a/b.xlsx"]
	g.Stage, g.How, g.Since = scan.StageClosed, scan.HowDeleted, at.Add(2*time.Hour)
	settle(t, db, scan.Move{Finding: g, Events: []scan.Event{{At: g.Since, Kind: scan.EventClosed, Stage: g.Stage, Why: g.How}}})
	if got := findings(t, db)["a/b.xlsx"]; got.Stage != scan.StageClosed || got.How != scan.HowDeleted {
		t.Errorf("closed: %+v", got)
	}

	kinds := ""
	events, err := db.Events(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		kinds += fmt.Sprint(e.Finding, " ", e.Kind, " ", e.Detail, "\n")
		if e.Run == 0 {
			t.Errorf("event %+v is of no run", e)
		}
	}
	b := first["a/b.xlsx"].Number
	wantKinds := fmt.Sprintf("%d found \n%d found \n%d moved t/a/名簿.xlsx\n%d closed \n", b, f.Number, f.Number, b)
	if diff := cmp.Diff(wantKinds, kinds); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if later, err := db.Events(t.Context(), at.Add(90*time.Minute)); err != nil || len(later) != 2 {
		t.Errorf("later events: %v, %v", later, err)
	}
}

// guarded is a whole run that doubts losses.
func guarded(t *testing.T, db Database, start scan.Start, places scan.Mounts, paths ...string) error {
	t.Helper()
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	run, err := db.Begin(t.Context(), start)
	if err != nil {
		t.Fatal(err)
	}
	if i, ok := run.(scan.Identifier); ok {
		i.Identify("t", places)
	}
	var batch []scan.Outcome
	for _, p := range paths {
		batch = append(batch, Clean(p, at))
	}
	if err := run.Save(t.Context(), batch, nil); err != nil {
		t.Fatal(err)
	}
	doubt := run.Finish(t.Context(), "t", true)
	if err := run.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	return doubt
}

func numbered(n int) (paths []string) {
	for i := range n {
		paths = append(paths, fmt.Sprintf("f%02d", i))
	}
	return paths
}

// target returns what is known of the one target.
func target(t *testing.T, db Database) scan.TargetState {
	t.Helper()
	list, err := db.Targets(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("targets %v, %v", list, err)
	}
	return list[0]
}

// A walk that misses most of what is known ends nothing, until somebody says that
// it is so.
func lossIsDoubted(t *testing.T, open Opener) {
	for _, c := range []struct {
		name        string
		known, left int
		doubted     bool
	}{
		{"nothing left", 3, 0, true}, {"most of many", 50, 20, true}, {"half", 40, 20, false}, {"most of few", 19, 1, false}, {"few of many", 50, 45, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := open(t, "one")
			start := scan.Start{Version: "test", Loss: scan.DefaultLoss()}
			if err := guarded(t, db, start, nil, numbered(c.known)...); err != nil {
				t.Fatal(err)
			}
			var loss *scan.LossError
			err := guarded(t, db, start, nil, numbered(c.left)...)
			if errors.As(err, &loss) != c.doubted || err != nil && loss == nil {
				t.Fatalf("Finish: %v, want a doubt: %v", err, c.doubted)
			}
			want := c.left
			if c.doubted {
				want = c.known
				if loss.Known != int64(c.known) || loss.Missing != int64(c.known-c.left) || target(t, db).Doubt != scan.DoubtLoss || target(t, db).Complete {
					t.Errorf("%+v, target %+v", loss, target(t, db))
				}
			}
			if got := len(list(t, db, scan.Present)); got != want {
				t.Errorf("%d files are there, want %d", got, want)
			}
			if err := guarded(t, db, scan.Start{Version: "test"}, nil, numbered(c.left)...); err != nil {
				t.Fatal(err)
			}
			if got := len(list(t, db, scan.Present)); got != c.left || target(t, db).Doubt != "" {
				t.Errorf("confirmed: %d files are there, want %d; %+v", got, c.left, target(t, db))
			}
		})
	}
}

// Another file system under the same name, or in a folder in which files are known,
// ends nothing.
func anotherPlaceIsDoubted(t *testing.T, open Opener) {
	db := open(t, "one")
	start, careless := scan.Start{Version: "test", Loss: scan.DefaultLoss()}, scan.Start{Version: "test"}
	fs := func(n int) scan.Mounts { return scan.Mounts{"": fmt.Sprint("fs ", n)} }
	with := func(folder, place string) scan.Mounts { return scan.Mounts{"": "fs 1", folder: place} }
	for i, step := range []struct {
		start   scan.Start
		places  scan.Mounts
		doubted bool
	}{
		{start, nil, false}, {start, fs(1), false}, {start, fs(1), false}, {start, fs(2), true}, {start, nil, false}, {start, fs(1), false},
		{careless, fs(2), false}, {start, fs(2), false}, {start, fs(1), true}, {careless, fs(1), false},
		{start, with("b", "fs 3"), false}, {start, with("b", "fs 1"), true}, {start, with("b", scan.MountGone), true},
		{start, fs(1), false}, // not met, as where a walk went on behind it
		{start, with("b", "fs 4"), true}, {careless, with("b", scan.MountGone), false}, {start, with("b", "fs 4"), false},
		{start, with("c", "fs 3"), false}, {start, with("c", "fs 1"), false}, // of no interest: no file is known there
	} {
		var elsewhere *scan.ElsewhereError
		err := guarded(t, db, step.start, step.places, "a", "b/c/d")
		if errors.As(err, &elsewhere) != step.doubted || err != nil && elsewhere == nil {
			t.Fatalf("step %d: %+v: %v", i, step, err)
		}
		if got := target(t, db); (got.Doubt == scan.DoubtIdentity) != step.doubted || got.Complete == step.doubted {
			t.Errorf("step %d: %+v: %+v", i, step, got)
		}
	}
}

// The figures of each run stay.
func talliesStay(t *testing.T, open Opener) {
	db := open(t, "one")
	var want []scan.Tally
	for i := range 3 {
		run := begin(t, db)
		tallier, ok := run.(scan.Tallier)
		if !ok {
			t.Fatalf("%T keeps no figures", run)
		}
		tally := scan.Tally{Run: int64(i + 1), Targets: []string{"a", "b,c"}, Sums: map[scan.Status]scan.TallySum{
			scan.StatusViolation: {Files: 7, Records: int64(i), Persons: 3}, scan.StatusClean: {Files: 5},
		}}
		if err := errors.Join(tallier.Tally(t.Context(), tally), run.End(t.Context())); err != nil {
			t.Fatal(err)
		}
		want = append(want, tally)
	}
	got, err := db.Tallies(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if got[i].At.IsZero() || i > 0 && got[i].At.Before(got[i-1].At) {
			t.Errorf("tally %d is of %v", i, got[i].At)
		}
		got[i].At = time.Time{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
