package storekit

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
)

// history: all that held of a file comes back with its time, also where the file
// is clean now or gone.
func history(t *testing.T, open Opener) {
	db := open(t, "one")
	at := func(d int) time.Time { return day().AddDate(0, 0, d) }
	found := func(path string, d int, size int64, hashes ...uint64) *scan.Result {
		r := Found(path, at(d), hashes, nil)
		r.Entry.Size = size
		return r
	}
	clean := Clean("a", at(4))
	clean.Scanned = at(4)
	night(t, db, true, found("a", 0, 10, 1, 2), found("b", 0, 5, 9))
	night(t, db, true, found("a", 2, 20, 2, 3), found("b", 0, 5, 9))
	night(t, db, true, clean)
	listed := map[string]int64{}
	var seen []string
	for l, err := range db.Listed(t.Context(), "t") {
		if err != nil {
			t.Fatal(err)
		}
		listed[l.Entry.Path] = l.File
		seen = append(seen, fmt.Sprint(l.Entry.Path, " ", l.Entry.Size, " ", l.Entry.ModTime.Equal(at(0)) || l.Entry.ModTime.Equal(at(2)) || l.Entry.ModTime.Equal(at(4))))
	}
	slices.Sort(seen)
	if diff := cmp.Diff([]string{"a 10 true", "a 20 true", "a 7 true", "b 5 true"}, seen); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	for l, err := range db.Listed(t.Context(), "another") {
		t.Errorf("a file of another target is listed: %+v, %v", l, err)
	}
	versions, err := db.Versions(t.Context(), listed["a"])
	if err != nil || len(versions) != 3 {
		t.Fatalf("versions of a: %+v, %v", versions, err)
	}
	for i, want := range []struct {
		since, until time.Time
		size         int64
		found        bool
	}{{at(0), at(2), 10, true}, {at(2), at(4), 20, true}, {at(4), time.Time{}, 7, false}} {
		v := versions[i]
		if !v.Since.Equal(want.since) || !v.Until.Equal(want.until) || v.Entry.Size != want.size || (v.Distinct.High > 0) != want.found || (v.Number != 0) != want.found || v.ID != listed["a"] {
			t.Errorf("version %d: %+v of %+v, want %+v", i, v, v.Result, want)
		}
		if want.found && (v.Access == nil || len(v.Items) != 2) {
			t.Errorf("version %d has lost its content: %+v", i, v.Result)
		}
	}
	gone, err := db.Versions(t.Context(), listed["b"])
	if err != nil || len(gone) != 1 || !gone[0].Until.Equal(gone[0].History.Gone) || gone[0].Until.IsZero() {
		t.Errorf("versions of the file that is gone: %+v, %v", gone, err)
	}
	if none, err := db.Versions(t.Context(), 1<<40); err != nil || none != nil {
		t.Errorf("versions of no file: %v, %v", none, err)
	}
}

// historyOfMoved: what held of a file before it was moved has its former place.
func historyOfMoved(t *testing.T, open Opener) {
	db := open(t, "one")
	before := Found("old/a", day(), []uint64{1}, nil)
	after := Found("new/a", day(), []uint64{1, 2}, nil)
	after.Entry.ID, after.Entry.ModTime, after.Scanned = before.Entry.ID, before.Entry.ModTime, day().AddDate(0, 0, 1)
	night(t, db, true, before)
	night(t, db, true, after)
	file, places := int64(0), []string(nil)
	for l, err := range db.Listed(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		file, places = l.File, append(places, l.Entry.Path)
	}
	if slices.Sort(places); !slices.Equal(places, []string{"new/a", "old/a"}) {
		t.Errorf("listed %v", places)
	}
	versions, err := db.Versions(t.Context(), file)
	if err != nil || len(versions) != 2 || versions[0].Entry.Path != "old/a" || versions[1].Entry.Path != "new/a" {
		t.Errorf("versions %+v, %v", versions, err)
	}
}

// sightings: persons of several versions come by hash, with all that is known.
func sightings(t *testing.T, open Opener) {
	db := open(t, "one")
	var many []uint64
	for i := range uint64(20_000) {
		many = append(many, i<<40|1)
	}
	night(t, db, true, Found("a", day(), many, []uint64{5}), Found("b", day(), []uint64{5, 7<<40 | 1}, nil), Found("c", day(), []uint64{5}, nil))
	var versions []int64
	for l, err := range db.Listed(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if l.Entry.Path == "c" {
			continue
		}
		list, err := db.Versions(t.Context(), l.File)
		if err != nil || len(list) != 1 {
			t.Fatalf("%v, %v", list, err)
		}
		versions = append(versions, list[0].Number)
	}
	n, last, both := 0, uint64(0), map[uint64]int{}
	for s, err := range db.Sightings(t.Context(), versions) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; s.Hash < last || !slices.Contains(versions, s.Version) {
			t.Fatalf("%+v after %x", s, last)
		}
		last = s.Hash
		if both[s.Hash]++; s.Grade == scan.ConfidenceHigh && (s.Class != scan.ClassThree || s.Place != 41) {
			t.Fatalf("%+v", s)
		}
	}
	if n != 20_003 || both[5] != 2 || both[7<<40|1] != 2 || len(both) != 20_001 {
		t.Errorf("%d sightings of %d persons; %d and %d of two", n, len(both), both[5], both[7<<40|1])
	}
}
