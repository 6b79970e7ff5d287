package scan

import (
	"cmp"
	"context"
	"errors"
	"io"
	"sync"
)

const (
	headSize  = 4 << 10  // read of each file, for identification
	smallSize = 64 << 10 // such a file is fetched by its first read
	wholeSize = 8 << 20  // up to here content is fetched at once and the file closed before parsing
	aheadSize = 2 << 20  // one read from the source while content is streamed
)

// A File is a file as formats meet it: at the top level or inside another.
// Its ReadAt is bounded to the file and may be used from several goroutines.
type File struct {
	Name  string   // path of the file, or the name of the member
	Inner []string // path inside containers, outermost first
	Head  []byte   // the first 4 KiB, or the whole of a shorter file

	depth  int // 0 at the top level
	size   int64
	bytes  io.ReaderAt
	ctx    context.Context // of the one file; formats get the same one as an argument
	budget *budget
	spools *spoolDir
	beside *folder // where a top-level file lies; nil for a member

	mu   sync.Mutex
	memo map[any]memo
	err  error // first error of the source, sticky
}

type memo struct {
	value any
	err   error
}

func (v *visit) newFile(name string, inner []string, r io.ReaderAt, size int64) (*File, error) {
	f := &File{Name: name, Inner: inner, size: size, bytes: r, ctx: v.ctx, budget: v.budget, spools: v.spools}
	f.Head = make([]byte, min(size, headSize))
	n, err := f.ReadAt(f.Head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	f.Head = f.Head[:n]
	return f, nil
}

// Size is the file's length in bytes.
func (f *File) Size() int64 { return f.size }

// ReadAt implements io.ReaderAt over the file's own bytes. A failure of the
// source is remembered, so that a Match that ignores it does not turn a broken
// line into an unknown format.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	if f.ctx.Err() != nil {
		return 0, context.Cause(f.ctx)
	}
	n, err := f.bytes.ReadAt(p, off)
	if err != nil && err != io.EOF {
		err = f.fail(err)
	}
	return n, err
}

// ReadExactly is ReadAt without reading ahead: for single values that lie far
// apart in a large file.
func (f *File) ReadExactly(p []byte, off int64) (int, error) {
	a, ok := f.bytes.(*access)
	if !ok {
		return f.ReadAt(p, off)
	}
	if f.ctx.Err() != nil {
		return 0, context.Cause(f.ctx)
	}
	n, err := a.readExactly(p, off)
	if err != nil && err != io.EOF {
		err = f.fail(err)
	}
	return n, err
}

func (f *File) fail(err error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = &readError{err}
	}
	return f.err
}

func (f *File) failed() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// Reader reads the file from the start.
func (f *File) Reader() *io.SectionReader { return io.NewSectionReader(f, 0, f.size) }

// Bound wraps a decompressor's output: each byte counts against the budget of
// the top-level file, and reading stops when the run is cancelled. Every
// format passes what it expands through it.
func (f *File) Bound(r io.Reader) io.Reader {
	return &boundReader{ctx: f.ctx, r: r, budget: f.budget}
}

// Scratch gives room for bytes that a format has to keep and read again: in
// memory first, then in a temporary file that has no name. The engine frees it.
func (f *File) Scratch() *Spool { return f.spools.new(f.budget) }

// MaxCell is the limit for the text of one cell in bytes; a format cuts longer
// text there and tells Sink.Problem.
func (f *File) MaxCell() int {
	if f.budget.limits.Cell > 0 {
		return f.budget.limits.Cell
	}
	return 1 << 30
}

// MaxRow is the limit for the cells of one row and for the bytes of their text
// together. What a row has beyond is left out, and Sink.Problem is told of the
// limit "row"; the rows after it go on.
func (f *File) MaxRow() (cells, text int) {
	const none = 1 << 30
	limits := f.budget.limits
	return cmp.Or(limits.RowCells, none), cmp.Or(limits.RowText, none)
}

// Reserve asks for memory that a decoder is about to take for its dictionary or
// window, in bytes, and waits until the files under examination leave it so
// much. The caller calls release when the decoder is gone. A decoder that wants
// more than there is at all gets the LimitError "memory"; so does one that is
// fed by another decoder of the same file while there is too little, since
// waiting would hold what others wait for.
func (f *File) Reserve(n int64) (release func(), err error) {
	return f.budget.reserve(f.ctx, n)
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
