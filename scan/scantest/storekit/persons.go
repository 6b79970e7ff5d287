package storekit

import (
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
)

func distinctOverFiles(t *testing.T, open Opener) {
	db := open(t, "one")
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	run := begin(t, db)
	err := run.Save(t.Context(), []scan.Outcome{
		Found("a", at, []uint64{1, 2, 3}, []uint64{3, 9}), Found("b", at, []uint64{3, 4}, nil), Found("c", at, nil, []uint64{1, 7}),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	members := func(middle bool) iter.Seq2[scan.GroupMember, error] {
		return func(yield func(scan.GroupMember, error) bool) {
			for r, err := range db.Results(t.Context(), scan.Present) {
				if err != nil || !yield(scan.GroupMember{Group: "all", File: r.ID, Medium: middle}, nil) || !yield(scan.GroupMember{Group: r.Entry.Path, File: r.ID, Medium: middle}, nil) {
					return
				}
			}
		}
	}
	for middle, want := range map[bool]map[string]int64{
		false: {"all": 4, "a": 3, "b": 2},
		true:  {"all": 6, "a": 4, "b": 2, "c": 2},
	} {
		got, err := db.Distinct(t.Context(), members(middle))
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
