package engine

import (
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/kagiban/kagiban/scan"
)

const (
	headSize  = scan.HeadSize
	smallSize = 64 << 10 // such a file is fetched by its first read
	wholeSize = 8 << 20  // up to here content is fetched at once and the file closed before parsing
	aheadSize = 2 << 20  // one read from the source while content is streamed
)

// Pages kept of one file: small ones enough for the two ends and the directory
// of an archive, long ones few enough for many workers.
const (
	pagesKept = 8
	longKept  = 2
)

// An access reads one file of a source through a small cache of pages. While
// the verdict is formed it reads small pages, since directories lie scattered
// and the rest may never be wanted. For content it reads a file of up to
// wholeSize at once and lets go of it, so that its users are disturbed as
// little as can be; a larger one in long strides.
type access struct {
	mu     sync.Mutex
	blob   scan.Blob
	size   int64
	whole  []byte // not nil: the blob is closed
	stride int64
	pages  []page // most recently used last
	bytes  int64  // read from the source
	clock  *clock // of the examination; waiting for the source does not count
}

type page struct {
	off  int64
	data []byte
}

func newAccess(b scan.Blob, c *clock) *access {
	return &access{blob: b, size: b.Size(), stride: headSize, clock: c}
}

// content says that from here on the bytes are read for what is in them.
func (a *access) content() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.size <= wholeSize {
		return a.load()
	}
	a.stride = aheadSize
	return nil
}

// load fetches the rest of the file and closes it.
func (a *access) load() error {
	if a.whole != nil {
		return nil
	}
	whole := make([]byte, a.size)
	if a.size > 0 {
		if err := a.fetch(whole, 0); err != nil {
			return err
		}
	}
	a.whole, a.pages = whole, nil
	return a.blob.Close()
}

// fetch reads from the source. A file that is shorter than its size was cut
// while it was read.
func (a *access) fetch(p []byte, off int64) error {
	var n int
	err := a.clock.waiting(func() (err error) {
		n, err = a.blob.ReadAt(p, off)
		return err
	})
	a.bytes += int64(n)
	a.clock.fetched(n)
	if n == len(p) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		return errors.New("file became shorter while it was read")
	}
	return err
}

func (a *access) ReadAt(p []byte, off int64) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	if a.whole == nil && a.size <= smallSize {
		if err := a.load(); err != nil {
			return 0, err
		}
	}
	n := 0
	for n < len(p) && off+int64(n) < a.size {
		data, err := a.at(off+int64(n), int64(len(p)-n))
		if err != nil {
			return n, err
		}
		n += copy(p[n:], data)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// ReadExactly reads from the source what is asked for, unless it is at hand.
func (a *access) ReadExactly(p []byte, off int64) (int, error) {
	a.mu.Lock()
	near := a.whole != nil || a.size <= smallSize || off < 0 || off+int64(len(p)) > a.size
	for _, pg := range a.pages {
		near = near || off >= pg.off && off+int64(len(p)) <= pg.off+int64(len(pg.data))
	}
	if near {
		a.mu.Unlock()
		return a.ReadAt(p, off)
	}
	defer a.mu.Unlock()
	if err := a.fetch(p, off); err != nil {
		return 0, err
	}
	return len(p), nil
}

// at returns some bytes from off on, from the cache or a new page; want is how
// many the caller will ask for.
func (a *access) at(off, want int64) ([]byte, error) {
	if a.whole != nil {
		return a.whole[off:], nil
	}
	for i := len(a.pages) - 1; i >= 0; i-- {
		if pg := a.pages[i]; off >= pg.off && off < pg.off+int64(len(pg.data)) {
			a.pages = append(slices.Delete(a.pages, i, i+1), pg)
			return pg.data[off-pg.off:], nil
		}
	}
	start := off - off%headSize // reads that go backwards need not begin on a stride
	length := min(max(a.stride, want+headSize), aheadSize, a.size-start)
	pg := page{off: start, data: a.recycle(length)}
	if err := a.fetch(pg.data, start); err != nil {
		return nil, err
	}
	a.pages = append(a.pages, pg)
	return pg.data[off-start:], nil
}

// recycle returns a buffer of n bytes, the oldest page's if the cache is full.
func (a *access) recycle(n int64) []byte {
	kept := pagesKept
	if a.stride == aheadSize {
		kept = longKept
	}
	if len(a.pages) < kept {
		return make([]byte, n)
	}
	old := a.pages[0].data
	a.pages = slices.Delete(a.pages, 0, 1)
	if int64(cap(old)) >= n {
		return old[:n]
	}
	return make([]byte, n)
}

func (a *access) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pages = nil
	if a.whole != nil {
		a.whole = nil
		return nil
	}
	return a.blob.Close()
}
