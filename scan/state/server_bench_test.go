package state_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/pgserver"
	"github.com/kagiban/kagiban/scan/state"
)

// BenchmarkServer fills a state in PostgreSQL, one file in fifty with a hundred
// persons, and walks it again with nothing changed; KAGIBAN_BENCH_ROWS=1000000 for
// a large server. The bound is what COPY of as many rows of the same width takes in
// the same run.
func BenchmarkServer(b *testing.B) {
	pgserver.Require(b)
	server, err := pgserver.Start(b.Context(), pgserver.Config{Sync: true, Lines: []string{"shared_buffers = 256MB", "max_wal_size = 4GB"}})
	if err != nil {
		b.Fatal(err)
	}
	defer server.Stop()
	db := openServer(b, server.URL(pgserver.Owner, "postgres"), state.Options{})
	rows := rowsOf(b)
	run, err := db.Begin(b.Context(), scan.Start{Version: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	wal := func() float64 {
		text, err := server.SQL(context.Background(), "postgres", "SELECT pg_current_wal_insert_lsn() - '0/0'")
		n, parsed := strconv.ParseFloat(text, 64)
		if err != nil || parsed != nil {
			b.Fatal(text, err)
		}
		return n
	}
	timed := func(what string, f func()) (rate float64) {
		before, begun := wal(), time.Now()
		f()
		took := time.Since(begun)
		rate = float64(rows) / took.Seconds()
		b.Logf("%-22s %8.2fs  %9.0f files/s  %6.1f bytes of WAL a file", what, took.Seconds(), rate, (wal()-before)/float64(rows))
		return rate
	}
	saved := timed("saved", func() { fill(b, run, rows) })
	timed("walk ended", func() {
		if err := run.Finish(b.Context(), benchEntry(0).Target, true); err != nil {
			b.Fatal(err)
		}
	})
	bound := timed("bound: COPY", func() { copyBare(b, db, rows) })
	if err := run.End(b.Context()); err != nil {
		b.Fatal(err)
	}
	if run, err = db.Begin(b.Context(), scan.Start{Version: "bench"}); err != nil {
		b.Fatal(err)
	}
	met := timed("unchanged", func() { meet(b, run, rows) })
	timed("its walk ended", func() {
		if err := run.Finish(b.Context(), benchEntry(0).Target, true); err != nil {
			b.Fatal(err)
		}
	})
	if text, err := server.SQL(b.Context(), "postgres", "SELECT count(*) FROM file WHERE gone IS NOT NULL"); text != "0" || err != nil {
		b.Fatalf("%s files are gone, %v", text, err)
	}
	timed("report", func() {
		n := 0
		for _, err := range db.Results(b.Context(), scan.Present) {
			if n++; err != nil {
				b.Fatal(err)
			}
		}
		if n != rows {
			b.Fatal(n)
		}
	})
	b.Run("holding", func(b *testing.B) {
		for i := uint64(0); b.Loop(); i++ {
			if _, err := db.Holding(b.Context(), i%1000); err != nil {
				b.Fatal(err)
			}
		}
	})
	text, _ := server.SQL(b.Context(), "postgres", "SELECT string_agg(relname || ' ' || pg_size_pretty(pg_total_relation_size(oid)), ', ' ORDER BY pg_total_relation_size(oid) DESC) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_total_relation_size(oid) > 200000")
	b.Log(text)
	b.ReportMetric(saved, "saved/s")
	b.ReportMetric(met, "unchanged/s")
	b.ReportMetric(bound/saved, "times-copy")
}

// meet walks files that have not changed.
func meet(b *testing.B, run scan.Run, rows int) {
	b.Helper()
	batch := make([]scan.Outcome, 0, 128)
	for i := range rows {
		e := benchEntry(i)
		if got, err := run.Known(b.Context(), e, func(string) bool { return true }); err != nil || got == scan.ReuseNone {
			b.Fatal(got, err)
		}
		if batch = append(batch, &scan.Kept{Entry: e}); len(batch) == cap(batch) || i == rows-1 {
			if err := run.Save(b.Context(), batch, nil); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
}

// copyBare copies rows of the width of files into a table with the same indexes.
func copyBare(b *testing.B, db *state.DB, rows int) {
	b.Helper()
	pool := db.Native().Pool
	if _, err := pool.Exec(b.Context(), "CREATE TABLE bare (LIKE file INCLUDING INDEXES INCLUDING IDENTITY)"); err != nil {
		b.Fatal(err)
	}
	columns := []string{"directory", "size", "mtime", "ctime", "identity", "revision", "plain", "scanned", "bytes", "run", "first_seen", "found", "name"}
	_, err := pool.CopyFrom(b.Context(), pgx.Identifier{"bare"}, columns, pgx.CopyFromSlice(rows, func(i int) ([]any, error) {
		n := int64(i)
		return []any{n / 60, n, n, n, n + 1000, int64(1), int64(1), n, n, int64(1), n, false, fmt.Sprintf("裁定請求書%07d.xlsx", i)}, nil
	}))
	if err == nil {
		_, err = pool.Exec(b.Context(), "DROP TABLE bare")
	}
	if err != nil {
		b.Fatal(err)
	}
}
