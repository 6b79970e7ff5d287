package state_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
)

// filled makes a state of n files.
func filled(t *testing.T, path string, n int) *state.DB {
	t.Helper()
	db := open(t, path)
	run := begin(t, db)
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	var batch []*scan.Result
	for i := range n {
		batch = append(batch, found(fmt.Sprintf("総務/%06d.xlsx", i), at, []uint64{uint64(i)}, nil))
	}
	if err := errors.Join(run.Save(t.Context(), batch), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestCheckAndCompact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	db := filled(t, path, 2000)
	health, err := db.Check(t.Context())
	if err != nil || len(health.Damage) != 0 || health.Files != 2000 || health.Unending != 0 {
		t.Fatalf("Check = %+v, %v", health, err)
	}
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec("DELETE FROM person; DELETE FROM file WHERE id > 100; PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	before, err := db.Check(t.Context())
	if err != nil || before.Free == 0 {
		t.Fatalf("Check = %+v, %v; want unused space", before, err)
	}
	run := begin(t, db)
	if err := open(t, path).Compact(t.Context()); !errors.Is(err, state.ErrBusy) {
		t.Errorf("Compact during a scan: %v, want ErrBusy", err)
	}
	if err := run.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	after, err := db.Check(t.Context())
	if err != nil || after.Bytes >= before.Bytes/2 || after.Free != 0 || after.Files != 100 {
		t.Errorf("after Compact %+v, before %+v, %v", after, before, err)
	}
	if _, err := raw.Exec("UPDATE file SET result = '{' WHERE id = 7; PRAGMA foreign_keys = OFF; INSERT INTO person VALUES (99999, 1, 1)"); err != nil {
		t.Fatal(err)
	}
	damaged, err := db.Check(t.Context())
	if err != nil || len(damaged.Damage) != 2 {
		t.Errorf("Check of a damaged state = %+v, %v; want two things wrong", damaged, err)
	}
}

// A page that was overwritten is found, or the file is refused.
func TestCheckFindsAnOverwrittenPage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	db := filled(t, path, 2000)
	if err := errors.Join(db.Compact(t.Context()), db.Close()); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(bytes.Repeat([]byte{0xAA}, 4096), 40*4096); err != nil {
		t.Fatal(err)
	}
	f.Close()
	health, err := open(t, path).Check(t.Context())
	if err == nil && len(health.Damage) == 0 {
		t.Errorf("Check = %+v: nothing was found", health)
	}
}

func TestExport(t *testing.T) {
	db := filled(t, filepath.Join(t.TempDir(), "state.db"), 3)
	var out bytes.Buffer
	if n, err := db.Export(t.Context(), &out); n != 3 || err != nil {
		t.Fatalf("Export = %d, %v", n, err)
	}
	var first struct {
		Target, Path, Revision string
		Size, Mtime, FirstSeen int64
		Result                 struct{ Items []scan.Item }
	}
	line, _, _ := strings.Cut(out.String(), "\n")
	if err := json.Unmarshal([]byte(line), &first); err != nil {
		t.Fatal(err)
	}
	if first.Target != "t" || first.Path != "総務/000000.xlsx" || first.Mtime == 0 || len(first.Result.Items) == 0 || strings.Count(out.String(), "\n") != 3 {
		t.Errorf("Export wrote %s", out.String())
	}
}

// A state of schema 1 keeps its results, and learns the identities of files as
// walks meet them.
func TestOlderSchemaIsMigrated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	old, err := os.ReadFile(filepath.Join("testdata", "schema1.sql"))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec(string(old)); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	db := open(t, path)
	got := list(t, db, state.Present)
	if len(got) != 1 || got[0].Entry.Path != "総務/名簿.xlsx" || got[0].Entry.ID != 77 || got[0].Distinct.High != 2 {
		t.Fatalf("present: %+v", got)
	}
	day := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	e := scan.Entry{Target: "t", Path: "総務/名簿.xlsx", Size: 5, ModTime: day, ChangeTime: day, ID: 77}
	any := func(string) bool { return true }
	run := begin(t, db)
	known, err := run.Unchanged(t.Context(), e, any)
	if err != nil || known == scan.ToExamine {
		t.Errorf("Unchanged = %v, %v", known, err)
	}
	if err := run.Save(t.Context(), []*scan.Result{{Entry: e, Kept: true}}); err != nil {
		t.Fatal(err)
	}
	e.Path = "新/名簿.xlsx"
	if known, err := run.Unchanged(t.Context(), e, any); err != nil || known == scan.ToExamine {
		t.Errorf("its identity was not learnt: Unchanged = %v, %v", known, err)
	}
	health, err := db.Check(t.Context())
	if diff := cmp.Diff([]string(nil), health.Damage); diff != "" || err != nil {
		t.Errorf("Check: %v %s", err, diff)
	}
}
