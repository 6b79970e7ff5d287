package state_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/pgserver"
	"github.com/kagiban/kagiban/scan/scantest/storekit"
	"github.com/kagiban/kagiban/scan/state"
)

var when = time.Date(2026, 5, 8, 1, 2, 3, 0, time.UTC)

// numbered are texts with numbers, as they stand in names; none is a substring of
// another, and each has its digits so.
var numbered = []string{"3412-567801", "３４１２－５６７８０２", "3412567803", "3412_567804", "3412 567805", "3412.567806"}

// holdsNone fails where one of these numbers stands in a text.
func holdsNone(t *testing.T, what string, text []byte) {
	t.Helper()
	for _, n := range numbered {
		if at := bytes.Index(text, []byte(n)); at >= 0 {
			t.Errorf("%s holds %s: %q", what, n, text[max(0, at-40):min(len(text), at+40)])
		}
	}
}

// filesHoldNone looks into all files in a folder.
func filesHoldNone(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) < 2 {
		t.Fatalf("%d files, %v", len(entries), err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		holdsNone(t, e.Name(), text)
	}
}

func keyedWith(t *testing.T, db *state.DB, fill byte) *state.DB {
	t.Helper()
	if err := db.UseKey(bytes.Repeat([]byte{fill}, 32)); err != nil {
		t.Fatal(err)
	}
	return db
}

// outcomes are files whose names hold numbers wherever a name can.
func numberedOutcomes() []scan.Outcome {
	found := storekit.Found("総務/"+numbered[0]+"/"+numbered[1]+".zip", when, []uint64{7}, nil)
	found.Entry.Size = 3412567899 // is no name
	found.Items[0].Size = found.Entry.Size
	found.Items[0].Findings.Hits = []scan.Hit{{Table: numbered[3], Column: numbered[4], Masked: "****-****01", Why: []string{"shape"}}}
	found.Items = append(found.Items, scan.Item{Inner: []string{numbered[5] + ".csv"}, Problems: []scan.Problem{{Kind: scan.KindMalformed, Detail: "no file " + numbered[2]}}})
	found.Access = &scan.Access{Owner: `DOM\` + numbered[0], Grants: []scan.Grant{{SID: "S-1-5-21-3623811015-3361044348-30300820-1106", Name: numbered[1]}}}
	clean := storekit.Clean(numbered[2]+"/"+numbered[3]+".txt", when)
	plain := storekit.Clean(numbered[4]+".txt", when)
	list := []scan.Outcome{found, clean, plain}
	for _, o := range list {
		if r, ok := o.(*scan.Result); ok {
			r.Entry.Target = "smb://fs01/" + numbered[5]
		}
	}
	return list
}

// save is a run over these files.
func save(t *testing.T, db *state.DB, list []scan.Outcome) {
	t.Helper()
	run := begin(t, db)
	target := list[0].Of().Target
	leave, err := run.(scan.Journal).Enter(list[0].Of(), false)
	if err != nil {
		t.Fatal(err)
	}
	if run, ok := run.(scan.Bookmarker); ok {
		if err := run.SetBookmark(t.Context(), target, scan.Bookmark{Folder: numbered[0] + "/x"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(run.Save(t.Context(), list, nil), run.Finish(t.Context(), target, true), leave(), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
}

func paths(list []*scan.Result) string {
	var all []string
	slices.SortFunc(list, func(a, b *scan.Result) int { return strings.Compare(a.Entry.Path, b.Entry.Path) })
	for _, r := range list {
		all = append(all, r.Entry.Path)
		for _, i := range r.Items {
			all = append(all, i.Inner...)
			for _, p := range i.Problems {
				all = append(all, p.Detail)
			}
		}
	}
	return strings.Join(all, "|")
}

// TestNumbersInNamesAreSealed has names with numbers in a state file: with the key
// all is as it was, without it or under another one it is masked, and neither the
// file, its journals, a backup nor an export holds a number.
func TestNumbersInNamesAreSealed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state.db")
	db := keyedWith(t, open(t, path), 1)
	list := numberedOutcomes()
	run := begin(t, db)
	if _, err := run.(scan.Journal).Enter(list[0].Of(), true); err != nil {
		t.Fatal(err)
	}
	if err := run.Save(t.Context(), list, nil); err != nil {
		t.Fatal(err)
	}
	filesHoldNone(t, dir) // the journals of SQLite and of what is under examination are there
	if err := db.Backup(t.Context(), filepath.Join(dir, "copy.db")); err != nil {
		t.Fatal(err)
	}
	if err := run.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	save(t, db, list)
	if _, err := db.AddException(t.Context(), scan.Exception{Pattern: numbered[0] + "/**", Reason: numbered[1], Created: when, Expires: when}); err != nil {
		t.Fatal(err)
	}
	filesHoldNone(t, dir)
	var out bytes.Buffer
	if n, err := db.Export(t.Context(), &out); err != nil || n != 3 || !strings.Contains(out.String(), "3412567899") {
		t.Errorf("%d files exported: %v\n%s", n, err, out.String()) // the size
	}
	holdsNone(t, "the export", out.Bytes())
	var want []*scan.Result
	for _, o := range list {
		if r, ok := o.(*scan.Result); ok {
			want = append(want, r)
		}
	}
	if got := paths(present(t, db)); got != paths(want) {
		t.Errorf("with the key %q, want %q", got, paths(want))
	}
	for _, fill := range []byte{0, 2} {
		other := open(t, path)
		if fill > 0 {
			keyedWith(t, other, fill)
		}
		results := present(t, other)
		if got := regexp.MustCompile(`~[A-Za-z]{6}`).ReplaceAllString(paths(results), ""); len(results) != 3 || strings.Contains(got, "3412") || !strings.Contains(got, "****-****01/****－****０２.zip") {
			t.Errorf("without the key %q", got)
		}
		for _, r := range results {
			if strings.HasSuffix(r.Entry.Path, ".zip") && (r.Entry.Size != 3412567899 || len(r.Items) != 3) {
				t.Errorf("without the key %+v", r)
			}
		}
		to := open(t, filepath.Join(t.TempDir(), "to.db"))
		if _, err := state.Copy(t.Context(), other, to); !errors.Is(err, state.ErrNoKey) {
			t.Errorf("copied without the key: %v", err)
		}
	}
}

func present(t *testing.T, db *state.DB) []*scan.Result { return list(t, db, scan.Present) }

// sealedBefore has a state of a version that sealed nothing: the next run seals all,
// files are known again, and nothing is left of the numbers.
func sealedBefore(t *testing.T, open func() *state.DB) {
	t.Helper()
	outcomes := numberedOutcomes()
	save(t, open(), outcomes)
	plain := present(t, open())
	db := keyedWith(t, open(), 1)
	run := begin(t, db)
	for _, o := range outcomes {
		if got, err := run.Known(t.Context(), o.Of(), func(string) bool { return true }); err != nil || got == scan.ReuseNone {
			t.Errorf("%s: %v %v", o.Of().Path, got, err)
		}
		if err := run.Save(t.Context(), []scan.Outcome{&scan.Kept{Entry: o.Of()}}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(run.Finish(t.Context(), outcomes[0].Of().Target, true), run.End(context.WithoutCancel(t.Context()))); err != nil {
		t.Fatal(err)
	}
	if got, want := paths(present(t, db)), paths(plain); got != want || len(list(t, db, scan.Gone)) != 0 {
		t.Errorf("%q, want %q; %d gone", got, want, len(list(t, db, scan.Gone)))
	}
}

func TestStateOfBeforeIsSealed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state.db")
	sealedBefore(t, func() *state.DB { return open(t, path) })
	filesHoldNone(t, dir)
}

func TestServerOfBeforeIsSealed(t *testing.T) {
	pgserver.Require(t)
	url := database(t)
	sealedBefore(t, func() *state.DB { return openServer(t, url, state.Options{}) })
	db := openServer(t, url, state.Options{})
	for _, table := range []string{"target", "directory", "file", "plain", "result", "finding", "event", "suspect", "exception", "tally", "lease", "setting"} {
		rows, err := db.Native().Pool.Query(t.Context(), "SELECT row_to_json(x)::text FROM "+table+" AS x")
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var text string
			if err := rows.Scan(&text); err != nil {
				t.Fatal(err)
			}
			holdsNone(t, table, []byte(text))
		}
	}
}
