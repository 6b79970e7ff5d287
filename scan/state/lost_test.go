package state

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A damaged table of revisions takes no file with it: what was learnt of each is still
// there, and each is examined again.
func TestFilesWithoutTheirRevision(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	run, err := db.Begin(t.Context(), scan.Start{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	var outcomes []scan.Outcome
	for name, n := range map[string]int64{"list.csv": 5, "plain.txt": 0} {
		r := &scan.Result{
			Entry: scan.Entry{Target: "t", Path: name, Size: 7}, Revision: "r", Scanned: time.Now().UTC(),
			Items: []scan.Item{{Size: 7, Protection: scan.Protection{Verdict: scan.VerdictNone}}},
		}
		r.Items[0].Findings.High.Records, r.Distinct.High = n, n
		outcomes = append(outcomes, r)
	}
	if err := run.Save(t.Context(), outcomes, nil); err != nil {
		t.Fatal(err)
	}
	if err := run.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, damage := range []string{"PRAGMA foreign_keys = OFF", "DELETE FROM revision"} {
		if _, err := db.write.Exec(damage); err != nil {
			t.Fatal(err)
		}
	}
	found := map[string]int64{}
	for r, err := range db.Results(t.Context(), scan.Present) {
		if err != nil {
			t.Fatal(err)
		}
		if found[r.Entry.Path] = r.Items[0].Findings.High.Records; r.Revision != scan.RevisionAgain {
			t.Errorf("%s holds under revision %q", r.Entry.Path, r.Revision)
		}
	}
	if len(found) != 2 || found["list.csv"] != 5 {
		t.Errorf("found %v", found)
	}
}

// What an index leaves out of the list of files is told, of all targets and of one; of
// a state that is whole nothing is, whoever adds files meanwhile.
func TestFilesWithoutTheirIndex(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	told := func(listed int64, targets ...string) (n int) {
		within, args := among(targets)
		db.unlisted(t.Context(), within, args, listed, func(r *scan.Result, err error) bool {
			if err != nil || !isUnread(r) || !r.Entry.Folder {
				t.Errorf("%+v, %v", r, err)
			}
			n++
			return true
		})
		return n
	}
	run, err := db.Begin(t.Context(), scan.Start{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	var outcomes []scan.Outcome
	for _, name := range []string{"a.txt", "b.txt", "c.txt"} {
		outcomes = append(outcomes, &scan.Result{
			Entry: scan.Entry{Target: "t", Path: name, Size: 7}, Revision: "r", Scanned: time.Now().UTC(),
			Items: []scan.Item{{Size: 7, Protection: scan.Protection{Verdict: scan.VerdictNone}}},
		})
	}
	if err := run.Save(t.Context(), outcomes, nil); err != nil {
		t.Fatal(err)
	}
	if err := run.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := told(2); n != 0 {
		t.Errorf("of a whole state %d places are told", n)
	}
	var kind, name, table, text string
	var root int64
	if err := db.write.QueryRow("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema WHERE name = 'file_identity'").Scan(&kind, &name, &table, &root, &text); err != nil {
		t.Fatal(err)
	}
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := db.write.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("PRAGMA writable_schema = ON") // the index is away while what it has changes
	exec("DELETE FROM sqlite_schema WHERE name = 'file_identity'")
	exec("PRAGMA writable_schema = RESET")
	exec("UPDATE file SET identity = 5")
	exec("PRAGMA writable_schema = ON")
	exec("INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES (?1, ?2, ?3, ?4, ?5)", kind, name, table, root, text)
	exec("PRAGMA writable_schema = RESET")
	if n := told(3); n != 0 {
		t.Errorf("all files are listed, and %d places are told", n)
	}
	for _, targets := range [][]string{nil, {"t"}} {
		if n := told(2, targets...); n != 1 {
			t.Errorf("of targets %q %d places are told, want one", targets, n)
		}
	}
	if n := told(0, "another"); n != 0 {
		t.Errorf("of a target without files %d places are told", n)
	}
}
