package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest/sample"
	"github.com/kagiban/kagiban/scan/source"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/transform"
)

// The benchmarks compare a whole scan of one file (identify, verdict, cells,
// detection) with a lower bound that is measured in the same run, both in CPU
// time. Machines are noisy; the ratios hold.

// discard is a store that forgets.
type discard struct{}

func (discard) Unchanged(context.Context, scan.Entry, func(string) bool) (bool, error) {
	return false, nil
}
func (discard) Save(context.Context, []*scan.Result) error { return nil }
func (discard) Finish(context.Context, string, bool) error { return nil }

// blind is a detector that looks at nothing: what is left is reading.
type blind struct{}

func (blind) Revision() string                    { return "" }
func (blind) Begin(scan.Subject) scan.Examination { return blind{} }
func (blind) Row(scan.Row) error                  { return nil }
func (blind) Close() (scan.Findings, error)       { return scan.Findings{}, nil }

func scanFile(tb testing.TB, path string, workers int, d scan.Detector) {
	tb.Helper()
	_, err := scan.Run(context.Background(), scan.Config{
		Targets: []scan.Target{{Name: path, Open: opener(path, source.Options{})}},
		Formats: format.List(), Detector: d, Store: discard{}, Limits: scan.DefaultLimits(), Workers: workers,
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// cpu is the CPU time that f takes, of all its threads.
func cpu(f func()) time.Duration {
	runtime.GC()
	before := cpuTime()
	f()
	return cpuTime() - before
}

// compare reports the CPU of several ways as ratios to that of the bound, the
// median of interleaved rounds.
func compare(b *testing.B, bound func(), ways map[string]func()) {
	b.Helper()
	ratios := map[string][]float64{}
	for b.Loop() {
		base := cpu(bound)
		for name, way := range ways {
			ratios[name] = append(ratios[name], float64(cpu(way))/float64(base))
		}
	}
	for name, r := range ratios {
		b.ReportMetric(median(r), name+"/bound")
	}
}

func median(r []float64) float64 {
	r = append([]float64{}, r...)
	for i := range r {
		for j := i; j > 0 && r[j] < r[j-1]; j-- {
			r[j], r[j-1] = r[j-1], r[j]
		}
	}
	return r[len(r)/2]
}

func made(b *testing.B, name string, write func(io.Writer) error) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := write(f); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// inflateAll reads every entry with the standard library and throws it away.
func inflateAll(b *testing.B, path string) {
	z, err := zip.OpenReader(path)
	if err != nil {
		b.Fatal(err)
	}
	defer z.Close()
	for _, e := range z.File {
		r, err := e.Open()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			b.Fatal(err)
		}
		r.Close()
	}
}

func BenchmarkXlsx(b *testing.B) {
	for _, kind := range []string{"text", "numeric"} {
		b.Run(kind, func(b *testing.B) {
			path := made(b, "book.xlsx", func(w io.Writer) error { return sample.LargeWorkbook(w, 200_000, kind == "numeric") })
			key := make([]byte, keyBytes)
			ways := map[string]func(){
				"read": func() { scanFile(b, path, 1, blind{}) },
				"scan": func() { scanFile(b, path, 1, detectors.New(key)) },
			}
			if os.Getenv("KAGIBAN_BENCH_EXCELIZE") != "" {
				ways["excelize"] = func() { excelizeRows(b, path) }
			}
			compare(b, func() { inflateAll(b, path) }, ways)
			b.ReportMetric(peak(b, path), "peak-MB")
		})
	}
}

func excelizeRows(b *testing.B, path string) {
	f, err := excelize.OpenFile(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		b.Fatal(err)
	}
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCSV has decoding and splitting as its bound.
func BenchmarkCSV(b *testing.B) {
	path := made(b, "list.csv", func(w io.Writer) error { return sample.LargeCSV(w, 100<<20) })
	compare(b, func() { decodeAndSplit(b, path) }, map[string]func(){
		"read": func() { scanFile(b, path, 1, blind{}) },
		"scan": func() { scanFile(b, path, 1, detectors.New(make([]byte, keyBytes))) },
	})
	b.ReportMetric(peak(b, path), "peak-MB")
}

// cellsSeen keeps the compiler from leaving the splitting out.
func decodeAndSplit(b *testing.B, path string) {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	r := transform.NewReader(f, japanese.ShiftJIS.NewDecoder())
	lines := bufio.NewReaderSize(r, 1<<18)
	cells := 0
	for err == nil {
		var line []byte
		line, err = lines.ReadSlice('\n')
		for {
			i := bytes.IndexByte(line, ',')
			if i < 0 {
				break
			}
			line = line[i+1:]
			cells++
		}
	}
	if err != io.EOF {
		b.Fatal(err)
	}
	if cells == 0 {
		b.Fatal("nothing was split")
	}
}

// BenchmarkZip scans 1 GiB of content in an archive of many files.
func BenchmarkZip(b *testing.B) {
	path := made(b, "many.zip", func(w io.Writer) error { return sample.LargeZip(w, 1<<30) })
	compare(b, func() { inflateAll(b, path) }, map[string]func(){
		"read": func() { scanFile(b, path, 1, blind{}) },
		"scan": func() { scanFile(b, path, 1, detectors.New(make([]byte, keyBytes))) },
	})
	b.ReportMetric(peak(b, path), "peak-MB")
}

// BenchmarkWholeScan reports how many cores a scan of many workbooks keeps busy.
func BenchmarkWholeScan(b *testing.B) {
	dir := b.TempDir()
	var book bytes.Buffer
	if err := sample.LargeWorkbook(&book, 20_000, false); err != nil {
		b.Fatal(err)
	}
	for i := range 24 {
		if err := os.WriteFile(filepath.Join(dir, strings.Repeat("x", i+1)+".xlsx"), book.Bytes(), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	var busy []float64
	for b.Loop() {
		start := time.Now()
		used := cpu(func() { scanFile(b, dir, 0, detectors.New(make([]byte, keyBytes))) })
		busy = append(busy, float64(used)/float64(time.Since(start)))
	}
	b.ReportMetric(median(busy), "cores-busy")
	b.ReportMetric(float64(runtime.GOMAXPROCS(0)), "cores")
}

// peak is the largest resident size in MB of a process that scans one file.
func peak(b *testing.B, path string) float64 {
	cmd := exec.Command(os.Args[0], "-test.run=TestPeakHelper")
	cmd.Env = append(os.Environ(), "KAGIBAN_PEAK="+path)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return maxRSS(cmd.ProcessState)
}

// TestPeakHelper is the process that peak starts; by itself it does nothing.
func TestPeakHelper(t *testing.T) {
	if path := os.Getenv("KAGIBAN_PEAK"); path != "" {
		scanFile(t, path, 1, detectors.New(make([]byte, keyBytes)))
	}
}
