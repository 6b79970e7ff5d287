package state_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
)

// What was found once is listed apart, present or gone, in the same order.
func TestFoundAreAPart(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "state.db"))
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	run := begin(t, db)
	all := []*scan.Result{found("b", at, []uint64{1}, nil), found("a", at, nil, []uint64{2}), found("c", at, nil, nil), found("d", at, []uint64{3}, nil), found("e", at, nil, nil)}
	if err := errors.Join(run.Save(t.Context(), all), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	run = begin(t, db)
	clean := found("b", at, nil, nil) // has been put right
	if err := errors.Join(run.Save(t.Context(), []*scan.Result{clean, all[1], all[2]}), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	for which, want := range map[state.Which]string{state.Present: "abc", state.Found: "ab", state.Gone: "de", state.FoundGone: "d"} {
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
func TestKeptFileTakesNewAccess(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "state.db"))
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	was, clean := found("a", at, []uint64{1}, nil), found("b", at, nil, nil)
	now := &scan.Result{Entry: was.Entry, Kept: true, Asked: true, Access: &scan.Access{Owner: `D\v`, Grants: []scan.Grant{{SID: "S-1-5-11", Read: true, Write: true}}}}
	now.Entry.Owner = now.Access.Owner
	told := now.Access
	run := begin(t, db)
	if err := run.Save(t.Context(), []*scan.Result{was, clean}); err != nil {
		t.Fatal(err)
	}
	for want, e := range map[scan.Known]scan.Entry{scan.SameFound: was.Entry, scan.Same: clean.Entry} {
		if known, err := run.Unchanged(t.Context(), e, func(string) bool { return true }); known != want || err != nil {
			t.Errorf("%s: Unchanged = %v, %v, want %v", e.Path, known, err, want)
		}
	}
	if err := errors.Join(run.Save(t.Context(), []*scan.Result{now}), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	got := list(t, db, state.Present)[0]
	run = begin(t, db)
	now.Access = nil // the server did not tell tonight
	if err := errors.Join(run.Save(t.Context(), []*scan.Result{now, {Entry: clean.Entry, Kept: true}}), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	if unknown := list(t, db, state.Present); unknown[0].Access != nil || unknown[1].Access == nil {
		t.Errorf("not told and not asked: %+v, %+v, want the first unknown", unknown[0].Access, unknown[1].Access)
	}
	if diff := cmp.Diff(told, got.Access); diff != "" || got.Entry.Owner != `D\v` || got.Distinct != was.Distinct || len(got.Items) != len(was.Items) {
		t.Errorf("stored: %+v (-want +got):\n%s", got, diff)
	}
}
