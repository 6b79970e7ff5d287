// Package msdoc reads the text of Word's binary documents (MS-DOC): all pieces
// of the piece table, which holds the notes, headers and text boxes too.
package msdoc

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"sort"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/codepage"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
)

// A FIB is the head of a document (MS-DOC 2.5.1).
type FIB struct {
	flags      int
	version    int
	key        uint32
	clx        span // in the table stream
	papx       span
	old        bool // Word 95 and before
	start, end uint32
}

type span struct{ at, size uint32 }

// FIBSize is how many bytes of the stream ParseFIB wants.
const FIBSize = 0x01AA

// Bare recognises a document of Word for Windows 1 or 2, which is no compound file.
func Bare(head []byte, size int64) bool {
	f := ParseFIB(head)
	return f != nil && f.version < 0x65 && (head[0] == 0xDB || head[0] == 0x9B) && head[1] == 0xA5 && f.start >= 0x60 && f.start <= f.end && int64(f.end) <= size
}

// ParseFIB reads the head of the WordDocument stream; nil if it is none. The
// East Asian Word 6 and 95 write other numbers into its beginning.
func ParseFIB(b []byte) *FIB {
	if len(b) < 0x20 {
		return nil
	}
	le := binary.LittleEndian
	ident := le.Uint16(b)
	f := &FIB{version: int(le.Uint16(b[2:])), flags: int(le.Uint16(b[0x0A:])), key: le.Uint32(b[0x0E:])}
	f.start, f.end = le.Uint32(b[0x18:]), le.Uint32(b[0x1C:])
	f.old = f.version < 0xC1
	if ident&0xFF00 != 0xA500 && ident&0xFFF0 != 0xA690 || !f.old && ident != 0xA5EC || len(b) < FIBSize {
		return nil
	}
	if f.old && f.version >= 0x65 { // Word 6 and 95
		f.clx = span{le.Uint32(b[0x0160:]), le.Uint32(b[0x0164:])}
	}
	if !f.old {
		f.papx = span{le.Uint32(b[0x0102:]), le.Uint32(b[0x0106:])}
		f.clx = span{le.Uint32(b[0x01A2:]), le.Uint32(b[0x01A6:])}
	}
	return f
}

// Encrypted says that a password is needed, Obfuscated that it is by XOR.
func (f *FIB) Encrypted() bool  { return f.flags&0x0100 != 0 }
func (f *FIB) Obfuscated() bool { return f.old || f.flags&0x8000 != 0 }

// Table names the stream with the tables.
func (f *FIB) Table() string {
	if f.flags&0x0200 != 0 {
		return "1Table"
	}
	return "0Table"
}

// HeaderSize is the length of the encryption header in the table stream.
func (f *FIB) HeaderSize() uint32 { return f.key }

// Notes are what the head says to the owner.
func (f *FIB) Notes() []scan.Note {
	var notes []scan.Note
	if f.flags&0x0400 != 0 {
		notes = append(notes, scan.NoteReadOnlyRecommended)
	}
	if f.flags&0x0800 != 0 {
		notes = append(notes, scan.NoteWriteReservation)
	}
	return notes
}

// Read hands out the text. Main and table are the streams, in memory or in
// scratch, where the document's parts lie by offset.
func (f *FIB) Read(main, table *io.SectionReader, w *grid.Writer) error {
	r := &reader{w: w, main: main}
	if f.old {
		return r.old(f)
	}
	clx, err := part(table, f.clx)
	if err != nil {
		return fmt.Errorf("piece table: %w", err)
	}
	if err := r.rows(table, f.papx); err != nil {
		w.Out.Problem(fmt.Errorf("paragraph table: %w", err))
	}
	plc, err := pieceTable(clx)
	if err != nil {
		return err
	}
	if err := r.pieces(plc); err != nil {
		return err
	}
	return r.residue(table)
}

// pieceTable finds the PlcPcd in a Clx (MS-DOC 2.9.38).
func pieceTable(clx []byte) ([]byte, error) {
	for len(clx) > 3 && clx[0] == 1 { // formatting
		n := 3 + int(binary.LittleEndian.Uint16(clx[1:]))
		if n > len(clx) {
			break
		}
		clx = clx[n:]
	}
	if len(clx) < 5 || clx[0] != 2 {
		return nil, fmt.Errorf("document without a piece table: %w", scan.ErrMalformed)
	}
	return clx[5:], nil
}

const (
	// maxTable bounds a table that is read whole. Word's own documents end at
	// 32 MiB of text; a page of paragraphs takes 8 bytes
	// in a table, a piece 12.
	maxTable = 32 << 20
	// maxRowEnds bounds the rows of tables that are distinguished from paragraphs.
	maxRowEnds = 1 << 20
)

// part reads a table whole; it cannot be longer than the stream.
func part(s *io.SectionReader, at span) ([]byte, error) {
	if int64(at.at)+int64(at.size) > s.Size() {
		return nil, fmt.Errorf("outside of its stream: %w", scan.ErrMalformed)
	}
	if at.size > maxTable {
		return nil, fmt.Errorf("table of %d bytes: %w", at.size, scan.ErrMalformed)
	}
	b := make([]byte, at.size)
	_, err := s.ReadAt(b, int64(at.at))
	if err == io.EOF {
		err = nil
	}
	return b, err
}

type reader struct {
	w       *grid.Writer
	main    *io.SectionReader
	ends    []rowEnd
	shown   []stretch
	text    []byte
	fields  []int // where the instructions of open fields begin in text
	row     int
	col     int
	cells   bool
	lead    uint16
	doubled bool // two bytes a character hold codes of a code page
}

// A rowEnd is a paragraph that ends a row of a table, by offset in the stream.
type rowEnd struct{ from, to uint32 }

// rows finds the marks that end rows: paragraphs with sprmPFTtp (MS-DOC 2.8.6,
// 2.9.178 and 2.6.2).
func (r *reader) rows(table *io.SectionReader, at span) error {
	plc, err := part(table, at)
	if err != nil || len(plc) < 8 {
		return err
	}
	n := (len(plc) - 4) / 8
	page := make([]byte, 512)
	defer func() {
		slices.SortFunc(r.ends, func(a, b rowEnd) int { return cmp.Compare(a.from, b.from) })
	}()
	for i := range n {
		pn := binary.LittleEndian.Uint32(plc[4*(n+1)+4*i:]) & 0x3FFFFF
		if _, err := r.main.ReadAt(page, int64(pn)*512); err != nil && err != io.EOF {
			return err
		}
		runs := int(page[511])
		for k := range runs {
			bx := 4*(runs+1) + 13*k
			if bx >= 511 {
				break
			}
			if ends(page, int(page[bx])*2) {
				from, to := binary.LittleEndian.Uint32(page[4*k:]), binary.LittleEndian.Uint32(page[4*k+4:])
				if len(r.ends) == maxRowEnds {
					return fmt.Errorf("more than %d rows of tables: %w", maxRowEnds, scan.ErrMalformed)
				}
				r.ends = append(r.ends, rowEnd{from, to})
			}
		}
	}
	return nil
}

// ends reports whether the properties at an offset of a page have sprmPFTtp.
func ends(page []byte, at int) bool {
	if at == 0 || at >= 510 {
		return false
	}
	size := 2*int(page[at]) - 1
	from := at + 1
	if page[at] == 0 {
		size = 2 * int(page[at+1])
		from = at + 2
	}
	if from+size > 511 || size < 2 {
		return false
	}
	return bytes.Contains(page[from+2:from+size], []byte{0x17, 0x24, 1})
}

func (r *reader) endsRow(fc int64) bool {
	i := sort.Search(len(r.ends), func(i int) bool { return int64(r.ends[i].to) > fc })
	return i < len(r.ends) && int64(r.ends[i].from) <= fc
}

// pieces reads a PlcPcd (MS-DOC 2.8.35).
func (r *reader) pieces(plc []byte) error {
	n := (len(plc) - 4) / 12
	western := codepage.New(1252)
	for i := range n {
		from, to := int64(binary.LittleEndian.Uint32(plc[4*i:])), int64(binary.LittleEndian.Uint32(plc[4*i+4:]))
		fc := binary.LittleEndian.Uint32(plc[4*(n+1)+8*i+2:])
		if to < from {
			return fmt.Errorf("piece table: %w", scan.ErrMalformed)
		}
		var err error
		if fc&(1<<30) != 0 { // one byte a character (2.9.73)
			err = r.piece(int64(fc&^(3<<30)/2), to-from, false, western)
		} else {
			err = r.piece(int64(fc&^(3<<30)), 2*(to-from), true, nil)
		}
		if err != nil {
			if ferr := r.finish(); ferr != nil {
				return ferr
			}
			return err
		}
	}
	return r.finish()
}

// piece reads a run of characters that lie together.
func (r *reader) piece(at, size int64, wide bool, codes *codepage.Text) error {
	if at < 0 || size < 0 || at+size > r.main.Size() {
		return fmt.Errorf("text outside of its stream: %w", scan.ErrMalformed)
	}
	r.shown = append(r.shown, stretch{at, at + size})
	buf := make([]byte, 32<<10)
	for size > 0 {
		b := buf[:min(size, int64(len(buf)))]
		if n, err := r.main.ReadAt(b, at); n < len(b) {
			return err
		}
		if err := r.chars(b, at, wide, codes); err != nil {
			return err
		}
		at += int64(len(b))
		size -= int64(len(b))
	}
	return nil
}
