package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

const (
	chunk = 1 << 20  // one read; more in one gains nothing
	ahead = 64 << 10 // read together with the opening: one credit
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

	head []byte // the first bytes
	size int64  // as of the first open

	mu     sync.Mutex
	line   *line
	file   *smb.File // nil if there is no handle now
	closed bool
}

// Size is the length in bytes as of Open.
func (b *smbBlob) Size() int64 { return b.size }

// open opens the file, and learns its size and its first bytes in one round
// trip more. The size in the listing may be hours old by now.
func (b *smbBlob) open() error {
	return b.source.pool.use(b.ctx, b.share, func(l *line, m *smb.Mount) error {
		f, err := l.open(b.ctx, m, b.path)
		if err != nil {
			return err
		}
		head := make([]byte, ahead)
		if b.entry.Size > 0 {
			head = head[:min(b.entry.Size, ahead)]
		}
		read := make(chan error, 1)
		var n int
		go func() {
			read <- l.do(b.ctx, 1, func() (err error) {
				n, err = f.ReadAt(head, 0)
				return err
			})
		}()
		err = l.do(b.ctx, 1, func() (err error) {
			b.size, err = f.Size()
			return err
		})
		readErr := <-read
		b.head = head[:n]
		if err == nil && !errors.Is(readErr, io.EOF) {
			err = readErr
		}
		if err != nil || int64(n) == b.size {
			if closeErr := l.close(f); err == nil {
				err = closeErr
			}
			return err
		}
		b.line, b.file = l, f
		return nil
	})
}

// ReadAt implements io.ReaderAt within the size as of Open.
func (b *smbBlob) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, fmt.Errorf("offset %d: %w", off, fs.ErrInvalid)
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
	for n < len(p) {
		part := p[n:min(len(p), n+chunk)]
		got, err := b.readPart(part, off+int64(n))
		n += got
		if err != nil {
			return n, err
		}
	}
	return n, err
}

// readPart reads at least one byte, on other connections if need be.
func (b *smbBlob) readPart(p []byte, off int64) (n int, err error) {
	for try := 1; ; try++ {
		if b.ctx.Err() != nil {
			return 0, context.Cause(b.ctx)
		}
		n, err = b.readOnce(p, off)
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
	p = p[:min(len(p), b.source.pool.thrift.chunk())]
	err = l.do(b.ctx, int64(len(p)+64<<10-1)/(64<<10), func() (err error) {
		n, err = f.ReadAt(p, off)
		return err
	})
	if mayPass(err) {
		b.forget(f)
	}
	return n, err
}

// handle gives the open handle, opening the file again where it was lost.
func (b *smbBlob) handle() (*line, *smb.File, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, nil, fs.ErrClosed
	}
	if b.file != nil {
		return b.line, b.file, nil
	}
	err := b.source.pool.use(b.ctx, b.share, func(l *line, m *smb.Mount) error {
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
		b.line, b.file = l, f
		return nil
	})
	return b.line, b.file, err
}

// changed says that somebody is writing the file: what was read so far does
// not belong together.
func (b *smbBlob) changed(how string) error {
	return fmt.Errorf("%w: %s since it was opened", scan.ErrLocked, how)
}

// forget drops a handle that went with its connection, unless somebody else
// has replaced it already.
func (b *smbBlob) forget(f *smb.File) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == f {
		_ = b.line.close(f)
		b.line, b.file = nil, nil
	}
}

// Close gives the handle back to the server.
func (b *smbBlob) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	if b.file == nil {
		return nil
	}
	err := b.line.close(b.file)
	b.line, b.file = nil, nil
	return err
}
