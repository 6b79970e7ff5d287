package state_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/policy"
	"github.com/kagiban/kagiban/scan/state"
)

// Files of the state that is damaged, and how often it is.
const (
	damagedFiles = 1000
	damagedSeeds = 20
)

// wholeState is a state with many files, every tenth with findings.
func wholeState(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state.db")
	db, err := state.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	run, err := db.Begin(t.Context(), scan.Start{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	var batch []scan.Outcome
	for i := range damagedFiles {
		r := &scan.Result{
			Entry: scan.Entry{Target: "t", Path: fmt.Sprintf("部%d/%d.txt", i%30, i), Size: 7}, Revision: "r", Scanned: time.Unix(1e9, 0).UTC(),
			Items: []scan.Item{{Size: 7, Protection: scan.Protection{Verdict: scan.VerdictNone}}},
		}
		if i%10 == 0 {
			r.Hashes = scan.NewPersons()
			if err := r.Hashes.Add(scan.Person{Hash: uint64(i) * 0x9E3779B97F4A7C15, Grade: scan.ConfidenceHigh}); err != nil {
				t.Fatal(err)
			}
			r.Distinct = scan.Distinct{High: 1}
			r.Items[0].Findings.High.Records = 1
		}
		batch = append(batch, r)
	}
	if err := errors.Join(run.Save(t.Context(), batch, nil), run.Finish(t.Context(), "t", true), run.End(t.Context()), db.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// read is what can be had of a state: results by path, and whether all went well.
func readState(t *testing.T, path string) (results map[string]*scan.Result, err error) {
	t.Helper()
	db, err := state.Open(t.Context(), path)
	if err != nil {
		return nil, fmt.Errorf("opening: %w", err)
	}
	defer db.Close()
	results = map[string]*scan.Result{}
	for r, err := range db.Results(t.Context(), scan.Present) {
		if err != nil {
			return nil, fmt.Errorf("results: %w", err)
		}
		if _, twice := results[r.Entry.Path]; twice {
			t.Errorf("%q comes twice", r.Entry.Path)
		}
		results[r.Entry.Path] = r
	}
	members := func() iter.Seq2[scan.GroupMember, error] {
		return func(yield func(scan.GroupMember, error) bool) {
			for _, r := range results {
				if r.Distinct.High > 0 && !yield(scan.GroupMember{Group: "g", File: r.ID}, nil) {
					return
				}
			}
		}
	}
	if _, err := db.Distinct(t.Context(), members()); err != nil {
		return nil, fmt.Errorf("persons: %w", err)
	}
	if _, err := db.Targets(t.Context()); err != nil {
		return nil, fmt.Errorf("targets: %w", err)
	}
	if _, err := db.Check(context.Background()); err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	return results, nil
}

// Pages are damaged at random. What cannot be opened says what to do; of what
// can, all that is readable comes, and what does not come as it was is unchecked
// and never clean.
func TestDamagedPages(t *testing.T) {
	whole := wholeState(t)
	text, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	readable, partly := 0, 0
	for seed := range uint64(damagedSeeds) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		path := filepath.Join(t.TempDir(), "state.db")
		broken := append([]byte{}, text...)
		for range 1 + rnd.IntN(3) {
			at := rnd.IntN(len(broken) - 600)
			for i := range 20 + rnd.IntN(500) {
				broken[at+i] = byte(rnd.Uint32())
			}
		}
		if rnd.IntN(5) == 0 {
			broken = broken[:rnd.IntN(len(broken))]
		}
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		results, err := readState(t, path)
		if err != nil {
			if !strings.Contains(err.Error(), state.Remedy) {
				t.Errorf("seed %d: %v, without a remedy", seed, err)
			}
			t.Logf("seed %d: %.150s", seed, strings.ReplaceAll(err.Error(), path, "FILE"))
			continue
		}
		readable++
		unread := 0
		for path, r := range results {
			if (policy.Policy{}).Judge(r).Status == scan.StatusUnchecked {
				unread++
			}
			if n := len(r.Items); n == 0 {
				t.Errorf("seed %d: %q has no items", seed, path)
			}
		}
		if len(results) < damagedFiles && unread == 0 {
			t.Errorf("seed %d: %d of %d files, and nothing says that some are lost", seed, len(results), damagedFiles)
		}
		if unread > 0 {
			partly++
		}
	}
	t.Logf("%d of %d could be opened, %d of them with a part that is lost", readable, damagedSeeds, partly)
	if readable < 8 || partly < 3 {
		t.Error("the damage says little")
	}
}

// A result that is no JSON any more makes its own file unchecked, and no other.
func TestDamagedResult(t *testing.T) {
	path := wholeState(t)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("UPDATE result SET body = '{\"Items' WHERE file = (SELECT id FROM file WHERE name = '10.txt')"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	results, err := readState(t, path)
	if err != nil || len(results) != damagedFiles {
		t.Fatalf("%d files, %v", len(results), err)
	}
	for path, r := range results {
		j := (policy.Policy{}).Judge(r)
		if lost := path == "部10/10.txt"; lost != (j.Status == scan.StatusUnchecked) {
			t.Errorf("%q is %s", path, j.Status)
		}
	}
	again, err := state.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	h, err := again.Check(t.Context())
	if err != nil || len(h.Damage) == 0 || !strings.Contains(h.Damage[0], "部10/10.txt") {
		t.Errorf("%+v, %v", h, err)
	}
}
