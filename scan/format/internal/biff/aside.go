package biff

import (
	"bytes"
	"fmt"
	"math"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/excel"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
)

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
		if text, ok = s.chars(nil, excel.U16(data, 10), false); !ok {
			b.cut++
		}
		if s.err != nil {
			return s.err
		}
	case recOBJ:
		if b.v <= biff5 && excel.U16(data, 4) == 6 {
			return b.oldTextBox(data)
		}
		return b.residue(data)
	case recCRN:
		return b.cached(data)
	default:
		return b.residue(data)
	}
	return b.asides.keep(b.table, text)
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
		if err := b.asides.keep(b.table, text); err != nil {
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

// asides are texts beside the cells of a sheet; a row of the sheet may be waiting
// while they are handed out.
type asides struct {
	w     *grid.Writer
	texts [][]byte
	size  int
}

// keep keeps a text of a sheet.
func (a *asides) keep(sheet string, text []byte) error {
	if len(text) == 0 {
		return nil
	}
	a.texts = append(a.texts, text)
	if a.size += len(text) + asideCost; a.size > maxAside {
		return a.flush(sheet)
	}
	return nil
}

// extend makes the last text longer, unless it fills a cell already.
func (a *asides) extend(text []byte) bool {
	last := len(a.texts) - 1
	if last < 0 || len(a.texts[last]) > a.w.Max {
		return false
	}
	a.texts[last] = append(a.texts[last], text...)
	a.size += len(text)
	return true
}

// flush hands out what was kept as a table of its own.
func (a *asides) flush(sheet string) error {
	if len(a.texts) == 0 {
		return nil
	}
	if err := a.w.Begin(sheet + "!text"); err != nil {
		return err
	}
	for _, text := range a.texts {
		if err := a.w.Lines(string(text)); err != nil {
			return err
		}
	}
	a.texts, a.size = nil, 0
	return nil
}

// noteRecord reads a NOTE before BIFF8, where it holds the text itself; a row
// of 0xFFFF goes on with the note before. In BIFF8 the text is in a text box.
func (b *Book) noteRecord() error {
	data := b.in.data
	if b.v == biff8 || len(data) < 6 {
		return nil
	}
	text := b.codes.Append(nil, data[6:min(6+excel.U16(data, 4), len(data))])
	if excel.U16(data, 0) == 0xFFFF && b.asides.extend(text) {
		return nil
	}
	return b.asides.keep(b.table, text)
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
	if err := b.w.Row(excel.U16(data, 2) + 1); err != nil {
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
			value := math.Float64frombits(uint64(hi)<<32 | uint64(lo))
			b.w.End(col, b.styles.Format(0).AppendFloat(b.w.Buf(), value, b.styles.Date1904))
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
