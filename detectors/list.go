package detectors

// fields is the table of what a column can be. The first whose heading fits
// wins: what may hold a pension number comes before what may not.
func fields() []field {
	return []field{
		pensionField(),
		officeField(),
		serialField(),
		insuranceField(),
		careField(),
		myNumberField(),
		phoneField(),
		staffField(),
		accountField(),
		slipField(),
		birthField(),
		timeField(),
		amountField(),
		nameField(),
		addressField(),
		plainField(),
	}
}

// Rules is the table of what this package can look for besides the pension
// number. They are off unless Options.Enable names them.
func Rules() []Rule {
	return []Rule{
		MyNumber(),
	}
}

// A field is one thing a column can hold.
type field struct {
	kind kind
	// headings are words of which one stands in the heading: as the whole of it
	// if '=' is before the word, at its end for '$'. not are words that forbid it.
	headings, not []string
	// of and alone together: a word of each stands in the heading, at its end if
	// '$' is before it.
	of, alone, between []string
	// unless are words that forbid a heading which does not name the number in full.
	unless []string
	// like tells by content. Nil: only the heading can tell.
	like func(text string) bool
	// Examples, checked by a test.
	yesHeadings, noHeadings []string
}

// kind is the role of a column.
type kind uint8

const (
	kindNone    kind = iota
	kindPension      // holds the number
	kindOffice       // its first four digits (課所符号)
	kindSerial       // its last six (一連番号)
	kindName
	kindBirth
	kindAddress
	kindPlain // known to many lists, and of no weight: 備考, 区分
	kindOther // known to hold something else
	kindPhone // the same, and the values look alike most
)

// negative says that the heading speaks against pension numbers.
func (k kind) negative() bool { return k == kindOther || k == kindPhone }
