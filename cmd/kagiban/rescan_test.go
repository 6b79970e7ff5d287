package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
	"github.com/kagiban/kagiban/scan/state"
)

// countFiles tells how many files a state holds; 0 while it is being made.
func countFiles(t *testing.T, path string) int {
	t.Helper()
	db, err := state.Open(t.Context(), path)
	if err != nil {
		return 0
	}
	defer db.Close()
	n := 0
	for _, err := range db.Results(t.Context(), scan.Present) {
		if err != nil {
			return 0
		}
		n++
	}
	return n
}

// A rescan is a state and a share that are scanned again and again.
type rescan struct {
	t      *testing.T
	db     *state.DB
	server *samba.Server
}

// scan scans once and tells how many files were opened and how many were kept.
func (r rescan) scan(formats []scan.Format, key byte) (opens, kept int64) {
	r.t.Helper()
	counters := &source.Counters{}
	opts := source.Options{Password: func() (string, error) { return r.server.Password, nil }, Counters: counters}
	run, err := r.db.Begin(r.t.Context(), scan.Start{Version: "test"})
	if err != nil {
		r.t.Fatal(err)
	}
	sum, err := engine.Run(r.t.Context(), engine.Config{
		Targets:  []engine.Target{{Name: "smb://localhost/共有", Open: opener(r.server.URL("共有"), opts)}},
		Formats:  formats,
		Detector: detectors.New(bytes.Repeat([]byte{key}, keyBytes)), Store: run, Limits: scan.DefaultLimits(),
	})
	if err != nil {
		r.t.Fatal(err)
	}
	if err := run.End(context.Background()); err != nil {
		r.t.Fatal(err)
	}
	if err := sum.Targets[0].Err; err != nil {
		r.t.Fatal(err)
	}
	return counters.Opens.Load(), sum.Kept
}

// TestRescan scans a share again and again; what is opened is counted at the
// source.
func TestRescan(t *testing.T) {
	dir, truth, server := served(t)
	db, err := state.Open(t.Context(), filepath.Join(t.TempDir(), "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r := rescan{t, db, server}
	all := int64(len(truth.Files))
	expect := func(what string, opens, kept, wantOpens int64) {
		t.Helper()
		if opens != wantOpens || kept != all-wantOpens {
			t.Errorf("%s: %d files opened and %d kept, want %d and %d", what, opens, kept, wantOpens, all-wantOpens)
		}
	}

	opens, kept := r.scan(format.List(), 1)
	expect("first scan", opens, kept, all)
	opens, kept = r.scan(format.List(), 1)
	expect("unchanged share", opens, kept, 0)

	if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(truth.Files[40].Path)), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	opens, kept = r.scan(format.List(), 1)
	expect("one file changed", opens, kept, 1)

	newer := format.List()
	newer[slices.IndexFunc(newer, func(f scan.Format) bool { return f.Name == "xlsx" })].Version++
	workbooks := r.holding("xlsx.", "table:") // what no format knew might be known now
	opens, kept = r.scan(newer, 1)
	expect("new version of xlsx", opens, kept, workbooks)

	withRows := r.holding("rules:")
	opens, kept = r.scan(newer, 2)
	expect("new rules", opens, kept, withRows)
	if workbooks == 0 || withRows == 0 || withRows == all {
		t.Errorf("%d workbooks and %d files with rows of %d: the test says nothing", workbooks, withRows, all)
	}
}

// holding counts the stored files whose result depends on something, by the
// tokens in their revision.
func (r rescan) holding(tokens ...string) int64 {
	r.t.Helper()
	n := int64(0)
	for res, err := range r.db.Results(r.t.Context(), scan.Present) {
		if err != nil {
			r.t.Fatal(err)
		}
		depends := func(have string) bool {
			return slices.ContainsFunc(tokens, func(token string) bool { return strings.HasPrefix(have, token) })
		}
		if slices.ContainsFunc(strings.Fields(res.Revision), depends) {
			n++
		}
	}
	return n
}
