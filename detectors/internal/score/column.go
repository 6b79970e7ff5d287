package score

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
)

// ColumnStats counts the numbers of one column.
type ColumnStats struct {
	Numbers int64 // of ten digits
	Nine    int64 // and of nine

	// Of Numbers, those written so.
	Hyphen      int64 // with a hyphen between four and six digits
	Certificate int64
	Coded       int64 // of Certificate, those with a known pension code
	Boxes       int64 // written in ten cells behind a label or below a heading

	// Of Numbers, those whose digits are so.
	Known int64 // first two digits in use
	Zero  int64 // first digit 0
	Care  int64 // first three digits 0
	Phone int64
	Year  int64 // first four digits 1900 to 2099
	Clock int64
	Unix  int64

	// Of Numbers, those that stand so to the number above.
	Step   int64 // a little more
	Serial int64 // the last six digits are a little more
	Same   int64 // equal
	Pair   int64 // the same first two digits
	Office int64 // the same first four digits
}

// A Column is all that is known of the numbers of one column.
type Column struct {
	ColumnStats
	Heading observed.Heading
	Cells   int64 // below the heading
	Titled  bool  // a title above the table speaks of the number
	Named   bool  // so does the name of the file or of the table
	Rows    int64 // with a number
	Beside  BesideStats
}

// BesideStats counts rows by what stands in them.
type BesideStats [len(factCodes)]int64

// factCodes are the reasons for what stands beside a number.
var factCodes = [...]struct {
	fact lex.Facts
	code string
}{
	{lex.Name, "name"},
	{lex.Birth, "birth"},
	{lex.Address, "address"},
}

// Add counts n rows that hold the same.
func (b *BesideStats) Add(facts lex.Facts, n int64) {
	for i := range factCodes {
		if facts&factCodes[i].fact != 0 {
			b[i] += n
		}
	}
}

// Column weighs what is known of a column. The points follow one thought: no
// single thing but a heading is enough, and a heading alone is not enough for
// a shape that other numbers have too.
func (k *Kind) Column(c *Column) Assessment {
	v := weighing{kind: k}
	c.heading(&v)
	all := c.Numbers
	if c.Nine > 0 && (v.Header || c.Numbers >= 5 && c.Numbers >= c.Nine && Most(c.Known, c.Numbers, 95)) {
		v.Nine = true
		all += c.Nine
	}
	hyphen := Most(c.Hyphen+c.Certificate, c.Numbers, 50) && c.Numbers > 0
	if hyphen {
		v.add("shape")
	} else {
		v.add("bare")
	}
	switch share := Most(all, c.Cells, k.Share); {
	case share && (v.Header || hyphen && c.Numbers >= 5):
		v.add("column")
	case share && hyphen:
		v.add("column-short")
	case share && c.Numbers >= 5:
		v.add("column-short")
	}
	switch {
	case Most(c.Coded, c.Numbers, 80):
		v.add("certificate-code")
	case Most(c.Certificate, c.Numbers, 50):
		v.add("certificate")
	}
	c.prefixes(&v)
	c.alikes(&v, hyphen)
	for i := range factCodes {
		if Most(c.Beside[i], c.Rows, 50) {
			v.add(factCodes[i].code)
		}
	}
	if c.Named {
		v.add("file-name")
	}
	if !v.Header && !hyphen {
		// Ten bare digits without a heading are never certain.
		v.limit(k.Grades.High - 1)
	}
	return v.settle()
}

// heading weighs what stands above the column.
func (c *Column) heading(v *weighing) {
	switch {
	case c.Heading == observed.HeadingAnnounces || c.Heading == observed.HeadingNames || Most(c.Boxes, c.Numbers, 50):
		v.Header = true
		v.add("header")
	case c.Heading == observed.HeadingOther:
		v.add("other-header")
	case c.Heading == observed.HeadingUnknown:
		v.add("unknown-header")
	}
	if c.Titled && !v.Header && c.Heading == observed.HeadingOpen {
		v.add("title")
	}
}

// prefixes weighs the first two digits. 58 of 100 pairs are in use, so that each
// number in use makes a column a little more likely to be of pension numbers,
// and each other one much less: few have been given outside of the list.
func (c *Column) prefixes(v *weighing) {
	switch likely := 5*c.Known - 40*(c.Numbers-c.Known); {
	case c.Numbers == 0:
	case likely >= 75:
		v.add("prefecture-many")
	case likely >= 20:
		v.add("prefecture-some")
	case likely >= 0:
		v.add("prefecture")
	case !v.Header && (likely <= -60 || Most(c.Year, c.Numbers, 80)):
		v.add("no-prefecture-many")
	case !v.Header && c.Numbers >= 3:
		v.add("no-prefecture-some")
	default:
		v.add("no-prefecture")
	}
}

// alikes weighs what speaks for other kinds of numbers.
func (c *Column) alikes(v *weighing, hyphen bool) {
	n := c.Numbers
	if n >= 5 && (Most(c.Step, n-1, 90) || Most(c.Serial, n-1, 90)) {
		v.add("sequence")
	}
	times := !hyphen && (Most(c.Clock, n, 95) || !v.Header && Most(c.Unix, n, 95))
	switch {
	case times && v.Header && n >= 5 && c.Heading != observed.HeadingNames:
		v.add("datetime-header")
	case times && !v.Header:
		v.add("datetime")
	}
	if v.Header {
		return
	}
	switch {
	case Most(c.Care, n, 80):
		v.add("care")
	case Most(c.Zero, n, 90) && n >= 3 && !Most(c.Pair, n-1, 80), Most(c.Phone, n, 50):
		v.add("phone")
	case Most(c.Zero, n, 90) && (!hyphen || n < 3):
		v.add("phone-like")
	}
	switch {
	case n >= 5 && Most(c.Same, n-1, 50):
		v.add("repeated")
	case n >= 5 && Most(c.Office, n-1, 95):
		v.add("same-office")
	}
}
