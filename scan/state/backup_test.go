package state_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
)

// A backup that is made in the middle of a run holds what was saved before, is
// whole, is nobody else's to read, and replaces nothing.
func TestBackupDuringARun(t *testing.T) {
	dir := t.TempDir()
	db, err := state.Open(t.Context(), filepath.Join(dir, "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	run, err := db.Begin(t.Context(), scan.Start{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	save := func(i int) {
		r := &scan.Result{
			Entry: scan.Entry{Target: "t", Path: fmt.Sprintf("部/%d.txt", i), Size: 7}, Revision: "r", Scanned: time.Now().UTC(),
			Items: []scan.Item{{Size: 7, Protection: scan.Protection{Verdict: scan.VerdictNone}}},
		}
		if err := run.Save(t.Context(), []scan.Outcome{r}, nil); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 50 {
		save(i)
	}
	stop, done := make(chan struct{}), make(chan int)
	go func() {
		n := 50
		for ; ; n++ {
			select {
			case <-stop:
				done <- n
				return
			default:
				save(n)
			}
		}
	}()
	copied := filepath.Join(dir, "copy.db")
	err = db.Backup(t.Context(), copied)
	close(stop)
	if all := <-done; err != nil {
		t.Fatalf("with %d files: %v", all, err)
	}
	if err := db.Backup(t.Context(), copied); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over another backup: %v, want ErrExist", err)
	}
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v; want mode 0600", info.Mode(), err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".kagiban-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	again, err := state.Open(t.Context(), copied)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	h, err := again.Check(t.Context())
	if err != nil || len(h.Damage) > 0 || h.Files < 50 || h.Unending != 1 {
		t.Errorf("the copy: %+v, %v", h, err)
	}
	if err := run.End(t.Context()); err != nil {
		t.Fatal(err)
	}
}
