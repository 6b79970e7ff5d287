package layout

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
)

// cells finds the numbers that stand in cells of their own.
type cells struct {
	*page
	forms *forms
}

// whole takes the cells that are a number by themselves.
func (f *cells) whole(r *row) error {
	for i := range r.reads {
		rd := r.reads[i].Reading
		if !rd.Number() && rd.Form != lex.FormRounded {
			continue
		}
		c := f.columns.at(r.Cells[i].Col)
		var err error
		switch {
		case rd.Form == lex.FormRounded && c.role == vocab.Pension:
			err = f.observeCell(f.number(r, i, rd, c, observed.ShapeCell))
		case rd.Form == lex.FormGrouped && !ofNumber(c.role):
			if r.labelLeft(i) == vocab.Pension {
				err = f.forms.number(r, i, rd, observed.LabelDirect)
			}
		case rd.Number():
			err = f.cell(r, i, rd, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// number is the number that begins in cell i.
func (f *cells) number(r *row, i int, rd lex.Reading, c *column, shape observed.Shape) observed.Number {
	return observed.Number{Reading: rd, Row: r.N, Col: r.Cells[i].Col, Place: f.columns.placeOf(c), Shape: shape}
}

// cell takes one number. What has a label of its own is judged by that and not with
// its column, which holds other things.
func (f *cells) cell(r *row, i int, rd lex.Reading, c *column) error {
	n := f.number(r, i, rd, c, observed.ShapeCell)
	if f.near > 0 && len(r.Cells) == 1 && c.role == vocab.None && rd.Form != lex.FormNine {
		return f.forms.await(r, i, rd, observed.LabelNear, 0, -1)
	}
	if c.role == vocab.Pension && len(r.Cells) == 1 && f.roles == 1 {
		return f.forms.await(r, i, f.mend(rd), observed.LabelDirect, 0, -1)
	}
	at := &f.columns.places[n.Place]
	if c.role != vocab.Pension && at.numbers < sampleSize {
		if done, err := f.labelled(r, i); done || err != nil {
			return err
		}
	}
	if lex.SampleLike(rd.Value) {
		c.filled-- // says nothing of the column
	} else {
		at.numbers++
	}
	return f.observeCell(n)
}

// mend puts back the zero that a number of nine digits has lost.
func (f *cells) mend(rd lex.Reading) lex.Reading {
	if rd.Form == lex.FormNine {
		rd.Form = lex.FormBare
		f.mended++
	}
	return rd
}

// labelled takes a number that has a label to its left, as forms have it.
func (f *cells) labelled(r *row, i int) (done bool, err error) {
	near := observed.LabelDirect
	switch role := r.labelLeft(i); {
	case role.Negative():
		near = observed.LabelOther
	case role != vocab.Pension:
		return false, nil
	}
	rd := r.reads[i].Reading
	if rd.Form == lex.FormNine && near == observed.LabelOther {
		return true, nil
	}
	return true, f.forms.number(r, i, f.mend(rd), near)
}
