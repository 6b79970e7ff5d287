package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
)

// A desk is a source whose files are in folders and may be in use; it can go on
// with a walk. It is also the store that keeps the bookmark.
type desk struct {
	paths  []string // in the order of the walk
	inUse  map[string]int
	opened []string
	told   []string
	after  func(path string)

	mark     scan.Bookmark
	mu       sync.Mutex              // over opened and inUse
	results  map[string]*scan.Result // of outcomes, those that were examined
	outcomes map[string]scan.Outcome
	ended    []bool
	known    scan.Reuse // what the store says of each file
}

func (d *desk) Walk(ctx context.Context, visit func(scan.Entry, error) error) error {
	return d.WalkFrom(ctx, "", visit)
}

func (d *desk) WalkFrom(_ context.Context, from string, visit func(scan.Entry, error) error) error {
	for _, path := range d.paths {
		folder, _, _ := strings.Cut(path, "/")
		if folder < from {
			continue
		}
		if err := visit(scan.Entry{Path: path, Size: 4}, nil); err != nil {
			return err
		}
		d.told = append(d.told, path)
		if d.after != nil {
			d.after(path)
		}
	}
	return nil
}

func (d *desk) Open(_ context.Context, e scan.Entry) (scan.Blob, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened = append(d.opened, e.Path)
	if d.inUse[e.Path] > 0 {
		d.inUse[e.Path]--
		return nil, fmt.Errorf("here: %w", scan.ErrLocked)
	}
	return deskBlob{strings.NewReader("text")}, nil
}

type deskBlob struct{ *strings.Reader }

func (deskBlob) Close() error { return nil }

func (d *desk) Owner(_ context.Context, e scan.Entry) (string, error) {
	return "owner of " + e.Path, nil
}
func (d *desk) Close() error { return nil }

func (d *desk) Known(context.Context, scan.Entry, func(string) bool) (scan.Reuse, error) {
	return d.known, nil
}

func (d *desk) Save(_ context.Context, batch []scan.Outcome, _ scan.Completion) error {
	for _, o := range batch {
		path := o.Of().Path
		if d.outcomes[path] != nil {
			return fmt.Errorf("%s is saved twice", path)
		}
		d.outcomes[path] = o
		if r, ok := o.(*scan.Result); ok {
			d.results[path] = r
		}
	}
	return nil
}

func (d *desk) Finish(_ context.Context, _ string, complete bool) error {
	d.ended = append(d.ended, complete)
	return nil
}

func (d *desk) Bookmark(context.Context, string) (scan.Bookmark, error) { return d.mark, nil }

func (d *desk) SetBookmark(_ context.Context, _ string, b scan.Bookmark) error {
	d.mark = b
	return nil
}

func (d *desk) run(t *testing.T, full bool, until func() time.Time) engine.Summary {
	t.Helper()
	d.told, d.opened, d.results, d.outcomes = nil, nil, map[string]*scan.Result{}, map[string]scan.Outcome{}
	sum, err := engine.Run(t.Context(), engine.Config{
		Targets: []engine.Target{{Name: "t", Until: until, Open: func(context.Context) (scan.Source, error) { return d, nil }}},
		Formats: toys(), Detector: detectors.New([]byte("key")), Store: d, Limits: scan.DefaultLimits(), Workers: 1, Full: full,
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestLockedFilesAreTriedAgainAtTheEnd(t *testing.T) {
	d := &desk{paths: []string{"a/1", "a/2", "a/3", "a/4"}, inUse: map[string]int{"a/1": 1, "a/3": 2}}
	if sum := d.run(t, false, nil); sum.Files != 4 || sum.Targets[0].Err != nil {
		t.Errorf("Run = %+v", sum)
	}
	first, again := d.opened[:4], d.opened[4:] // small files are worked on side by side
	slices.Sort(first)
	slices.Sort(again)
	if diff := cmp.Diff([]string{"a/1", "a/2", "a/3", "a/4", "a/1", "a/3"}, d.opened); diff != "" {
		t.Errorf("files opened (-want +got):\n%s", diff)
	}
	for path, r := range d.results {
		want := path == "a/3"
		problems := r.Items[0].Problems
		if got := len(problems) == 1 && problems[0].Kind == scan.KindLocked; got != want {
			t.Errorf("%s: problems %v, locked = %v, want %v", path, problems, got, want)
		}
		if (r.Entry.Owner == "owner of a/3") != want {
			t.Errorf("%s: owner %q", path, r.Entry.Owner)
		}
	}
}

func TestWalkGoesOnWhereTheTimeWasUp(t *testing.T) {
	d := &desk{paths: []string{"a/1", "b/1", "b/2", "c/1"}, inUse: map[string]int{"a/1": 9}}
	sum := d.run(t, false, func() time.Time { return time.Now().Add(time.Hour) })
	if sum.Targets[0].Err != nil {
		t.Fatalf("a walk within its time: %v", sum.Targets[0].Err)
	}
	end := time.Now().Add(3 * time.Second) // two files take next to nothing of it
	d.after = func(path string) {
		if path == "b/1" {
			time.Sleep(time.Until(end))
		}
	}
	sum = d.run(t, false, func() time.Time { return end })
	if sum.Targets[0].Err != scan.ErrTimeUp || d.mark != (scan.Bookmark{Folder: "b"}) || len(d.results) != 2 {
		t.Fatalf("Run = %+v, bookmark %+v, %d results; want the time up in folder b after 2 files", sum, d.mark, len(d.results))
	}
	d.after = nil
	sum = d.run(t, false, nil)
	if sum.Targets[0].Err != nil || !slices.Equal(d.told, []string{"b/1", "b/2", "c/1"}) {
		t.Errorf("Run = %+v, told %v: want all from folder b on", sum, d.told)
	}
	if want := []bool{true, false, true}; !slices.Equal(d.ended, want) {
		t.Errorf("walks ended %v, want %v", d.ended, want)
	}
	// A full walk does not go on with a lighter one.
	d.mark = scan.Bookmark{Folder: "c"}
	if d.run(t, true, nil); len(d.told) != 4 || d.mark != (scan.Bookmark{}) {
		t.Errorf("told %v, bookmark %+v: want all and none", d.told, d.mark)
	}
	// With no time at all nothing is opened and the bookmark stays.
	d.mark = scan.Bookmark{Folder: "c"}
	if sum = d.run(t, false, time.Now); sum.Targets[0].Err != scan.ErrTimeUp || len(d.told) != 0 || d.mark.Folder != "c" {
		t.Errorf("Run = %+v, told %v, bookmark %+v", sum, d.told, d.mark)
	}
}

// TestCurrentRules: a revision is current under the rules that made it, whatever
// passwords were tried, and not under others.
func TestCurrentRules(t *testing.T) {
	cfg := engine.Config{Formats: toys(), Detector: hitter{}, Limits: scan.DefaultLimits(), PasswordsID: "a"}
	d := newDesktop()
	src := &tree{files: map[string]string{"x.txt": "hit\n"}}
	var revision string
	store := revisionStore{d, &revision}
	cfg.Store = store
	cfg.Targets = []engine.Target{{Name: "t", Open: func(context.Context) (scan.Source, error) { return src, nil }}}
	if _, err := engine.Run(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	cfg.PasswordsID = "b"
	if !engine.Current(cfg)(revision) {
		t.Errorf("%q is not current under the rules that made it", revision)
	}
	for i := range cfg.Formats {
		cfg.Formats[i].Version++
	}
	if engine.Current(cfg)(revision) || engine.Current(cfg)("") {
		t.Errorf("%q is current under other formats", revision)
	}
}

// A revisionStore keeps the revision of the latest result.
type revisionStore struct {
	*desktop
	last *string
}

func (s revisionStore) Save(ctx context.Context, batch []scan.Outcome, done scan.Completion) error {
	for _, o := range batch {
		if res, ok := o.(*scan.Result); ok {
			*s.last = res.Revision
		}
	}
	return s.desktop.Save(ctx, batch, done)
}
