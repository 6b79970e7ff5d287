package state_test

import (
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
)

// BenchmarkPersons stores files of fifty persons each, a third of whom are in
// other files too, counts them over all files and looks some up.
func BenchmarkPersons(b *testing.B) {
	const files, each = 10_000, 50
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
	random := rand.New(rand.NewPCG(1, 2))
	hash := func() uint64 { return random.Uint64N(files*each/3) * 0x9e3779b97f4a7c15 }
	begin := time.Now()
	for i := 0; i < files; i += 100 {
		var batch []scan.Outcome
		for j := range 100 {
			p := scan.NewPersons()
			for range each {
				_ = p.Add(scan.Person{Hash: hash(), Grade: scan.ConfidenceHigh}) // in memory it cannot fail
			}
			d, _ := p.Distinct()
			batch = append(batch, &scan.Result{Entry: benchEntry(i + j), Revision: "r", Items: []scan.Item{{}}, Hashes: p, Distinct: d, Scanned: begin})
		}
		if err := run.Save(b.Context(), batch, nil); err != nil {
			b.Fatal(err)
		}
	}
	saved := time.Since(begin)
	if err := run.Finish(b.Context(), "smb://fs01.example.jp/share", true); err != nil {
		b.Fatal(err)
	}
	if err := run.End(b.Context()); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("distinct", func(b *testing.B) {
		var all iter.Seq2[scan.GroupMember, error] = func(yield func(scan.GroupMember, error) bool) {
			for i := range int64(files) {
				if !yield(scan.GroupMember{Group: "all", File: i + 1}, nil) {
					return
				}
			}
		}
		for b.Loop() {
			if n, err := db.Distinct(b.Context(), all); err != nil || n["all"].N < files {
				b.Fatal(n, err)
			}
		}
		b.ReportMetric(float64(info.Size())/(files*each), "bytes/person")
		b.ReportMetric(files*each/saved.Seconds(), "saved/s")
	})
	b.Run("holding", func(b *testing.B) {
		for b.Loop() {
			if _, err := db.Holding(b.Context(), hash()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
