// Package observed is what the stages hand on: a number with all that its place
// says of it, and what is known of the columns of a table. It holds no rule, so
// that the stage that observes, the one that counts and the one that judges need
// not know each other.
package observed

import "github.com/kagiban/kagiban/detectors/internal/lex"

const (
	// MaxColumns are the columns of a worksheet; those beyond share the last.
	MaxColumns = 1 << 14
	// MaxPlaces are the columns of interest of a table, since a set of them is a
	// word of 64 bits; those beyond share the last place.
	MaxPlaces = 64
)

// A Label is what the words near a number announce.
type Label uint8

// The labels.
const (
	LabelNone     Label = iota
	LabelSame           // the same line speaks of the number
	LabelNear           // a line above does
	LabelOther          // the same line speaks of another number
	LabelFiling         // the layout of a known file says it is one
	LabelDirect         // the words stand right before it
	LabelInferred       // the layout of a file of a known kind suggests that it is one
	Labels        = iota
)

// A Heading is what stands above a column.
type Heading uint8

// The headings.
const (
	HeadingOpen      Heading = iota // none, or one that may stand over any number
	HeadingAnnounces                // it announces the number
	HeadingOther                    // it announces another number
	HeadingUnknown                  // it says something that no field knows
	HeadingOrdinary                 // it is known, and says nothing of numbers
	HeadingNames                    // it has the name of the number in full
)

// A Shape is how a number is written into its table.
type Shape uint8

// The shapes.
const (
	ShapeCell  Shape = iota // a cell holds it and nothing else
	ShapeParts              // four and six digits in two cells
	ShapeBoxes              // a digit in each of ten cells
	ShapeText               // it stands among other signs, or behind its label
)

// A Number is one number that was seen, with all that its place says of it.
type Number struct {
	lex.Reading
	Row, Col int
	Shape    Shape
	Mended   bool // a zero was put back in one of its parts

	// Of a number that is judged with its column.
	Place int // of the column among those of interest

	// Of a number that is judged by what stands around it (ShapeText).
	Label  Label
	Beside lex.Facts
	Lives  uint8 // code of the prefecture of the address beside it, or 0

	// Group numbers the rows below headings, from 1. A text repeats the cells of its
	// group; a number that waited for the end of its form has no group.
	Group int
}

// A Row is what stands beside the numbers that a row holds in cells of their own.
type Row struct {
	Filled uint64 // columns of interest with something in it
	Lives  uint8  // code of the prefecture of the address, or 0
	// Above is what of the person stands in the row above, where each has two.
	Above lex.Facts
}

// A Column is what a table knows of a column of interest.
type Column struct {
	Heading Heading
	Cells   int64 // below the heading
}

// A Table is what is known of a table beside its numbers.
type Table struct {
	Columns   []Column // by place
	Roles     Roles
	Titled    bool // a title above the table does
	Mentioned bool // some line of text does
	Lines     int64
}

// A Role is the columns that hold one fact of a person.
type Role struct {
	Fact    lex.Facts
	Columns uint64
}

// Roles are the columns that hold something of a person.
type Roles []Role

// Facts returns what is known of a person by the filled columns.
func (r Roles) Facts(filled uint64) (facts lex.Facts) {
	for i := range r {
		if filled&r[i].Columns != 0 {
			facts |= r[i].Fact
		}
	}
	return facts
}
