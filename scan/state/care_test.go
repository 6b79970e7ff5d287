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
	"github.com/kagiban/kagiban/scan/scantest/storekit"
	"github.com/kagiban/kagiban/scan/state"
)

// filled makes a state of n files.
func filled(t *testing.T, path string, n int) *state.DB {
	t.Helper()
	db := open(t, path)
	run := begin(t, db)
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	var batch []scan.Outcome
	for i := range n {
		batch = append(batch, storekit.Found(fmt.Sprintf("総務/%06d.xlsx", i), at, []uint64{uint64(i)}, nil))
	}
	if err := errors.Join(run.Save(t.Context(), batch, nil), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
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
	if _, err := raw.Exec("DELETE FROM result WHERE file > 100; DELETE FROM persons WHERE result > 100; DELETE FROM person WHERE result > 100; DELETE FROM file WHERE id > 100; PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	before, err := db.Check(t.Context())
	if err != nil || before.Free == 0 {
		t.Fatalf("Check = %+v, %v; want unused space", before, err)
	}
	run := begin(t, db)
	if err := open(t, path).Compact(t.Context()); !errors.Is(err, scan.ErrBusy) {
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
	if _, err := raw.Exec("UPDATE result SET body = '{' WHERE file = 7; UPDATE persons SET packed = x'00000000000000090001' WHERE result = 8; PRAGMA foreign_keys = OFF; UPDATE file SET revision = 999 WHERE id = 9"); err != nil {
		t.Fatal(err)
	}
	damaged, err := db.Check(t.Context())
	if err != nil || len(damaged.Damage) < 3 {
		t.Errorf("Check of a damaged state = %+v, %v; want three things wrong", damaged, err)
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

// restore makes a state file from its dump.
func restore(t *testing.T, path, dump string) {
	t.Helper()
	old, err := os.ReadFile(filepath.Join("testdata", dump))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec(string(old)); err != nil {
		t.Fatal(err)
	}
}

// A state of schema 4, before directories and results were apart, keeps all
// that it knew, as that version exported it.
func TestResultsAreMovedOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	restore(t, path, "schema4.sql")
	db := open(t, path)
	want, err := os.ReadFile(filepath.Join("testdata", "schema4.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if _, err := db.Export(t.Context(), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines(t, want), lines(t, got.Bytes())); diff != "" {
		t.Errorf("export (-before +now):\n%s", diff)
	}
	persons := 0
	for r, err := range db.Results(t.Context(), scan.Present) {
		if err != nil {
			t.Fatal(err)
		}
		n, err := db.Distinct(t.Context(), func(yield func(scan.GroupMember, error) bool) {
			yield(scan.GroupMember{Group: "g", File: r.ID, Medium: true}, nil)
		})
		if persons += int(n["g"].N); err != nil || n["g"].N != r.Distinct.High+r.Distinct.Medium {
			t.Errorf("%s: %d persons, %v, want %+v", r.Entry.Path, n["g"].N, err, r.Distinct)
		}
	}
	if health, err := db.Check(t.Context()); err != nil || len(health.Damage) > 0 || persons == 0 {
		t.Errorf("%d persons, Check = %+v, %v", persons, health, err)
	}
}

// lines are lines of JSON in the order of their paths. Times are compared to the
// microsecond.
func lines(t *testing.T, text []byte) map[string]any {
	t.Helper()
	all := map[string]any{}
	for line := range bytes.Lines(text) {
		var e map[string]any
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		result := e["result"].(map[string]any)
		at, err := time.Parse(time.RFC3339Nano, result["Scanned"].(string))
		if err != nil {
			t.Fatal(err)
		}
		result["Scanned"] = at.UnixMicro()
		all[e["path"].(string)] = e
	}
	return all
}

// A state of schema 1 keeps its results, and learns the identities of files as
// walks meet them.
func TestOlderSchemaIsMigrated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	restore(t, path, "schema1.sql")
	db := open(t, path)
	got := list(t, db, scan.Present)
	if len(got) != 1 || got[0].Entry.Path != "総務/名簿.xlsx" || got[0].Entry.ID != 77 || got[0].Distinct.High != 2 {
		t.Fatalf("present: %+v", got)
	}
	day := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	e := scan.Entry{Target: "t", Path: "総務/名簿.xlsx", Size: 5, ModTime: day, ChangeTime: day, ID: 77}
	any := func(string) bool { return true }
	run := begin(t, db)
	known, err := run.Known(t.Context(), e, any)
	if err != nil || known == scan.ReuseNone {
		t.Errorf("Known = %v, %v", known, err)
	}
	if err := run.Save(t.Context(), []scan.Outcome{&scan.Kept{Entry: e}}, nil); err != nil {
		t.Fatal(err)
	}
	e.Path = "新/名簿.xlsx"
	if known, err := run.Known(t.Context(), e, any); err != nil || known == scan.ReuseNone {
		t.Errorf("its identity was not learnt: Known = %v, %v", known, err)
	}
	health, err := db.Check(t.Context())
	if diff := cmp.Diff([]string(nil), health.Damage); diff != "" || err != nil {
		t.Errorf("Check: %v %s", err, diff)
	}
}
