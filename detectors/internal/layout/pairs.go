package layout

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
)

// pairs are tables of which each person has two rows, as notices of the pension
// service have them, and tables whose headings are a table of their own.
type pairs struct {
	*page
	headings *headings
	facts    lex.Facts // of the row kept last
	at       int       // its number
	above    []carried // headings of the table before, which had nothing else
}

// A carried heading goes over to the table below.
type carried struct {
	col         int
	heading     string
	part, upper vocab.Role
}

// inheritRoles is how many headings a table of headings has at least.
const inheritRoles = 3

// begin keeps the headings of the table before if it held nothing else.
func (p *pairs) begin(seen int) {
	p.facts, p.at, p.above = 0, 0, p.above[:0]
	if h := p.headings; h.headed && !h.named && h.below == 0 && p.roles >= inheritRoles && seen <= headingRows {
		for _, at := range p.columns.heads {
			c := &p.columns.list[at]
			p.above = append(p.above, carried{c.col, c.heading, c.part, c.upper})
		}
	}
}

// inherit takes over the headings of the table before, if the first row of this one
// is of data.
func (p *pairs) inherit(r *row) {
	if len(p.above) == 0 || len(r.Cells) < 2 {
		return
	}
	h := p.headings
	if a := h.announced(r, false); a.telling || !a.digits || a.values == 0 && a.heads(false, len(r.Cells)) {
		return
	}
	h.headed, h.headedAt = true, r.N-2 // no row of this table can be joined to them
	for _, was := range p.above {
		c := p.columns.at(was.col)
		p.columns.setHeading(c, was.heading)
		c.part, c.upper = was.part, was.upper
		c.role, c.barred = p.words.Column(c.heading)
		if c.part == vocab.Office || c.part == vocab.Serial {
			c.role = c.part
		}
		h.stacked = h.stacked || c.upper != vocab.None
		p.columns.claim(c)
		if c.role != vocab.None {
			p.roles++
		}
	}
}

// keep remembers what of a person stands in a row without a number.
func (p *pairs) keep(r *row) {
	p.facts, p.at = 0, r.N
	if !p.headings.stacked {
		return
	}
	for i := range r.Cells {
		if c := p.columns.known(r.Cells[i].Col); c != nil && c.upper != vocab.None && !lex.Vacant(r.Cells[i].Text) {
			p.facts |= factOf(c.upper)
		}
	}
}

// before returns what of the person stands in the row above.
func (p *pairs) before(r *row) lex.Facts {
	if p.headings.stacked && p.at == r.N-1 {
		return p.facts
	}
	return 0
}
