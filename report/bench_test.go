package report

import (
	"fmt"
	"io"
	"iter"
	"runtime"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// largeBook has a million files, of which a tenth are findings, without holding them.
func largeBook(files int) *Book {
	k := &bookKit{}
	b := k.book("ja")
	one := k.add(scan.StatusViolation, "x")
	k.records(one, 12, 12, scan.Classes{Three: 12}, map[string]int64{"21": 12})
	clean := k.add(scan.StatusClean, "y")
	each := func(yield func(File, error) bool) {
		for i := range files {
			f := *clean
			if i%10 == 0 {
				f = *one
			}
			r := *f.Result
			r.ID, r.Entry.Path = int64(i+1), fmt.Sprintf("部署%02d/年度%d/名簿%07d.xlsx", i%40, i%7, i)
			f.Result = &r
			f.Department = Department{Name: FolderOf(r.Entry)}
			if i%10 == 0 {
				r.Finding = &scan.Finding{Number: int64(i + 1), Stage: scan.StageOpen, First: made(), Since: made(), Last: made()}
				f.Due = made().AddDate(0, 0, 14)
			}
			if !yield(f, nil) {
				return
			}
		}
	}
	b.Files = func() iter.Seq2[File, error] { return each }
	for f := range b.Files() {
		b.Totals.Add(f)
	}
	return b
}

// BenchmarkLargeReports writes each format from a million files; the bound is the
// pass over the files that writes nothing.
func BenchmarkLargeReports(b *testing.B) {
	const files = 1_000_000
	book := largeBook(files)
	start := time.Now()
	for range book.Files() {
	}
	bound := time.Since(start)
	for _, f := range List() {
		b.Run(f.Name, func(b *testing.B) {
			var peak uint64
			for range b.N {
				stop := make(chan struct{})
				done := make(chan struct{})
				go func() {
					defer close(done)
					var m runtime.MemStats
					for {
						runtime.ReadMemStats(&m)
						peak = max(peak, m.HeapInuse)
						select {
						case <-stop:
							return
						case <-time.After(50 * time.Millisecond):
						}
					}
				}()
				if err := Write(b.Context(), book, Output{f, io.Discard}); err != nil {
					b.Fatal(err)
				}
				close(stop)
				<-done
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/bound.Seconds(), "x-bare-pass")
			b.ReportMetric(float64(peak)/(1<<20), "heap-MiB")
		})
	}
}
