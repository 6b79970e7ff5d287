package state

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A state that was written while the clock was far ahead goes on when it has been set
// right: what is met is known, what changed holds, what is gone is gone, and nothing is
// there twice.
func TestClockSetBack(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	entry := func(name string, size int64) scan.Entry {
		return scan.Entry{Target: "t", Path: name, Size: size, ModTime: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}
	}
	walk := func(scanned time.Time, results map[string]int64, kept ...string) {
		t.Helper()
		run, err := db.Begin(t.Context(), scan.Start{Version: "test"})
		if err != nil {
			t.Fatal(err)
		}
		var outcomes []scan.Outcome
		for name, n := range results {
			r := &scan.Result{Entry: entry(name, 100+n), Revision: "r", Scanned: scanned, Items: []scan.Item{{Size: 100 + n, Protection: scan.Protection{Verdict: scan.VerdictNone}}}}
			if n > 0 {
				r.Items[0].Findings.High.Records = n
				r.Distinct.High = n
			}
			outcomes = append(outcomes, r)
		}
		for _, name := range kept {
			outcomes = append(outcomes, &scan.Kept{Entry: entry(name, 100)})
		}
		if err := run.Save(t.Context(), outcomes, nil); err != nil {
			t.Fatal(err)
		}
		if err := run.Finish(t.Context(), "t", true); err != nil {
			t.Fatal(err)
		}
		if err := run.End(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now().UTC()
	walk(now, map[string]int64{"same.txt": 0, "list.csv": 5, "gone.csv": 3, "mended.csv": 2})
	const ahead = int64(400 * 24 * 3600 * 1e6)
	for _, c := range []struct{ table, column string }{
		{"run", "started"}, {"run", "finished"}, {"target", "completed"}, {"file", "scanned"}, {"file", "first_seen"}, {"file", "first_found"}, {"file", "last_found"}, {"result", "since"},
	} {
		if _, err := db.write.Exec(fmt.Sprintf("UPDATE %s SET %s = %[2]s + %d", c.table, c.column, ahead)); err != nil {
			t.Fatal(err)
		}
	}
	walk(now.Add(time.Minute), map[string]int64{"list.csv": 7, "mended.csv": 0}, "same.txt")
	got := map[string]int64{}
	for r, err := range db.Results(t.Context(), scan.Present) {
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := got[r.Entry.Path]; twice {
			t.Errorf("%s is there twice", r.Entry.Path)
		}
		got[r.Entry.Path] = r.Items[0].Findings.High.Records
	}
	if len(got) != 3 || got["list.csv"] != 7 || got["mended.csv"] != 0 || got["same.txt"] != 0 {
		t.Errorf("present are %v", got)
	}
	targets, err := db.Targets(t.Context())
	if err != nil || len(targets) != 1 || targets[0].Completed.After(time.Now().Add(time.Minute)) || targets[0].Files != 3 {
		t.Errorf("%+v, %v", targets, err)
	}
	if h, err := db.Check(t.Context()); err != nil || len(h.Damage) > 0 {
		t.Errorf("%+v, %v", h, err)
	}
}
