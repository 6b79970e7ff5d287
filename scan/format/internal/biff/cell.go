package biff

import (
	"bytes"
	"fmt"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
)

// cell handles the records that hold cells (MS-XLS 2.1.7.20.6); false for others.
func (b *Book) cell() (bool, error) {
	data := b.in.data
	switch b.in.id {
	case recLabelSST:
		return true, b.shared(u16(data, 0), u16(data, 2), u32(data, 6))
	case recRK:
		return true, b.number(data, 6, func(at int) float64 { return rk(u32(data, at)) })
	case 0x0203:
		return true, b.number(data, 6, func(at int) float64 { return f64(data, at) })
	case 0x0003:
		return true, b.number(data, 7, func(at int) float64 { return f64(data, at) })
	case 0x0002:
		return true, b.number(data, 7, func(at int) float64 { return float64(u16(data, at)) })
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
func (b *Book) place(row, col int) error {
	b.row, b.col = row, col
	return b.w.Row(row + 1)
}

// formatOf gives the number of the format of a cell: by its style, or in BIFF2
// by the cell itself (three bytes of attributes at 4).
func (b *Book) formatOf(data []byte) int {
	if b.v == biff2 {
		if len(data) > 5 {
			return int(data[5] & 0x3F)
		}
		return 0
	}
	return b.styleFormat(u16(data, 4))
}

func (b *Book) styleFormat(xf int) int {
	if xf < len(b.xfs) {
		return b.xfs[xf]
	}
	return 0
}

func (b *Book) number(data []byte, at int, value func(at int) float64) error {
	if len(data) < at+2 {
		return b.short()
	}
	if err := b.place(u16(data, 0), u16(data, 2)); err != nil {
		return err
	}
	b.w.End(b.col, b.format(b.formatOf(data)).AppendFloat(b.w.Buf(), value(at), b.date1904))
	return nil
}

// mulRK reads several numbers side by side (MS-XLS 2.4.175).
func (b *Book) mulRK(data []byte) error {
	if len(data) < 6 {
		return b.short()
	}
	if err := b.place(u16(data, 0), u16(data, 2)); err != nil {
		return err
	}
	for at := 4; at+6 <= len(data); at += 6 {
		f := b.format(b.styleFormat(u16(data, at)))
		b.w.End(b.col, f.AppendFloat(b.w.Buf(), rk(u32(data, at+2)), b.date1904))
		b.col++
	}
	return nil
}

func (b *Book) shared(row, col int, i uint32) error {
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

func (b *Book) label(at int, wide bool) error {
	if len(b.in.data) < at {
		return b.short()
	}
	if err := b.place(u16(b.in.data, 0), u16(b.in.data, 2)); err != nil {
		return err
	}
	b.w.End(b.col, b.text(b.w.Buf(), at, wide))
	return nil
}

func (b *Book) boolErr(data []byte, at int) error {
	if len(data) < at+2 {
		return b.short()
	}
	if err := b.place(u16(data, 0), u16(data, 2)); err != nil {
		return err
	}
	b.w.String(b.col, boolErr(data[at], data[at+1] != 0))
	return nil
}

// boolErr shows a truth value or an error (MS-XLS 2.5.10, BErr).
func boolErr(value byte, isErr bool) string {
	if !isErr {
		if value != 0 {
			return "TRUE"
		}
		return "FALSE"
	}
	switch value {
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

// formula reads the last result of a formula (MS-XLS 2.5.133, FormulaValue).
func (b *Book) formula(data []byte) error {
	at := 6
	if b.v == biff2 {
		at = 7
	}
	if len(data) < at+8 {
		return b.short()
	}
	if err := b.place(u16(data, 0), u16(data, 2)); err != nil {
		return err
	}
	b.pending = false
	if u16(data, at+6) != 0xFFFF {
		f := b.format(b.formatOf(data))
		b.w.End(b.col, f.AppendFloat(b.w.Buf(), f64(data, at), b.date1904))
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
func (b *Book) formulaText() error {
	if !b.pending {
		return nil
	}
	b.pending = false
	b.w.End(b.col, b.text(b.w.Buf(), 0, b.in.id == recString))
	return nil
}

// short notes a record that is too short for what it is.
func (b *Book) short() error {
	b.cut++
	return nil
}

// maxAside bounds what is kept of a sheet until its cells are through.
const (
	maxAside  = 1 << 20
	asideCost = 32 // of a text beside its bytes
)

// aside handles text that stands beside the cells: headers, footers, notes and
// text boxes, and the copies of cells of other workbooks.
func (b *Book) aside() error {
	data := b.in.data
	var text []byte
	switch b.in.id {
	case recHeader, recFooter:
		if len(data) == 0 {
			return nil
		}
		text = b.text(nil, 0, b.v == biff8)
	case recNote:
		return b.noteRecord()
	case recTXO:
		s := segments{r: b.in}
		var ok bool
		if text, ok = s.chars(nil, u16(data, 10), false); !ok {
			b.cut++
		}
		if s.err != nil {
			return s.err
		}
	case recOBJ:
		if b.v <= biff5 && u16(data, 4) == 6 {
			return b.oldTextBox(data)
		}
		return nil
	case recCRN:
		return b.cached(data)
	default:
		return nil
	}
	return b.keep(text)
}

// oldTextBox looks for text in a text box of Excel 5, whose layout is not published.
func (b *Book) oldTextBox(data []byte) error {
	b.w.Out.Problem(fmt.Errorf("text box of Excel 5 in sheet %q was searched for text, best effort: %w", b.table, scan.ErrUnsupported))
	found := &collected{Sink: b.w.Out}
	w := grid.Writer{Out: found, Max: b.w.Max}
	if err := rawtext.Scan(bytes.NewReader(data), &w, rawtext.Japanese); err != nil {
		return err
	}
	for _, text := range found.texts {
		if err := b.keep(text); err != nil {
			return err
		}
	}
	return nil
}

// collected keeps rows of one cell until their sheet is through.
type collected struct {
	scan.Sink
	texts [][]byte
}

func (c *collected) Row(r scan.Row) error {
	c.texts = append(c.texts, bytes.Clone(r.Cells[0].Text))
	return nil
}

func (b *Book) keep(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	b.asides = append(b.asides, text)
	if b.asideLen += len(text) + asideCost; b.asideLen > maxAside {
		return b.flushAsides()
	}
	return nil
}

// noteRecord reads a NOTE before BIFF8, where it holds the text itself; a row
// of 0xFFFF goes on with the note before. In BIFF8 the text is in a text box.
func (b *Book) noteRecord() error {
	data := b.in.data
	if b.v == biff8 || len(data) < 6 {
		return nil
	}
	text := b.codes.Append(nil, data[6:min(6+u16(data, 4), len(data))])
	if last := len(b.asides) - 1; u16(data, 0) == 0xFFFF && last >= 0 && len(b.asides[last]) <= b.w.Max {
		b.asides[last] = append(b.asides[last], text...)
		b.asideLen += len(text)
		return nil
	}
	return b.keep(text)
}

// flushAsides hands out what was kept as a table of its own; a row of the sheet
// may be waiting.
func (b *Book) flushAsides() error {
	if len(b.asides) == 0 {
		return nil
	}
	if err := b.side.Begin(b.table + "!text"); err != nil {
		return err
	}
	for _, text := range b.asides {
		if err := b.side.Lines(string(text)); err != nil {
			return err
		}
	}
	b.asides, b.asideLen = nil, 0
	return nil
}

// cached reads cells of another workbook (MS-XLS 2.4.63, CRN).
func (b *Book) cached(data []byte) error {
	if len(data) < 4 {
		return nil
	}
	last, col := int(data[0]), int(data[1])
	s := segments{r: b.in, data: data[4:]}
	if err := b.w.Begin(b.Name + "!external"); err != nil {
		return err
	}
	if err := b.w.Row(u16(data, 2) + 1); err != nil {
		return err
	}
	for ; col <= last; col++ {
		kind, ok := s.number(1)
		if !ok {
			break
		}
		switch kind {
		case 1:
			lo, _ := s.number(4)
			hi, _ := s.number(4)
			b.w.End(col, b.format(0).AppendFloat(b.w.Buf(), floatOf(lo, hi), b.date1904))
		case 2:
			n, _ := s.number(2)
			if b.v < biff8 {
				return nil
			}
			text, ok := s.rich(b.w.Buf(), int(n))
			if !ok {
				b.cut++
			}
			b.w.End(col, text)
		default:
			s.skip(8)
		}
	}
	if s.err != nil {
		return s.err
	}
	return b.w.Flush()
}
