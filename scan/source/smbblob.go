package source

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

const (
	chunk = 1 << 20  // one read; more in one gains nothing
	ahead = 64 << 10 // read together with the opening: one credit
	// partsAtOnce is how many reads one caller may have under way: a session has
	// room for six of them.
	partsAtOnce = 4
)

// smbBlob is an open file. While its handle is open others cannot rename or
// delete the file (see package smb), so the first 64 KiB come with the opening,
// and a file that ends there is closed before Open returns.
//
// If the connection breaks, the file is opened again on another one, and read
// on if it is still the same.
type smbBlob struct {
	source      *smbSource
	ctx         context.Context // of the one file, ends with it
	entry       scan.Entry
	share, path string

	head   []byte       // the first bytes
	size   int64        // as of the first open
	stream *stream      // nil if nothing is to be read before it is wanted
	reads  atomic.Int64 // that went well

	mu      sync.Mutex
	session *session
	file    *smb.File // nil if there is no handle now
	closed  bool
}

// Size is the length in bytes as of Open.
func (b *smbBlob) Size() int64 { return b.size }

// open opens the file and reads its beginning. The size in the listing may be
// hours old by now: unless the file ends where the listing says, it is asked for.
func (b *smbBlob) open() error {
	return b.source.pool.use(b.ctx, b.share, func(l *session, m *smb.Mount) error {
		f, err := l.open(b.ctx, m, b.path)
		if err != nil {
			return err
		}
		if listed := b.entry.Size; listed > 0 && listed < ahead {
			err = b.readSmall(l, f, listed)
		} else {
			err = b.readHead(l, f)
		}
		if err != nil || int64(len(b.head)) == b.size {
			if closeErr := l.close(f); err == nil {
				err = closeErr
			}
			return err
		}
		b.session, b.file = l, f
		return nil
	})
}

// readSmall reads one byte more than the listing says: a file that ends there
// needs no other question.
func (b *smbBlob) readSmall(l *session, f *smb.File, listed int64) error {
	head := make([]byte, listed+1)
	err := b.beginning(l, f, head)
	if b.size = int64(len(b.head)); b.size == listed || err != nil {
		return err
	}
	return b.askSize(l, f)
}

// readHead reads the beginning and asks for the size in one round trip.
func (b *smbBlob) readHead(l *session, f *smb.File) error {
	read := make(chan error, 1)
	go func() { read <- b.beginning(l, f, make([]byte, ahead)) }()
	err := b.askSize(l, f)
	return errors.Join(err, <-read)
}

func (b *smbBlob) beginning(l *session, f *smb.File, head []byte) error {
	var n int
	err := l.do(b.ctx, 1, func() (err error) {
		n, err = f.ReadAt(head, 0)
		return err
	})
	b.head = head[:n]
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (b *smbBlob) askSize(l *session, f *smb.File) error {
	return l.do(b.ctx, 1, func() (err error) {
		b.size, err = f.Size()
		return err
	})
}

// ReadAt implements io.ReaderAt within the size as of Open.
func (b *smbBlob) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, scan.Errorf("offset %d: %w", off, fs.ErrInvalid)
	}
	if off >= b.size {
		if len(p) == 0 {
			return 0, nil
		}
		return 0, io.EOF
	}
	if int64(len(p)) > b.size-off {
		p, err = p[:b.size-off], io.EOF
	}
	if off < int64(len(b.head)) {
		n = copy(p, b.head[off:])
	}
	if b.stream != nil {
		n += b.stream.read(p[n:], off+int64(n))
	}
	got, readErr := b.readParts(p[n:], off+int64(n))
	if readErr != nil {
		err = readErr
	}
	return n + got, err
}

// readParts reads what one request cannot carry by several at once: over a
// distance the round trips count, not the bytes.
func (b *smbBlob) readParts(p []byte, off int64) (n int, err error) {
	if len(p) <= chunk {
		return b.readWhole(p, off)
	}
	type part struct {
		n   int
		err error
	}
	parts := make([]part, (len(p)+chunk-1)/chunk)
	var reading errgroup.Group
	reading.SetLimit(partsAtOnce)
	for i := range parts {
		reading.Go(func() error {
			at := i * chunk
			parts[i].n, parts[i].err = b.readWhole(p[at:min(len(p), at+chunk)], off+int64(at))
			return nil
		})
	}
	_ = reading.Wait()
	for _, got := range parts {
		if n += got.n; got.err != nil {
			return n, got.err
		}
	}
	return n, nil
}

// readWhole fills p.
func (b *smbBlob) readWhole(p []byte, off int64) (n int, err error) {
	for n < len(p) && err == nil {
		var got int
		got, err = b.readPart(p[n:], off+int64(n))
		n += got
	}
	return n, err
}

// readPart reads at least one byte, on other connections if need be. A
// connection breaks under all readers of the file at once, so as long as others
// get on, it is not for this one to give up.
func (b *smbBlob) readPart(p []byte, off int64) (n int, err error) {
	for try := 1; ; try++ {
		if b.ctx.Err() != nil {
			return 0, context.Cause(b.ctx)
		}
		before := b.reads.Load()
		n, err = b.readOnce(p, off)
		if handleLost(err) && b.reads.Load() > before {
			try = 1
		}
		if errors.Is(err, io.EOF) {
			return n, b.changed("it is shorter now")
		}
		if err == nil || !mayPass(err) || try == tries {
			return n, err
		}
		if err := pause(b.ctx, time.Duration(try*try)*100*time.Millisecond); err != nil {
			return 0, err
		}
	}
}

func (b *smbBlob) readOnce(p []byte, off int64) (n int, err error) {
	l, f, err := b.handle()
	if err != nil {
		return 0, err
	}
	p = p[:min(len(p), b.source.pool.credits.chunk())]
	err = l.do(b.ctx, int64(len(p)+64<<10-1)/(64<<10), func() (err error) {
		n, err = f.ReadAt(p, off)
		return err
	})
	if handleLost(err) {
		b.forget(f)
	}
	if err == nil {
		b.reads.Add(1)
	}
	return n, err
}

// handle returns the open handle, opening the file again where it was lost.
func (b *smbBlob) handle() (*session, *smb.File, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, nil, fs.ErrClosed
	}
	if b.file != nil {
		return b.session, b.file, nil
	}
	err := b.source.pool.use(b.ctx, b.share, func(l *session, m *smb.Mount) error {
		f, err := l.open(b.ctx, m, b.path)
		if err != nil {
			return err
		}
		var info smb.Info
		err = l.do(b.ctx, 16, func() (err error) {
			info, err = f.Stat()
			return err
		})
		listed := b.entry.ModTime
		if err == nil && (info.Size != b.size || !listed.IsZero() && !info.Written.Equal(listed)) {
			err = b.changed("it was saved")
		}
		if err != nil {
			_ = l.close(f)
			return err
		}
		b.session, b.file = l, f
		return nil
	})
	return b.session, b.file, err
}

// changed says that somebody is writing the file: what was read so far does
// not belong together.
func (b *smbBlob) changed(how string) error {
	return scan.Errorf("%w: %s since it was opened", scan.ErrLocked, how)
}

// forget drops a handle that went with its connection, unless somebody else
// has replaced it already.
func (b *smbBlob) forget(f *smb.File) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == f {
		_ = b.session.close(f)
		b.session, b.file = nil, nil
	}
}

// Close returns the handle to the server.
func (b *smbBlob) Close() error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	if b.stream != nil {
		b.stream.under.Wait()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == nil {
		return nil
	}
	err := b.session.close(b.file)
	b.session, b.file = nil, nil
	return err
}
