package xlsb

import (
	"bytes"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/excel"
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
		return s.book.w.Row(int(excel.U32(data, 0)&0xFFFFF) + 1)
	case id >= brtCellRk && id <= brtFmlaError, id == brtCellRString:
		s.col = int(excel.U32(data, 0) & 0x3FFF)
		return s.cell(id, data, 4)
	case id == 1: // blank
		s.col = int(excel.U32(data, 0) & 0x3FFF)
	case id == 12: // blank in the short form
		s.col++
	case id >= brtShortRk && id <= brtShortIsst:
		s.col++
		return s.cell(id-brtShortRk+brtCellRk, data, 0)
	case id == brtSheetProt:
		if excel.U32(data, 2) != 0 {
			s.book.notes = scan.AddNote(s.book.notes, scan.NoteSheetProtection)
		}
	case id == brtSheetProtIso:
		s.book.notes = scan.AddNote(s.book.notes, scan.NoteSheetProtection)
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
		s.aside(s.book.styles.Format(0).AppendFloat(nil, excel.F64(data, 0), false))
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
	style := int(excel.U32(data, at) & 0xFFFFFF)
	at += 4
	switch id {
	case brtCellRk:
		b.w.End(s.col, b.styles.Of(style).AppendFloat(b.w.Buf(), excel.RK(excel.U32(data, at)), b.styles.Date1904))
	case 3, 11:
		b.w.String(s.col, excel.ErrorText(data[at]))
	case 4, 10:
		if data[at] != 0 {
			b.w.String(s.col, "TRUE")
		} else {
			b.w.String(s.col, "FALSE")
		}
	case 5, 9:
		b.w.End(s.col, b.styles.Of(style).AppendFloat(b.w.Buf(), excel.F64(data, at), b.styles.Date1904))
	case 6, 8:
		s.text(data, at)
	case brtCellRString:
		s.text(data, at+1)
	case 7:
		i := excel.U32(data, at)
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
