package scantest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A StoreRun is one run on a store: the store, and what ends the run.
type StoreRun struct {
	Store scan.Store
	End   func() error
}

// Store is the acceptance kit of stores. Begin starts a run on the same stored
// data each time; present lists the paths that are stored and not gone.
func Store(t *testing.T, begin func(t *testing.T) StoreRun, present func(t *testing.T) []string) {
	day := time.Date(2026, 4, 1, 9, 0, 0, 123456000, time.UTC)
	entry := func(path string) scan.Entry {
		return scan.Entry{Target: "t", Path: path, Size: 7, ModTime: day, ChangeTime: day}
	}
	save := func(t *testing.T, s scan.Store, results ...*scan.Result) {
		t.Helper()
		if err := s.Save(t.Context(), results); err != nil {
			t.Fatal(err)
		}
	}
	result := func(path, revision string) *scan.Result {
		return &scan.Result{Entry: entry(path), Revision: revision, Items: []scan.Item{{Format: "text"}}, Scanned: day}
	}
	inRun := func(t *testing.T, f func(s scan.Store)) {
		t.Helper()
		run := begin(t)
		f(run.Store)
		if err := run.End(); err != nil {
			t.Fatal(err)
		}
	}

	found := result("c", "r1")
	found.Hashes = scan.NewPersons()
	if err := found.Hashes.Add(scan.ConfidenceHigh, 1); err != nil {
		t.Fatal(err)
	}
	found.Distinct.High = 1
	inRun(t, func(s scan.Store) {
		save(t, s, result("a", "r1"), result("b", "r1"), found)
		save(t, s, result("a", "r2")) // replaces
		if err := s.Finish(t.Context(), "t", true); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("unchanged", func(t *testing.T) {
		changed := map[string]func(*scan.Entry){
			"as it was": func(*scan.Entry) {},
			"size":      func(e *scan.Entry) { e.Size++ },
			"mtime":     func(e *scan.Entry) { e.ModTime = e.ModTime.Add(time.Second) },
			"ctime":     func(e *scan.Entry) { e.ChangeTime = e.ChangeTime.Add(time.Second) },
			"path":      func(e *scan.Entry) { e.Path = "new" },
			"target":    func(e *scan.Entry) { e.Target = "other" },
		}
		inRun(t, func(s scan.Store) {
			for name, change := range changed {
				e := entry("a")
				change(&e)
				got, err := s.Unchanged(t.Context(), e, func(r string) bool { return r == "r2" })
				if err != nil || (got == scan.Same) != (name == "as it was") {
					t.Errorf("%s: Unchanged = %v, %v", name, got, err)
				}
			}
			if got, err := s.Unchanged(t.Context(), found.Entry, func(string) bool { return true }); err != nil || got != scan.SameFound {
				t.Errorf("a file with findings: Unchanged = %v, %v", got, err)
			}
			if got, err := s.Unchanged(t.Context(), entry("a"), func(string) bool { return false }); err != nil || got != scan.ToExamine {
				t.Errorf("another revision: Unchanged = %v, %v, want it to be examined", got, err)
			}
		})
	})
	t.Run("gone only after a complete walk", func(t *testing.T) {
		inRun(t, func(s scan.Store) {
			save(t, s, &scan.Result{Entry: entry("a"), Kept: true})
			if err := s.Finish(t.Context(), "t", false); err != nil {
				t.Fatal(err)
			}
		})
		if got := fmt.Sprint(present(t)); got != "[a b c]" {
			t.Errorf("after an incomplete walk present = %s, want [a b c]", got)
		}
		inRun(t, func(s scan.Store) {
			save(t, s, &scan.Result{Entry: entry("a"), Kept: true}, result("b", "r1"))
			if err := s.Finish(t.Context(), "t", true); err != nil {
				t.Fatal(err)
			}
		})
		if got := fmt.Sprint(present(t)); got != "[a b]" {
			t.Errorf("after a complete walk present = %s, want [a b]", got)
		}
		inRun(t, func(s scan.Store) {
			save(t, s, result("c", "r1")) // it is back
		})
		if got := fmt.Sprint(present(t)); got != "[a b c]" {
			t.Errorf("after its return present = %s, want [a b c]", got)
		}
	})
	t.Run("asked and saved at once", func(t *testing.T) {
		inRun(t, func(s scan.Store) { both(t, s, result) })
	})
}

// both asks and saves from two goroutines, as a run does.
func both(t *testing.T, s scan.Store, result func(path, revision string) *scan.Result) {
	t.Helper()
	var group sync.WaitGroup
	group.Go(func() {
		for i := range 200 {
			if _, err := s.Unchanged(context.Background(), result(fmt.Sprint(i), "").Entry, func(string) bool { return true }); err != nil {
				t.Errorf("Unchanged: %v", err)
			}
		}
	})
	group.Go(func() {
		for i := range 50 {
			if err := s.Save(context.Background(), []*scan.Result{result(fmt.Sprint(i), "r"), result(fmt.Sprint(i+1), "r")}); err != nil {
				t.Errorf("Save: %v", err)
			}
		}
	})
	group.Wait()
}
