package source_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/policy"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

// largeFolder is how many entries the large folder has: 60,000, or 500,000 with
// KAGIBAN_KIT=full in the environment.
func largeFolder() int {
	if os.Getenv("KAGIBAN_KIT") == "full" {
		return 500_000
	}
	return 60_000
}

const (
	// heapBound is by how much what is in use may grow while a large folder is
	// walked: 20,000 entries are held at a time, whatever its size.
	heapBound = 40 << 20
	// originals is how many names one file may have; ext4 allows 65,000.
	originals = 50_000
)

// fillLarge makes a folder of n entries: hard links, to be quick.
func fillLarge(t *testing.T, dir string, n int) {
	t.Helper()
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	var original string
	for i := range n {
		path := filepath.Join(dir, fmt.Sprintf("請求書%06d.csv", i))
		if i%originals == 0 {
			original = path
			write(t, path, "品名,数量\nりんご,12\n", 0o644)
			continue
		}
		if err := os.Link(original, path); err != nil {
			t.Fatal(err)
		}
	}
}

// A gauge tells by how much the heap in use has grown at most.
type gauge struct{ before, most uint64 }

func newGauge() *gauge {
	g := &gauge{}
	g.before = g.inUse()
	g.most = g.before
	return g
}

func (g *gauge) inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func (g *gauge) look() { g.most = max(g.most, g.inUse()) }

func (g *gauge) grown() uint64 { return g.most - g.before }

// peak is the most memory that the process ever had, in MB.
func peak(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(line)
	kb, err := strconv.Atoi(fields[0])
	if err != nil {
		t.Fatal(err)
	}
	return kb >> 10
}

// One folder with very many entries: each is told once, in bounded memory, and
// the folder's handle is given back at the end. Then a whole run: as many
// results as entries. It is not parallel, since it measures the heap.
// Bounds: 1 s for 2,000 entries walked and for 200 scanned, and 30 s.
func TestSMBRunLargeFolder(t *testing.T) {
	n := largeFolder()
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Writers: true}}})
	dir := shareDir(t, s, "data")
	begin := time.Now()
	fillLarge(t, filepath.Join(dir, "請求"), n)
	t.Logf("%d entries made in %.1f s", n, time.Since(begin).Seconds())

	walkLarge(t, s, n)
	d := newDrill(t, s, options(t, s))
	d.others = 1     // the colleague
	if n <= 60_000 { // examines one in ten, and leaves the others out by a rule
		d.skip = func(e scan.Entry) string {
			if strings.HasSuffix(e.Path, "7.csv") {
				return ""
			}
			return "exclude"
		}
	}
	heap := newGauge()
	d.during = func(p engine.Progress) {
		if p.Files%50_000 == 0 {
			heap.look()
		}
	}
	sum := d.run(time.Duration(n/200)*time.Second + 30*time.Second)
	if err := sum.Targets[0].Err; err != nil || int(sum.Files) != n {
		t.Errorf("the run saw %d files, want %d; %v", sum.Files, n, err)
	}
	if heap.grown() > heapBound {
		t.Errorf("the heap grew by %d MB in the run, bound %d", heap.grown()>>20, heapBound>>20)
	}
	statuses := map[scan.Status]int{}
	for res, err := range d.db.Results(t.Context(), scan.Present) {
		if err != nil {
			t.Fatal(err)
		}
		statuses[policy.Policy{}.Judge(res).Status]++
	}
	if statuses[scan.StatusClean]+statuses[scan.StatusSkipped] != n || d.skip == nil && statuses[scan.StatusClean] != n {
		t.Errorf("the results are %v, want %d", statuses, n)
	}
	t.Logf("a run of %d files (%v): %.0f s, heap grown by %d MB, peak of the process %d MB", n, statuses, sum.Elapsed.Seconds(), heap.grown()>>20, peak(t))
}

func walkLarge(t *testing.T, s *samba.Server, n int) {
	src, err := source.Open(t.Context(), s.URL("data"), options(t, s))
	if err != nil {
		t.Fatal(err)
	}
	seen := make([]bool, n)
	heap := newGauge()
	begin, told := time.Now(), 0
	err = src.Walk(t.Context(), func(e scan.Entry, err error) error {
		i, perr := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(e.Path, "請求/請求書"), ".csv"))
		if err != nil || perr != nil || seen[i] {
			t.Errorf("%q: %v, %v; told twice: %v", e.Path, err, perr, perr == nil && seen[i])
			return nil
		}
		seen[i] = true
		if told++; told%25_000 == 0 {
			heap.look()
		}
		return nil
	})
	took := time.Since(begin)
	if err != nil || told != n {
		t.Errorf("Walk = %v after %d entries, want %d", err, told, n)
	}
	if bound := time.Duration(n/400)*time.Second + 3*time.Minute; took > bound {
		t.Errorf("Walk took %v, bound %v", took, bound)
	}
	if heap.grown() > heapBound {
		t.Errorf("the heap grew by %d MB in the walk, bound %d", heap.grown()>>20, heapBound>>20)
	}
	t.Logf("a walk of %d entries: %.1f s, heap grown by %d MB", n, took.Seconds(), heap.grown()>>20)
	other := colleague(t, s, "data")
	if err := other.Rename("請求", "改名"); err != nil {
		t.Errorf("the folder is still held after the walk: %v", err)
	} else if err := other.Rename("改名", "請求"); err != nil {
		t.Error(err)
	}
	if err := src.Close(); err != nil {
		t.Error(err)
	}
}
