// Package biff reads the record streams of Excel's binary workbooks: BIFF2 to
// BIFF4 (a bare stream), BIFF5 and BIFF8 (streams of a compound file). Cells
// come in the order of the file, in bounded memory. (MS-XLS; for the versions
// before BIFF8 the record layouts as OpenOffice.org documented them in
// "Microsoft Excel File Format".)
package biff

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// Record numbers (MS-XLS 2.3.2 and, before BIFF8, the low byte with another high byte).
const (
	recFormula     = 0x0006
	recEOF         = 0x000A
	recProtect     = 0x0012
	recHeader      = 0x0014
	recFooter      = 0x0015
	recNote        = 0x001C
	recDate1904    = 0x0022
	recFilePass    = 0x002F
	recContinue    = 0x003C
	recCodePage    = 0x0042
	recCRN         = 0x005A
	recFileSharing = 0x005B
	recOBJ         = 0x005D
	recBoundSheet  = 0x0085
	recWriteProt   = 0x0086
	recMulRK       = 0x00BD
	recRString     = 0x00D6
	recXF          = 0x00E0
	recSST         = 0x00FC
	recLabelSST    = 0x00FD
	recTXO         = 0x01B6
	recString      = 0x0207
	recFormat      = 0x041E
	recRK          = 0x027E
)

// A decrypter decrypts a record's data in place. Pos is the place of the data
// in the stream.
type decrypter interface {
	record(id uint16, data []byte, pos int64)
}

// A reader yields records.
type reader struct {
	r   *bufio.Reader
	pos int64 // of the next record
	dec decrypter

	id   uint16
	data []byte // of the present record, valid until next
	buf  []byte
	back bool // the present record is to come again
}

func newReader(r io.Reader) *reader { return &reader{r: bufio.NewReaderSize(r, 64<<10)} }

// next reads a record. It returns io.EOF where the stream ends between two
// records or where only zeros follow.
func (r *reader) next() error {
	if r.back {
		r.back = false
		return nil
	}
	var head [4]byte
	if n, err := io.ReadFull(r.r, head[:]); err != nil {
		if err == io.ErrUnexpectedEOF && n < 4 {
			err = io.EOF // streams are padded
		}
		return err
	}
	r.id = binary.LittleEndian.Uint16(head[:])
	size := int(binary.LittleEndian.Uint16(head[2:]))
	if cap(r.buf) < size {
		r.buf = make([]byte, max(size, 8224))
	}
	r.data = r.buf[:size]
	if _, err := io.ReadFull(r.r, r.data); err != nil {
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return fmt.Errorf("record %#04x breaks off: %w", r.id, scan.ErrMalformed)
		}
		return err
	}
	if r.dec != nil {
		r.dec.record(r.id, r.data, r.pos+4)
	}
	r.pos += 4 + int64(size)
	return nil
}

// raw is the present record with its head.
func (r *reader) raw() io.Reader {
	head := binary.LittleEndian.AppendUint16(nil, r.id)
	head = binary.LittleEndian.AppendUint16(head, uint16(len(r.data)))
	return io.MultiReader(bytes.NewReader(head), bytes.NewReader(bytes.Clone(r.data)))
}

// again makes next yield the present record once more.
func (r *reader) again() { r.back = true }

// version of a stream.
type version uint8

const (
	biff2 version = 2
	biff3 version = 3
	biff4 version = 4
	biff5 version = 5
	biff8 version = 8
)

// Substream types (MS-XLS 2.4.21, dt).
const (
	kindGlobals = 0x0005
	kindVB      = 0x0006
	kindSheet   = 0x0010
	kindChart   = 0x0020
	kindMacro   = 0x0040
	kindWork    = 0x0100 // a BIFF4 workbook
)

// bof reads a BOF record.
func bof(id uint16, data []byte) (v version, kind uint16, ok bool) {
	if len(data) < 4 {
		return 0, 0, false
	}
	kind = binary.LittleEndian.Uint16(data[2:])
	switch id {
	case 0x0009:
		return biff2, kind, true
	case 0x0209:
		return biff3, kind, true
	case 0x0409:
		return biff4, kind, true
	case 0x0809:
		if binary.LittleEndian.Uint16(data) == 0x0600 {
			return biff8, kind, true
		}
		return biff5, kind, true
	}
	return 0, 0, false
}

// Bare reports whether a file begins like a BIFF2, BIFF3 or BIFF4 stream that is
// in no compound file.
func Bare(head []byte) bool {
	if len(head) < 12 {
		return false
	}
	id, size := binary.LittleEndian.Uint16(head), int(binary.LittleEndian.Uint16(head[2:]))
	if id == 0x0809 && (size == 8 || size == 16) && len(head) > 4+size { // a BIFF5 stream without its file
		v := binary.LittleEndian.Uint16(head[4:])
		return (v == 0x0500 || v == 0x0600) && known(binary.LittleEndian.Uint16(head[6:]))
	}
	if id != 0x0009 && id != 0x0209 && id != 0x0409 || size < 4 || size > 16 {
		return false
	}
	return known(binary.LittleEndian.Uint16(head[6:]))
}

func known(kind uint16) bool {
	switch kind {
	case kindGlobals, kindSheet, kindChart, kindMacro, kindWork:
		return true
	}
	return false
}
