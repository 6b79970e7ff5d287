package biff

import (
	"github.com/kagiban/kagiban/scan/format/internal/excel"
	"github.com/kagiban/kagiban/scan/format/internal/numfmt"
	"github.com/kagiban/kagiban/scan/format/internal/strtab"
)

// cells reads the records that hold cells.
type cells struct {
	*stream
	base     uint32 // of the numbers of shared strings
	strings  *strtab.Table
	strays   int  // cells whose shared string does not exist
	pending  bool // a formula waits for its STRING
	row, col int
}

// record handles the records that hold cells (MS-XLS 2.1.7.20.6); false for others.
func (b *cells) record() (bool, error) {
	data := b.in.data
	switch b.in.id {
	case recLabelSST:
		return true, b.shared(excel.U16(data, 0), excel.U16(data, 2), excel.U32(data, 6))
	case recRK:
		return true, b.number(data, 6, func(at int) float64 { return excel.RK(excel.U32(data, at)) })
	case 0x0203:
		return true, b.number(data, 6, func(at int) float64 { return excel.F64(data, at) })
	case 0x0003:
		return true, b.number(data, 7, func(at int) float64 { return excel.F64(data, at) })
	case 0x0002:
		return true, b.number(data, 7, func(at int) float64 { return float64(excel.U16(data, at)) })
	case recMulRK:
		return true, b.mulRK(data)
	case 0x0204, recRString:
		return true, b.label(6, true)
	case 0x0004:
		return true, b.label(7, false)
	case 0x0205:
		return true, b.boolErr(data, 6)
	case 0x0005:
		return true, b.boolErr(data, 7)
	case recFormula, 0x0206, 0x0406:
		return true, b.formula(data)
	case recString, 0x0007:
		return true, b.formulaText()
	}
	return false, nil
}

// place goes to the cell of a record.
func (b *cells) place(row, col int) error {
	b.row, b.col = row, col
	return b.w.Row(row + 1)
}

// format returns the number format of a cell: by its style, or in BIFF2 by the
// cell itself (three bytes of attributes at 4).
func (b *cells) format(data []byte) *numfmt.Format {
	switch {
	case b.v != biff2:
		return b.styles.Of(excel.U16(data, 4))
	case len(data) > 5:
		return b.styles.Format(int(data[5] & 0x3F))
	}
	return b.styles.Format(0)
}

func (b *cells) number(data []byte, at int, value func(at int) float64) error {
	if len(data) < at+2 {
		return b.short()
	}
	if err := b.place(excel.U16(data, 0), excel.U16(data, 2)); err != nil {
		return err
	}
	b.w.End(b.col, b.format(data).AppendFloat(b.w.Buf(), value(at), b.styles.Date1904))
	return nil
}

// mulRK reads several numbers side by side (MS-XLS 2.4.175).
func (b *cells) mulRK(data []byte) error {
	if len(data) < 6 {
		return b.short()
	}
	if err := b.place(excel.U16(data, 0), excel.U16(data, 2)); err != nil {
		return err
	}
	for at := 4; at+6 <= len(data); at += 6 {
		f := b.styles.Of(excel.U16(data, at))
		b.w.End(b.col, f.AppendFloat(b.w.Buf(), excel.RK(excel.U32(data, at+2)), b.styles.Date1904))
		b.col++
	}
	return nil
}

func (b *cells) shared(row, col int, i uint32) error {
	if err := b.place(row, col); err != nil {
		return err
	}
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
	b.w.Shared(col, text, b.base+i+1)
	return nil
}

func (b *cells) label(at int, wide bool) error {
	if len(b.in.data) < at {
		return b.short()
	}
	if err := b.place(excel.U16(b.in.data, 0), excel.U16(b.in.data, 2)); err != nil {
		return err
	}
	b.w.End(b.col, b.text(b.w.Buf(), at, wide))
	return nil
}

func (b *cells) boolErr(data []byte, at int) error {
	if len(data) < at+2 {
		return b.short()
	}
	if err := b.place(excel.U16(data, 0), excel.U16(data, 2)); err != nil {
		return err
	}
	b.w.String(b.col, boolErr(data[at], data[at+1] != 0))
	return nil
}

// boolErr shows a truth value or an error (MS-XLS 2.5.10, BErr).
func boolErr(value byte, isErr bool) string {
	switch {
	case isErr:
		return excel.ErrorText(value)
	case value != 0:
		return "TRUE"
	}
	return "FALSE"
}

// formula reads the last result of a formula (MS-XLS 2.5.133, FormulaValue).
func (b *cells) formula(data []byte) error {
	at := 6
	if b.v == biff2 {
		at = 7
	}
	if len(data) < at+8 {
		return b.short()
	}
	if err := b.place(excel.U16(data, 0), excel.U16(data, 2)); err != nil {
		return err
	}
	b.pending = false
	if excel.U16(data, at+6) != 0xFFFF {
		f := b.format(data)
		b.w.End(b.col, f.AppendFloat(b.w.Buf(), excel.F64(data, at), b.styles.Date1904))
		return nil
	}
	switch data[at] {
	case 0:
		b.pending = true
	case 1, 2:
		b.w.String(b.col, boolErr(data[at+2], data[at] == 2))
	}
	return nil
}

// formulaText reads the result that follows a formula (MS-XLS 2.4.268).
func (b *cells) formulaText() error {
	if !b.pending {
		return nil
	}
	b.pending = false
	b.w.End(b.col, b.text(b.w.Buf(), 0, b.in.id == recString))
	return nil
}

// short notes a record that is too short for what it is.
func (b *stream) short() error {
	b.cut++
	return nil
}
