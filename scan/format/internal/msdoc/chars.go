package msdoc

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan/format/internal/codepage"
	"github.com/kagiban/kagiban/scan/format/internal/eqfield"
)

// chars takes a block of characters. The marks among them are those of MS-DOC
// 2.4.1 and 2.4.3.
func (r *reader) chars(b []byte, at int64, wide bool, codes *codepage.Text) error {
	if r.doubled {
		return r.doubleBytes(b, at, codes)
	}
	if wide {
		for i := 0; i+1 < len(b); i += 2 {
			u := uint16(b[i]) | uint16(b[i+1])<<8
			if err := r.unit(u, at+int64(i)); err != nil {
				return err
			}
		}
		return nil
	}
	from := 0
	for i, c := range b {
		if c >= 0x20 {
			continue
		}
		r.add(codes.Append(nil, b[from:i])) // a mark is no second byte of a character
		from = i + 1
		if err := r.mark(c, at+int64(i)); err != nil {
			return err
		}
	}
	r.add(codes.Append(nil, b[from:]))
	return r.limit()
}

func (r *reader) unit(u uint16, fc int64) error {
	switch {
	case u < 0x20:
		return r.mark(byte(u), fc)
	case u >= 0xD800 && u < 0xDC00:
		r.lead = u
		return nil
	case u >= 0xDC00 && u < 0xE000 && r.lead != 0:
		r.text = utf8.AppendRune(r.text, utf16.DecodeRune(rune(r.lead), rune(u)))
	case u == 0xA0:
		r.text = append(r.text, ' ')
	default:
		r.text = utf8.AppendRune(r.text, rune(u))
	}
	r.lead = 0
	return r.limit()
}

func (r *reader) add(text []byte) { r.text = append(r.text, text...) }

// limit ends a paragraph that is longer than a cell may be; the writer reports it.
func (r *reader) limit() error {
	if len(r.text) > r.w.Max {
		r.fields = r.fields[:0]
		return r.endLine()
	}
	return nil
}

func (r *reader) mark(c byte, fc int64) error {
	switch c {
	case 0x07: // ends a cell, or a row
		if r.endsRow(fc) {
			r.cells = false
			r.text = r.text[:0]
			return r.w.Flush()
		}
		return r.cell()
	case 0x0D, 0x0B, 0x0C, 0x0E:
		return r.endLine()
	case 0x09:
		r.text = append(r.text, '\t')
		return r.limit()
	case 0x1E: // a hyphen that does not break
		r.text = append(r.text, '-')
		return r.limit()
	case 0x13:
		if len(r.fields) < 64 {
			r.fields = append(r.fields, len(r.text))
		}
	case 0x14:
		r.endInstruction(true)
	case 0x15:
		r.endInstruction(false)
	}
	return nil
}

// endInstruction takes the instruction of a field out of the text at 0x14,
// where its result begins, or at its end if it has none.
func (r *reader) endInstruction(more bool) {
	n := len(r.fields)
	if n == 0 {
		return
	}
	if from := r.fields[n-1]; from >= 0 && from <= len(r.text) {
		instruction := bytes.Clone(r.text[from:])
		r.text = append(r.text[:from], eqfield.Text(instruction)...)
	}
	if r.fields[n-1] = -1; !more {
		r.fields = r.fields[:n-1]
	}
}

// blankKept is how much blank text is kept because a field begins behind it.
const blankKept = 4 << 10

func (r *reader) cell() error {
	if !r.cells {
		r.cells, r.col = true, 0
		r.row++
		if err := r.w.Row(r.row); err != nil {
			return err
		}
	}
	r.w.Text(r.col, bytes.TrimSpace(r.text))
	r.text = r.text[:0]
	r.col++
	return nil
}

// endLine ends a paragraph. Whether it lies in a cell is known only at the mark
// that ends the cell, so that all but its last paragraph are lines.
func (r *reader) endLine() error {
	text := bytes.TrimSpace(r.text)
	if len(text) == 0 && (len(r.fields) == 0 || len(r.text) > blankKept) {
		r.fields, r.text = r.fields[:0], r.text[:0] // what comes is trimmed anyway
		return nil
	}
	if r.cells {
		if len(text) > 0 {
			r.text = append(r.text, '\n')
		}
		if len(r.text) <= r.w.Max {
			return nil
		}
		r.cells = false
		if err := r.w.Flush(); err != nil {
			return err
		}
	}
	r.fields = r.fields[:0]
	defer func() { r.text = r.text[:0] }()
	if len(text) == 0 {
		return nil
	}
	r.row++
	if err := r.w.Row(r.row); err != nil {
		return err
	}
	r.w.Text(0, text)
	return r.w.Flush()
}

func (r *reader) finish() error {
	if r.cells {
		if err := r.cell(); err != nil {
			return err
		}
		r.cells = false
		if err := r.w.Flush(); err != nil {
			return err
		}
	}
	return r.endLine()
}
