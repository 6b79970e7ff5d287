package state

import (
	"fmt"
	"iter"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// TestSketchBeyondTheLimit puts many persons into two files that share a third
// of them, and lets only small groups be counted exactly.
func TestSketchBeyondTheLimit(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	run, err := db.Begin(t.Context(), scan.Start{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	const each, shared, small = 60_000, 20_000, 50
	hash := func(i uint64) uint64 { // splitmix64, as even as a keyed hash
		i += 0x9e3779b97f4a7c15 * (i + 1)
		i = (i ^ i>>30) * 0xbf58476d1ce4e5b9
		i = (i ^ i>>27) * 0x94d049bb133111eb
		return i ^ i>>31
	}
	var results []scan.Outcome
	for f, from := range []uint64{0, each - shared} {
		p := scan.NewPersons()
		for i := range uint64(each) {
			if err := p.Add(scan.Person{Hash: hash(from + i), Grade: scan.ConfidenceHigh}); err != nil {
				t.Fatal(err)
			}
		}
		results = append(results, &scan.Result{Entry: scan.Entry{Target: "t", Path: fmt.Sprint(f)}, Revision: "r", Hashes: p, Scanned: time.Unix(1e9, 0)})
	}
	p := scan.NewPersons()
	for i := range uint64(small) {
		if err := p.Add(scan.Person{Hash: hash(i), Grade: scan.ConfidenceHigh}); err != nil {
			t.Fatal(err)
		}
	}
	results = append(results, &scan.Result{Entry: scan.Entry{Target: "t", Path: "small"}, Revision: "r", Hashes: p, Scanned: time.Unix(1e9, 0)})
	if err := run.Save(t.Context(), results, nil); err != nil {
		t.Fatal(err)
	}
	var members iter.Seq2[scan.GroupMember, error] = func(yield func(scan.GroupMember, error) bool) {
		for r, err := range db.Results(t.Context(), scan.Present) {
			group := "large"
			if err == nil && r.Entry.Path == "small" {
				group = "small"
			}
			if err != nil || !yield(scan.GroupMember{Group: group, File: r.ID}, nil) {
				return
			}
		}
	}
	got, err := db.distinct(t.Context(), members, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if got["small"] != (scan.PersonCount{N: small}) {
		t.Errorf("small = %+v, want %d exactly", got["small"], small)
	}
	const want = 2*each - shared
	if off := math.Abs(float64(got["large"].N)/want - 1); !got["large"].Estimate || off > 4*SketchError {
		t.Errorf("large = %+v, off by %.2f %%; want an estimate near %d", got["large"], 100*off, want)
	}
}
