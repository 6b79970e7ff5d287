package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/scantest"
)

// The formats of these tests: "box:" holds a member a line, "bad:" fails,
// "boom:" panics, "slow:" waits for the end of its time, anything else is
// lines of text.
func toys() []scan.Format {
	match := func(prefix string) func(*scan.File) bool {
		return func(f *scan.File) bool { return bytes.HasPrefix(f.Head, []byte(prefix)) }
	}
	open := func(content func(context.Context, *scan.File, scan.Sink) error) func(context.Context, *scan.File) (scan.Document, error) {
		return func(_ context.Context, f *scan.File) (scan.Document, error) { return toy{f, content}, nil }
	}
	return []scan.Format{
		{Name: "box", Version: 1, Match: match("box:"), Open: open(unbox)},
		{Name: "bad", Version: 1, Match: match("bad:"), Open: open(func(context.Context, *scan.File, scan.Sink) error {
			return fmt.Errorf("toy: %w", scan.ErrMalformed)
		})},
		{Name: "boom", Version: 1, Match: match("boom:"), Open: open(func(context.Context, *scan.File, scan.Sink) error {
			panic("secret 1234-567890")
		})},
		{Name: "slow", Version: 1, Match: match("slow:"), Open: open(func(ctx context.Context, _ *scan.File, _ scan.Sink) error {
			<-ctx.Done()
			return context.Cause(ctx)
		})},
		{Name: "closed", Version: 1, Match: match("closed:"), Open: func(context.Context, *scan.File) (scan.Document, error) {
			return nil, errors.New("not asked")
		}},
		{Name: "lines", Version: 1, Match: func(*scan.File) bool { return true }, Open: open(lines)},
	}
}

type toy struct {
	file    *scan.File
	content func(context.Context, *scan.File, scan.Sink) error
}

func (toy) Protection() scan.Protection { return scan.Protection{Verdict: scan.VerdictNone} }

func (d toy) Content(ctx context.Context, out scan.Sink) error {
	d.file.ClaimAll(scan.UseRead)
	return d.content(ctx, d.file, out)
}

// unbox hands out members: each line after the mark is name=content, in which
// '|' stands for the line ends of an inner box and '*' for its '|'.
func unbox(_ context.Context, f *scan.File, out scan.Sink) error {
	var text strings.Builder
	if _, err := io.Copy(&text, f.Bound(f.Reader())); err != nil {
		return err
	}
	for line := range strings.Lines(strings.TrimPrefix(text.String(), "box:\n")) {
		name, content, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		content = strings.NewReplacer("|", "\n", "*", "|").Replace(content)
		err := out.Member(scan.Member{Name: name, Size: -1, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(f.Bound(strings.NewReader(content))), nil
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

func lines(_ context.Context, f *scan.File, out scan.Sink) error {
	buf := make([]byte, 64<<10)
	r := f.Bound(f.Reader())
	for n := 1; ; n++ {
		m, err := r.Read(buf)
		if m > 0 {
			if err := out.Row(scan.Row{N: n, Cells: []scan.Cell{{Text: buf[:m]}}}); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// A hitter finds one record in every row that holds "hit".
type hitter struct{}

func (hitter) Revision() string                      { return "hitter" }
func (hitter) Begin(s scan.Subject) scan.Examination { return &hitting{subject: s} }

type hitting struct {
	subject scan.Subject
	n       int64
}

func (h *hitting) Row(r scan.Row) error {
	for _, c := range r.Cells {
		if bytes.Contains(c.Text, []byte("hit")) {
			h.n++
			return h.subject.Persons.Add(scan.Person{Hash: uint64(h.n), Grade: scan.ConfidenceHigh})
		}
	}
	return nil
}

func (h *hitting) Close() (scan.Findings, error) {
	return scan.Findings{High: scan.Counts{Records: h.n, Classes: scan.Classes{Number: h.n}}}, nil
}

// A shelf is a store in memory.
type shelf struct {
	mu       sync.Mutex
	results  map[string]*scan.Result
	finished map[string]bool
	fail     error
}

func newShelf() *shelf {
	return &shelf{results: map[string]*scan.Result{}, finished: map[string]bool{}}
}

func (s *shelf) Known(_ context.Context, e scan.Entry, current func(string) bool) (scan.Reuse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.results[e.Path]
	if r == nil || r.Entry.Size != e.Size || !r.Entry.ModTime.Equal(e.ModTime) || !current(r.Revision) {
		return scan.ReuseNone, nil
	}
	if r.Distinct != (scan.Distinct{}) {
		return scan.RefreshAccess, nil
	}
	return scan.Unchanged, nil
}

func (s *shelf) Save(_ context.Context, batch []scan.Outcome, _ scan.Completion) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	for _, o := range batch {
		switch o := o.(type) {
		case *scan.Result:
			s.results[o.Entry.Path] = o
		case *scan.LeftOut:
			s.results[o.Entry.Path] = o.Result()
		}
	}
	return nil
}

func (s *shelf) Finish(_ context.Context, target string, complete bool) error {
	s.finished[target] = complete
	return nil
}

func config(m *scantest.Faulty, store scan.Store) engine.Config {
	return engine.Config{
		Targets: []engine.Target{m.Target("memory")}, Formats: toys(), Detector: hitter{}, Store: store,
		Limits: scan.DefaultLimits(), Workers: 3,
	}
}

func mustRun(t *testing.T, cfg engine.Config) engine.Summary {
	t.Helper()
	sum, err := engine.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// items describes what is known of a file: inner path, then what happened.
func items(r *scan.Result) []string {
	var list []string
	for _, item := range r.Items {
		s := strings.Join(item.Inner, ">") + " " + item.Format
		if item.Findings.High.Records > 0 {
			s += fmt.Sprintf(" records=%d", item.Findings.High.Records)
		}
		for _, p := range item.Problems {
			s += " " + string(p.Kind)
		}
		list = append(list, s)
	}
	return list
}

func TestMemberThatFailsLosesOnlyItself(t *testing.T) {
	store := newShelf()
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"a": []byte("box:\none=hit\ntwo=bad:\nthree=boom:\nfour=box:|x=hit|y=bad:\nfive=hit\n")}}}
	mustRun(t, config(m, store))
	want := []string{" box", "one lines records=1", "two bad malformed", "three boom crashed", "four>x lines records=1", "four>y bad malformed", "five lines records=1"}
	if diff := cmp.Diff(want, items(store.results["a"])); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	for _, item := range store.results["a"].Items {
		for _, p := range item.Problems {
			if strings.Contains(p.Detail, "567890") {
				t.Errorf("a problem quotes what the parser said: %q", p.Detail)
			}
		}
	}
}

func TestStoreThatFailsEndsTheWalk(t *testing.T) {
	store := newShelf()
	store.fail = errors.New("disk is full")
	files := map[string][]byte{}
	for i := range 2000 {
		files[fmt.Sprintf("%04d", i)] = []byte("hit")
	}
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: files}}
	if _, err := engine.Run(t.Context(), config(m, store)); !errors.Is(err, store.fail) {
		t.Errorf("Run = %v, want the store's error", err)
	}
	if n := m.Opens.Load(); n >= 2000 {
		t.Errorf("all %d files were opened after the store had failed", n)
	}
}

func TestTimeoutIsTriedAgain(t *testing.T) {
	store := newShelf()
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"slow": []byte("slow:"), "fine": []byte("x")}}}
	cfg := config(m, store)
	cfg.Limits.Time = 50 * time.Millisecond
	mustRun(t, cfg)
	if diff := cmp.Diff([]string{" slow timeout"}, items(store.results["slow"])); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	m.Opens.Store(0)
	if sum := mustRun(t, cfg); sum.Kept != 1 || m.Opens.Load() != 1 {
		t.Errorf("second run: %d kept, %d opened; want 1 and 1", sum.Kept, m.Opens.Load())
	}
}

func TestSpentBudgetIsRecordedOnce(t *testing.T) {
	for _, c := range []struct {
		name  string
		limit func(*scan.Limits)
	}{
		{"members", func(l *scan.Limits) { l.Members = 3 }},
		{"rows", func(l *scan.Limits) { l.Rows = 2 }},
		{"expanded", func(l *scan.Limits) { l.Expanded = 70 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := newShelf()
			m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"a": []byte("box:\nouter=box:|in=box:*a=1*b=2*c=3|d=4\ne=5\nf=6\n")}}}
			cfg := config(m, store)
			c.limit(&cfg.Limits)
			mustRun(t, cfg)
			var limits []string
			for _, item := range store.results["a"].Items {
				for _, p := range item.Problems {
					limits = append(limits, string(p.Kind)+" "+p.Detail)
				}
			}
			if len(limits) != 1 || !strings.HasPrefix(limits[0], "limit") || !strings.Contains(limits[0], c.name) {
				t.Errorf("problems %q, want one that names the limit %q", limits, c.name)
			}
		})
	}
}

func TestDepthIsTheMembersOwn(t *testing.T) {
	store := newShelf()
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"a": []byte("box:\ndeep=box:|x=box:*y=1\nflat=hit\n")}}}
	cfg := config(m, store)
	cfg.Limits.Depth = 2
	mustRun(t, cfg)
	want := []string{" box", "deep>x>y  limit", "flat lines records=1"}
	if diff := cmp.Diff(want, items(store.results["a"])); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}

func TestSourceFaultsAreNotDamage(t *testing.T) {
	files := map[string][]byte{"denied": nil, "locked": nil, "fine": []byte("hit"), "cut": []byte("box:\na=1\n")}
	m := &scantest.Faulty{
		MemorySource: scantest.MemorySource{Files: files},
		Fail:         map[string]error{"denied": fmt.Errorf("open: %w", fs.ErrPermission), "locked": scan.ErrLocked},
		Gap:          fs.ErrPermission,
	}
	store := newShelf()
	mustRun(t, config(m, store))
	for path, want := range map[string]string{"denied": "  denied", "locked": "  locked", "gap": "  denied", "fine": " lines records=1"} {
		if got := items(store.results[path]); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	for k := int64(1); k <= 4; k++ {
		store := newShelf()
		one := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"big": slices.Concat([]byte("lines"), make([]byte, 200<<10))}}, FailRead: k}
		mustRun(t, config(one, store))
		if r := store.results["big"]; one.Reads.Load() >= k && (len(r.Items[0].Problems) != 1 || r.Items[0].Problems[0].Kind != scan.KindUnreadable) {
			t.Errorf("fault at read %d: %q, want one problem of kind unreadable", k, items(r))
		}
	}
}

func TestCancelledRunStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"slow": []byte("slow:")}}}
	store := newShelf()
	if _, err := engine.Run(ctx, config(m, store)); !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v, want context.Canceled", err)
	}
	if len(store.results) != 0 {
		t.Error("a result that the end of the run cut short was stored")
	}
	if store.finished["memory"] {
		t.Error("a target was finished that was not walked to its end")
	}
}

func TestTargetThatCannotBeOpenedIsIncomplete(t *testing.T) {
	store := newShelf()
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"a": []byte("hit")}}}
	cfg := config(m, store)
	broken := errors.New("no such share")
	cfg.Targets = append([]engine.Target{{Name: "broken", Open: func(context.Context) (scan.Source, error) { return nil, broken }}}, cfg.Targets...)
	sum := mustRun(t, cfg)
	if !errors.Is(sum.Targets[0].Err, broken) || sum.Targets[1].Err != nil || sum.Files != 1 {
		t.Errorf("summary %+v, want the first target broken and one file of the second", sum)
	}
	if diff := cmp.Diff(map[string]bool{"broken": false, "memory": true}, store.finished); diff != "" {
		t.Errorf("finished (-want +got):\n%s", diff)
	}
}

// TestMemoryDoesNotGrowWithTheFile streams far more than it may hold.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"a": bytes.Repeat([]byte("0123456789abcdef"), 8<<20)}}} // 128 MiB
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	peak := uint64(0)
	cfg := config(m, newShelf())
	cfg.Detector = watcher{func() {
		runtime.ReadMemStats(&now)
		peak = max(peak, now.HeapAlloc)
	}}
	mustRun(t, cfg)
	if grown := int64(peak) - int64(before.HeapAlloc); grown > 24<<20 {
		t.Errorf("the heap grew by %d MiB while a file of 128 MiB was read", grown>>20)
	}
}

// A watcher looks up now and then.
type watcher struct{ look func() }

func (watcher) Revision() string                      { return "" }
func (w watcher) Begin(scan.Subject) scan.Examination { return &watching{look: w.look} }

type watching struct {
	look func()
	n    int
}

func (w *watching) Row(scan.Row) error {
	if w.n++; w.n%100 == 0 {
		w.look()
	}
	return nil
}

func (w *watching) Close() (scan.Findings, error) { return scan.Findings{}, nil }
