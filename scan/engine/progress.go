package engine

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// Progress is how far a run has come.
type Progress struct {
	Target               string
	Files, TotalFiles    int64 // TotalFiles is 0 while it is not known
	Bytes, TotalBytes    int64 // sizes of the files seen, not what was read of them
	Kept                 int64 // files that had not changed
	Findings, Unfinished int64 // files with numbers in the open; files with a problem
	Elapsed              time.Duration
	// Read is what was read from the sources, bytes: it moves within a file too.
	Read int64
	// Longest is the file that has been worked on for longest.
	Longest *FileProgress // nil: none is worked on
}

// FileProgress is how far the examination of one file has come.
type FileProgress struct {
	Path           string // in its target; as it is, with numbers that it may hold
	Size           int64  // bytes, as listed
	Read, Expanded int64  // bytes read from the source, and yielded by decompressors
	Began          time.Time
}

// A tracker keeps the progress of a run.
type tracker struct {
	show  func(Progress) // nil: nobody looks
	start time.Time

	mu       sync.Mutex // over progress
	progress Progress
	total    struct{ files, bytes atomic.Int64 }
	counted  atomic.Bool // total is complete
	inWork   inWork
}

// target begins a target.
func (t *tracker) target(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.progress.Target = name
}

// add moves the progress on by one file.
func (t *tracker) add(o scan.Outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := &t.progress
	p.Files++
	p.Bytes += o.Of().Size
	switch o := o.(type) {
	case *scan.Kept, *scan.AccessRefreshed:
		p.Kept++
	case *scan.Result:
		if o.Distinct.High > 0 {
			p.Findings++
		}
		if slices.ContainsFunc(o.Items, func(i scan.Item) bool { return len(i.Problems) > 0 }) {
			p.Unfinished++
		}
	}
	t.showLocked()
}

// showLocked hands out the progress; t.mu is held.
func (t *tracker) showLocked() {
	if t.show == nil {
		return
	}
	p := &t.progress
	p.Elapsed = time.Since(t.start)
	if t.counted.Load() {
		p.TotalFiles, p.TotalBytes = t.total.files.Load(), t.total.bytes.Load()
	}
	p.Read, p.Longest = t.inWork.now()
	t.show(*p)
}

// showOften shows the progress while no file ends, until stop is called.
func (t *tracker) showOften() (stop func()) {
	if t.show == nil {
		return func() {}
	}
	done := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				t.mu.Lock()
				t.showLocked()
				t.mu.Unlock()
			case <-done:
				return
			}
		}
	})
	return func() { close(done); group.Wait() }
}

// inWork knows the files under examination.
type inWork struct {
	mu    sync.Mutex
	files map[*budget]FileProgress
	read  int64 // of files that are done

	most    int
	slowest []FileTime // of files that are done, the longest first, at most so many
}

// add counts a file in, leave out.
func (w *inWork) add(e scan.Entry, b *budget) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.files == nil {
		w.files = map[*budget]FileProgress{}
	}
	w.files[b] = FileProgress{Path: e.Path, Size: e.Size, Began: time.Now()}
}

func (w *inWork) remove(e scan.Entry, b *budget) {
	w.mu.Lock()
	defer w.mu.Unlock()
	took := time.Since(w.files[b].Began)
	delete(w.files, b)
	w.read += b.read.Load()
	at, _ := slices.BinarySearchFunc(w.slowest, took, func(f FileTime, took time.Duration) int { return cmp.Compare(took, f.Took) })
	if at < w.most {
		w.slowest = slices.Insert(w.slowest, at, FileTime{Target: e.Target, Path: e.Path, Size: e.Size, Took: took})
		w.slowest = w.slowest[:min(len(w.slowest), w.most)]
	}
}

// now returns the bytes read from sources and the file that takes longest.
func (w *inWork) now() (read int64, longest *FileProgress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	read = w.read
	for b, f := range w.files {
		f.Read, f.Expanded = b.read.Load(), b.expanded.Load()
		read += f.Read
		if longest == nil || f.Began.Before(longest.Began) {
			longest = &f
		}
	}
	return read, longest
}

// countAhead learns how much there is in all targets and whether it could
// count it all. It is a convenience: what fails here is met, and reported, by
// the scan itself.
func (t *tracker) countAhead(ctx context.Context, targets []Target) bool {
	for _, target := range targets {
		until := target.until()
		if !until.IsZero() && !time.Now().Before(until) {
			return false
		}
		src, err := target.Open(ctx)
		if err != nil {
			return false
		}
		err = src.Walk(ctx, func(e scan.Entry, _ error) error {
			t.total.files.Add(1)
			t.total.bytes.Add(e.Size)
			if !until.IsZero() && !time.Now().Before(until) {
				return scan.ErrTimeUp
			}
			return ctx.Err()
		})
		if cerr := src.Close(); err != nil || cerr != nil {
			return false
		}
	}
	return true
}
