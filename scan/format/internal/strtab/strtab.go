// Package strtab holds the shared strings of a workbook: the first of them
// packed in memory, the rest in scratch, which is read back through a few
// pages, since cells mostly refer to strings in the order in which these stand.
package strtab

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/kagiban/kagiban/scan"
)

// Max is how many strings a table holds: 64 MiB of references. A sheet has 2^20 rows.
const Max = 1 << 24

const (
	chunkSize = 1 << 20
	arenaSize = 4 << 20 // bytes held in memory; more goes to scratch
	refBlock  = 1 << 16
	pageSize  = 16 << 10 // of scratch, as it is read back
	pagesKept = 64
	longText  = 1 << 10 // a string of so many bytes is remembered when it was fetched
	longKept  = 4 << 20 // bytes of them together
)

// A Table holds strings by index, back to back, each after its length.
type Table struct {
	refs    [][]uint32 // positions, in blocks, so that growing copies nothing
	n       int
	chunks  [][]byte
	end     int64 // position of the next string
	scratch func() scan.Scratch
	spill   scan.Scratch
	w       *bufio.Writer // into spill
	pages   []page        // latest used last
	long    map[int64][]byte
	longLen int
}

type page struct {
	off  int64
	data []byte
}

// New makes an empty table; scratch is room for what does not fit in memory.
func New(scratch func() scan.Scratch) *Table { return &Table{scratch: scratch} }

// Close frees what the table holds; it can be used no more. The engine would do
// so when the file is done, but a file may hold many workbooks.
func (s *Table) Close() {
	s.refs, s.chunks, s.pages, s.long, s.n = nil, nil, nil, nil, 0
	if s.spill != nil {
		_ = s.spill.Close() // nothing is read from it any more
	}
}

// Len is the number of strings.
func (s *Table) Len() int { return s.n }

// Add appends a string. Its errors are a scan.LimitError and those of the scratch.
func (s *Table) Add(text []byte) error {
	if s.n >= Max || s.end > math.MaxUint32-int64(len(text))-chunkSize {
		return &scan.LimitError{Limit: "shared-strings"}
	}
	var head [binary.MaxVarintLen32]byte
	need := binary.PutUvarint(head[:], uint64(len(text)))
	if free := chunkSize - int(s.end%chunkSize); need+len(text) > free && s.end < arenaSize {
		s.end += int64(free) // no string is torn apart in memory
	}
	if s.n%refBlock == 0 {
		s.refs = append(s.refs, make([]uint32, 0, refBlock))
	}
	block := &s.refs[s.n/refBlock]
	*block = append(*block, uint32(s.end))
	s.n++
	if s.end+int64(need+len(text)) <= arenaSize && need+len(text) <= chunkSize {
		if int(s.end/chunkSize) == len(s.chunks) {
			s.chunks = append(s.chunks, make([]byte, chunkSize))
		}
		at := copy(s.chunks[s.end/chunkSize][s.end%chunkSize:], head[:need])
		copy(s.chunks[s.end/chunkSize][s.end%chunkSize+int64(at):], text)
		s.end += int64(need + len(text))
		return nil
	}
	return s.spillOver(head[:need], text)
}

// spillOver writes a string to scratch.
func (s *Table) spillOver(head, text []byte) error {
	if s.spill == nil {
		s.spill = s.scratch()
		s.w = bufio.NewWriterSize(s.spill, 64<<10)
		block := s.refs[(s.n-1)/refBlock]
		block[(s.n-1)%refBlock] = arenaSize
		s.end = arenaSize
	}
	if _, err := s.w.Write(head); err != nil {
		return err
	}
	_, err := s.w.Write(text)
	s.end += int64(len(head) + len(text))
	return err
}

// Get returns a string by its index; ok is false for one that is not there.
// The text is valid as long as the table and must not be changed.
func (s *Table) Get(i int) (text []byte, ok bool, err error) {
	if i < 0 || i >= s.n {
		return nil, false, nil
	}
	at := int64(s.refs[i/refBlock][i%refBlock])
	if at < arenaSize {
		b := s.chunks[at/chunkSize][at%chunkSize:]
		n, w := binary.Uvarint(b)
		return b[w : w+int(n)], true, nil
	}
	text, err = s.fetch(at - arenaSize)
	return text, err == nil, err
}

// fetch reads a string from scratch into memory of its own, since several
// cells of a row may hold one. A long one is remembered, so that cells that
// refer to it again and again do not each make a copy.
func (s *Table) fetch(off int64) ([]byte, error) {
	if text, ok := s.long[off]; ok {
		return text, nil
	}
	text, err := s.read(off)
	if err != nil || len(text) < longText {
		return text, err
	}
	if s.longLen += len(text); s.longLen > longKept || s.long == nil {
		s.long, s.longLen = map[int64][]byte{}, len(text)
	}
	s.long[off] = text
	return text, nil
}

func (s *Table) read(off int64) ([]byte, error) {
	if err := s.w.Flush(); err != nil {
		return nil, err
	}
	var size, shift uint64
	for {
		b, err := s.page(off)
		if err != nil {
			return nil, err
		}
		off++
		size |= uint64(b[0]&0x7F) << shift
		if shift += 7; b[0] < 0x80 {
			break
		}
	}
	text := make([]byte, 0, size)
	for size > 0 {
		b, err := s.page(off)
		if err != nil {
			return nil, err
		}
		n := min(size, uint64(len(b)))
		text = append(text, b[:n]...)
		off, size = off+int64(n), size-n
	}
	return text, nil
}

// page returns the bytes of scratch from off to the end of their page.
func (s *Table) page(off int64) ([]byte, error) {
	start := off - off%pageSize
	for i := len(s.pages) - 1; i >= 0; i-- {
		if p := s.pages[i]; p.off == start {
			if i < len(s.pages)-1 {
				s.pages = append(slices.Delete(s.pages, i, i+1), p)
			}
			return p.data[off-start:], nil
		}
	}
	p := page{start, nil}
	if len(s.pages) == pagesKept {
		p.data = s.pages[0].data[:pageSize]
		s.pages = slices.Delete(s.pages, 0, 1)
	} else {
		p.data = make([]byte, pageSize)
	}
	n, err := s.spill.ReadAt(p.data, start)
	if int64(n) <= off-start {
		return nil, fmt.Errorf("shared strings in scratch: %w", err)
	}
	p.data = p.data[:n]
	s.pages = append(s.pages, p)
	return p.data[off-start:], nil
}
