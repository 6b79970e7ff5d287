package layout

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

const (
	// maxShared bounds the memory for shared texts: 16 MiB, which is as many texts
	// as the formats share. Texts with higher numbers are judged each time.
	maxShared = 1<<24 + 1
	// longText is the length in bytes of a cell from which a shared text is judged
	// once in a document, and not once for each cell that refers to it: a workbook
	// of a few kilobytes may refer a million times to a text of a megabyte. Its
	// numbers are then counted where it is met first, so that the document is
	// reported and its persons are exact. Texts that people copy from row to row
	// are far shorter and count in each.
	longText = 1 << 12
	// judged is remembered of a long shared text: there is no more to find in it.
	judged = lex.FormShort + 1
)

// sharedTexts remembers what the texts that cells share are by themselves.
type sharedTexts struct {
	forms    []lex.Form // by scan.Cell.Shared
	long     bool       // the row has a long shared text that was not judged before
	repeated []int      // cells of the row with a text that was
	cut      []scan.Cell
}

// begin begins with another row.
func (s *sharedTexts) begin() { s.long, s.repeated = false, s.repeated[:0] }

// read judges a shared text, unless it was judged before: then what is
// remembered is enough, but for a number.
func (s *sharedTexts) read(c *scan.Cell, i int) lex.Reading {
	id := int(c.Shared)
	if id >= len(s.forms) {
		s.forms = append(s.forms, make([]lex.Form, max(len(s.forms), id+1-len(s.forms), 1024))...)
	}
	switch known := s.forms[id]; known {
	case lex.FormNone, lex.FormText:
		return lex.Reading{Form: known}
	case judged:
		s.repeated = append(s.repeated, i)
		return lex.Reading{Form: lex.FormNone}
	}
	r := lex.ReadCell(c.Text)
	s.forms[id] = r.Form
	if len(c.Text) > longText {
		s.forms[id], s.long = judged, s.long || r.Form == lex.FormText
	}
	return r
}

// shorten returns the row without the texts that were judged before: of these only
// so much is left that they are still seen to be no heading.
func (s *sharedTexts) shorten(r *scan.Row) scan.Row {
	if len(s.repeated) == 0 {
		return *r
	}
	s.cut = append(s.cut[:0], r.Cells...)
	for _, i := range s.repeated {
		s.cut[i].Text = s.cut[i].Text[:vocab.MaxHeading+1]
	}
	short := *r
	short.Cells = s.cut
	return short
}
