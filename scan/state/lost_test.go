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
