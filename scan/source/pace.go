package source

import (
	"context"
	"sync"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A Pace bounds what is asked of a target, for the sake of those who work with
// it. Zero fields are no bounds.
type Pace struct {
	Files float64 // opened per second
	Bytes float64 // read per second
	// Busy is the part of the time, 0 to 1, in which the source may be kept
	// busy: the time of all requests together, also of those at once.
	Busy float64
}

// largeFile is how long a file is read in one go whatever the pace: while it
// is held open others cannot rename it, so waiting is done before.
const largeFile = 1 << 20

// complete is what every source of this package can do.
type complete interface {
	scan.Source
	scan.Owned
	scan.Resumable
	scan.Lister
	scan.Accessible
	scan.Streamer
	scan.Mounted
}

// Part is the pace of one who has a part, 0 to 1, of what it bounds.
func (p Pace) Part(share float64) Pace {
	return Pace{Files: p.Files * share, Bytes: p.Bytes * share, Busy: p.Busy * share}
}

// A Pacer keeps a pace over everything that is asked of one target, by all of
// its sources together: the walk, what is opened and read, and the walk that
// counts ahead.
type Pacer struct{ files, bytes, busy *bucket }

// NewPacer makes the pacer of one target; nil without bounds.
func NewPacer(p Pace) *Pacer {
	if p == (Pace{}) {
		return nil
	}
	return &Pacer{newBucket(p.Files), newBucket(p.Bytes), newBucket(p.Busy)}
}

// paced keeps src within a pace.
func paced(src complete, p *Pacer) complete { return &pacedSource{src, p} }

type pacedSource struct {
	complete
	*Pacer
}

// Walk lists in its turn.
func (s *pacedSource) Walk(ctx context.Context, visit func(scan.Entry, error) error) error {
	return s.walk(ctx, visit, func(visit func(scan.Entry, error) error) error { return s.complete.Walk(ctx, visit) })
}

// WalkFrom likewise.
func (s *pacedSource) WalkFrom(ctx context.Context, from string, visit func(scan.Entry, error) error) error {
	return s.walk(ctx, visit, func(visit func(scan.Entry, error) error) error { return s.complete.WalkFrom(ctx, from, visit) })
}

// List likewise.
func (s *pacedSource) List(ctx context.Context, folder string, visit func(scan.Entry, error) error) error {
	return s.walk(ctx, visit, func(visit func(scan.Entry, error) error) error { return s.complete.List(ctx, folder, visit) })
}

// walk pays for the time between what is visited: the listing of the folders.
func (s *pacedSource) walk(ctx context.Context, visit func(scan.Entry, error) error, walk func(func(scan.Entry, error) error) error) error {
	begin := time.Now()
	return walk(func(e scan.Entry, err error) error {
		s.busy.spend(time.Since(begin).Seconds())
		if stopped := pause(ctx, s.busy.due()); stopped != nil {
			return stopped
		}
		err = visit(e, err)
		begin = time.Now()
		return err
	})
}

// Open waits for its turn, then opens.
func (s *pacedSource) Open(ctx context.Context, e scan.Entry) (blob scan.Blob, err error) {
	err = s.asked(ctx, func() error {
		blob, err = s.complete.Open(ctx, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &pacedBlob{blob, s, ctx}, nil
}

// Access waits for its turn too: the server opens the file for it.
func (s *pacedSource) Access(ctx context.Context, e scan.Entry) (access *scan.Access, err error) {
	err = s.asked(ctx, func() error {
		access, err = s.complete.Access(ctx, e)
		return err
	})
	return access, err
}

// Streams likewise.
func (s *pacedSource) Streams(ctx context.Context, e scan.Entry) (list []scan.Entry, err error) {
	err = s.asked(ctx, func() (err error) {
		list, err = s.complete.Streams(ctx, e)
		return err
	})
	return list, err
}

// Owner likewise.
func (s *pacedSource) Owner(ctx context.Context, e scan.Entry) (owner string, err error) {
	err = s.asked(ctx, func() error {
		owner, err = s.complete.Owner(ctx, e)
		return err
	})
	return owner, err
}

// asked makes one call that opens a file, in its turn.
func (s *pacedSource) asked(ctx context.Context, call func() error) error {
	if err := pause(ctx, s.files.reserve()); err != nil {
		return err
	}
	if err := s.wait(ctx); err != nil {
		return err
	}
	begin := time.Now()
	err := call()
	s.busy.spend(time.Since(begin).Seconds())
	return err
}

// wait pays what was read before.
func (s *pacedSource) wait(ctx context.Context) error {
	return pause(ctx, max(s.bytes.due(), s.busy.due()))
}

type pacedBlob struct {
	scan.Blob
	source *pacedSource
	ctx    context.Context // of the one file, ends with it
}

func (b *pacedBlob) ReadAt(p []byte, off int64) (int, error) {
	if b.Size() > largeFile {
		if err := b.source.wait(b.ctx); err != nil {
			return 0, err
		}
	}
	begin := time.Now()
	n, err := b.Blob.ReadAt(p, off)
	b.source.busy.spend(time.Since(begin).Seconds())
	b.source.bytes.spend(float64(n))
	return n, err
}

// A bucket allows so many units per second; a nil one allows all.
type bucket struct {
	rate float64

	mu   sync.Mutex
	free time.Time // when what was spent is paid
}

func newBucket(rate float64) *bucket {
	if rate <= 0 {
		return nil
	}
	return &bucket{rate: rate}
}

// reserve takes one unit and says how long to wait for it.
func (b *bucket) reserve() time.Duration {
	wait := b.due()
	b.spend(1)
	return wait
}

func (b *bucket) spend(units float64) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := time.Now(); b.free.Before(now) {
		b.free = now
	}
	b.free = b.free.Add(time.Duration(units / b.rate * float64(time.Second)))
}

// due is how long to wait until all that was spent is paid.
func (b *bucket) due() time.Duration {
	if b == nil {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(0, time.Until(b.free))
}
