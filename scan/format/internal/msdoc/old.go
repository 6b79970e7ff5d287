package msdoc

import (
	"encoding/binary"
	"fmt"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/codepage"
)

// Flags of the FIB of Word 95 and before.
const (
	flagComplex = 0x0004 // saved fast: the text lies in pieces
	flagExtChar = 0x1000 // the East Asian versions: two bytes a character
)

// old reads a document of Word 95 or before, whose text is in the code page of
// its time and place: in one stretch, or in pieces if it was saved fast.
func (r *reader) old(f *FIB) error {
	codes := codepage.New(codepage.Japanese)
	r.doubled = f.flags&flagExtChar != 0
	if f.flags&flagComplex == 0 {
		if err := r.piece(int64(f.start), int64(f.end)-int64(f.start), r.doubled, codes); err != nil {
			return err
		}
		return r.finish()
	}
	if f.clx.size == 0 {
		return fmt.Errorf("document of Word 2 that was saved fast: %w", scan.ErrUnsupported)
	}
	clx, err := part(r.main, f.clx)
	if err != nil {
		return fmt.Errorf("piece table: %w", err)
	}
	plc, err := pieceTable(clx)
	if err != nil {
		return err
	}
	width := int64(1)
	if r.doubled {
		width = 2
	}
	n := (len(plc) - 4) / 12
	for i := range n {
		from, to := int64(binary.LittleEndian.Uint32(plc[4*i:])), int64(binary.LittleEndian.Uint32(plc[4*i+4:]))
		fc := binary.LittleEndian.Uint32(plc[4*(n+1)+8*i+2:])
		if to < from {
			return fmt.Errorf("piece table: %w", scan.ErrMalformed)
		}
		if err := r.piece(int64(fc), width*(to-from), r.doubled, codes); err != nil {
			return err
		}
	}
	return r.finish()
}

// doubleBytes takes characters of two bytes that hold a code of the code page,
// not of Unicode.
func (r *reader) doubleBytes(b []byte, at int64, codes *codepage.Text) error {
	var raw []byte
	for i := 0; i+1 < len(b); i += 2 {
		switch {
		case b[i+1] != 0:
			raw = append(raw, b[i+1], b[i])
		case b[i] >= 0x20:
			raw = append(raw, b[i])
		default:
			r.add(codes.Append(nil, raw))
			raw = raw[:0]
			if err := r.mark(b[i], at+int64(i)); err != nil {
				return err
			}
		}
	}
	r.add(codes.Append(nil, raw))
	return r.limit()
}
