// Package xlsb reads the binary parts of xlsb workbooks (MS-XLSB, "BIFF12").
package xlsb

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
)

// Record types (MS-XLSB 2.3.2).
const (
	brtRowHdr       = 0
	brtCellRk       = 2 // the types of cells: 2–7 values, 8–11 results of formulas
	brtFmlaError    = 11
	brtShortRk      = 13 // as 2–7, without a column
	brtShortIsst    = 18
	brtSSTItem      = 19
	brtPCDINumber   = 21
	brtPCDIString   = 24
	brtFmt          = 44
	brtXF           = 47
	brtCellRString  = 62
	brtWbProp       = 153
	brtBundleSh     = 156
	brtHeaderFooter = 479
	brtBookProt     = 534
	brtSheetProt    = 535
	brtFileSharing  = 548
	brtBeginXFs     = 617
	brtEndXFs       = 618
	brtCommentText  = 637
	brtSharingIso   = 676
	brtBookProtIso  = 677
	brtSheetProtIso = 678
)

// maxRecord bounds one record; the longest hold a string of 2^15 characters
// and its formatting.
const maxRecord = 16 << 20

// records reads a part record by record (MS-XLSB 2.1.4).
type records struct {
	r    *bufio.Reader
	id   int
	data []byte // valid until next
}

func newRecords(r io.Reader) *records { return &records{r: bufio.NewReaderSize(r, 64<<10)} }

// next reads a record. It returns io.EOF at the end of the part.
func (r *records) next() error {
	b, err := r.r.ReadByte()
	if err != nil {
		return err
	}
	r.id = int(b)
	if b&0x80 != 0 {
		hi, err := r.r.ReadByte()
		if err != nil {
			return broken(err)
		}
		r.id = int(b&0x7F) | int(hi&0x7F)<<7
	}
	size := 0
	for shift := 0; ; shift += 7 {
		b, err := r.r.ReadByte()
		if err != nil {
			return broken(err)
		}
		size |= int(b&0x7F) << shift
		if b&0x80 == 0 || shift == 21 {
			break
		}
	}
	if size > maxRecord {
		return fmt.Errorf("record of %d bytes: %w", size, scan.ErrMalformed)
	}
	r.data = r.data[:0]
	for len(r.data) < size { // grows with what is there, not with what is claimed
		n := min(size-len(r.data), 64<<10)
		at := len(r.data)
		r.data = append(r.data, make([]byte, n)...)
		if _, err := io.ReadFull(r.r, r.data[at:]); err != nil {
			return broken(err)
		}
	}
	return nil
}

func broken(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("record breaks off: %w", scan.ErrMalformed)
	}
	return err
}

// wide appends an XLWideString (MS-XLSB 2.5.168) at an offset to dst and returns
// the offset behind it. One that is null, or breaks off, is reported by ok.
func wide(dst, b []byte, at int) (text []byte, end int, ok bool) {
	if at+4 > len(b) {
		return dst, len(b), false
	}
	n := binary.LittleEndian.Uint32(b[at:])
	at += 4
	if n == math.MaxUint32 { // XLNullableWideString
		return dst, at, true
	}
	if int64(n) > int64(len(b)-at)/2 {
		return dst, len(b), false
	}
	for i := range int(n) {
		c := rune(binary.LittleEndian.Uint16(b[at+2*i:]))
		if utf16.IsSurrogate(c) && i+1 < int(n) {
			if full := utf16.DecodeRune(c, rune(binary.LittleEndian.Uint16(b[at+2*i+2:]))); full != utf8.RuneError {
				dst = utf8.AppendRune(dst, full)
				continue
			}
		}
		if c >= 0xDC00 && c < 0xE000 && i > 0 && utf16.IsSurrogate(rune(binary.LittleEndian.Uint16(b[at+2*i-2:]))) {
			continue // the second half of the pair before
		}
		dst = utf8.AppendRune(dst, c)
	}
	return dst, at + 2*int(n), true
}
