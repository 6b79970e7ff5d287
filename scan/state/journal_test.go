package state_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
)

// What was under examination when a run died is a suspect in those after it,
// until it is acquitted or gone; what was left is none.
func TestSuspects(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	begin := func() (*state.DB, *state.Run) {
		t.Helper()
		db, err := state.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		begun, err := db.Begin(t.Context(), scan.Start{Version: "test"})
		if err != nil {
			t.Fatal(err)
		}
		return db, begun.(*state.Run)
	}
	day := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	entry := func(path string) scan.Entry { return scan.Entry{Target: "t", Path: path, Size: 7, ModTime: day} }
	enter := func(run *state.Run, path string, alone bool) func() error {
		t.Helper()
		leave, err := run.Enter(entry(path), alone)
		if err != nil {
			t.Fatal(err)
		}
		return leave
	}
	check := func(run *state.Run, want map[string]scan.Suspect) {
		t.Helper()
		got, err := run.Suspects(t.Context(), "t")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("suspects (-want +got):\n%s", diff)
		}
	}

	db, run := begin()
	check(run, map[string]scan.Suspect{})
	leave := enter(run, "done", false)
	enter(run, "a", false)
	if err := leave(); err != nil {
		t.Fatal(err)
	}
	enter(run, "名簿/b", false)          // takes the slot of what was left
	if err := db.Close(); err != nil { // as if it had been killed: the run does not end
		t.Fatal(err)
	}

	db, run = begin()
	check(run, map[string]scan.Suspect{"a": {Size: 7, ModTime: day}, "名簿/b": {Size: 7, ModTime: day}})
	if err := run.Acquit(t.Context(), entry("a")); err != nil {
		t.Fatal(err)
	}
	enter(run, "名簿/b", true)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	db, run = begin()
	check(run, map[string]scan.Suspect{"名簿/b": {Size: 7, ModTime: day, Alone: 1}})
	enter(run, "名簿/b", true)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	db, run = begin()
	check(run, map[string]scan.Suspect{"名簿/b": {Size: 7, ModTime: day, Alone: 2}})
	if err := run.Finish(t.Context(), "t", true); err != nil { // it was not met any more
		t.Fatal(err)
	}
	check(run, map[string]scan.Suspect{})
	if err := run.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(path + ".work"); err != nil || len(left) > 0 {
		t.Errorf("journal of a run that ended: %v, %v", left, err)
	}
}
