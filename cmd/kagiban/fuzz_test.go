package main

import (
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

// The bounds of what one file may cost, whatever is in it.
const (
	fuzzMemory = 300 << 20 // bytes of the heap while it is examined
	// Statements of kagiban for one file, and for each of its bytes: a small
	// file is done in about a second, and none costs more than its size.
	fuzzWork        = 500_000_000
	fuzzWorkPerByte = 100_000
	fuzzSeed        = 64 << 10 // bytes of a fixture that is a seed
	// fuzzSuspect is the time from which the statements of a file are counted.
	// It only chooses; nothing fails by it.
	fuzzSuspect = time.Second
)

// FuzzVisit examines files whole: identification, verdict, content, detection.
// It fails on memory and on counted work per byte, and if a file that was not
// read to its end passes for clean.
func FuzzVisit(f *testing.F) {
	for _, dir := range []string{"../../testdata/formats", "testdata/heavy"} {
		addSeeds(f, dir)
	}
	pool := newPool()
	f.Cleanup(func() { _ = pool.Close() })
	dir := f.TempDir()
	var program instrumentedProgram
	var build sync.Once
	if fuzzing() { // later there is no time for it
		build.Do(func() { program = counting(f, dir) })
	}
	cfg := engine.Config{
		Formats: format.List(), Detector: detectors.New([]byte("key")), Limits: scan.DefaultLimits(), TempDir: dir, Isolator: pool,
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		name = "f" + filepath.Ext(name)
		e := scan.Entry{Target: "t", Path: name, Size: int64(len(data)), ModTime: time.Unix(1e9, 0).UTC()}
		begin := time.Now()
		peak, stop := watchHeap()
		res := engine.Examine(context.Background(), cfg, &scantest.MemorySource{Files: map[string][]byte{name: data}}, e)
		stop()
		_ = res.Hashes.Close()
		if *peak > fuzzMemory {
			t.Errorf("%d bytes took %d MiB", len(data), *peak>>20)
		}
		root := res.Items[0]
		if root.Protection.Verdict == scan.VerdictUnknown && root.Skipped == "" && len(root.Problems) == 0 {
			t.Errorf("neither a verdict nor a problem: %+v", root)
		}
		if time.Since(begin) < fuzzSuspect {
			return
		}
		build.Do(func() { program = counting(t, dir) })
		_, _, work := program.scan(t, name, data, "")
		if n, most := sum(work), int64(fuzzWork+fuzzWorkPerByte*len(data)); n > most {
			t.Errorf("%d bytes cost %d statements, more than %d; most in:\n%s", len(data), n, most, grownMost(nil, work, 5))
		}
	})
}

// fuzzing tells a fuzzer and its processes from a run over the seeds.
func fuzzing() bool {
	for _, name := range []string{"test.fuzz", "test.fuzzworker"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" && f.Value.String() != "false" {
			return true
		}
	}
	return false
}

// countingVariable names the instrumented program to the processes of a fuzzer,
// which are not to take the time to build it.
const countingVariable = "KAGIBAN_TEST_COUNTING"

func counting(f testing.TB, dir string) instrumentedProgram {
	path := os.Getenv(countingVariable)
	if path == "" {
		p := instrumented(f, dir)
		if err := os.Setenv(countingVariable, p.path); err != nil {
			f.Fatal(err)
		}
		return p
	}
	return instrumentedProgram{dir, path}
}

// addSeeds adds the small files of a folder.
func addSeeds(f *testing.F, dir string) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err != nil || info.Size() > fuzzSeed {
			return err
		}
		data, err := os.ReadFile(path)
		f.Add(filepath.Base(path), data)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
}

// watchHeap looks at the size of the heap until stop is called.
func watchHeap() (peak *int64, stop func()) {
	peak = new(int64)
	done := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for {
			metrics.Read(sample)
			*peak = max(*peak, int64(sample[0].Value.Uint64()))
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	})
	return peak, func() { close(done); group.Wait() }
}
