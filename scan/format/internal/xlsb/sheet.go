package xlsb

import (
	"bytes"

	"github.com/kagiban/kagiban/scan"
)

// A sheet is a sheet part being read.
type sheet struct {
	book   *Workbook
	col    int
	asides [][]byte // headers, footers and comments
	size   int
}

// maxAside bounds the text beside the cells that is kept until they are through.
const (
	maxAside  = 8 << 20
	asideCost = 32 // of a text beside its bytes
)

func (s *sheet) record(id int, data []byte) error {
	switch {
	case id == brtRowHdr:
		s.col = -1
		return s.book.w.Row(int(u32(data, 0)&0xFFFFF) + 1)
	case id >= brtCellRk && id <= brtFmlaError, id == brtCellRString:
		s.col = int(u32(data, 0) & 0x3FFF)
		return s.cell(id, data, 4)
	case id == 1: // blank
		s.col = int(u32(data, 0) & 0x3FFF)
	case id == 12: // blank in the short form
		s.col++
	case id >= brtShortRk && id <= brtShortIsst:
		s.col++
		return s.cell(id-brtShortRk+brtCellRk, data, 0)
	case id == brtSheetProt:
		if u32(data, 2) != 0 {
			s.book.note(scan.NoteSheetProtection)
		}
	case id == brtSheetProtIso:
		s.book.note(scan.NoteSheetProtection)
	case id == brtHeaderFooter:
		at := 2
		for range 6 {
			var text []byte
			text, at, _ = wide(nil, data, at)
			s.aside(text)
		}
	case id == brtCommentText:
		text, _, ok := wide(nil, data, 1)
		if !ok {
			s.book.bad++
		}
		s.aside(text)
	case id == brtPCDIString:
		text, _, _ := wide(nil, data, 0)
		s.aside(text)
	case id == brtPCDINumber:
		s.aside(s.book.format(1<<30).AppendFloat(nil, f64(data, 0), false))
	}
	return nil
}

func (s *sheet) aside(text []byte) {
	if len(text) == 0 {
		return
	}
	text = s.book.w.Cut(text)
	if s.size += len(text) + asideCost; s.size > maxAside {
		if s.size-len(text)-asideCost <= maxAside {
			s.book.w.Out.Problem(&scan.LimitError{Limit: "cell"})
		}
		return
	}
	s.asides = append(s.asides, bytes.Clone(text))
}

// cell reads a cell; its style stands at an offset, its value four bytes on
// (MS-XLSB 2.5.9 and 2.5.10).
func (s *sheet) cell(id int, data []byte, at int) error {
	b := s.book
	if len(data) < at+5 {
		b.bad++
		return nil
	}
	style := int(u32(data, at) & 0xFFFFFF)
	at += 4
	switch id {
	case brtCellRk:
		b.w.End(s.col, b.format(style).AppendFloat(b.w.Buf(), rk(u32(data, at)), b.date1904))
	case 3, 11:
		b.w.String(s.col, errorText(data[at]))
	case 4, 10:
		if data[at] != 0 {
			b.w.String(s.col, "TRUE")
		} else {
			b.w.String(s.col, "FALSE")
		}
	case 5, 9:
		b.w.End(s.col, b.format(style).AppendFloat(b.w.Buf(), f64(data, at), b.date1904))
	case 6, 8:
		s.text(data, at)
	case brtCellRString:
		s.text(data, at+1)
	case 7:
		i := u32(data, at)
		if b.w.Full() {
			return nil
		}
		text, ok, err := b.strings.Get(int(i))
		if err != nil {
			return err
		}
		if !ok {
			b.strays++
			return nil
		}
		b.w.Shared(s.col, text, i+1)
	}
	return nil
}

func (s *sheet) text(data []byte, at int) {
	text, _, ok := wide(s.book.w.Buf(), data, at)
	if !ok {
		s.book.bad++
	}
	s.book.w.End(s.col, text)
}

// errorText shows an error value (MS-XLSB 2.5.97.2).
func errorText(code byte) string {
	switch code {
	case 0x00:
		return "#NULL!"
	case 0x07:
		return "#DIV/0!"
	case 0x0F:
		return "#VALUE!"
	case 0x17:
		return "#REF!"
	case 0x1D:
		return "#NAME?"
	case 0x24:
		return "#NUM!"
	}
	return "#N/A"
}
