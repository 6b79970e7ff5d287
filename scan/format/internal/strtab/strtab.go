// Package strtab holds the shared strings of a workbook packed in memory, and
// what goes beyond in scratch.
package strtab

import (
	"encoding/binary"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// The bounds of what is held in memory.
const (
	chunkSize  = 1 << 20
	arenaLimit = 24 << 20 // bytes of shared strings held in memory; more goes to scratch
	Max        = 1 << 24  // strings; 64 MiB of references; a sheet has 2^20 rows
	spilled    = 1 << 31  // marks a reference into the scratch
)

// A Table holds strings by index, packed into chunks: the length, then the text.
type Table struct {
	refs    [][]uint32 // in blocks, so that growing copies nothing
	n       int
	chunks  [][]byte
	spill   *scan.Spool
	offsets []int64 // of spilled strings
	scratch func() *scan.Spool
}

// New makes an empty table; scratch gives room for what does not fit in memory.
func New(scratch func() *scan.Spool) *Table { return &Table{scratch: scratch} }

// Len is the number of strings.
func (s *Table) Len() int { return s.n }

const refBlock = 1 << 16

// Add appends a string. Its errors are a scan.LimitError and those of the scratch.
func (s *Table) Add(text []byte) error {
	if s.n >= Max {
		return &scan.LimitError{Limit: "shared-strings"}
	}
	ref, err := s.put(text)
	if err != nil {
		return err
	}
	if s.n%refBlock == 0 {
		s.refs = append(s.refs, make([]uint32, 0, refBlock))
	}
	block := &s.refs[s.n/refBlock]
	*block = append(*block, ref)
	s.n++
	return nil
}

func (s *Table) put(text []byte) (uint32, error) {
	var head [binary.MaxVarintLen32]byte
	need := binary.PutUvarint(head[:], uint64(len(text)))
	if len(s.chunks)*chunkSize >= arenaLimit || len(text)+need > chunkSize {
		if s.spill == nil {
			s.spill = s.scratch()
		}
		s.offsets = append(s.offsets, s.spill.Size())
		if _, err := s.spill.Write(append(head[:need:need], text...)); err != nil {
			return 0, err
		}
		return spilled | uint32(len(s.offsets)-1), nil
	}
	last := len(s.chunks) - 1
	if last < 0 || len(s.chunks[last])+need+len(text) > chunkSize {
		s.chunks = append(s.chunks, make([]byte, 0, chunkSize))
		last++
	}
	at := uint32(last*chunkSize + len(s.chunks[last]))
	s.chunks[last] = append(append(s.chunks[last], head[:need]...), text...)
	return at, nil
}

// Get gives a string by its index; ok is false for one that is not there.
// The text is valid as long as the table and must not be changed.
func (s *Table) Get(i int) (text []byte, ok bool, err error) {
	if i < 0 || i >= s.n {
		return nil, false, nil
	}
	ref := s.refs[i/refBlock][i%refBlock]
	if ref&spilled != 0 {
		text, err := s.fetch(s.offsets[ref&^spilled])
		return text, err == nil, err
	}
	b := s.chunks[ref/chunkSize][ref%chunkSize:]
	n, w := binary.Uvarint(b)
	return b[w : w+int(n)], true, nil
}

// fetch reads a spilled string into memory of its own, since several cells of
// a row may hold one.
func (s *Table) fetch(off int64) ([]byte, error) {
	r := io.NewSectionReader(s.spill, off, s.spill.Size()-off)
	head := make([]byte, 256)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	size, w := binary.Uvarint(head[:n])
	if int(size)+w <= n {
		return head[w : w+int(size)], nil
	}
	text := make([]byte, size)
	_, err = r.ReadAt(text, int64(w))
	return text, err
}
