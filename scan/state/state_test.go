package state_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/storekit"
	"github.com/kagiban/kagiban/scan/state"
)

func open(t *testing.T, path string) *state.DB {
	t.Helper()
	db, err := state.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func begin(t *testing.T, db *state.DB) scan.Run {
	t.Helper()
	run, err := db.Begin(t.Context(), scan.Start{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func TestStore(t *testing.T) {
	dirs := map[*testing.T]string{}
	storekit.Run(t, func(t *testing.T, name string) storekit.Database {
		if dirs[t] == "" {
			dirs[t] = t.TempDir()
		}
		db := open(t, filepath.Join(dirs[t], name+" 日本語 %41?#.db"))
		if err := db.UseKey(make([]byte, 32)); err != nil {
			t.Fatal(err)
		}
		return storekit.Database{Lease: db, ResultReader: db, PersonCounter: db, PersonIndex: db, HistoryReader: db, ExceptionLedger: db, FindingLedger: db, TallyBook: db, RemarkBook: db}
	})
}

func list(t *testing.T, db *state.DB, which scan.Which, targets ...string) []*scan.Result {
	t.Helper()
	var all []*scan.Result
	for r, err := range db.Results(t.Context(), which, targets...) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func TestFileIsPrivateAndHoldsNoKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "state.db")
	open(t, path)
	for _, p := range []string{path, filepath.Dir(path)} {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v, others could look into it", p, info.Mode())
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec("PRAGMA user_version = 999"); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	if _, err := state.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "newer kagiban") {
		t.Errorf("Open = %v, want a word on a newer kagiban", err)
	}
}
