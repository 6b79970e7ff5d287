package layout

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
)

// A Sink takes what is observed. Both of its first methods return how many records
// they have made of it.
type Sink interface {
	// Observe takes a number. Those in cells of their own are records at the end of
	// their row only: a number that a row holds twice is one.
	Observe(observed.Number) (records int, err error)
	EndRow(observed.Row) (records int, err error)
	// EndTable ends the table at hand, since another one begins below it.
	EndTable() error
}

// A page is what the parts of a table share.
type page struct {
	words   *vocab.Reader
	places  lex.Places
	sink    Sink
	columns columns

	seen     int   // rows with cells
	roles    int   // headings known in the row of headings
	records  int64 // numbers of the table
	group    int   // as in observed.Number
	near     int   // lines for which the label above still speaks
	numbered bool  // the row at hand, or the one before, holds a number
	inCells  int   // numbers in cells of the row at hand
	mended   int64 // numbers of the document to which a lost zero was put back
}

// begin forgets the table before.
func (p *page) begin() {
	p.columns.clear()
	p.seen, p.roles, p.records, p.near, p.numbered = 0, 0, 0, 0, false
}

// observeCell hands on a number that is judged with its column.
func (p *page) observeCell(n observed.Number) error {
	n.Group = p.group
	p.inCells++
	made, err := p.sink.Observe(n)
	p.records += int64(made)
	return err
}

// textNumber is the number of cell i, with what speaks for it.
func (p *page) textNumber(r *row, i int, rd lex.Reading, near observed.Label, beside lex.Facts) observed.Number {
	return observed.Number{
		Reading: rd, Row: r.N, Col: r.Cells[i].Col, Shape: observed.ShapeText,
		Label: near, Beside: beside, Lives: r.lives(),
	}
}

// observeText hands on a number of cell i that is judged by what stands around it,
// unless a cell of its row holds it too.
func (p *page) observeText(r *row, i int, rd lex.Reading, near observed.Label, beside lex.Facts) error {
	n := p.textNumber(r, i, rd, near, beside)
	n.Group = p.group
	made, err := p.sink.Observe(n)
	if made > 0 {
		p.records += int64(made)
		p.renew(near)
	}
	return err
}

// renew has the label above speak for further lines, since a number was found
// under it.
func (p *page) renew(near observed.Label) {
	if p.near > 0 && near != observed.LabelOther {
		p.near = nearLines + 1
	}
	p.numbered = true
}
