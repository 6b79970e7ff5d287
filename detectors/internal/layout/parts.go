package layout

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
)

// parts takes numbers that are written over several cells: four and six digits
// in two columns (課所符号 and 一連番号), or one digit in each of ten cells of a
// form. Only headings or labels can tell them from other small numbers.
func (f *cells) parts(r *row) error {
	for i := 0; i < len(r.reads); i++ {
		if r.reads[i].Form != lex.FormShort {
			continue
		}
		if r.reads[i].Digits == 1 {
			last, err := f.boxes(r, i)
			if err != nil {
				return err
			}
			i = last
			continue
		}
		c := f.columns.at(r.Cells[i].Col)
		if c.role != vocab.Office && c.role != vocab.Pension || r.reads[i].Digits > 4 {
			continue
		}
		k := f.serial(r, i, c.role)
		if k < 0 {
			continue
		}
		rd := lex.Reading{Value: r.reads[i].Value*1e6 + r.reads[k].Value, Form: lex.FormHyphen}
		n := f.number(r, i, rd, c, observed.ShapeParts)
		n.Mended = r.reads[i].Digits < 4 || r.reads[k].Digits < 6
		f.columns.places[n.Place].numbers++
		if err := f.observeCell(n); err != nil {
			return err
		}
		i = k
	}
	return nil
}

// serial finds the cell with the last six digits that goes with cell i.
func (f *cells) serial(r *row, i int, first vocab.Role) int {
	for k := i + 1; k < len(r.Cells) && r.Cells[k].Col <= r.Cells[i].Col+3; k++ {
		rd := &r.reads[k]
		c := f.columns.at(r.Cells[k].Col)
		switch {
		case rd.Form == lex.FormNone && len(r.Cells[k].Text) <= 3: // a hyphen in a cell of its own
		case rd.Form != lex.FormShort || rd.Value == 0:
			return -1
		case c.role == vocab.Serial:
			return k
		case first == vocab.Pension && (c.heading == "" || c.role == vocab.Pension) && rd.Digits >= 4:
			return k
		case first == vocab.Office && (c.role == vocab.Pension || c.heading == ""):
			return k
		default:
			return -1
		}
	}
	return -1
}

// boxGap is how far apart the digits of a form may stand, in columns: its boxes
// are merged cells.
const boxGap = 4

// boxes reads ten cells of one digit each from cell i on, and returns the last cell
// of the run.
func (f *cells) boxes(r *row, i int) (last int, err error) {
	value, digits, last := f.boxDigits(r, i)
	if digits != 10 {
		if digits > 10 { // a serial number may stand before the boxes
			return i, nil
		}
		return last, nil
	}
	rd := lex.Reading{Value: value, Form: lex.FormHyphen}
	c := f.columns.at(r.Cells[i].Col)
	switch {
	case r.labelLeft(i) == vocab.Pension:
		return last, f.forms.await(r, i, rd, observed.LabelDirect, r.besideLike(i)&^r.labels(), -1)
	case (ofNumber(c.role) || f.columns.headedNear(c.col)) && f.roles == 1:
		return last, f.forms.await(r, i, rd, observed.LabelDirect, r.besideLike(i), -1)
	case ofNumber(c.role) || f.columns.headedNear(c.col):
		n := f.number(r, i, rd, c, observed.ShapeBoxes)
		f.columns.places[n.Place].numbers++
		return last, f.observeCell(n)
	}
	return last, nil
}

// boxDigits reads cells of one digit each from cell i on, a hyphen in its own cell
// after the fourth allowed, up to a column that has a heading of its own. More than
// ten digits are eleven.
func (f *cells) boxDigits(r *row, i int) (value uint64, digits, last int) {
	first := f.columns.at(r.Cells[i].Col)
	k := i
	for ; k < len(r.Cells) && digits < 11 && (k == i || r.Cells[k].Col <= r.Cells[k-1].Col+boxGap); k++ {
		if k > i && f.anotherHead(first, r.Cells[k].Col) {
			break
		}
		rd := &r.reads[k]
		if rd.Form == lex.FormShort && rd.Digits == 1 {
			value, digits = value*10+rd.Value, digits+1
		} else if digits != 4 || !lex.HyphenCell(r.Cells[k].Text) {
			break
		}
	}
	return value, digits, k - 1
}

// anotherHead reports whether a column has a heading that is another than that of
// the column in which boxes begin.
func (f *cells) anotherHead(first *column, col int) bool {
	c := f.columns.known(col)
	if c == nil || c.heading == "" {
		return false
	}
	return ofNumber(c.role) != ofNumber(first.role) || !ofNumber(c.role) && first.heading != ""
}

// ofNumber reports whether a column holds the number or a part of it.
func ofNumber(r vocab.Role) bool { return r == vocab.Pension || r == vocab.Office || r == vocab.Serial }
