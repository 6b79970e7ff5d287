package xlsx

import (
	"bytes"
	"strconv"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// An aside collects what a worksheet part holds beside its cells: protection,
// the headers and footers that are printed on each page (ECMA-376 part 1,
// sections 18.3.1.85 and 18.3.1.46), and all else that may hold a number, such as
// lists to choose from, hints, scenarios and links.
type aside struct {
	inPage bool
	page   []byte
	pages  [][]byte
	other  [][]byte
	bytes  int  // of them
	full   bool // there is more
}

const (
	// printKept bounds headers and footers; a sheet has six.
	printKept = 12
	// otherKept bounds the rest, bytes.
	otherKept = 1 << 20
	// numberDigits are those of a number.
	numberDigits = 10
)

func (a *aside) start(s *sheetReader) {
	switch string(s.t.Name()) {
	case "sheetProtection":
		if on(s.t, "sheet") {
			s.book.notes = scan.AddNote(s.book.notes, scan.NoteSheetProtection)
		}
	case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
		a.inPage, a.page = true, nil
	}
	a.attributes(s.t.Attrs())
}

// attributes keeps those of an element if one of them may hold a number.
func (a *aside) attributes(list []byte) {
	if len(list) < numberDigits {
		return
	}
	if line := xmltok.AttrTexts(list, mayHoldNumber); line != nil {
		a.keep(line)
	}
}

// mayHoldNumber reports whether a text has the digits of a number, and is no GUID and
// no length with all its decimals, such as 0.70866141732283472.
func mayHoldNumber(text []byte) bool {
	digits := 0
	for _, c := range text {
		if c >= '0' && c <= '9' || c >= 0x80 { // a digit of another width takes three bytes
			digits++
		}
	}
	if dot := bytes.IndexByte(text, '.'); dot >= 0 && dot <= 3 && digits == len(text)-1 {
		return false
	}
	return digits >= numberDigits && !(len(text) == 38 && text[0] == '{')
}

// keep keeps a text that may hold a number.
func (a *aside) keep(text []byte) {
	switch {
	case a.bytes+len(text) > otherKept:
		a.full = true
	default:
		a.other, a.bytes = append(a.other, text), a.bytes+len(text)
	}
}

// spoken keeps furigana that may hold a number, a line each.
func (a *aside) spoken(lines []byte) {
	for line := range bytes.SplitSeq(lines, []byte("\n")) {
		if len(line) > 0 {
			a.keep(line)
		}
	}
}

func (a *aside) text(t *xmltok.Tokenizer) {
	if len(a.page) < 4096 || !a.inPage && len(a.page) < otherKept {
		a.page = t.AppendText(a.page)
	}
}

func (a *aside) end(*sheetReader) {
	switch {
	case a.inPage && len(a.pages) < printKept && len(a.page) > 0:
		a.pages = append(a.pages, a.page)
		a.page = nil
	case mayHoldNumber(a.page):
		a.keep(bytes.Clone(a.page))
	}
	a.inPage, a.page = false, a.page[:0]
}

// flush hands out headers and footers as a table of their own.
func (a *aside) flush(s *sheetReader) error {
	for i, page := range a.pages {
		row := scan.Row{Table: s.table + "!header", N: i + 1, Cells: []scan.Cell{{Text: page}}}
		if err := s.out.Row(row); err != nil {
			return err
		}
	}
	for i, text := range a.other {
		row := scan.Row{Table: s.table + "!settings", N: i + 1, Cells: []scan.Cell{{Text: text}}}
		if err := s.out.Row(row); err != nil {
			return err
		}
	}
	if a.full {
		s.out.Problem(&scan.LimitError{Limit: "cell"})
	}
	return nil
}

// on reads an attribute of type boolean (xsd:boolean).
func on(t *xmltok.Tokenizer, name string) bool {
	v := string(t.Attr(name))
	if v == "on" {
		return true
	}
	b, err := strconv.ParseBool(v)
	return err == nil && b
}
