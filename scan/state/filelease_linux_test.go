package state_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
)

// Whoever removes the file of the lock does not let a second run in.
func TestLeaseOutlivesItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	open := func() *state.DB {
		t.Helper()
		db, err := state.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	one, two := open(), open()
	run, err := one.Begin(t.Context(), scan.Start{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path + ".lock"); err != nil {
		t.Fatal(err)
	}
	if _, err := two.Begin(t.Context(), scan.Start{Version: "test"}); !errors.Is(err, scan.ErrBusy) {
		t.Fatalf("a second run begins: %v", err)
	}
	if err := two.Compact(t.Context()); !errors.Is(err, scan.ErrBusy) {
		t.Errorf("compact: %v, want ErrBusy", err)
	}
	if err := run.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	next, err := two.Begin(t.Context(), scan.Start{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if err := next.End(t.Context()); err != nil {
		t.Error(err)
	}
}
