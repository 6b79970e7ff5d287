package xlsx

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

const (
	chunkSize  = 1 << 20
	arenaSize  = 8 << 20 // bytes of shared strings held in memory; more goes to scratch
	maxStrings = 1 << 24 // 64 MiB of references; a sheet has 2^20 rows
	refBlock   = 1 << 16
	pageSize   = 16 << 10 // of scratch, as it is read back
	pagesKept  = 64
)

// A stringTable holds the shared strings of a workbook (ECMA-376 part 1,
// section 18.4) back to back, each after its length: the first in memory, the
// rest in scratch, read back through a few pages, since cells mostly refer to
// strings in the order in which these stand.
type stringTable struct {
	refs    [][]uint32 // positions, in blocks, so that growing copies nothing
	n       int
	chunks  [][]byte
	end     int64 // position of the next string
	scratch func() *scan.Spool
	spill   *scan.Spool
	w       *bufio.Writer // into spill
	pages   []page        // latest used last
	buf     []byte
}

type page struct {
	off  int64
	data []byte
}

func (s *stringTable) add(text []byte) error {
	if s.n >= maxStrings || s.end > math.MaxUint32-int64(len(text))-chunkSize {
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
func (s *stringTable) spillOver(head, text []byte) error {
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

// get gives a string by its index: in place, or, from scratch, appended to
// dst. Ok is false for an index that is not there.
func (s *stringTable) get(i int, dst []byte) (text, grown []byte, ok bool, err error) {
	if i < 0 || i >= s.n {
		return nil, dst, false, nil
	}
	at := int64(s.refs[i/refBlock][i%refBlock])
	if at < arenaSize {
		b := s.chunks[at/chunkSize][at%chunkSize:]
		n, w := binary.Uvarint(b)
		return b[w : w+int(n)], dst, true, nil
	}
	grown, err = s.fetch(at-arenaSize, dst)
	return nil, grown, err == nil, err
}

// fetch appends a string from scratch to dst.
func (s *stringTable) fetch(off int64, dst []byte) ([]byte, error) {
	var size, shift uint64
	for {
		b, err := s.page(off)
		if err != nil {
			return dst, err
		}
		off++
		size |= uint64(b[0]&0x7F) << shift
		if shift += 7; b[0] < 0x80 {
			break
		}
	}
	for size > 0 {
		b, err := s.page(off)
		if err != nil {
			return dst, err
		}
		n := min(size, uint64(len(b)))
		dst = append(dst, b[:n]...)
		off, size = off+int64(n), size-n
	}
	return dst, nil
}

// page gives the bytes of scratch from off to the end of their page.
func (s *stringTable) page(off int64) ([]byte, error) {
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

// read fills the table from a sharedStrings part.
func (s *stringTable) read(r io.Reader, maxCell int, out scan.Sink) error {
	err := s.readItems(r, maxCell, out)
	if s.w != nil {
		err = errors.Join(err, s.w.Flush())
	}
	return err
}

func (s *stringTable) readItems(r io.Reader, maxCell int, out scan.Sink) error {
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
