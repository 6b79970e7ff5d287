package scan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
)

// HeadSize is what is read of each file for identification, bytes.
const HeadSize = 4 << 10

// Scratch is room for bytes that have to be read again. Write them to the end
// first; ReadAt may then be used from several goroutines.
type Scratch interface {
	io.Writer
	io.ReaderAt
	io.Closer
	Size() int64 // bytes written
}

// A Host is what a File stands on: the budget of the top-level file, which all
// that is inside it shares. Its methods may be called from several goroutines.
type Host interface {
	Limits() Limits
	// Expand counts n bytes that came out of a decompressor; a LimitError says
	// that it was one too many.
	Expand(n int) error
	// Reserve is File.Reserve.
	Reserve(ctx context.Context, n int64) (release func(), err error)
	// Scratch is File.Scratch.
	Scratch() Scratch
}

// A Place is what a new File is made of.
type Place struct {
	Name  string
	Inner []string
	At    io.ReaderAt
	Size  int64
	Depth int // containers around the file
	Host  Host
	// Sibling opens another file of the folder of a top-level file; nil where
	// there is none. Its errors are those of a Source.
	Sibling func(ctx context.Context, name string) (io.ReaderAt, int64, error)
	// Elsewhere is File.Elsewhere; nil where nobody watches.
	Elsewhere func() (back func())
}

// A File is a file as formats meet it: at the top level or inside another.
// Its ReadAt is bounded to the file and may be used from several goroutines.
type File struct {
	Name  string   // path of the file, or the name of the member
	Inner []string // path inside containers, outermost first
	Head  []byte   // the first 4 KiB, or the whole of a shorter file

	place Place
	ctx   context.Context // of the one file; formats get the same one as an argument

	ledger Ledger

	mu   sync.Mutex
	memo map[any]memo
	err  error // first error of the source, sticky
}

type memo struct {
	value any
	err   error
}

// NewFile makes a file and reads its head.
func NewFile(ctx context.Context, p Place) (*File, error) {
	f := &File{Name: p.Name, Inner: p.Inner, place: p, ctx: ctx}
	f.Head = make([]byte, min(p.Size, HeadSize))
	n, err := f.ReadAt(f.Head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	f.Head = f.Head[:n]
	return f, nil
}

// Size is the file's length in bytes.
func (f *File) Size() int64 { return f.place.Size }

// Depth is how many containers the file lies in, those without a name of their
// own included.
func (f *File) Depth() int { return f.place.Depth }

// ReadAt implements io.ReaderAt over the file's own bytes. A failure of the
// source is remembered, so that a Match that ignores it does not turn a broken
// line into an unknown format.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	if f.ctx.Err() != nil {
		return 0, context.Cause(f.ctx)
	}
	n, err := f.place.At.ReadAt(p, off)
	if err != nil && err != io.EOF {
		err = f.fail(err)
	}
	return n, err
}

// ReadExactly is ReadAt without reading ahead: for single values that lie far
// apart in a large file.
func (f *File) ReadExactly(p []byte, off int64) (int, error) {
	exact, ok := f.place.At.(interface {
		ReadExactly(p []byte, off int64) (int, error)
	})
	if !ok {
		return f.ReadAt(p, off)
	}
	if f.ctx.Err() != nil {
		return 0, context.Cause(f.ctx)
	}
	n, err := exact.ReadExactly(p, off)
	if err != nil && err != io.EOF {
		err = f.fail(err)
	}
	return n, err
}

func (f *File) fail(err error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = &ReadError{err}
	}
	return f.err
}

// Failed returns the first failure of the source.
func (f *File) Failed() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// Reader reads the file from the start.
func (f *File) Reader() *io.SectionReader { return io.NewSectionReader(f, 0, f.place.Size) }

// Bound wraps a decompressor's output: each byte counts against the budget of
// the top-level file, and reading stops when the run is cancelled. Every
// format passes what it expands through it.
func (f *File) Bound(r io.Reader) io.Reader {
	return &boundReader{f.ctx, r, f.place.Host}
}

// Scratch returns a buffer for bytes that a format has to keep and read again: in
// memory first, then in a temporary file that has no name. The engine frees it.
func (f *File) Scratch() Scratch { return f.place.Host.Scratch() }

// MaxCell is the limit for the text of one cell in bytes; a format cuts longer
// text there and calls Sink.Problem.
func (f *File) MaxCell() int {
	return cmp.Or(f.Limits().Cell, 1<<30)
}

// MaxRow is the limit for the cells of one row and for the bytes of their text
// together. What a row has beyond is left out, and Sink.Problem is called with the
// limit "row"; the rows after it go on.
func (f *File) MaxRow() (cells, text int) {
	const none = 1 << 30
	limits := f.Limits()
	return cmp.Or(limits.RowCells, none), cmp.Or(limits.RowText, none)
}

// Reserve asks for memory that a decoder is about to take for its dictionary or
// window, in bytes, and waits until the files under examination leave it so
// much. The caller calls release when the decoder is gone. A decoder that wants
// more than there is at all gets the LimitError "memory"; so does one that is
// fed by another decoder of the same file while there is too little, since
// waiting would hold what others wait for.
func (f *File) Reserve(n int64) (release func(), err error) {
	return f.place.Host.Reserve(f.ctx, n)
}

// Once remembers what build makes under key, so that formats of one family
// (everything that is a zip, everything that is a compound file) read the
// directory once between them. Key is a private type of the caller.
func (f *File) Once(key any, build func() (any, error)) (any, error) {
	f.mu.Lock()
	m, ok := f.memo[key]
	f.mu.Unlock()
	if ok {
		return m.value, m.err
	}
	m.value, m.err = build()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.memo == nil {
		f.memo = map[any]memo{}
	}
	f.memo[key] = m
	return m.value, m.err
}

// Limits are those of the run, for what is made of this file in another process.
func (f *File) Limits() Limits { return f.place.Host.Limits() }

// Elsewhere says that the file is now worked on in another process, which
// watches its own progress, until back is called. The time counts all the same.
func (f *File) Elsewhere() (back func()) {
	if f.place.Elsewhere == nil {
		return func() {}
	}
	return f.place.Elsewhere()
}

// Sibling opens another file of the folder in which a top-level file lies: a
// further volume of an archive. What is read of it counts as read of f; the
// engine closes it. It wraps fs.ErrNotExist if there is none, as for members of
// containers, which have no folder.
func (f *File) Sibling(name string) (*io.SectionReader, error) {
	if f.place.Sibling == nil || name == "" || strings.ContainsAny(name, `/\\`) {
		return nil, fmt.Errorf("sibling %q: %w", name, fs.ErrNotExist)
	}
	r, size, err := f.place.Sibling(f.ctx, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, f.fail(err)
	}
	if err != nil {
		return nil, err
	}
	return io.NewSectionReader(siblingReader{f, r}, 0, size), nil
}

// siblingReader reads a sibling on behalf of a file, whose problem it is if
// that fails.
type siblingReader struct {
	file *File
	at   io.ReaderAt
}

func (r siblingReader) ReadAt(p []byte, off int64) (int, error) {
	if r.file.ctx.Err() != nil {
		return 0, context.Cause(r.file.ctx)
	}
	n, err := r.at.ReadAt(p, off)
	if err != nil && err != io.EOF {
		err = r.file.fail(err)
	}
	return n, err
}

// boundReader counts what a decompressor yields and stops when the run is
// cancelled or the budget is spent.
type boundReader struct {
	ctx  context.Context
	r    io.Reader
	host Host
}

func (b *boundReader) Read(p []byte) (int, error) {
	if b.ctx.Err() != nil {
		return 0, context.Cause(b.ctx)
	}
	n, err := b.r.Read(p)
	if limit := b.host.Expand(n); limit != nil {
		return 0, limit
	}
	return n, err
}
