package xlsb

import (
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/excel"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/strtab"
)

// A Workbook collects what the parts of one workbook say. Read the workbook,
// the styles and the strings before the sheets.
type Workbook struct {
	Sheets []Sheet // in the order of the workbook

	w       *grid.Writer
	styles  excel.Styles
	strings *strtab.Table
	notes   []scan.Note
	bad     int // records too short for what they are
	strays  int
}

// A Sheet is a sheet as the workbook names it.
type Sheet struct{ Rel, Name string }

const (
	maxSheets = 1 << 16
	maxName   = 1 << 10 // bytes of a name that is kept
)

func short(name []byte) string { return string(name[:min(len(name), maxName)]) }

// New makes a workbook that hands its rows to out.
func New(f *scan.File, out scan.Sink) *Workbook {
	return &Workbook{w: grid.New(f, out), strings: strtab.New(f.Scratch)}
}

// Close frees the shared strings.
func (b *Workbook) Close() { b.strings.Close() }

// Notes are what the parts read so far say to the owner.
func (b *Workbook) Notes() []scan.Note { return b.notes }

// each runs visit on each record of a part.
func (b *Workbook) each(part io.Reader, visit func(id int, data []byte) error) error {
	r := newRecords(part)
	for {
		err := r.next()
		if err == nil {
			err = visit(r.id, r.data)
		}
		if err == io.EOF {
			return b.report()
		}
		if err != nil {
			if ferr := b.w.Flush(); ferr != nil {
				return ferr
			}
			return err
		}
	}
}

// report reports what was wrong with the records of a part.
func (b *Workbook) report() error {
	if b.bad > 0 {
		b.w.Out.Problem(fmt.Errorf("%d records break off: %w", b.bad, scan.ErrMalformed))
	}
	if b.strays > 0 {
		b.w.Out.Problem(fmt.Errorf("%d cells refer to shared strings that are not there: %w", b.strays, scan.ErrMalformed))
	}
	if err := b.styles.Check(); err != nil {
		b.w.Out.Problem(err)
	}
	b.bad, b.strays = 0, 0
	return b.w.Flush()
}

// ReadWorkbook reads workbook.bin (MS-XLSB 2.1.7.61).
func (b *Workbook) ReadWorkbook(part io.Reader) error {
	return b.each(part, func(id int, data []byte) error {
		switch id {
		case brtWbProp:
			b.styles.Date1904 = excel.U32(data, 0)&1 != 0
		case brtBundleSh:
			if excel.U32(data, 0)&3 != 0 {
				b.notes = scan.AddNote(b.notes, scan.NoteHiddenSheets)
			}
			rel, at, ok1 := wide(nil, data, 8)
			name, _, ok2 := wide(nil, data, at)
			if !ok1 || !ok2 {
				b.bad++
			}
			if len(b.Sheets) < maxSheets {
				b.Sheets = append(b.Sheets, Sheet{short(rel), short(name)})
			}
		case brtBookProt:
			if excel.U16(data, 4)&3 != 0 {
				b.notes = scan.AddNote(b.notes, scan.NoteWorkbookStructure)
			}
		case brtBookProtIso:
			b.notes = scan.AddNote(b.notes, scan.NoteWorkbookStructure)
		case brtFileSharing:
			if excel.U16(data, 0) != 0 {
				b.notes = scan.AddNote(b.notes, scan.NoteReadOnlyRecommended)
			}
			if excel.U16(data, 2) != 0 {
				b.notes = scan.AddNote(b.notes, scan.NoteWriteReservation)
			}
		case brtSharingIso:
			b.notes = scan.AddNote(b.notes, scan.NoteWriteReservation)
		}
		return nil
	})
}

// ReadStyles reads styles.bin (MS-XLSB 2.1.7.50): the format of each cell style.
func (b *Workbook) ReadStyles(part io.Reader) error {
	inXFs := false
	return b.each(part, func(id int, data []byte) error {
		switch id {
		case brtBeginXFs:
			inXFs = true
		case brtEndXFs:
			inXFs = false
		case brtXF:
			if inXFs {
				b.styles.Add(excel.U16(data, 2))
			}
		case brtFmt:
			code, _, ok := wide(nil, data, 2)
			if !ok {
				b.bad++
			}
			b.styles.Define(excel.U16(data, 0), string(code))
		}
		return nil
	})
}

// ReadStrings reads sharedStrings.bin (MS-XLSB 2.1.7.45); furigana stand
// behind the text of an item and are left out.
func (b *Workbook) ReadStrings(part io.Reader) error {
	var buf []byte
	return b.each(part, func(id int, data []byte) error {
		if id != brtSSTItem {
			return nil
		}
		var ok bool
		if buf, _, ok = wide(buf[:0], data, 1); !ok {
			b.bad++
		}
		return b.strings.Add(buf)
	})
}

// ReadSheet reads a sheet part (MS-XLSB 2.1.7.62), or the comments of one.
func (b *Workbook) ReadSheet(part io.Reader, name string) error {
	if err := b.w.Begin(name); err != nil {
		return err
	}
	s := sheet{book: b}
	if err := b.each(part, s.record); err != nil {
		return err
	}
	if err := b.w.Begin(name + "!text"); err != nil {
		return err
	}
	for _, text := range s.asides {
		if err := b.w.Next(); err != nil {
			return err
		}
		b.w.Text(0, text)
	}
	return b.w.Flush()
}
