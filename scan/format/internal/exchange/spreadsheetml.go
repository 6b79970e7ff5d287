// Package exchange reads the plain formats in which programs hand tables to
// each other: SpreadsheetML 2003, SYLK and DIF.
package exchange

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/numfmt"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// SpreadsheetML reads the XML of Excel 2002 and 2003 ("XML Spreadsheet
// Reference", Microsoft). Note takes what it says to its
// owner, aside text that is in no cell.
func SpreadsheetML(r io.Reader, w *grid.Writer, note func(scan.Note), aside func([]byte)) error {
	s := &sheetML{w: w, note: note, t: xmltok.New(xmltok.Decode(r)), formats: map[string]*numfmt.Format{}}
	s.t.Aside = aside
	depth := 0
	for {
		kind, err := s.t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		switch kind {
		case xmltok.Start:
			depth++
			err = s.start()
		case xmltok.End:
			depth--
			err = s.end()
		case xmltok.Text:
			switch {
			case !s.inData && s.element == "":
				aside(s.t.Text())
			case len(s.data) > w.Max:
				w.TellCut()
			default:
				s.data = s.t.AppendText(s.data)
			}
		}
		if err != nil {
			return err
		}
	}
	if err := s.w.Flush(); err != nil {
		return err
	}
	if err := s.codes.Check(); err != nil {
		w.Out.Problem(err)
	}
	if s.lost {
		w.Out.Problem(fmt.Errorf("styles beyond %d, or with long names: numbers are shown as General: %w", maxStyles, scan.ErrMalformed))
	}
	if depth != 0 {
		return fmt.Errorf("document breaks off: %w", scan.ErrMalformed)
	}
	return nil
}

const (
	maxStyles    = 1 << 16 // that have a number format
	maxStyleName = 256     // bytes; those of programs are like s62
	maxNotes     = 8 << 20 // bytes of comments kept until their sheet ends
	noteCost     = 32      // of a comment beside its text
)

type sheetML struct {
	w       *grid.Writer
	note    func(scan.Note)
	t       *xmltok.Tokenizer
	codes   numfmt.Codes
	formats map[string]*numfmt.Format // by style
	style   string                    // being defined
	table   string
	row     int // 1-based
	col     int // 0-based, of the cell
	across  int
	cell    string // its style
	kind    string // of the data
	data    []byte
	inData  bool
	comment bool
	notes   [][]byte
	noteLen int
	lost    bool   // formats of styles
	element string // a leaf of the options
}

func (s *sheetML) start() error {
	switch name := string(s.t.Name()); name {
	case "Style":
		s.style = s.t.AttrString("ID")
	case "NumberFormat":
		if len(s.formats) >= maxStyles || len(s.style) >= maxStyleName {
			s.lost = true
			return nil
		}
		s.formats[s.style] = s.codes.Compile(named(s.t.AttrString("Format")))
	case "Worksheet":
		s.table, s.row = s.t.AttrString("Name"), 0
		if v := string(s.t.Attr("Protected")); v == "1" || v == "true" {
			s.note(scan.NoteSheetProtection)
		}
		return s.w.Begin(s.table)
	case "Row":
		s.row = index(s.t.Attr("Index"), s.row+1)
		s.col, s.across = -1, 0
		return s.w.Row(s.row)
	case "Cell":
		s.col = index(s.t.Attr("Index"), s.col+s.across+2) - 1
		s.across = max(index(s.t.Attr("MergeAcross"), 0), 0)
		s.cell = s.t.AttrString("StyleID")
	case "Comment":
		s.comment = true
	case "Data":
		s.inData, s.kind, s.data = true, string(s.t.Attr("Type")), s.data[:0]
	case "ProtectObjects", "ProtectContents", "ProtectStructure", "Visible", "ReadOnlyRecommended":
		s.element, s.data = name, s.data[:0]
	}
	return nil
}

// index reads a 1-based place; other if there is none.
func index(v []byte, other int) int {
	n, err := strconv.Atoi(string(v))
	if err != nil || n < 0 || n > 1<<20 {
		return min(other, 1<<30)
	}
	return n
}

// named returns the codes of formats that go by a name.
func named(format string) string {
	switch format {
	case "General Date", "Long Date", "Medium Date", "Short Date":
		return "yyyy-mm-dd"
	case "Long Time", "Medium Time", "Short Time":
		return "h:mm:ss"
	case "Fixed":
		return "0.00"
	case "Standard":
		return "#,##0.00"
	case "Percent":
		return "0.00%"
	case "Scientific":
		return "0.00E+00"
	case "General", "General Number", "Currency", "Euro Currency":
		return ""
	}
	return format
}

func (s *sheetML) end() error {
	switch name := string(s.t.Name()); name {
	case "Data":
		s.inData = false
		s.endData()
	case "Comment":
		s.comment = false
	case "Row":
		return s.w.Flush()
	case "Worksheet":
		return s.endSheet()
	case s.element:
		s.option(name, string(bytes.TrimSpace(s.data)))
		s.element = ""
	}
	return nil
}

func (s *sheetML) endData() {
	if s.comment {
		text := bytes.Clone(s.w.Cut(s.data))
		if s.noteLen += len(text) + noteCost; s.noteLen <= maxNotes {
			s.notes = append(s.notes, text)
		} else if s.noteLen-len(text)-noteCost <= maxNotes {
			s.w.Out.Problem(fmt.Errorf("comments of a sheet: %w", &scan.LimitError{Limit: "cell"}))
		}
		return
	}
	text := bytes.TrimSpace(s.data)
	switch s.kind {
	case "Number":
		if f := s.formats[s.cell]; f != nil {
			s.w.End(s.col, f.Append(s.w.Buf(), text, false))
			return
		}
	case "DateTime":
		text, _, _ = bytes.Cut(text, []byte("T00:00:00"))
		text, _, _ = bytes.Cut(bytes.Replace(text, []byte("T"), []byte(" "), 1), []byte("."))
	case "Boolean":
		if string(text) == "1" {
			text = []byte("TRUE")
		} else {
			text = []byte("FALSE")
		}
	default:
		text = s.data
	}
	s.w.Text(s.col, text)
}

// endSheet hands out the comments of a sheet.
func (s *sheetML) endSheet() error {
	if err := s.w.Begin(s.table + "!text"); err != nil {
		return err
	}
	for _, text := range s.notes {
		if err := s.w.Next(); err != nil {
			return err
		}
		s.w.Text(0, text)
	}
	s.notes, s.noteLen = nil, 0
	return s.w.Flush()
}

func (s *sheetML) option(name, value string) {
	switch {
	case name == "Visible" && value != "SheetVisible" && value != "":
		s.note(scan.NoteHiddenSheets)
	case name == "ReadOnlyRecommended":
		s.note(scan.NoteReadOnlyRecommended)
	case value != "True":
	case name == "ProtectStructure":
		s.note(scan.NoteWorkbookStructure)
	case name == "ProtectContents":
		s.note(scan.NoteSheetProtection)
	}
}
