package state

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A disk that fills up ends the run with what to do; what was saved before is
// there, and with room the next run goes on.
func TestStateWithoutRoom(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	begin := func() scan.Run {
		t.Helper()
		run, err := db.Begin(t.Context(), scan.Start{Version: "test"})
		if err != nil {
			t.Fatal(err)
		}
		return run
	}
	files := 0
	save := func(run scan.Run) error {
		r := &scan.Result{
			Entry: scan.Entry{Target: "t", Path: fmt.Sprintf("%d/%s.txt", files, strings.Repeat("x", 900)), Size: 7}, Revision: "r", Scanned: time.Now().UTC(),
			Items: []scan.Item{{Size: 7, Protection: scan.Protection{Verdict: scan.VerdictNone}}},
		}
		err := run.Save(t.Context(), []scan.Outcome{r}, nil)
		if err == nil {
			files++
		}
		return err
	}
	run := begin()
	var pages int
	if err := db.write.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := db.write.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages+50)); err != nil {
		t.Fatal(err)
	}
	for err = nil; err == nil && files < 1000; {
		err = save(run)
	}
	if err == nil || !strings.Contains(err.Error(), "make room") || files == 0 {
		t.Fatalf("after %d files: %v", files, err)
	}
	_ = run.End(t.Context()) // there may be no room for that either
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	run = begin()
	if err := errors.Join(save(run), run.Finish(t.Context(), "t", false), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range db.Results(t.Context(), scan.Present) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if h, err := db.Check(t.Context()); err != nil || len(h.Damage) > 0 || n != files {
		t.Errorf("%d files, want %d; %+v, %v", n, files, h, err)
	}
}
