package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// siblingsOpen is how many further files of one folder are held open at a time.
const siblingsOpen = 2

// Sibling opens another file of the folder in which a top-level file lies: a
// further volume of an archive. What is read of it counts as read of f; the
// engine closes it. It wraps fs.ErrNotExist if there is none, as for members of
// containers, which have no folder.
func (f *File) Sibling(name string) (*io.SectionReader, error) {
	if f.beside == nil || name == "" || strings.ContainsAny(name, `/\`) {
		return nil, fmt.Errorf("sibling %q: %w", name, fs.ErrNotExist)
	}
	s, err := f.beside.sibling(f.ctx, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, f.fail(err)
	}
	if err != nil {
		return nil, err
	}
	return io.NewSectionReader(siblingReader{f, s}, 0, s.size), nil
}

// A folder is where a top-level file lies, with the siblings asked for.
type folder struct {
	mu     sync.Mutex
	source Source
	entry  Entry
	clock  *clock
	known  map[string]*sibling
	failed map[string]error
	open   []*sibling // the most recently used last
	bytes  int64      // read from siblings that are closed
}

// A sibling is a file beside the one under examination.
type sibling struct {
	folder *folder
	entry  Entry
	size   int64
	access *access // nil: closed
}

func newFolder(src Source, e Entry, c *clock) *folder {
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
	s := &sibling{folder: d, entry: Entry{Target: d.entry.Target, Path: path.Join(path.Dir(d.entry.Path), name)}}
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
	for i, other := range d.open {
		if other == s {
			d.open = append(append(d.open[:i:i], d.open[i+1:]...), s)
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
	d.open = append(d.open, s)
	if len(d.open) > siblingsOpen {
		d.open[0].close()
		d.open = d.open[1:]
	}
	return nil
}

// openWaiting opens a file; the time that the source takes does not count.
func openWaiting(ctx context.Context, src Source, e Entry, c *clock) (blob Blob, err error) {
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

// close closes what is open and gives the bytes read in all.
func (d *folder) close() int64 {
	for _, s := range d.open {
		s.close()
	}
	d.open = nil
	return d.bytes
}

// siblingReader reads a sibling on behalf of a file, whose problem it is if
// that fails.
type siblingReader struct {
	file    *File
	sibling *sibling
}

func (r siblingReader) ReadAt(p []byte, off int64) (int, error) {
	if r.file.ctx.Err() != nil {
		return 0, context.Cause(r.file.ctx)
	}
	d := r.sibling.folder
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := r.sibling.reach(r.file.ctx); err != nil {
		return 0, r.file.fail(err)
	}
	n, err := r.sibling.access.ReadAt(p, off)
	if err != nil && err != io.EOF {
		err = r.file.fail(err)
	}
	return n, err
}
