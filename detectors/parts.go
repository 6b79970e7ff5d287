package detectors

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// parts takes numbers that are written over several cells: four and six digits
// in two columns (課所符号 and 一連番号), or one digit in each of ten cells of a
// form. Only headings or labels can tell them from other small numbers.
func (t *table) parts(r *scan.Row) error {
	for i := 0; i < len(t.reads); i++ {
		if t.reads[i].Form != lex.FormShort {
			continue
		}
		if t.reads[i].Digits == 1 {
			last, err := t.boxes(r, i)
			if err != nil {
				return err
			}
			i = last
			continue
		}
		c := t.column(r.Cells[i].Col)
		if c.kind != vocab.Office && c.kind != vocab.Pension || t.reads[i].Digits > 4 {
			continue
		}
		k := t.serial(r, i, c.kind)
		if k < 0 {
			continue
		}
		rd := lex.Reading{Value: t.reads[i].Value*1e6 + t.reads[k].Value, Form: lex.FormHyphen}
		var f flags
		if t.reads[i].Digits < 4 || t.reads[k].Digits < 6 {
			f = flagMended
		}
		s := t.slotOf(c)
		t.slots[s].count(rd)
		t.candidate(r, rd, s, f)
		i = k
	}
	return nil
}

// serial finds the cell with the last six digits that goes with cell i.
func (t *table) serial(r *scan.Row, i int, first vocab.Role) int {
	for k := i + 1; k < len(r.Cells) && r.Cells[k].Col <= r.Cells[i].Col+3; k++ {
		rd := t.reads[k]
		c := t.column(r.Cells[k].Col)
		switch {
		case rd.Form == lex.FormNone && len(r.Cells[k].Text) <= 3: // a hyphen in a cell of its own
		case rd.Form != lex.FormShort || rd.Value == 0:
			return -1
		case c.kind == vocab.Serial:
			return k
		case first == vocab.Pension && (c.heading == "" || c.kind == vocab.Pension) && rd.Digits >= 4:
			return k
		case first == vocab.Office && (c.kind == vocab.Pension || c.heading == ""):
			return k
		default:
			return -1
		}
	}
	return -1
}

// boxes reads ten cells of one digit each from cell i on, a hyphen in its own
// cell after the fourth allowed, and gives the last cell of the run.
func (t *table) boxes(r *scan.Row, i int) (last int, err error) {
	var value uint64
	digits, k := 0, i
	for ; k < len(r.Cells) && (k == i || r.Cells[k].Col <= r.Cells[k-1].Col+boxGap); k++ {
		rd := t.reads[k]
		if rd.Form == lex.FormShort && rd.Digits == 1 {
			value, digits = value*10+rd.Value, min(digits+1, 11)
		} else if digits != 4 || !lex.HyphenCell(r.Cells[k].Text) {
			break
		}
		if digits == 11 {
			value = 0 // longer than a number; its digits are of no use
		}
	}
	last = k - 1
	if digits != 10 {
		return last, nil
	}
	rd := lex.Reading{Value: value, Form: lex.FormHyphen}
	c := t.column(r.Cells[i].Col)
	switch {
	case t.labelLeft(r, i) == vocab.Pension:
		return last, t.await(r, i, lex.Find{Reading: rd}, labelDirect, t.likeCells(r, i)&^t.labelledIn(r), -1)
	case (c.kind == vocab.Pension || t.headedNear(c.col)) && t.roles == 1:
		return last, t.await(r, i, lex.Find{Reading: rd}, labelDirect, t.likeCells(r, i), -1)
	case c.kind == vocab.Pension || t.headedNear(c.col):
		s := t.slotOf(c)
		t.slots[s].count(rd)
		t.slots[s].boxes++
		t.candidate(r, rd, s, 0)
	}
	return last, nil
}

// boxGap is how far apart the digits of a form may stand, in columns: its boxes
// are merged cells.
const boxGap = 4

// headedNear says that the number's heading stands above, a little to the left.
func (t *table) headedNear(col int) bool {
	for k := col - 1; k >= max(0, col-boxGap); k-- {
		if c := t.known(k); c != nil && c.heading != "" {
			return c.kind == vocab.Pension
		}
	}
	return false
}
