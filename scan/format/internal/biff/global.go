package biff

import (
	"fmt"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/codepage"
	"github.com/kagiban/kagiban/scan/format/internal/excel"
)

// global handles what is no cell.
func (b *Book) global() error {
	data := b.in.data
	switch b.in.id {
	case recSST:
		return b.readStrings()
	case recCodePage:
		b.codePage(excel.U16(data, 0))
	case recDate1904:
		b.styles.Date1904 = excel.U16(data, 0) == 1
	case recXF, 0x0043, 0x0243, 0x0443:
		b.style(data)
	case recFormat, 0x001E:
		b.numberFormat()
	case recBoundSheet:
		b.boundSheet(data)
	case 0x008F: // SHEETHDR of a BIFF4 workbook: the sheet that follows
		b.table = b.Name + string(b.text(nil, 4, false))
	case recProtect:
		switch {
		case excel.U16(data, 0) == 0:
		case b.kind == kindGlobals || b.kind == kindWork:
			b.notes = scan.AddNote(b.notes, scan.NoteWorkbookStructure)
		default:
			b.notes = scan.AddNote(b.notes, scan.NoteSheetProtection)
		}
	case recWriteProt:
		b.notes = scan.AddNote(b.notes, scan.NoteWriteReservation)
	case recFileSharing:
		if excel.U16(data, 0) != 0 {
			b.notes = scan.AddNote(b.notes, scan.NoteReadOnlyRecommended)
		}
		if excel.U16(data, 2) != 0 {
			b.notes = scan.AddNote(b.notes, scan.NoteWriteReservation)
		}
	default:
		return b.aside()
	}
	return nil
}

func (b *Book) codePage(n int) {
	switch n {
	case 0x8000:
		n = 10000
	case 0x8001:
		n = 1252
	}
	b.codes = codepage.New(n)
}

// style reads the number format of an XF record (MS-XLS 2.4.353).
func (b *Book) style(data []byte) {
	n := 0
	switch b.in.id {
	case recXF:
		n = excel.U16(data, 2)
	case 0x0043:
		if len(data) > 2 {
			n = int(data[2] & 0x3F)
		}
	default:
		if len(data) > 1 {
			n = int(data[1])
		}
	}
	b.styles.Add(n)
}

// numberFormat reads a FORMAT record (MS-XLS 2.4.126).
func (b *Book) numberFormat() {
	n, cut := b.listed, b.cut
	b.listed++
	var code []byte
	switch {
	case b.in.id == 0x001E:
		code = b.text(nil, 0, false)
	case b.v == biff4:
		code = b.text(nil, 2, false)
	default:
		n = excel.U16(b.in.data, 0)
		code = b.text(nil, 2, b.v == biff8)
	}
	b.styles.Define(n, string(code))
	b.cut = cut // writers miscount codes; no text of a cell is lost
}

// boundSheet reads the place, state and name of a sheet (MS-XLS 2.4.28).
func (b *Book) boundSheet(data []byte) {
	if len(data) < 8 || len(b.sheets) >= 1<<16 {
		return
	}
	if data[4]&3 != 0 {
		b.notes = scan.AddNote(b.notes, scan.NoteHiddenSheets)
	}
	s := boundSheet{pos: int64(excel.U32(data, 0))}
	if s.name = string(b.text(nil, 6, false)); data[5] == kindVB {
		return // a module of Visual Basic for Excel 5: no cells
	}
	b.sheets = append(b.sheets, s)
}

// readStrings fills the table of shared strings (MS-XLS 2.4.265).
func (b *Book) readStrings() error {
	s := segments{r: b.in, data: b.in.data}
	s.skip(4)
	unique, _ := s.number(4)
	var buf []byte
	for i := uint32(0); i < unique; i++ {
		n, ok := s.number(2)
		if !ok {
			b.w.Out.Problem(malformed("%d of %d shared strings are not there", unique-i, unique))
			break
		}
		if buf, ok = s.rich(buf[:0], int(n)); !ok {
			b.cut++
		}
		if err := b.cells.strings.Add(buf); err != nil {
			return fmt.Errorf("shared strings: %w", err)
		}
	}
	return s.err
}
