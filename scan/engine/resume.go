package engine

import (
	"context"
	"maps"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// maxLocked bounds the files that wait for the end of a target.
const maxLocked = 10_000

// lockedFiles are those of a target that were in use: they are tried again
// once all others are done, since people close their files.
type lockedFiles struct {
	pending sync.WaitGroup // files that workers have

	mu      sync.Mutex
	waiting []*scan.Result
	closed  bool // nothing is put aside any more
}

// putAside keeps the result of a file that is in use, unless it was tried again.
func (l *lockedFiles) putAside(res *scan.Result) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.waiting) >= maxLocked || !locked(res) {
		return false
	}
	l.waiting = append(l.waiting, res)
	return true
}

// take ends the collection.
func (l *lockedFiles) take() []*scan.Result {
	l.pending.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	return l.waiting
}

// locked says that the file itself was in use.
func locked(r *scan.Result) bool {
	if len(r.Items) == 0 {
		return false
	}
	for _, p := range r.Items[0].Problems {
		if p.Kind == scan.KindLocked {
			return true
		}
	}
	return false
}

// retryLocked has the files that were in use examined once more after a walk that
// reached its end; after another they stay as they were found.
func (g *engine) retryLocked(ctx context.Context, ended bool, until time.Time, files chan<- job, results chan<- scan.Outcome) error {
	for _, res := range g.locked.take() {
		var err error
		if ended && (until.IsZero() || time.Now().Before(until)) {
			if res.Hashes != nil {
				_ = res.Hashes.Close() // of what could not be read
			}
			err = g.enqueue(ctx, files, job{Entry: res.Entry})
		} else {
			err = send(ctx, results, scan.Outcome(res))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t Target) until() time.Time {
	if t.Until == nil {
		return time.Time{}
	}
	return t.Until()
}

// walkOf is the walk of a source from its beginning or from where the time was
// up. A bookmark of a lighter walk is of no use to a full one.
func (g *engine) walkOf(ctx context.Context, target string, src scan.Source) (func(context.Context, func(scan.Entry, error) error) error, error) {
	g.last = ""
	marks, ok := g.cfg.Store.(scan.Bookmarker)
	resumable, can := src.(scan.Resumable)
	if !ok {
		return src.Walk, nil
	}
	mark, err := marks.Bookmark(ctx, target)
	if err != nil || mark == (scan.Bookmark{}) {
		return src.Walk, err
	}
	if !can || g.cfg.Full && !mark.Full {
		return src.Walk, marks.SetBookmark(ctx, target, scan.Bookmark{})
	}
	g.last = path.Join(mark.Folder, "-") // if the time is up before anything is visited
	return func(ctx context.Context, visit func(scan.Entry, error) error) error {
		return resumable.WalkFrom(ctx, mark.Folder, visit)
	}, nil
}

// setBookmark remembers the folder that the walk was in. It is visited again as a
// whole: what was done of it has not changed.
func (g *engine) setBookmark(ctx context.Context, target string) error {
	marks, ok := g.cfg.Store.(scan.Bookmarker)
	if !ok || g.last == "" {
		return nil
	}
	folder := path.Dir(g.last)
	if folder == "." {
		folder = ""
	}
	return marks.SetBookmark(ctx, target, scan.Bookmark{Folder: folder, Full: g.cfg.Full})
}

// identify lets the store know which file systems and shares a target reaches into: those
// that the walk has met since and, as it begins, itself and those that are known.
func identify(ctx context.Context, run any, target string, src scan.Source, begins bool) error {
	store, ok := run.(scan.Identifier)
	mounted, can := src.(scan.Mounted)
	if !ok || !can {
		return nil
	}
	folders := mounted.Boundaries()
	if begins {
		known, err := store.Mounts(ctx, target)
		if err != nil {
			return err
		}
		folders = append(slices.AppendSeq(folders, maps.Keys(known)), "")
	}
	met := scan.Mounts{}
	for _, folder := range folders {
		if mount, err := mounted.Mount(ctx, folder); err == nil && mount != "" {
			met[folder] = mount
		}
	}
	if len(met) > 0 {
		store.Identify(target, met)
	}
	return ctx.Err()
}
