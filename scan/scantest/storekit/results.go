package storekit

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kagiban/kagiban/scan"
)

func resultsComeBack(t *testing.T, open Opener) {
	db := open(t, "one")
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	run := begin(t, db)
	want := Found("a", at, []uint64{1, 1 << 63, 5}, nil)
	if err := run.Save(t.Context(), []scan.Outcome{want}, nil); err != nil {
		t.Fatal(err)
	}
	later := Found("a", at.Add(time.Hour), nil, nil) // put right
	got := list(t, db, scan.Present)[0]
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(scan.Result{}, "ID", "Hashes", "History")); diff != "" {
		t.Errorf("result (-saved +read):\n%s", diff)
	}
	if err := run.Save(t.Context(), []scan.Outcome{later}, nil); err != nil {
		t.Fatal(err)
	}
	history := list(t, db, scan.Present)[0].History
	if !history.FirstFound.Equal(at) || !history.LastFound.Equal(at) || !history.FirstSeen.Equal(at) {
		t.Errorf("history %+v, want all of %v", history, at)
	}
}

// What was found once is listed apart, present or gone, in the same order.
func foundAreAPart(t *testing.T, open Opener) {
	db := open(t, "one")
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	run := begin(t, db)
	all := []scan.Outcome{Found("b", at, []uint64{1}, nil), Found("a", at, nil, []uint64{2}), Found("c", at, nil, nil), Found("d", at, []uint64{3}, nil), Found("e", at, nil, nil)}
	if err := errors.Join(run.Save(t.Context(), all, nil), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	run = begin(t, db)
	clean := Found("b", at, nil, nil) // has been put right
	if err := errors.Join(run.Save(t.Context(), []scan.Outcome{clean, all[1], all[2]}, nil), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	for which, want := range map[scan.Which]string{scan.Present: "abc", scan.Found: "ab", scan.Gone: "de", scan.FoundGone: "d"} {
		got := ""
		for _, r := range list(t, db, which) {
			got += r.Entry.Path
		}
		if got != want {
			t.Errorf("%d: %q, want %q", which, got, want)
		}
	}
}

// A kept file with findings takes what is known now of who may read it.
func keptFileTakesNewAccess(t *testing.T, open Opener) {
	db := open(t, "one")
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	was, clean := Found("a", at, []uint64{1}, nil), Found("b", at, nil, nil)
	now := &scan.AccessRefreshed{Entry: was.Entry, Access: &scan.Access{Owner: `D\v`, Grants: []scan.Grant{{SID: "S-1-5-11", Read: true, Write: true}}}}
	now.Entry.Owner = now.Access.Owner
	told := now.Access
	run := begin(t, db)
	if err := run.Save(t.Context(), []scan.Outcome{was, clean}, nil); err != nil {
		t.Fatal(err)
	}
	for want, e := range map[scan.Reuse]scan.Entry{scan.RefreshAccess: was.Entry, scan.Unchanged: clean.Entry} {
		if known, err := run.Known(t.Context(), e, func(string) bool { return true }); known != want || err != nil {
			t.Errorf("%s: Known = %v, %v, want %v", e.Path, known, err, want)
		}
	}
	if err := errors.Join(run.Save(t.Context(), []scan.Outcome{now}, nil), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	got := list(t, db, scan.Present)[0]
	run = begin(t, db)
	now.Access = nil // the server did not tell tonight
	if err := errors.Join(run.Save(t.Context(), []scan.Outcome{now, &scan.Kept{Entry: clean.Entry}}, nil), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	if unknown := list(t, db, scan.Present); unknown[0].Access != nil || unknown[1].Access == nil {
		t.Errorf("not told and not asked: %+v, %+v, want the first unknown", unknown[0].Access, unknown[1].Access)
	}
	if diff := cmp.Diff(told, got.Access); diff != "" || got.Entry.Owner != `D\v` || got.Distinct != was.Distinct || len(got.Items) != len(was.Items) {
		t.Errorf("stored: %+v (-want +got):\n%s", got, diff)
	}
}

func targets(t *testing.T, open Opener) {
	db := open(t, "one")
	run := begin(t, db)
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	if err := run.Save(t.Context(), []scan.Outcome{Found("a", at, nil, nil)}, nil); err != nil {
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
	want := []scan.TargetState{{Name: "t", Complete: true, Files: 1, Bytes: 1}, {Name: "u"}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(scan.TargetState{}, "Completed")); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
	if got[0].Completed.IsZero() || !got[1].Completed.IsZero() {
		t.Errorf("completed at %v and %v, want one moment and never", got[0].Completed, got[1].Completed)
	}
	if len(list(t, db, scan.Present, "u")) != 0 {
		t.Error("results of a target that has none")
	}
}
