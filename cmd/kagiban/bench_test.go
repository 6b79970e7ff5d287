package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/sample"
	"github.com/kagiban/kagiban/scan/source"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/transform"
)

// The benchmarks compare a whole scan of one file (identify, verdict, cells,
// detection) with a lower bound that is measured in the same run, both in CPU
// time. Machines are noisy; the ratios hold.

// blind is a detector that looks at nothing: what is left is reading.
type blind struct{}

func (blind) Revision() string                    { return "" }
func (blind) Begin(scan.Subject) scan.Examination { return blind{} }
func (blind) Row(scan.Row) error                  { return nil }
func (blind) Close() (scan.Findings, error)       { return scan.Findings{}, nil }

func scanFile(tb testing.TB, path string, workers int, d scan.Detector) {
	tb.Helper()
	_, err := engine.Run(context.Background(), engine.Config{
		Targets: []engine.Target{{Name: path, Open: opener(path, source.Options{})}},
		Formats: format.List(), Detector: d, Store: &scantest.MemoryStore{}, Limits: scan.DefaultLimits(), Workers: workers,
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

// made is the path of a file that one of the sample's makers writes.
func made(b *testing.B, name string, write func(path string) (sample.File, error)) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), name)
	if _, err := write(path); err != nil {
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
			path := made(b, "book.xlsx", func(path string) (sample.File, error) {
				return sample.BigBook(path, 200_000, kind == "numeric")
			})
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
	path := cp932(b, made(b, "list.csv", func(path string) (sample.File, error) { return sample.BigCSV(path, 100<<20) }))
	compare(b, func() { decodeAndSplit(b, path) }, map[string]func(){
		"read": func() { scanFile(b, path, 1, blind{}) },
		"scan": func() { scanFile(b, path, 1, detectors.New(make([]byte, keyBytes))) },
	})
	b.ReportMetric(peak(b, path), "peak-MB")
}

// cp932 returns the same text in the encoding that Windows writes in Japan.
func cp932(b *testing.B, path string) string {
	b.Helper()
	in, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(path + ".cp932")
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	w := transform.NewWriter(out, encoding.ReplaceUnsupported(japanese.ShiftJIS.NewEncoder()))
	if _, err := io.Copy(w, in); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return out.Name()
}

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
	path := made(b, "many.zip", func(path string) (sample.File, error) { return sample.BigZip(path, 1<<10, 1<<20) })
	compare(b, func() { inflateAll(b, path) }, map[string]func(){
		"read": func() { scanFile(b, path, 1, blind{}) },
		"scan": func() { scanFile(b, path, 1, detectors.New(make([]byte, keyBytes))) },
	})
	b.ReportMetric(peak(b, path), "peak-MB")
}

// BenchmarkWholeScan reports how many cores a scan of many workbooks keeps busy.
func BenchmarkWholeScan(b *testing.B) {
	dir := b.TempDir()
	for i := range 24 {
		if _, err := sample.BigBook(filepath.Join(dir, fmt.Sprintf("%02d.xlsx", i)), 20_000, false); err != nil {
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

// BenchmarkMixed scans 3,000 office files of all formats, about 1 GB, and
// compares with inflating all that is packed in them and reading the rest.
func BenchmarkMixed(b *testing.B) {
	dir := b.TempDir()
	if err := sample.Mixed(dir, 3000, 1<<30, "../../testdata/formats"); err != nil {
		b.Fatal(err)
	}
	var files, bytes float64
	for _, e := range must(os.ReadDir(dir)) {
		files, bytes = files+1, bytes+float64(must(e.Info()).Size())
	}
	b.ReportMetric(files, "files")
	b.ReportMetric(bytes/1e6, "MB")
	compare(b, func() { inflateFolder(b, dir) }, map[string]func(){
		"read":       func() { scanFile(b, dir, 0, blind{}) },
		"whole-scan": func() { scanFile(b, dir, 0, detectors.New(make([]byte, keyBytes))) },
	})
	b.ReportMetric(peak(b, dir), "peak-MB")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// inflateFolder reads all files, and inflates what zip and gzip hold.
func inflateFolder(b *testing.B, dir string) {
	for _, e := range must(os.ReadDir(dir)) {
		path := filepath.Join(dir, e.Name())
		if z, err := zip.OpenReader(path); err == nil {
			for _, part := range z.File {
				if r, err := part.Open(); err == nil {
					_, _ = io.Copy(io.Discard, r) // the fixtures have damaged ones
					r.Close()
				}
			}
			z.Close()
			continue
		}
		f := must(os.Open(path))
		var r io.Reader = f
		if z, err := gzip.NewReader(f); err == nil {
			r = z
		} else if _, err := f.Seek(0, io.SeekStart); err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, r)
		f.Close()
	}
}

// peak is the largest resident size in MB of a process that scans one file.
func peak(b *testing.B, path string) float64 {
	cmd := exec.Command(os.Args[0], "-test.run=TestPeakHelper")
	cmd.Env = append(os.Environ(), "KAGIBAN_PEAK="+path)
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	var mb float64
	if _, err := fmt.Sscanf(string(out), "peak %f", &mb); err != nil {
		return 0 // not told on this system
	}
	return mb
}

// TestPeakHelper is the process that peak starts; by itself it does nothing.
func TestPeakHelper(t *testing.T) {
	path := os.Getenv("KAGIBAN_PEAK")
	if path == "" {
		return
	}
	debug.SetGCPercent(50) // as main does
	scanFile(t, path, 1, detectors.New(make([]byte, keyBytes)))
	status, err := os.ReadFile("/proc/self/status") // getrusage would tell that of the parent too
	if err != nil {
		return
	}
	for line := range strings.Lines(string(status)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmHWM: %f", &kb); err == nil {
			fmt.Printf("peak %.1f\n", kb/1024)
		}
	}
}
