package isolate_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/isolate"
)

// TestMain lets the test start itself again as a worker.
func TestMain(m *testing.M) {
	if os.Getenv("KAGIBAN_TEST_WORKER") == "1" {
		if err := isolate.Serve(context.Background(), os.Stdin, os.Stdout, formats(), os.Exit); err != nil {
			os.Exit(4)
		}
		os.Exit(0)
	}
	if os.Getenv(examinerVariable) == "1" {
		if err := isolate.ServeExamination(context.Background(), os.Stdin, os.Stdout, examineHere, os.Exit); err != nil {
			os.Exit(4)
		}
		os.Exit(0)
	}
	if os.Getenv(parentVariable) == "1" {
		loopingParent()
	}
	os.Exit(m.Run())
}

func newPool(t *testing.T) *isolate.Pool {
	pool := isolate.New(func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = []string{"KAGIBAN_TEST_WORKER=1"}
		return cmd
	})
	t.Cleanup(func() { pool.Close() })
	return pool
}

// step is a format for what a test wants to happen in a worker.
func step(name string, content func(*scan.File, scan.Sink) error) scan.Format {
	return scan.Format{
		Name: name, Version: 1,
		Match: func(f *scan.File) bool { return strings.HasPrefix(string(f.Head), name+"\n") },
		Isolated: func(_ context.Context, f *scan.File) (scan.Document, error) {
			f.ClaimAll(scan.UseRead)
			return doc{func(out scan.Sink) error { return content(f, out) }}, nil
		},
	}
}

type doc struct{ content func(scan.Sink) error }

func (d doc) Protection() scan.Protection {
	return scan.Protection{Verdict: scan.VerdictNone, Scheme: "x"}
}
func (d doc) Content(_ context.Context, out scan.Sink) error { return d.content(out) }

func say(out scan.Sink, text string) error {
	return out.Row(scan.Row{Table: "t", N: 1, Cells: []scan.Cell{{Col: 2, Text: []byte(text)}}})
}

func formats() []scan.Format {
	return append(systemSteps(), []scan.Format{
		step("inner", func(f *scan.File, out scan.Sink) error {
			return out.Member(scan.Member{Name: "a/b", Size: f.Size(), Open: func() (io.ReadCloser, error) { return io.NopCloser(f.Reader()), nil }})
		}),
		step("gap", func(_ *scan.File, out scan.Sink) error {
			out.Problem(fmt.Errorf("one part: %w", scan.ErrUnsupported))
			if err := say(out, "after"); err != nil {
				return err
			}
			return fmt.Errorf("the end: %w", scan.ErrMalformed)
		}),
		step("hog", func(*scan.File, scan.Sink) error {
			var all [][]byte
			for {
				b := make([]byte, 16<<20)
				for i := range b {
					b[i] = 1
				}
				all = append(all, b)
				runtime.KeepAlive(all)
			}
		}),
		step("huge", func(f *scan.File, _ scan.Sink) error {
			b := make([]byte, f.Size()<<36)
			runtime.KeepAlive(b)
			return nil
		}),
		step("index", func(f *scan.File, _ scan.Sink) error { return fmt.Errorf("%d", make([]byte, 3)[f.Size()]) }),
		step("elsewhere", func(*scan.File, scan.Sink) error {
			go func() { var m map[int]int; m[1] = 1 }() //nolint:staticcheck // it is meant to fail
			select {}
		}),
		step("spin", func(*scan.File, scan.Sink) error {
			for n := 0; ; n++ {
				runtime.KeepAlive(n)
			}
		}),
		step("shot", func(_ *scan.File, out scan.Sink) error {
			if err := say(out, strconv.Itoa(os.Getpid())); err != nil {
				return err
			}
			select {}
		}),
		step("loop", func(_ *scan.File, out scan.Sink) error {
			if err := say(out, strconv.Itoa(os.Getpid())); err != nil {
				return err
			}
			for n := 0; ; n++ {
				runtime.KeepAlive(n)
			}
		}),
		step("reach", func(_ *scan.File, out scan.Sink) error {
			_, file := os.Open("/etc/hostname")
			_, made := os.Create("/tmp/kagiban-worker-test")
			_, line := net.Dial("tcp", "127.0.0.1:1")
			run := exec.Command("/bin/true").Run()
			for _, err := range []error{file, made, line, run} {
				if err := say(out, fmt.Sprint(errors.Is(err, os.ErrPermission))); err != nil {
					return err
				}
			}
			return nil
		}),
	}...)
}

// parentVariable makes the test binary a parent whose worker loops: it prints
// the worker's number and waits to be killed.
const parentVariable = "KAGIBAN_TEST_PARENT"

func loopingParent() {
	pool := isolate.New(func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = []string{"KAGIBAN_TEST_WORKER=1"}
		return cmd
	})
	r := &recorder{files: []string{"loop\n"}, row: func(pid string) { fmt.Println(pid) }}
	limits := scan.DefaultLimits()
	r.results, r.texts = map[string]*scan.Result{}, map[string][]string{}
	_, _ = engine.Run(context.Background(), engine.Config{
		Targets: []engine.Target{{Name: "x", Open: func(context.Context) (scan.Source, error) { return r, nil }}},
		Formats: formats(), Detector: r, Store: r, Limits: limits, Workers: 1, Isolator: pool,
	})
}

// A recorder is detector, store and source at once. Small files are examined
// side by side, so what it hears is kept for each file apart.
type recorder struct {
	files   []string // content, whose first line is the name
	row     func(string)
	mu      sync.Mutex
	texts   map[string][]string // by the first line of the file
	results map[string]*scan.Result
}

func firstLine(content string) string { return strings.SplitN(content, "\n", 2)[0] }

func (r *recorder) Revision() string { return "r" }
func (r *recorder) Begin(s scan.Subject) scan.Examination {
	return examination{r, firstLine(s.Names[0])}
}
func (r *recorder) Close() error                               { return nil }
func (r *recorder) Finish(context.Context, string, bool) error { return nil }
func (r *recorder) Known(context.Context, scan.Entry, func(string) bool) (scan.Reuse, error) {
	return scan.ReuseNone, nil
}

func (r *recorder) Save(_ context.Context, batch []scan.Outcome, _ scan.Completion) error {
	for _, o := range batch {
		r.results[firstLine(o.Of().Path)] = o.(*scan.Result)
	}
	return nil
}

func (r *recorder) Walk(_ context.Context, visit func(scan.Entry, error) error) error {
	for _, f := range r.files {
		if err := visit(scan.Entry{Path: firstLine(f), Size: int64(len(f))}, nil); err != nil {
			return err
		}
	}
	return nil
}

func (r *recorder) Open(_ context.Context, e scan.Entry) (scan.Blob, error) {
	i := slices.IndexFunc(r.files, func(f string) bool { return firstLine(f) == e.Path })
	return blob{strings.NewReader(r.files[i])}, nil
}

type blob struct{ *strings.Reader }

func (blob) Close() error { return nil }

type examination struct {
	r    *recorder
	file string
}

func (x examination) Row(row scan.Row) error {
	text := string(row.Cells[0].Text)
	x.r.mu.Lock()
	x.r.texts[x.file] = append(x.r.texts[x.file], text)
	x.r.mu.Unlock()
	if x.r.row != nil {
		x.r.row(text)
	}
	return nil
}
func (examination) Close() (scan.Findings, error) { return scan.Findings{}, nil }

// examine scans files with the real engine.
func examine(t *testing.T, iso scan.Isolator, limits scan.Limits, r *recorder) {
	t.Helper()
	text := scan.Format{Name: "text", Version: 1, Match: func(*scan.File) bool { return true },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return doc{func(out scan.Sink) error {
				b, err := io.ReadAll(f.Reader())
				if err != nil {
					return err
				}
				return say(out, fmt.Sprint(len(b)))
			}}, nil
		}}
	list := append(formats(), text)
	for i := range list {
		if list[i].Name == "inner" {
			list[i].Match = func(f *scan.File) bool { return len(f.Inner) == 0 && strings.HasPrefix(string(f.Head), "inner\n") }
		}
	}
	r.results, r.texts = map[string]*scan.Result{}, map[string][]string{}
	if _, err := engine.Run(t.Context(), engine.Config{
		Targets: []engine.Target{{Name: "x", Open: func(context.Context) (scan.Source, error) { return r, nil }}},
		Formats: list, Detector: r, Store: r, Limits: limits, Workers: 1, Isolator: iso, TempDir: t.TempDir(),
	}); err != nil {
		t.Fatal(err)
	}
}

func TestContentComesBack(t *testing.T) {
	large := "inner\n" + strings.Repeat("x", 3<<20)
	r := &recorder{files: []string{large, "gap\n"}}
	examine(t, newPool(t), scan.DefaultLimits(), r)
	for file, want := range map[string]string{"inner": strconv.Itoa(len(large)), "gap": "after"} {
		if got := strings.Join(r.texts[file], " "); got != want {
			t.Errorf("%s: rows %q, want %q", file, got, want)
		}
	}
	gap := r.results["gap"].Items[0]
	if len(gap.Problems) != 2 || gap.Problems[0].Kind != scan.KindUnsupported || gap.Problems[1].Kind != scan.KindMalformed {
		t.Errorf("problems %v", gap.Problems)
	}
	if gap.Protection.Verdict != scan.VerdictNone || gap.Protection.Scheme != "x" {
		t.Errorf("protection %+v", gap.Protection)
	}
	if p := r.results["inner"].Items[0].Problems; len(p) > 0 {
		t.Errorf("problems %v", p)
	}
}

// Each of these takes its worker down. The file has one problem, and the next
// file of the same pool none.
func TestDeathOfWorker(t *testing.T) {
	pool := newPool(t)
	for name, kind := range map[string]scan.Kind{
		"hog": scan.KindCrashed, "huge": scan.KindCrashed, "index": scan.KindCrashed, "elsewhere": scan.KindCrashed,
		"spin": scan.KindTimeout, "shot": scan.KindCrashed,
	} {
		t.Run(name, func(t *testing.T) {
			limits := scan.DefaultLimits()
			limits.Time = 15 * time.Second
			if name == "spin" {
				limits.Time = time.Second
			}
			r := &recorder{files: []string{name + "\n"}}
			if name == "shot" {
				r.row = func(pid string) {
					if n, err := strconv.Atoi(pid); err == nil && n > 100 {
						if p, err := os.FindProcess(n); err == nil {
							_ = p.Kill()
						}
					}
				}
			}
			examine(t, pool, limits, r)
			p := r.results[name].Items[0].Problems
			if len(p) != 1 || p[0].Kind != kind {
				t.Errorf("problems %v, want one of kind %s", p, kind)
			}
			t.Log(p)
			next := &recorder{files: []string{"inner\nnext"}}
			examine(t, pool, limits, next)
			if p, rows := next.results["inner"].Items[0].Problems, next.texts["inner"]; len(p) > 0 || strings.Join(rows, " ") != "10" {
				t.Errorf("next file: problems %v, rows %v", p, rows)
			}
		})
	}
}

// Without a worker such content is not read, and never in this process.
func TestNoIsolator(t *testing.T) {
	r := &recorder{files: []string{"inner\nx", "index\n"}}
	examine(t, nil, scan.DefaultLimits(), r)
	for name, res := range r.results {
		if p := res.Items[0].Problems; len(p) != 1 || p[0].Kind != scan.KindUnsupported {
			t.Errorf("%s: problems %v", name, p)
		}
	}
}

func TestConfinement(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems have no such limits")
	}
	pool := newPool(t)
	says, err := pool.InForce()
	if err != nil {
		t.Fatal(err)
	}
	t.Log(says)
	r := &recorder{files: []string{"reach\n"}}
	examine(t, pool, scan.DefaultLimits(), r)
	if strings.Contains(says, "seccomp (") && strings.Join(r.texts["reach"], " ") != "true true true true" {
		t.Errorf("refused: %v", r.texts)
	}
}
