package biff

import (
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/codepage"
	"github.com/kagiban/kagiban/scan/format/internal/excel"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/numfmt"
)

// ReadPivot hands out the items of a pivot cache, a row each: a copy of the
// table that stays when the table itself is gone (MS-XLS 2.2.2, stream of the
// storage _SX_DB_CUR, and _SX_DB before BIFF8).
func ReadPivot(f *scan.File, name string, r io.Reader, wide bool, out scan.Sink) error {
	b := &stream{w: grid.New(f, out), in: newReader(r), codes: codepage.New(codepage.Japanese), v: biff5}
	if wide {
		b.v = biff8
	}
	if err := b.w.Begin(name); err != nil {
		return err
	}
	general := numfmt.Compile("")
	for {
		if err := b.in.next(); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		var cell []byte
		switch b.in.id {
		case 0x00CD: // SXString
			cell = b.text(b.w.Buf(), 0, true)
		case 0x00C9: // SXNum
			cell = general.AppendFloat(b.w.Buf(), excel.F64(b.in.data, 0), false)
		default:
			continue
		}
		b.w.End(0, cell)
		if err := b.w.Next(); err != nil {
			return err
		}
	}
	if err := b.w.Flush(); err != nil {
		return err
	}
	if b.cut > 0 {
		out.Problem(malformed("%d texts of a pivot cache break off", b.cut))
	}
	return nil
}
