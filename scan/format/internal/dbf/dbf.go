// Package dbf reads the tables of dBASE III and IV and of FoxPro. (The header
// is described in "Xbase File Format Description"; memo fields lie in a file
// of their own.)
package dbf

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/charset"
	"github.com/kagiban/kagiban/scan/format/internal/codepage"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
)

// A Header describes a table.
type Header struct {
	Encrypted bool
	records   uint32
	size      int // bytes of the header
	record    int // bytes of a record
	fields    []field
	codes     *codepage.Text
	told      bool // the header says in which encoding texts are
	memos     bool // some record has text in a file beside this one
}

type field struct {
	raw   []byte // its name
	kind  byte
	from  int
	width int
	point int
}

const maxFields = 2048

// Parse reads a header from the first bytes of a file; nil if it is none. All
// that must agree in a table is checked, since the first byte alone says little.
func Parse(head []byte) *Header {
	if len(head) < 65 || !Known(head[0]) || head[2] > 12 || head[3] > 31 {
		return nil
	}
	h := &Header{
		Encrypted: head[15] == 1,
		records:   binary.LittleEndian.Uint32(head[4:]),
		size:      int(binary.LittleEndian.Uint16(head[8:])),
		record:    int(binary.LittleEndian.Uint16(head[10:])),
		codes:     codepage.New(language(head[29])),
		told:      head[29] != 0,
	}
	at := 1
	for off := 32; ; off += 32 {
		if off >= len(head) || off >= h.size || len(h.fields) > maxFields {
			return nil
		}
		if head[off] == '\r' {
			break
		}
		if off+32 > len(head) {
			return nil
		}
		f, ok := parseField(head[off : off+32])
		if !ok {
			return nil
		}
		f.from = at
		at += f.width
		h.fields = append(h.fields, f)
	}
	if len(h.fields) == 0 || at != h.record {
		return nil
	}
	return h
}

// Start is where the records begin, in bytes.
func (h *Header) Start() int64 { return int64(h.size) }

// End returns where the last record ends, in bytes.
func (h *Header) End() int64 { return int64(h.size) + int64(h.records)*int64(h.record) }

// Known recognises the first byte of a table: dBASE III to V, FoxPro and Visual
// FoxPro, with and without memo fields.
func Known(b byte) bool {
	return bytes.IndexByte([]byte{0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x7B, 0x83, 0x8B, 0x8E, 0xCB, 0xE5, 0xF5, 0xFB}, b) >= 0
}

func parseField(b []byte) (field, bool) {
	name, _, _ := bytes.Cut(b[:11], []byte{0})
	f := field{kind: b[11], width: int(b[16]), point: int(b[17])}
	if bytes.IndexByte([]byte("CNFDLMIBYTGPVWQO@+0"), f.kind) < 0 || len(name) == 0 || name[0] < ' ' {
		return f, false
	}
	if f.kind == 'C' { // long texts of FoxPro and Clipper count on in the next byte
		f.width += f.point << 8
	}
	f.raw = bytes.Clone(name)
	return f, f.width > 0
}

// language returns the code page of the language driver byte; without one the
// table is taken for Japanese.
func language(b byte) int {
	switch b {
	case 0x01, 0x09, 0x0B, 0x0D, 0x0F, 0x11, 0x15, 0x18, 0x19, 0x1B:
		return 437
	case 0x02, 0x0A, 0x0E, 0x10, 0x12, 0x14, 0x16, 0x1A, 0x1D, 0x25, 0x37:
		return 850
	case 0x03, 0x57, 0x58, 0x59:
		return 1252
	case 0x4D, 0x7A:
		return 936
	case 0x4E, 0x79:
		return 949
	case 0x4F, 0x78:
		return 950
	case 0x64, 0x87:
		return 852
	case 0x65, 0x26:
		return 866
	case 0xC8:
		return 1250
	case 0xC9:
		return 1251
	}
	return codepage.Japanese
}

// guess looks, in a table that does not say its encoding, for the one in which the
// names of its fields and its first records make sense.
func (h *Header) guess(br *bufio.Reader) {
	if h.told {
		return
	}
	var sample []byte
	for _, f := range h.fields {
		sample = append(append(sample, f.raw...), '\n')
	}
	records, _ := br.Peek(min(br.Size(), int(min(int64(h.records)*int64(h.record), 8<<10))))
	for n := 0; n+h.record <= len(records); n += h.record {
		for _, f := range h.fields {
			if f.kind == 'C' {
				sample = append(append(sample, bytes.Trim(records[n+f.from:n+f.from+f.width], " \x00")...), '\n')
			}
		}
	}
	switch c, _ := charset.Detect(sample); c {
	case charset.EUCJP:
		h.codes = codepage.New(51932)
	case charset.UTF8:
		h.codes = codepage.New(65001)
	}
}

// Read hands out the names of the fields as headings and then the
// records, those that are only marked as deleted too.
func (h *Header) Read(r io.Reader, w *grid.Writer) error {
	br := bufio.NewReaderSize(r, 64<<10)
	if _, err := io.CopyN(io.Discard, br, int64(h.size)); err != nil {
		return fmt.Errorf("dbf: header breaks off: %w", scan.ErrMalformed)
	}
	if err := w.Row(1); err != nil {
		return err
	}
	h.guess(br)
	w.Heads = true
	for i, f := range h.fields {
		w.End(i, h.codes.Append(w.Buf(), f.raw))
	}
	err := w.Flush()
	w.Heads = false
	if err != nil {
		return err
	}
	record := make([]byte, h.record)
	for n := uint32(0); n < h.records; n++ {
		if k, err := io.ReadFull(br, record); err == io.EOF || err == io.ErrUnexpectedEOF || k > 0 && record[0] == 0x1A {
			if ferr := w.Flush(); ferr != nil {
				return ferr
			}
			return fmt.Errorf("dbf: %d of %d records are not there: %w", h.records-n, h.records, scan.ErrMalformed)
		} else if err != nil {
			return err
		}
		if err := w.Next(); err != nil {
			return err
		}
		for i, f := range h.fields {
			h.cell(w, i, f, record[f.from:f.from+f.width])
		}
	}
	if h.memos {
		w.Out.Problem(fmt.Errorf("dbf: memo text, which lies in a file of its own: %w", scan.ErrUnsupported))
	}
	return w.Flush()
}

func (h *Header) cell(w *grid.Writer, col int, f field, b []byte) {
	text := bytes.Trim(b, " \x00")
	switch {
	case f.kind == 'D' && len(text) == 8:
		w.String(col, fmt.Sprintf("%s-%s-%s", text[:4], text[4:6], text[6:]))
	case f.kind == 'L':
		if bytes.ContainsAny(text, "TtYy") {
			w.String(col, "TRUE")
		} else if bytes.ContainsAny(text, "FfNn") {
			w.String(col, "FALSE")
		}
	case (f.kind == 'I' || f.kind == '+') && f.width == 4:
		w.String(col, strconv.Itoa(int(int32(binary.LittleEndian.Uint32(b)))))
	case (f.kind == 'B' || f.kind == 'O') && f.width == 8:
		w.String(col, strconv.FormatFloat(math.Float64frombits(binary.LittleEndian.Uint64(b)), 'f', -1, 64))
	case f.kind == 'Y' && f.width == 8:
		w.String(col, strconv.FormatFloat(float64(int64(binary.LittleEndian.Uint64(b)))/1e4, 'f', -1, 64))
	case (f.kind == 'T' || f.kind == '@') && f.width == 8:
		w.String(col, moment(b))
	case bytes.IndexByte([]byte("MGPWBO"), f.kind) >= 0: // a place in another file
		h.memos = h.memos || len(bytes.Trim(text, "0")) > 0
	default:
		w.End(col, h.codes.Append(w.Buf(), text))
	}
}

// moment reads a Julian day and milliseconds.
func moment(b []byte) string {
	day := binary.LittleEndian.Uint32(b)
	const epoch = 2440588 // 1970-01-01
	if day < 1721426 || day > 5373484 {
		return ""
	}
	t := time.Unix((int64(day)-epoch)*86400+int64(binary.LittleEndian.Uint32(b[4:])/1000), 0).UTC()
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02 15:04:05")
}
