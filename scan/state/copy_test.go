package state_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/storekit"
	"github.com/kagiban/kagiban/scan/state"
)

// lively makes a state in which there is something of each kind: files that are
// clean, found, gone and oddly named, versions, findings of which the last has
// gone, remarks, figures, exceptions, a bookmark.
func lively(t *testing.T, db *state.DB) {
	t.Helper()
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	check := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	var many []uint64
	for i := range uint64(3000) {
		many = append(many, i*0x9E3779B97F4A7C15)
	}
	run := begin(t, db)
	first := []scan.Outcome{storekit.Found("a/名簿.csv", at, many, []uint64{5}), storekit.Found("gone", at, []uint64{1}, nil), storekit.Found("odd\xff\x00\U0010FE07", at, []uint64{2}, nil)}
	for i := range 30 {
		first = append(first, clean(i))
	}
	check(run.Save(t.Context(), first, nil), run.Finish(t.Context(), "t", true))
	settler := run.(interface {
		scan.Settler
		scan.Tallier
		scan.Bookmarker
	})
	var moves []scan.Move
	for _, r := range list(t, db, scan.Found) {
		moves = append(moves, scan.Move{Finding: scan.Finding{File: r.ID, Stage: scan.StageNew, Since: at, First: at, Last: at}, Events: []scan.Event{{At: at, Kind: scan.EventFound}}})
	}
	check(settler.Settle(t.Context(), moves),
		settler.Tally(t.Context(), scan.Tally{Targets: []string{"t"}, Sums: map[scan.Status]scan.TallySum{scan.StatusClean: {Files: 30}}}),
		settler.SetBookmark(t.Context(), "u", scan.Bookmark{Folder: "部\xfe", Full: true}), run.End(t.Context()))
	run = begin(t, db)
	check(run.Save(t.Context(), append(first[3:], storekit.Found("a/名簿.csv", at.Add(time.Hour), []uint64{7, 9}, nil), first[2]), nil), run.Finish(t.Context(), "t", true), run.End(t.Context()))
	_, err := db.AddException(t.Context(), scan.Exception{Pattern: "t/**", Reason: "移行", Created: at, Expires: at.Add(time.Hour)})
	check(err, db.AddRemarks(t.Context(), scan.Import{SHA256: "ab", Name: "x", Who: "鈴木", At: at}, []scan.Remark{{Finding: 1, Field: scan.FieldNote, Value: "済\x00", Who: "鈴木", At: at}}))
}

// seen is all that a state says of itself.
func seen(t *testing.T, db *state.DB) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := db.Export(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	say := func(v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", text)
	}
	for _, hash := range []uint64{5, 7, 0x9E3779B97F4A7C15, 0x9E3779B97F4A7C15 * 2999 & (1<<64 - 1), 4} {
		say(db.Holding(t.Context(), hash))
	}
	say(db.Events(t.Context(), time.Time{}))
	say(db.Remarks(t.Context()))
	say(db.Tallies(t.Context()))
	say(db.Exceptions(t.Context()))
	say(db.Targets(t.Context()))
	for r, err := range db.Results(t.Context(), scan.Noted) {
		say(r.Finding, err)
		say(db.Versions(t.Context(), r.ID))
	}
	return b.String()
}

// A state is copied to a database and from there to a file: each says the same,
// finding numbers go on where they were, and nothing is written over.
func TestCopy(t *testing.T) {
	url := database(t)
	file, back := open(t, filepath.Join(t.TempDir(), "a.db")), open(t, filepath.Join(t.TempDir(), "b.db"))
	server := openServer(t, url, state.Options{})
	lively(t, file)
	for _, step := range []struct {
		name     string
		from, to *state.DB
	}{{"to the database", file, server}, {"back", server, back}} {
		rows, err := state.Copy(t.Context(), step.from, step.to)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if rows["file"] != 33 || rows["finding"] != 3 || rows["result"] != 4 {
			t.Errorf("%s: %v", step.name, rows)
		}
		if diff := cmp.Diff(seen(t, file), seen(t, step.to)); diff != "" {
			t.Errorf("%s (-was +is):\n%s", step.name, diff)
		}
		if h, err := step.to.Check(t.Context()); err != nil || len(h.Damage) > 0 {
			t.Errorf("%s: %+v, %v", step.name, h, err)
		}
		if _, err := state.Copy(t.Context(), step.from, step.to); !errors.Is(err, state.ErrNotEmpty) {
			t.Errorf("%s, once more: %v", step.name, err)
		}
	}
	for _, db := range []*state.DB{file, server, back} {
		var id int64
		for _, r := range list(t, db, scan.Present) {
			if r.Finding == nil {
				id = r.ID
			}
		}
		run := begin(t, db)
		if err := errors.Join(run.(scan.Settler).Settle(t.Context(), []scan.Move{{Finding: scan.Finding{File: id, Stage: scan.StageNew}}}), run.End(t.Context())); err != nil {
			t.Fatal(err)
		}
		for _, r := range list(t, db, scan.Noted) {
			if r.ID == id && (r.Finding == nil || r.Finding.Number != 4) {
				t.Errorf("the next finding is %+v, want number 4", r.Finding)
			}
		}
	}
}
