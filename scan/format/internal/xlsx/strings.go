package xlsx

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

const (
	chunkSize  = 1 << 20
	arenaLimit = 24 << 20 // bytes of shared strings held in memory; more goes to scratch
	maxStrings = 1 << 24  // 64 MiB of references; a sheet has 2^20 rows
	spilled    = 1 << 31  // marks a reference into the scratch
)

// A stringTable holds the shared strings of a workbook (ECMA-376 part 1,
// section 18.4) packed into chunks: the length, then the text.
type stringTable struct {
	refs    [][]uint32 // in blocks, so that growing copies nothing
	n       int
	chunks  [][]byte
	spill   *scan.Spool
	offsets []int64 // of spilled strings
	scratch func() *scan.Spool
	buf     []byte
}

const refBlock = 1 << 16

func (s *stringTable) add(text []byte) error {
	if s.n >= maxStrings {
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

func (s *stringTable) put(text []byte) (uint32, error) {
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

// get gives a string by its index; ok is false for one that is not there.
func (s *stringTable) get(i int) (text []byte, ok bool, err error) {
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
func (s *stringTable) fetch(off int64) ([]byte, error) {
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

// read fills the table from a sharedStrings part.
func (s *stringTable) read(r io.Reader, maxCell int, out scan.Sink) error {
	t := xmltok.New(xmltok.Decode(r))
	text := textRun{max: maxCell, out: out}
	for {
		kind, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("shared strings: %w", err)
		}
		if kind == xmltok.Start && string(t.Name()) == "si" {
			s.buf = s.buf[:0]
			if short, ok := t.Leaf("t"); ok && len(short) <= maxCell {
				if t.Closes("si") {
					if err := s.add(short); err != nil {
						return fmt.Errorf("shared strings: %w", err)
					}
					continue
				}
				s.buf = append(s.buf, short...)
			}
			continue
		}
		s.buf = text.token(s.buf, kind, t)
		if kind == xmltok.End && string(t.Name()) == "si" {
			if err := s.add(s.buf); err != nil {
				return fmt.Errorf("shared strings: %w", err)
			}
		}
	}
}

// A textRun joins the t elements of a string or a cell: rich text runs become
// one text, furigana (rPh) is left out.
type textRun struct {
	inside   bool // a t
	phonetic bool // an rPh
	max      int  // bytes of one text
	out      scan.Sink
	cut      bool // was told
}

// token takes one token and appends what is text to dst.
func (x *textRun) token(dst []byte, kind xmltok.Kind, t *xmltok.Tokenizer) []byte {
	switch kind {
	case xmltok.Text:
		if x.inside && !x.phonetic {
			return x.add(dst, t)
		}
	case xmltok.Start:
		switch string(t.Name()) {
		case "t":
			x.inside = true
		case "rPh":
			x.phonetic = true
		}
	case xmltok.End:
		switch string(t.Name()) {
		case "t":
			x.inside = false
		case "rPh":
			x.phonetic = false
		}
	}
	return dst
}

func (x *textRun) add(dst []byte, t *xmltok.Tokenizer) []byte {
	if len(dst) > x.max {
		if !x.cut {
			x.cut = true
			x.out.Problem(&scan.LimitError{Limit: "cell"})
		}
		return dst
	}
	return t.AppendText(dst)
}
