package xlsx

import (
	"strconv"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// An aside collects what a worksheet part holds beside its cells: protection,
// and the headers and footers that are printed on each page (ECMA-376 part 1,
// sections 18.3.1.85 and 18.3.1.46).
type aside struct {
	inPage bool
	page   []byte
	pages  [][]byte
}

// printKept bounds headers and footers; a sheet has six.
const printKept = 12

func (a *aside) start(s *sheetReader) {
	switch string(s.t.Name()) {
	case "sheetProtection":
		if on(s.t, "sheet") {
			s.book.notes = scan.AddNote(s.book.notes, scan.NoteSheetProtection)
		}
	case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
		a.inPage, a.page = true, nil
	}
}

func (a *aside) text(t *xmltok.Tokenizer) {
	if a.inPage && len(a.page) < 4096 {
		a.page = t.AppendText(a.page)
	}
}

func (a *aside) end(*sheetReader) {
	if a.inPage && len(a.pages) < printKept && len(a.page) > 0 {
		a.pages = append(a.pages, a.page)
	}
	a.inPage = false
}

// flush hands out headers and footers as a table of their own.
func (a *aside) flush(s *sheetReader) error {
	for i, page := range a.pages {
		row := scan.Row{Table: s.table + "!header", N: i + 1, Cells: []scan.Cell{{Text: page}}}
		if err := s.out.Row(row); err != nil {
			return err
		}
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
