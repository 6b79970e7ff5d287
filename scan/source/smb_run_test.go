package source_test

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/policy"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/scantest/sample"
	"github.com/kagiban/kagiban/scan/source"
	"github.com/kagiban/kagiban/scan/state"
)

// The tests in smb_run_*_test.go put whole runs through trouble: engine.Run with
// the real formats, the real detector and a state in a file. They are here and
// not in cmd because they need the wires and colleagues of this package's
// tests; like every test, they may put rooms together.
//
// A test has the same pattern each time: a clean run tells what there is; a
// run in trouble ends in bounded time, loses nothing in silence and leaves
// nothing behind; a run after the trouble makes the state equal to the clean one.

// targetName is how the target is called in all states, so that they compare.
const targetName = "smb://fs01/data"

// A judged file is what a report says of it.
type judged struct {
	Status           scan.Status
	Reason           string
	Partial          bool
	Records, Persons int64
}

// A drill is a share and a state into which it is scanned again and again.
type drill struct {
	t       *testing.T
	target  string
	opts    source.Options
	workers int
	db      *state.DB
	label   string // of the goroutines of its runs
	port    string // of the server
	others  int    // connections of others to it
	// during is called in the run, after each file, by the one goroutine that
	// records: while it lasts no further result is taken.
	during func(engine.Progress)
	skip   func(scan.Entry) string
	loss   scan.Loss

	streams bool // those of all files are examined

	pending []chan error   // what was begun by after
	ending  []func() error // what ends with the run
}

func newDrill(t *testing.T, s *samba.Server, opts source.Options) *drill {
	t.Helper()
	db, err := state.Open(t.Context(), filepath.Join(t.TempDir(), "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return &drill{t: t, target: s.URL("data"), opts: opts, workers: 8, db: db, label: t.Name(), port: s.Port}
}

// run scans once, has to end within bound, and leaves no goroutine and no
// connection behind.
func (d *drill) run(bound time.Duration) engine.Summary {
	d.t.Helper()
	run, err := d.db.Begin(d.t.Context(), scan.Start{Version: "test", Loss: d.loss})
	if err != nil {
		d.t.Fatal(err)
	}
	var sum engine.Summary
	begin := time.Now()
	// Goroutines inherit labels, so those of this run are known among those of
	// tests that run beside it.
	pprof.Do(d.t.Context(), pprof.Labels("drill", d.label), func(ctx context.Context) {
		sum, err = engine.Run(ctx, engine.Config{
			Targets: []engine.Target{{Name: targetName, Skip: d.skip, Open: func(ctx context.Context) (scan.Source, error) { return source.Open(ctx, d.target, d.opts) }}},
			Formats: format.List(), Detector: detectors.New(bytes.Repeat([]byte{7}, 32)), Store: run,
			Limits: scan.DefaultLimits(), Workers: d.workers, Progress: d.during, Streams: d.streams,
		})
	})
	took := time.Since(begin)
	if err := run.End(context.Background()); err != nil {
		d.t.Error(err)
	}
	if err != nil {
		d.t.Fatalf("Run: %v", err)
	}
	d.t.Logf("run: %d files, %d kept, %.1f s (bound %v); %v", sum.Files, sum.Kept, took.Seconds(), bound, sum.Targets[0].Err)
	if took > 5*bound { // it hangs: a loaded machine is slow, but not so slow
		d.t.Errorf("the run took %v, bound %v", took, 5*bound)
	}
	d.during = nil
	d.nothingIsLeft()
	return sum
}

// nothingIsLeft waits a little for what ends by itself.
func (d *drill) nothingIsLeft() {
	d.t.Helper()
	var goroutines, conns int
	var stacks string
	for range 100 {
		goroutines, stacks = labelled(d.t, d.label)
		conns = established(d.t, d.port)
		if goroutines == 0 && conns == d.others {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	d.t.Errorf("the run left %d goroutines and %d connections:\n%s", goroutines, conns-d.others, stacks)
}

// labelled counts the goroutines with a label.
func labelled(t *testing.T, label string) (n int, stacks string) {
	t.Helper()
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		t.Fatal(err)
	}
	mark := fmt.Sprintf("%q:%q", "drill", label)
	_, records, _ := strings.Cut(profile.String(), "\n") // after the heading
	for record := range strings.SplitSeq(records, "\n\n") {
		if !strings.Contains(record, mark) {
			continue
		}
		count, _, _ := strings.Cut(record, " ")
		some, err := strconv.Atoi(count)
		if err != nil {
			t.Fatalf("a record of the profile begins with %q", count)
		}
		n += some
		stacks += record + "\n\n"
	}
	return n, stacks
}

// established counts the connections that a server still has, by its port.
func established(t *testing.T, port string) (n int) {
	t.Helper()
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.Open("/proc/net/tcp")
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	// Fields are number, local address, remote address and state; 01 is
	// ESTABLISHED (proc_net_tcp.rst of the kernel).
	for lines := bufio.NewScanner(table); lines.Scan(); {
		f := strings.Fields(lines.Text())
		if len(f) > 3 && strings.HasSuffix(f[1], fmt.Sprintf(":%04X", number)) && f[3] == "01" {
			n++
		}
	}
	return n
}

// judged are the files that are present in the state, by path, each with its
// one status.
func (d *drill) judged() map[string]judged {
	d.t.Helper()
	all := map[string]judged{}
	for res, err := range d.db.Results(d.t.Context(), scan.Present) {
		if err != nil {
			d.t.Fatal(err)
		}
		j := policy.Policy{}.Judge(res)
		if _, twice := all[res.Entry.Path]; twice {
			d.t.Errorf("%q is in the state twice", res.Entry.Path)
		}
		if (j.Status == scan.StatusUnchecked || j.Status == scan.StatusSkipped) == (j.Reason == "") {
			d.t.Errorf("%q is %s for the reason %q", res.Entry.Path, j.Status, j.Reason)
		}
		all[res.Entry.Path] = judged{j.Status, j.Reason, j.Partial, j.Counts.Records, j.Persons}
	}
	return all
}

// gone counts the files that the state says were deleted. A folder that could
// not be listed once and then could is no longer told, which is as it should be.
func (d *drill) gone() (n int) {
	d.t.Helper()
	for res, err := range d.db.Results(d.t.Context(), scan.Gone) {
		if err != nil {
			d.t.Fatal(err)
		}
		if !res.Entry.Folder {
			n++
		}
	}
	return n
}

// lostNothing checks a run against a clean one: the sums agree, and each file
// is in the state, or below a folder that is told as not listed, or the target
// is told to be incomplete. What was examined was judged as in the clean run.
func (d *drill) lostNothing(sum engine.Summary, clean map[string]judged) map[string]judged {
	d.t.Helper()
	got := d.judged()
	var files int64
	for _, target := range sum.Targets {
		files += target.Files
	}
	if sum.Files != files || sum.Targets[0].Err == nil && int(sum.Files) != len(got) || int(sum.Files) > len(got) {
		d.t.Errorf("the sums differ: %d files in all, %d in the targets, %d in the state", sum.Files, files, len(got))
	}
	if n := d.gone(); n != 0 {
		d.t.Errorf("%d files are said to be deleted, and none was", n)
	}
	for path, want := range clean {
		switch got, ok := got[path]; {
		case ok && got != want && got.Status != scan.StatusUnchecked:
			d.t.Errorf("%q is %+v, in the clean run %+v", path, got, want)
		case !ok && sum.Targets[0].Err == nil && !covered(d.judged(), path):
			d.t.Errorf("%q is lost in silence", path)
		}
	}
	return got
}

// covered says that a folder above path is told as one that was not reached.
func covered(all map[string]judged, path string) bool {
	for dir := filepath.Dir(path); dir != "."; dir = filepath.Dir(dir) {
		if all[dir].Status == scan.StatusUnchecked {
			return true
		}
	}
	return false
}

// becomesClean runs once more, now without trouble: the run is complete, and
// the state equal to that of the clean run.
func (d *drill) becomesClean(bound time.Duration, clean map[string]judged) {
	d.t.Helper()
	sum := d.run(bound)
	if err := sum.Targets[0].Err; err != nil {
		d.t.Errorf("the second run is incomplete: %v", err)
	}
	if sum.Kept == 0 {
		d.t.Error("the second run kept nothing of the first")
	}
	d.isClean(sum, clean)
}

// isClean checks that a run made the state equal to that of the clean run.
func (d *drill) isClean(sum engine.Summary, clean map[string]judged) {
	d.t.Helper()
	if diff := cmp.Diff(clean, d.lostNothing(sum, clean)); diff != "" {
		d.t.Errorf("the state differs from that of a clean run (-clean +got):\n%s", diff)
	}
}

// unchecked counts the files that were not examined, by reason.
func unchecked(all map[string]judged) map[string]int {
	reasons := map[string]int{}
	for _, j := range all {
		if j.Status == scan.StatusUnchecked {
			reasons[j.Reason]++
		}
	}
	return reasons
}

// sampleFiles is the share of an invented office, about 300 files of all
// statuses. It is made once.
var sampleFiles = sync.OnceValues(func() (fs.FS, error) {
	dir, err := os.MkdirTemp("", "kagiban-sample-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if _, err := sample.Write(dir, 1); err != nil {
		return nil, err
	}
	files := fstest.MapFS{}
	err = fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = &fstest.MapFile{Data: data, Mode: 0o644}
		return err
	})
	return files, err
})

// A cleanState is what a run over a server that nothing befalls says of the
// sample. The tests ask for it at the same time; one run serves all.
type cleanState struct {
	once sync.Once
	all  map[string]judged
}

var undisturbed cleanState

func (c *cleanState) get(t *testing.T, files fs.FS) map[string]judged {
	t.Helper()
	c.once.Do(func() {
		dir := openDir(t)
		if err := os.CopyFS(dir, files); err != nil {
			t.Fatal(err)
		}
		s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir}}})
		d := newDrill(t, s, options(t, s))
		sum := d.run(2 * time.Minute)
		if err := sum.Targets[0].Err; err != nil {
			t.Fatalf("the clean run is incomplete: %v", err)
		}
		c.all = d.lostNothing(sum, d.judged())
	})
	if len(c.all) < 300 || len(unchecked(c.all)) == 0 {
		t.Fatalf("the clean run tells %d files, unchecked are %v: the tests need more", len(c.all), unchecked(c.all))
	}
	return c.all
}

// office is a folder with the sample in it, and what a clean run says of it.
func office(t *testing.T) (dir string, clean map[string]judged) {
	t.Helper()
	samba.Require(t)
	dir = openDir(t)
	return dir, furnish(t, dir)
}

// furnish puts the sample into a folder.
func furnish(t *testing.T, dir string) (clean map[string]judged) {
	t.Helper()
	files, err := sampleFiles()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	return undisturbed.get(t, files)
}

// Most of these tests wait for servers rather than work, so that more of them
// may run at a time than there are cores, unless somebody says how many.
func TestMain(m *testing.M) {
	flag.Parse()
	if parallel := flag.Lookup("test.parallel").Value; parallel.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		if err := parallel.Set("6"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
