package layout

import (
	"slices"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// sampleSize is how many cells of a column are looked at for names, dates and
// addresses.
const sampleSize = 64

// A column is what is known of one column.
type column struct {
	col     int
	place   int  // among the columns of interest; -1 until it is one
	mute    bool // it turned out to be of none for the class of a row
	heading string
	role    vocab.Role  // by the heading
	upper   vocab.Role  // by the heading of the row of headings above the last one
	private bool        // the heading is that of a number in a spelling of its program
	named   bool        // the heading has the name of the number in full
	part    vocab.Role  // of the number, by a heading below the number's own
	barred  vocab.Roles // roles that the heading forbids
	era     uint32      // columns.era when filled was last counted up
	filled  int64       // cells below the heading
	sampled int
	words   int16                // of the sampled cells, those that may be a name besides
	likes   [len(personal)]int16 // of the sampled cells, those that look like a person's
}

// A place is what is known of a column of interest. Sets of columns are sets of
// places.
type place struct {
	col     int // of the first column that has the place
	numbers int // that are judged with the column
}

// columns are the columns of a table.
type columns struct {
	index   []uint16 // column number to place in list, plus one
	list    []column
	heads   []uint16 // places in list of those that have a heading
	touched []uint16 // scratch of placesOf
	era     uint32   // counts the rows of headings that were accepted
	places  []place
	words   *vocab.Reader
}

// clear empties what the table before used, and not all there is room for: a
// document may begin a table with each row.
func (cs *columns) clear() {
	for i := range cs.list {
		cs.index[cs.list[i].col] = 0
	}
	cs.list, cs.places, cs.heads = cs.list[:0], cs.places[:0], cs.heads[:0]
}

// at returns the column with that number; it is made when it is first seen.
func (cs *columns) at(col int) *column {
	col = min(col, observed.MaxColumns-1)
	if col >= len(cs.index) {
		grown := make([]uint16, min(max(2*len(cs.index), col+1, 64), observed.MaxColumns))
		copy(grown, cs.index)
		cs.index = grown
	}
	if cs.index[col] == 0 {
		cs.list = append(cs.list, column{col: col, place: -1})
		cs.index[col] = uint16(len(cs.list))
	}
	return &cs.list[cs.index[col]-1]
}

// known returns the column with that number if it was seen.
func (cs *columns) known(col int) *column {
	if col < 0 || col >= len(cs.index) || cs.index[col] == 0 {
		return nil
	}
	return &cs.list[cs.index[col]-1]
}

// placeOf returns the place of a column, which is of interest from then on.
func (cs *columns) placeOf(c *column) int {
	if c.place < 0 {
		if len(cs.places) < observed.MaxPlaces {
			cs.places = append(cs.places, place{col: c.col})
		}
		c.place = len(cs.places) - 1
	}
	return c.place
}

// numberPlaces are kept for columns of numbers, so that a wide table of persons and
// their families leaves room for them.
const numberPlaces = observed.MaxPlaces / 4

// claim makes a column one of interest by its heading: one of the number, or of a
// person while there is room.
func (cs *columns) claim(c *column) {
	c.named = ofNumber(c.role) && cs.words.Explicit(c.heading)
	c.private = c.role.Negative() && cs.words.Private(c.heading)
	if c.role == vocab.Pension || c.role == vocab.Office || factOf(c.role) != 0 && len(cs.places) < observed.MaxPlaces-numberPlaces {
		cs.placeOf(c)
	}
}

// setHeading sets the heading of a column, and remembers that it has one.
func (cs *columns) setHeading(c *column, text string) {
	if c.heading == "" && text != "" {
		cs.heads = append(cs.heads, cs.index[c.col]-1)
	}
	c.heading = text
}

// forgetHeadings drops what turned out to be a title block.
func (cs *columns) forgetHeadings() {
	for _, at := range cs.heads {
		c := &cs.list[at]
		c.heading, c.role, c.part, c.upper, c.barred, c.named = "", vocab.None, vocab.None, vocab.None, 0, false
	}
	cs.heads = cs.heads[:0]
}

// ofRow returns where in the list a row's columns are, in the order in which they
// were first seen. A row must not cost what all columns of the table do.
func (cs *columns) ofRow(r *row) []uint16 {
	cs.touched = cs.touched[:0]
	for i := range r.Cells {
		if c := cs.known(min(r.Cells[i].Col, observed.MaxColumns-1)); c != nil {
			cs.touched = append(cs.touched, cs.index[c.col]-1)
		}
	}
	slices.Sort(cs.touched)
	return cs.touched
}

// headedNear reports whether the number's heading stands above, a little to the
// left.
func (cs *columns) headedNear(col int) bool {
	for k := col - 1; k >= max(0, col-boxGap); k-- {
		if c := cs.known(k); c != nil && c.heading != "" {
			return c.role == vocab.Pension
		}
	}
	return false
}

// fill counts the cells of a row by column and returns the set of filled places. A
// column without a telling heading is in it until its sample has shown that it
// holds nothing of a person.
func (cs *columns) fill(r *row) (filled uint64) {
	for i := range r.Cells {
		c := cs.at(r.Cells[i].Col)
		c.count(cs.era)
		if c.sampled < sampleSize && c.role == vocab.None {
			cs.sample(c, &r.Cells[i], r.reads[i].Form)
		}
		if c.place >= 0 && !c.mute && !lex.Vacant(r.Cells[i].Text) {
			filled |= 1 << c.place
		}
	}
	return filled
}

// count counts a cell below the heading; a row of headings begins a new count.
func (c *column) count(era uint32) {
	if c.era != era {
		c.era, c.filled = era, 0
	}
	c.filled++
}

// filledIn returns how many cells stand below the headings of that era.
func (c *column) filledIn(era uint32) int64 {
	if c.era != era {
		return 0
	}
	return c.filled
}

// sample looks at the content of a column that has no telling heading.
func (cs *columns) sample(c *column, cell *scan.Cell, f lex.Form) {
	c.sampled++
	c.mute = c.sampled == sampleSize && c.fact() == 0
	if f >= lex.FormHyphen && f <= lex.FormCertificate || len(cell.Text) > vocab.MaxHeading {
		return
	}
	if f == lex.FormNone && len(cs.places) < observed.MaxPlaces/2 {
		cs.placeOf(c)
	}
	text := unmarked(string(cell.Text))
	for k := range personal {
		if p := &personal[k]; !c.barred.Has(p.role) && p.like(text) {
			c.likes[k]++
			if len(cs.places) < observed.MaxPlaces-numberPlaces {
				cs.placeOf(c)
			}
			return
		}
	}
	if lex.WordLike(text) {
		c.words++
	}
}

// fact returns what a column holds of a person, by its heading, else by its
// content.
func (c *column) fact() lex.Facts {
	if c.role != vocab.None {
		return factOf(c.role)
	}
	n := int64(c.sampled)
	for k, likes := range c.likes {
		if mostOf(int64(likes), n, 60) || personal[k].words && mostOf(int64(likes), n, 40) && mostOf(int64(likes+c.words), n, 90) {
			return personal[k].fact
		}
	}
	return 0
}

// mostOf reports whether at least percent of whole are part.
func mostOf(part, whole, percent int64) bool { return whole > 0 && part*100 >= whole*percent }

// observed returns what is known of the column beside its numbers.
func (c *column) observed(era uint32) observed.Column {
	out := observed.Column{Cells: c.filledIn(era)}
	switch {
	case ofNumber(c.role) && c.role != vocab.Serial && c.named:
		out.Heading = observed.HeadingNames
	case c.role == vocab.Pension || c.role == vocab.Office:
		out.Heading = observed.HeadingAnnounces
	case c.role.Negative() && c.private:
		out.Heading = observed.HeadingUnknown
	case c.role.Negative():
		out.Heading = observed.HeadingOther
	case c.heading == "" || vocab.Neutral(vocab.Fold(c.heading)):
		out.Heading = observed.HeadingOpen
	case c.role == vocab.None:
		out.Heading = observed.HeadingUnknown
	default:
		out.Heading = observed.HeadingOrdinary
	}
	return out
}
