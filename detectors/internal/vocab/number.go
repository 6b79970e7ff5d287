package vocab

// A Number is the words of a kind of number that is searched.
type Number struct {
	Fields []Field // they come before all others
	// Labels announce the number in running text; longer ones come before those
	// that they begin with. Leads, folded, may stand between a label and its number.
	Labels, Leads []string
	// Hints are so short that each text with a label or heading holds one: a
	// first look that is cheap enough for each line.
	Hints  []string
	Titles []string // a title above a table speaks of the number with one of these
	Files  []string // folded: so does a name of a file or of a sheet
	InName string   // folded: with it a name announces the numbers in it
}

// Own are the words of an organisation.
type Own struct {
	Headings  []string // announce the number
	StopWords []string // announce another number
	Others    []string // folded headings of other numbers
}
