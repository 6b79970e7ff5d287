// Package spool holds bytes that must be read again: in memory first, then in
// temporary files. Formats see it as scan.Scratch.
package spool

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/kagiban/kagiban/scan"
)

// A Spool holds bytes that must be read again: in memory up to a limit, then
// in a temporary file which has no name where the system allows it. Write it
// to the end first; ReadAt may then be used from several goroutines.
type Spool struct {
	take   func(n int64) error // bytes on disk, of the budget of the file; negative ones are given back
	memory int64
	dir    string
	chunks [][]byte // all but the last are full
	file   *os.File
	size   int64
}

// New makes a spool for use outside of a scan: so many bytes in memory, then a
// temporary file.
func New(memory int64) *Spool {
	return &Spool{memory: memory, take: func(int64) error { return nil }}
}

var _ scan.Scratch = (*Spool)(nil)

func (s *Spool) Write(p []byte) (int, error) {
	if s.file == nil && s.size+int64(len(p)) > s.memory {
		if err := s.spill(); err != nil {
			return 0, err
		}
	}
	if s.file == nil {
		s.keep(p)
		return len(p), nil
	}
	if err := s.take(int64(len(p))); err != nil {
		return 0, err
	}
	n, err := s.file.Write(p)
	s.size += int64(n)
	return n, spoolError(err)
}

// spoolChunk is the size of a piece of memory: a spool that grows copies nothing.
const spoolChunk = 256 << 10

// keep appends to memory.
func (s *Spool) keep(p []byte) {
	s.size += int64(len(p))
	for len(p) > 0 {
		last := len(s.chunks) - 1
		if last < 0 || len(s.chunks[last]) == spoolChunk {
			s.chunks = append(s.chunks, make([]byte, 0, min(max(len(p), 4<<10), spoolChunk)))
			last++
		}
		n := min(len(p), spoolChunk-len(s.chunks[last]))
		s.chunks[last] = append(s.chunks[last], p[:n]...)
		p = p[n:]
	}
}

// spill moves the bytes from memory to a temporary file.
func (s *Spool) spill() error {
	if err := s.take(s.size); err != nil {
		return err
	}
	f, err := os.CreateTemp(s.dir, "kagiban-*")
	if err != nil {
		return spoolError(err)
	}
	s.file = f
	// Unlinked at once, nothing stays behind whatever kills the process.
	// Windows refuses that; Close removes it there.
	_ = os.Remove(f.Name())
	for _, chunk := range s.chunks {
		if _, err := f.Write(chunk); err != nil {
			return spoolError(err)
		}
	}
	s.chunks = nil
	return nil
}

// spoolError keeps a full or missing temporary folder apart from a fault of
// the file under examination: the next run may do better.
func spoolError(err error) error {
	if err == nil {
		return nil
	}
	return &scan.ReadError{Err: fmt.Errorf("temporary file: %v", err)}
}

// Size is the number of bytes written.
func (s *Spool) Size() int64 { return s.size }

// ReadAt implements io.ReaderAt over what was written.
func (s *Spool) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	if s.file != nil {
		return s.file.ReadAt(p, off)
	}
	n := 0
	for n < len(p) && off < s.size {
		m := copy(p[n:], s.chunks[off/spoolChunk][off%spoolChunk:])
		n, off = n+m, off+int64(m)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Close frees the memory and the temporary file.
func (s *Spool) Close() error {
	s.chunks = nil
	if s.file == nil {
		return nil
	}
	_ = s.take(-s.size)
	name := s.file.Name()
	err := s.file.Close()
	_ = os.Remove(name)
	s.file = nil
	return err
}

// A Dir makes the spools of one file and frees those that are left.
type Dir struct {
	dir    string
	memory int64
	take   func(n int64) error
	mu     sync.Mutex
	open   []*Spool
}

// NewDir makes spools of so many bytes in memory each, then in temporary files
// in dir ("" means the system's). Take is asked for bytes on disk before they
// are written, and told by negative ones what is free again.
func NewDir(dir string, memory int64, take func(n int64) error) *Dir {
	return &Dir{dir: dir, memory: memory, take: take}
}

// New makes a spool.
func (d *Dir) New() *Spool {
	s := &Spool{take: d.take, memory: d.memory, dir: d.dir}
	d.mu.Lock()
	d.open = append(d.open, s)
	d.mu.Unlock()
	return s
}

// Mark and Release free what was made in between: the scratch of one member
// does not outlive it.
func (d *Dir) Mark() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.open)
}

// Release frees what was made since mark.
func (d *Dir) Release(mark int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.open[mark:] {
		_ = s.Close()
	}
	d.open = d.open[:mark]
}
