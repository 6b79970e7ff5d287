package engine

import (
	"context"
	"errors"
	"io"
	"path"
	"sync"

	"github.com/kagiban/kagiban/scan"
)

// siblingsOpen is how many further files of one folder are held open at a time.
const siblingsOpen = 2

// A folder is where a top-level file lies, with the siblings asked for.
type folder struct {
	mu     sync.Mutex
	source scan.Source
	entry  scan.Entry
	clock  *clock
	known  map[string]*sibling
	failed map[string]error
	opened []*sibling // the most recently used last
	bytes  int64      // read from siblings that are closed
}

// A sibling is a file beside the one under examination.
type sibling struct {
	folder *folder
	entry  scan.Entry
	size   int64
	access *access // nil: closed
}

func newFolder(src scan.Source, e scan.Entry, c *clock) *folder {
	return &folder{source: src, entry: e, clock: c, known: map[string]*sibling{}, failed: map[string]error{}}
}

func (d *folder) sibling(ctx context.Context, name string) (*sibling, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s, ok := d.known[name]; ok {
		return s, nil
	}
	if err, ok := d.failed[name]; ok {
		return nil, err
	}
	s := &sibling{folder: d, entry: scan.Entry{Target: d.entry.Target, Path: path.Join(path.Dir(d.entry.Path), name)}}
	if err := s.reach(ctx); err != nil {
		d.failed[name] = err
		return nil, err
	}
	d.known[name] = s
	return s, nil
}

// reach makes sure that the sibling is open. The one that was not used for
// longest is closed for it.
func (s *sibling) reach(ctx context.Context) error {
	d := s.folder
	for i, other := range d.opened {
		if other == s {
			d.opened = append(append(d.opened[:i:i], d.opened[i+1:]...), s)
			return nil
		}
	}
	blob, err := openWaiting(ctx, d.source, s.entry, d.clock)
	if err != nil {
		return err
	}
	if _, known := d.known[path.Base(s.entry.Path)]; known && blob.Size() != s.size {
		_ = blob.Close()
		return errors.New("volume changed while it was read")
	}
	s.size, s.access = blob.Size(), newAccess(blob, d.clock)
	s.access.stride = aheadSize
	d.opened = append(d.opened, s)
	if len(d.opened) > siblingsOpen {
		d.opened[0].close()
		d.opened = d.opened[1:]
	}
	return nil
}

// openWaiting opens a file; the time that the source takes does not count.
func openWaiting(ctx context.Context, src scan.Source, e scan.Entry, c *clock) (blob scan.Blob, err error) {
	err = c.waiting(func() error {
		blob, err = src.Open(ctx, e)
		return err
	})
	return blob, err
}

func (s *sibling) close() {
	s.folder.bytes += s.access.bytes
	_ = s.access.Close() // a close that fails loses nothing of what was read
	s.access = nil
}

// close closes what is open and returns the bytes read in all.
func (d *folder) close() int64 {
	for _, s := range d.opened {
		s.close()
	}
	d.opened = nil
	return d.bytes
}

// open opens another file of the folder (scan.Place).
func (d *folder) open(ctx context.Context, name string) (io.ReaderAt, int64, error) {
	s, err := d.sibling(ctx, name)
	if err != nil {
		return nil, 0, err
	}
	return siblingReader{ctx, s}, s.size, nil
}

type siblingReader struct {
	ctx     context.Context // of the file under examination
	sibling *sibling
}

func (r siblingReader) ReadAt(p []byte, off int64) (int, error) {
	d := r.sibling.folder
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := r.sibling.reach(r.ctx); err != nil {
		return 0, err
	}
	return r.sibling.access.ReadAt(p, off)
}
