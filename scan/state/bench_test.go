package state_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
)

// rowsOf are the files in the benchmark's state; KAGIBAN_BENCH_ROWS=10000000 for
// an estate of the size that the program is made for (9 GB on disk).
func rowsOf(b *testing.B) int {
	n, err := strconv.Atoi(os.Getenv("KAGIBAN_BENCH_ROWS"))
	if err != nil {
		n = 100_000
	}
	return n
}

func benchEntry(i int) scan.Entry {
	at := time.Date(2020, 4, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(i) * 17 * time.Second)
	return scan.Entry{
		Target: "smb://fs01.example.jp/share", Path: fmt.Sprintf("年金給付課/%03d/令和%d年度/裁定請求書%07d.xlsx", i/5000, i%5, i),
		Size: int64(i), ModTime: at, ChangeTime: at, ID: uint64(i) + 1000,
	}
}

// BenchmarkLargeState fills a state, one file in fifty with findings, and then
// asks for files as a nightly walk does: in the order of the tree, at random,
// and for files that are new; reads all as a report does; looks whether all is
// whole; and marks files as seen.
func BenchmarkLargeState(b *testing.B) {
	rows := rowsOf(b)
	path := filepath.Join(b.TempDir(), "state.db")
	db, err := state.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	run, err := db.Begin(b.Context(), scan.Start{Version: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	begin := time.Now()
	fill(b, run, rows)
	filled := time.Since(begin)
	begin = time.Now()
	if err := run.Finish(b.Context(), "smb://fs01.example.jp/share", true); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d files saved in %v, the walk ended in %v", rows, filled.Round(time.Millisecond), time.Since(begin).Round(time.Millisecond))
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	benchLookups(b, run, rows, float64(rows)/filled.Seconds(), float64(info.Size())/float64(rows))
	benchUpkeep(b, db, run, rows)
}

// benchLookups asks as a walk does.
func benchLookups(b *testing.B, run scan.Run, rows int, savedPerSecond, bytesPerFile float64) {
	any := func(string) bool { return true }
	ask := func(b *testing.B, e scan.Entry, want bool) {
		if got, err := run.Known(b.Context(), e, any); err != nil || (got != scan.ReuseNone) != want {
			b.Fatalf("%s: Known = %v, %v", e.Path, got, err)
		}
	}
	b.Run("walk", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			ask(b, benchEntry(i%rows), true)
		}
		b.ReportMetric(savedPerSecond, "saved/s")
		b.ReportMetric(bytesPerFile, "bytes/file")
	})
	b.Run("random", func(b *testing.B) {
		for b.Loop() {
			ask(b, benchEntry(rand.IntN(rows)), true)
		}
	})
	b.Run("new", func(b *testing.B) {
		for i := rows; b.Loop(); i++ {
			ask(b, benchEntry(i), false)
		}
	})
}

// benchUpkeep does what a run does after its walk, and beside it.
func benchUpkeep(b *testing.B, db *state.DB, run scan.Run, rows int) {
	b.Run("report", func(b *testing.B) {
		for b.Loop() {
			n := 0
			for _, err := range db.Results(b.Context(), scan.Present) {
				if n++; err != nil {
					b.Fatal(err)
				}
			}
			if n != rows {
				b.Fatalf("%d results, want %d", n, rows)
			}
		}
		b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "files/s")
	})
	b.Run("found", func(b *testing.B) {
		for b.Loop() {
			n := 0
			for _, err := range db.Results(b.Context(), scan.Found) {
				if n++; err != nil {
					b.Fatal(err)
				}
			}
			if n != (rows+49)/50 {
				b.Fatalf("%d results, want one in fifty of %d", n, rows)
			}
		}
	})
	b.Run("check", func(b *testing.B) {
		for b.Loop() {
			if h, err := db.Check(b.Context()); err != nil || len(h.Damage) > 0 {
				b.Fatalf("%+v, %v", h, err)
			}
		}
	})
	b.Run("kept", func(b *testing.B) {
		batch := make([]scan.Outcome, 128)
		for i := 0; b.Loop(); i++ {
			for j := range batch {
				batch[j] = &scan.Kept{Entry: benchEntry((i*len(batch) + j) % rows)}
			}
			if err := run.Save(b.Context(), batch, nil); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(batch)*b.N)/b.Elapsed().Seconds(), "files/s")
	})
}

func fill(b *testing.B, run scan.Run, rows int) {
	b.Helper()
	var batch []scan.Outcome
	for i := range rows {
		e := benchEntry(i)
		res := &scan.Result{
			Entry: e, Revision: "xlsx.3 rules:0123456789ab table:0123456789ab", Scanned: e.ModTime, Bytes: e.Size, Members: 1,
			Items: []scan.Item{{Format: "xlsx", Size: e.Size, Protection: scan.Protection{Verdict: scan.VerdictNone}}},
		}
		if i%50 == 0 {
			res.Hashes = scan.NewPersons()
			for j := range 100 {
				_ = res.Hashes.Add(scan.Person{Hash: uint64(i + j), Grade: scan.ConfidenceHigh}) // in memory it cannot fail
			}
			res.Distinct, _ = res.Hashes.Distinct()
		}
		if batch = append(batch, res); len(batch) == 128 || i == rows-1 {
			if err := run.Save(b.Context(), batch, nil); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
}
