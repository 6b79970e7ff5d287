package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
)

// crowd is an isolator that counts the documents that are open at a time.
type crowd struct{ open, most atomic.Int64 }

func (c *crowd) Open(_ context.Context, _ string, f *scan.File) (scan.Document, error) {
	n := c.open.Add(1)
	for most := c.most.Load(); n > most && !c.most.CompareAndSwap(most, n); most = c.most.Load() {
	}
	time.Sleep(2 * time.Millisecond)
	return &crowdDocument{toy: toy{f, lines}, crowd: c}, nil
}

type crowdDocument struct {
	toy
	crowd *crowd
	once  sync.Once
}

func (d *crowdDocument) Close() error {
	d.once.Do(func() { d.crowd.open.Add(-1) })
	return nil
}

// Many small files are examined at a time, but no more of them have processes
// of the isolator than there are workers.
func TestSmallFilesDoNotCrowdTheIsolator(t *testing.T) {
	d := &desk{inUse: map[string]int{}, results: map[string]*scan.Result{}, outcomes: map[string]scan.Outcome{}}
	for i := range 100 {
		d.paths = append(d.paths, fmt.Sprint("a/", i))
	}
	c := &crowd{}
	everything := scan.Format{Name: "apart", Match: func(*scan.File) bool { return true },
		Isolated: func(context.Context, *scan.File) (scan.Document, error) { return nil, errors.ErrUnsupported }}
	_, err := engine.Run(t.Context(), engine.Config{
		Targets: []engine.Target{{Name: "t", Open: func(context.Context) (scan.Source, error) { return d, nil }}},
		Formats: []scan.Format{everything}, Detector: detectors.New([]byte("key")), Store: d, Limits: scan.DefaultLimits(), Workers: 3, Isolator: c,
	})
	if err != nil || len(d.results) != 100 {
		t.Fatalf("%d results, %v", len(d.results), err)
	}
	if most := c.most.Load(); most < 2 || most > 3 || c.open.Load() != 0 {
		t.Errorf("at most %d documents were open at a time, %d still are; want 3 and none", most, c.open.Load())
	}
}

// A guarded desk tells who may read a file, or does not.
type guarded struct {
	*desk
	access *scan.Access
	err    error
}

func (g guarded) Access(context.Context, scan.Entry) (*scan.Access, error) {
	if g.access == nil && g.err == nil {
		panic("a list that cannot be read")
	}
	return g.access, g.err
}

// What was known of the access to a finding does not outlive the night in which
// it was asked: what is not told is not known.
func TestAccessOfKeptFindings(t *testing.T) {
	everyone := &scan.Access{Owner: "o", Grants: []scan.Grant{{SID: "S-1-1-0", Read: true}}}
	for _, tt := range []struct {
		name   string
		known  scan.Reuse
		source guarded
		asked  bool
		access *scan.Access
	}{
		{"finding", scan.RefreshAccess, guarded{access: everyone}, true, everyone},
		{"not told", scan.RefreshAccess, guarded{err: errors.New("no")}, true, nil},
		{"crashed", scan.RefreshAccess, guarded{}, true, nil},
		{"nothing found", scan.Unchanged, guarded{access: everyone}, false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := &desk{paths: []string{"a/1"}, known: tt.known, results: map[string]*scan.Result{}, outcomes: map[string]scan.Outcome{}}
			tt.source.desk = d
			_, err := engine.Run(t.Context(), engine.Config{
				Targets: []engine.Target{{Name: "t", Open: func(context.Context) (scan.Source, error) { return tt.source, nil }}},
				Formats: toys(), Detector: detectors.New([]byte("key")), Store: d, Limits: scan.DefaultLimits(), Workers: 1,
			})
			var access *scan.Access
			o := d.outcomes["a/1"]
			refreshed, asked := o.(*scan.AccessRefreshed)
			if asked {
				access = refreshed.Access
			}
			if _, kept := o.(*scan.Kept); err != nil || kept == tt.asked || asked != tt.asked || access != tt.access || len(d.opened) != 0 {
				t.Errorf("%+v, %v, opened %q; want it kept, asked %v, access %v", o, err, d.opened, tt.asked, tt.access)
			}
		})
	}
}
