package state_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/storekit"
	"github.com/kagiban/kagiban/scan/state"
	"github.com/kagiban/kagiban/scan/state/postgres"
)

// Several machines make the tables at once, join one run, and save the same
// folders, revisions and even files in another order: none waits for ever, and
// each file is there once.
func TestServerManyMachines(t *testing.T) {
	url := database(t)
	const machines, files = 4, 300
	var group sync.WaitGroup
	dbs := make([]*state.DB, machines)
	for i := range dbs {
		group.Go(func() {
			db, err := state.OpenWith(t.Context(), url, state.Options{Folder: t.TempDir(), Options: postgres.Options{Patience: time.Minute}})
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { db.Close() })
			dbs[i] = db
		})
	}
	if group.Wait(); t.Failed() {
		return
	}
	first := begin(t, dbs[0])
	number := first.(*state.Run).Number()
	for i, db := range dbs {
		group.Go(func() {
			run, err := db.Join(t.Context(), number)
			if err != nil {
				t.Error(err)
				return
			}
			var batch []scan.Outcome
			for k := range files {
				f := k
				if i%2 == 1 {
					f = files - 1 - k
				}
				r := storekit.Found(fmt.Sprintf("%d/%d", f%37, f), day, []uint64{uint64(f)}, nil)
				r.Revision = fmt.Sprint("r", f%5)
				if batch = append(batch, r); len(batch) == 50 {
					if err := run.Save(t.Context(), batch, nil); err != nil {
						t.Error(err)
					}
					batch = nil
				}
			}
			if err := run.End(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if err := errors.Join(first.Finish(t.Context(), "t", true), first.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	if got := len(list(t, dbs[0], scan.Present)); got != files {
		t.Errorf("%d files, want %d", got, files)
	}
	if got := on(t, url, "SELECT (SELECT count(*) FROM directory), (SELECT count(*) FROM revision), (SELECT count(*) FROM result), (SELECT count(*) FROM persons)"); got != "37|5|300|300" {
		t.Errorf("folders, revisions, results, lists of persons: %s", got)
	}
	if h, err := dbs[0].Check(t.Context()); err != nil || len(h.Damage) > 0 {
		t.Errorf("%+v, %v", h, err)
	}
}

var day = time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)

// What was under examination on this machine when a run died is a suspect in the
// next run; what a run that lives examines is none.
func TestServerSuspects(t *testing.T) {
	url, folder := database(t), t.TempDir()
	open := func() *state.DB { return openServer(t, url, state.Options{Folder: folder}) }
	entry := func(path string) scan.Entry { return scan.Entry{Target: "t", Path: path, Size: 7, ModTime: day} }
	start := func(db *state.DB, target string) *state.Run {
		t.Helper()
		run, err := db.Begin(t.Context(), scan.Start{Version: "test", Targets: []string{target}})
		if err != nil {
			t.Fatal(err)
		}
		return run.(*state.Run)
	}
	lives := start(open(), "u")
	if _, err := lives.Enter(scan.Entry{Target: "u", Path: "x"}, false); err != nil {
		t.Fatal(err)
	}
	for alone := range 3 {
		died := start(open(), "t")
		want := map[string]scan.Suspect{}
		if alone > 0 {
			want["名簿"] = scan.Suspect{Size: 7, ModTime: day, Alone: alone}
		}
		got, err := died.Suspects(t.Context(), "t")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("round %d (-want +got):\n%s", alone, diff)
		}
		if _, err := died.Enter(entry("名簿"), true); err != nil {
			t.Fatal(err)
		}
		died.Die()
		on(t, url, "UPDATE lease SET until = now() - interval '1 second' WHERE target = 't'")
	}
	if got, err := lives.Suspects(t.Context(), "u"); err != nil || len(got) != 0 {
		t.Errorf("of a run that lives: %v, %v", got, err)
	}
	if err := errors.Join(start(open(), "t").End(t.Context()), lives.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
