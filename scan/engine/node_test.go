package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
)

// A tree is a source in memory: content by path.
type tree struct {
	files  map[string]string
	ids    map[string]uint64 // of folders
	denied map[string]bool   // folders that cannot be listed
	gone   map[string]bool   // folders on the way to which the server is lost
	down   bool
}

func (s *tree) Walk(ctx context.Context, visit func(scan.Entry, error) error) error {
	return s.below(ctx, "", visit)
}

func (s *tree) below(ctx context.Context, folder string, visit func(scan.Entry, error) error) error {
	var folders []scan.Entry
	err := s.List(ctx, folder, func(e scan.Entry, err error) error {
		if err == nil && e.Folder {
			folders = append(folders, e)
			return nil
		}
		return visit(e, err)
	})
	if err != nil && folder == "" {
		return err
	}
	if err != nil {
		return visit(scan.Entry{Path: folder, Folder: true}, err)
	}
	for _, f := range folders {
		if err := s.below(ctx, f.Path, visit); err != nil {
			return err
		}
	}
	return nil
}

func (s *tree) List(_ context.Context, folder string, visit func(scan.Entry, error) error) error {
	if s.down {
		return scan.ErrStalled
	}
	if s.gone[folder] {
		return fmt.Errorf("no route to host: %w", scan.ErrTarget)
	}
	if s.denied[folder] {
		return fs.ErrPermission
	}
	prefix := ""
	if folder != "" {
		prefix = folder + "/"
	}
	seen := map[string]bool{}
	for _, path := range slices.Sorted(maps.Keys(s.files)) {
		rest, ok := strings.CutPrefix(path, prefix)
		if !ok {
			continue
		}
		name, _, deep := strings.Cut(rest, "/")
		if seen[name] {
			continue
		}
		seen[name] = true
		e := scan.Entry{Path: prefix + name, Size: int64(len(s.files[path]))}
		if deep {
			e = scan.Entry{Path: prefix + name, Folder: true, ID: s.ids[prefix+name]}
		}
		if err := visit(e, nil); err != nil {
			return err
		}
	}
	return nil
}

func (s *tree) Open(_ context.Context, e scan.Entry) (scan.Blob, error) {
	text, ok := s.files[e.Path]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return memory{bytes.NewReader([]byte(text))}, nil
}

func (*tree) Close() error { return nil }

type memory struct{ *bytes.Reader }

func (memory) Close() error  { return nil }
func (m memory) Size() int64 { return m.Reader.Size() }

// A desktop is a store that takes everything down, and the queue of a run beside it.
type desktop struct {
	mu       sync.Mutex
	said     map[string]string // by path
	twice    []string
	tasks    []scan.Task
	saves    int
	figures  scan.Figures
	finished map[string]bool
	fails    error // of the next save
}

func (*desktop) Known(context.Context, scan.Entry, func(string) bool) (scan.Reuse, error) {
	return scan.ReuseNone, nil
}

func (d *desktop) Save(ctx context.Context, batch []scan.Outcome, done scan.Completion) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fails != nil {
		err := d.fails
		d.fails = nil
		return err
	}
	d.saves++
	for _, o := range batch {
		path := o.Of().Path
		if _, before := d.said[path]; before {
			d.twice = append(d.twice, path)
		}
		d.said[path] = outcomeText(o)
	}
	if done != nil {
		return done.CompleteIn(ctx, nil)
	}
	return nil
}

func outcomeText(o scan.Outcome) string {
	switch o := o.(type) {
	case *scan.LeftOut:
		return "left out: " + o.Rule
	case *scan.Result:
		text := fmt.Sprint(o.Distinct.High)
		for _, p := range o.Items[0].Problems {
			text += " " + string(p.Kind)
		}
		return text
	}
	return fmt.Sprintf("%T", o)
}

func (d *desktop) Finish(_ context.Context, target string, complete bool) error {
	d.finished[target] = complete
	return nil
}

// A page of the queue in memory.
type sheet struct {
	desk *desktop
	task scan.Task
}

func (s sheet) Task() scan.Task                     { return s.task }
func (s sheet) Add(f scan.Further) scan.Completion  { return filing{s, f} }
func (s sheet) Done(f scan.Further) scan.Completion { return filing{s, f} }

type filing struct {
	sheet
	further scan.Further
}

func (f filing) CompleteIn(context.Context, any) error {
	d := f.desk
	for _, e := range f.further.Folders {
		above := slices.Clone(f.task.Above)
		if e.ID != 0 {
			above = append(above, e.ID)
		}
		d.tasks = append(d.tasks, scan.Task{Target: f.task.Target, Folder: e.Path, Above: above})
	}
	for files := range slices.Chunk(f.further.Files, 3) {
		d.tasks = append(d.tasks, scan.Task{Target: f.task.Target, Folder: f.task.Folder, Files: files})
	}
	d.figures.Files += f.further.Figures.Files
	return nil
}

func newDesktop() *desktop { return &desktop{said: map[string]string{}, finished: map[string]bool{}} }

// share has a node do all batches of a target.
func share(t *testing.T, node *engine.Node, target engine.Target, src scan.Source, first scan.Task) *desktop {
	t.Helper()
	d := newDesktop()
	d.tasks = []scan.Task{first}
	for len(d.tasks) > 0 {
		task := d.tasks[0]
		d.tasks = d.tasks[1:]
		if err := node.Do(t.Context(), engine.Duty{Target: target, Source: src, Store: d}, sheet{d, task}); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func nodeConfig(store scan.Store) engine.Config {
	return engine.Config{Formats: toys(), Detector: hitter{}, Limits: scan.DefaultLimits(), Store: store}
}

// TestBatchesAreARun compares what nodes do batch by batch with one run.
func TestBatchesAreARun(t *testing.T) {
	src := &tree{files: map[string]string{"top.txt": "hit\n", "skip.tmp": "hit\n"}, denied: map[string]bool{"a/b": true}}
	for i := range 250 { // more than are examined where they are listed
		src.files[fmt.Sprintf("many/%03d.txt", i)] = strings.Repeat("hit\n", i%3)
	}
	for _, dir := range []string{"a", "a/b", "a/c", "a/c/d"} {
		src.files[dir+"/x.txt"], src.files[dir+"/bad.txt"] = "hit\n", "bad:\n"
	}
	target := engine.Target{Name: "t", Open: func(context.Context) (scan.Source, error) { return src, nil }, Skip: func(e scan.Entry) string {
		if strings.HasSuffix(e.Path, ".tmp") {
			return "exclude"
		}
		return ""
	}}
	whole := newDesktop()
	cfg := nodeConfig(whole)
	cfg.Targets = []engine.Target{target}
	if _, err := engine.Run(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	parts := share(t, engine.NewNode(nodeConfig(nil)), target, src, scan.Task{Target: "t"})
	if diff := cmp.Diff(whole.said, parts.said); diff != "" || len(parts.twice) > 0 {
		t.Errorf("twice: %v (-run +batches):\n%s", parts.twice, diff)
	}
	if n := int64(len(whole.said)); parts.figures.Files != n {
		t.Errorf("figures of %d files, want %d", parts.figures.Files, n)
	}
}

func TestFoldersThatLoopAreLeftOut(t *testing.T) {
	src := &tree{files: map[string]string{"a/b/x.txt": "hit\n", "a/y.txt": ""}, ids: map[string]uint64{"a": 7, "a/b": 7}}
	d := share(t, engine.NewNode(nodeConfig(nil)), engine.Target{Name: "t"}, src, scan.Task{Target: "t"})
	want := map[string]string{"a/y.txt": "0", "a/b": "left out: loop"}
	if diff := cmp.Diff(want, d.said); diff != "" {
		t.Error(diff)
	}
}

// TestLargeFolderComesInPages: what is known of a folder with very many files is
// stored before it is listed to its end.
func TestLargeFolderComesInPages(t *testing.T) {
	src := &tree{files: map[string]string{}}
	const n = 45_000
	for i := range n {
		src.files[fmt.Sprintf("%05d.tmp", i)] = ""
	}
	target := engine.Target{Name: "t", Skip: func(scan.Entry) string { return "exclude" }}
	d := share(t, engine.NewNode(nodeConfig(nil)), target, src, scan.Task{Target: "t"})
	if len(d.said) != n || len(d.twice) > 0 || d.saves != 3 || d.figures.Files != n {
		t.Errorf("%d files in %d pages, %d twice, figures of %d", len(d.said), d.saves, len(d.twice), d.figures.Files)
	}
}

func TestWhatCostNodesIsReported(t *testing.T) {
	node := engine.NewNode(nodeConfig(nil))
	file := scan.Task{Target: "t", Files: []scan.Entry{{Path: "a/x.txt", Size: 4}}, Losses: 3, Condemned: true}
	folder := scan.Task{Target: "t", Folder: "a", Losses: 3, Condemned: true}
	for _, task := range []scan.Task{file, folder} {
		d := share(t, node, engine.Target{Name: "t"}, &tree{files: map[string]string{"a/x.txt": "hit\n"}}, task)
		for path, text := range d.said {
			if text != "0 node" {
				t.Errorf("%s: %s, want a problem of kind node", path, text)
			}
		}
		if len(d.said) != 1 {
			t.Errorf("%v, want one outcome", d.said)
		}
	}
}

func TestTargetThatCannotBeListed(t *testing.T) {
	d := newDesktop()
	duty := engine.Duty{Target: engine.Target{Name: "t"}, Source: &tree{down: true}, Store: d}
	err := engine.NewNode(nodeConfig(nil)).Do(t.Context(), duty, sheet{d, scan.Task{Target: "t"}})
	var list *scan.ListError
	if !errors.As(err, &list) || !errors.Is(err, scan.ErrStalled) || d.saves != 0 {
		t.Errorf("%v after %d saves, want a ListError and none", err, d.saves)
	}
}

// TestTargetThatIsLostOnTheWay: a folder that cannot be listed since its server is
// gone says nothing of the folder.
func TestTargetThatIsLostOnTheWay(t *testing.T) {
	d := newDesktop()
	src := &tree{files: map[string]string{"a/x.txt": "hit\n"}, denied: map[string]bool{}, gone: map[string]bool{"a": true}}
	duty := engine.Duty{Target: engine.Target{Name: "t"}, Source: src, Store: d}
	err := engine.NewNode(nodeConfig(nil)).Do(t.Context(), duty, sheet{d, scan.Task{Target: "t", Folder: "a"}})
	var list *scan.ListError
	if !errors.As(err, &list) || d.saves != 0 {
		t.Errorf("%v after %d saves, want a ListError and none", err, d.saves)
	}
}

// TestPageThatCannotBeStored ends the batch as what it is: what was listed must not
// be passed over.
func TestPageThatCannotBeStored(t *testing.T) {
	src := &tree{files: map[string]string{}}
	for i := range 45_000 {
		src.files[fmt.Sprintf("a/%05d.txt", i)] = ""
	}
	full := errors.New("no room")
	d := newDesktop()
	d.fails = full
	duty := engine.Duty{Target: engine.Target{Name: "t"}, Source: src, Store: d}
	if err := engine.NewNode(nodeConfig(nil)).Do(t.Context(), duty, sheet{d, scan.Task{Target: "t", Folder: "a"}}); !errors.Is(err, full) || len(d.said) > 0 {
		t.Errorf("%v, and %d files have an outcome", err, len(d.said))
	}
}

// TestFoldersThatAreNotEntered are reported.
func TestFoldersThatAreNotEntered(t *testing.T) {
	node := engine.NewNode(nodeConfig(nil))
	deep := strings.Repeat("a/", 300) + "a"
	for want, task := range map[string]scan.Task{
		"left out: loop": {Target: "t", Folder: "a", Looped: true},
		"0 link":         {Target: "t", Folder: deep},
	} {
		d := share(t, node, engine.Target{Name: "t"}, &tree{files: map[string]string{"a/x.txt": "hit\n"}}, task)
		if got := d.said[task.Folder]; got != want || len(d.said) != 1 {
			t.Errorf("%.20s: %q, want %q", task.Folder, got, want)
		}
	}
}
