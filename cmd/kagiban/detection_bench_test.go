package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan/scantest/sample"
)

// manyPersons writes a list with a different number in each row: the worst case
// for what is kept and hashed.
func manyPersons(b *testing.B, rows int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), fmt.Sprintf("%d.csv", rows))
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<16)
	people := sample.NewPeople(21, 5000)
	fmt.Fprint(w, "基礎年金番号,氏名,カナ氏名,生年月日,住所,電話番号,資格取得年月日,備考\r\n")
	for i := range rows {
		p := people[i%len(people)]
		fmt.Fprintf(w, "%04d-%06d,%s,%s %s,%s,%s,%s,2001-04-01,\r\n", p.Number/1e6, (p.Number+uint64(i)*7919)%999_983+1, p.Name(), p.FamilyKana, p.GivenKana, p.Era(), p.Address, p.Phone)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkDetection measures what detection adds to reading a table of a
// million rows, both in CPU time and in the same run, and that memory does not
// grow with the rows.
func BenchmarkDetection(b *testing.B) {
	million := manyPersons(b, 1_000_000)
	book := made(b, "book.xlsx", func(path string) (sample.File, error) { return sample.BigBook(path, 1_000_000, false) })
	for _, c := range []struct{ name, path string }{{"xlsx", book}, {"csv-cp932", cp932(b, million)}, {"csv-utf8", million}} {
		b.Run(c.name, func(b *testing.B) {
			var added []float64
			for b.Loop() {
				read := cpu(func() { scanFile(b, c.path, 1, blind{}) })
				whole := cpu(func() { scanFile(b, c.path, 1, detectors.New(make([]byte, keyBytes))) })
				added = append(added, 100*(float64(whole)/float64(read)-1))
				b.Logf("read %v, with detection %v", read.Round(time.Millisecond), whole.Round(time.Millisecond))
			}
			b.ReportMetric(median(added), "%-added")
		})
	}
	b.Run("memory", func(b *testing.B) {
		for b.Loop() {
		}
		b.ReportMetric(peak(b, manyPersons(b, 100_000)), "peak-MB-100k-rows")
		b.ReportMetric(peak(b, million), "peak-MB-1M-rows")
	})
}
