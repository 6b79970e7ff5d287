package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/kagiban/kagiban/scan"
	"github.com/xuri/excelize/v2"
)

// A sheet is one table that grows row by row and goes on in a second sheet
// where it outgrows the first.
type sheet struct {
	book     *workbook
	title    string
	headings []heading
	columns  []column // of a list of files
	wrap     bool     // long texts take several lines
	stream   *excelize.StreamWriter
	name     string // of the current sheet
	part     int
	row      int // rows written to it
	checks   []check
	frozen   int // columns that stay in sight
	printed  int // columns that go onto paper; 0: all
}

// A heading is what stands above a column.
type heading struct {
	text  string
	width float64
	fill  bool // people write below it
}

// A check is a data validation of one column.
type check struct {
	column int
	choose []string
}

// sheet begins a table; without headings it is a free page.
func (b *workbook) sheet(id string, headings []heading) (*sheet, error) {
	for i := range headings {
		headings[i].text = b.words.text(headings[i].text)
	}
	s := &sheet{book: b, title: b.words.text(id), headings: headings, wrap: true}
	return s, s.begin()
}

// list begins a list of files.
func (b *workbook) list(id string, columns []column, wrap bool) (*sheet, error) {
	s := &sheet{book: b, title: b.words.text(id), columns: columns, wrap: wrap}
	for _, c := range columns {
		s.headings = append(s.headings, heading{text: b.words.heading(c), width: c.width, fill: c.field != ""})
		if c.choose != nil {
			s.checks = append(s.checks, check{len(s.headings), b.words.choices(c)})
		}
	}
	s.frozen = 2 // number and name
	s.printed = 1 + slices.IndexFunc(columns, func(c column) bool { return c.id == scan.FieldNote && wrap })
	return s, s.begin()
}

// choices are the words that people choose from in a column.
func (w words) choices(c column) (list []string) {
	for _, code := range c.choose {
		list = append(list, w.code(c.id, code))
	}
	return list
}

// begin opens the next part of the sheet and writes its headings.
func (s *sheet) begin() (err error) {
	s.part++
	s.row, s.name = 0, s.title
	if s.part > 1 {
		s.name = fmt.Sprintf("%s (%d)", s.title, s.part)
	}
	if s.stream, err = s.book.newSheet(s.name, s.headings, s.printed); err != nil {
		return err
	}
	if len(s.headings) == 0 {
		return nil
	}
	if err := s.freeze(); err != nil {
		return err
	}
	cells := make([]any, len(s.headings))
	for i, h := range s.headings {
		if err := s.stream.SetColWidth(i+1, i+1, h.width); err != nil {
			return err
		}
		if i < len(s.columns) && s.columns[i].id == "check" {
			if err := s.stream.SetColVisible(i+1, i+1, false); err != nil {
				return err
			}
		}
		style := s.book.styles.heading
		if h.fill {
			style = s.book.styles.fillHeading
		}
		cells[i] = excelize.Cell{StyleID: style, Value: h.text}
	}
	return s.put(cells, excelize.RowOpts{Height: 2 * lineHeight})
}

// freeze keeps headings and the first columns in sight.
func (s *sheet) freeze() error {
	panes := &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}
	if s.frozen > 0 {
		corner, err := excelize.CoordinatesToCellName(s.frozen+1, 2)
		if err != nil {
			return err
		}
		panes.XSplit, panes.TopLeftCell, panes.ActivePane = s.frozen, corner, "bottomRight"
	}
	return s.stream.SetPanes(panes)
}

// newSheet makes a sheet: the first one by naming what a new workbook has.
func (b *workbook) newSheet(name string, headings []heading, printed int) (*excelize.StreamWriter, error) {
	b.names++
	if b.names == 1 {
		if err := b.SetSheetName("Sheet1", name); err != nil {
			return nil, err
		}
	} else if _, err := b.NewSheet(name); err != nil {
		return nil, err
	}
	if err := b.pageSetup(name, headings, printed); err != nil {
		return nil, err
	}
	return b.NewStreamWriter(name)
}

// paperWidth is how many characters a landscape page takes at a size that can
// still be read.
const paperWidth = 230

// pageSetup makes a sheet fit to be printed: a wide table goes over several
// pages side by side, with its first column and its headings on each.
func (b *workbook) pageSetup(name string, headings []heading, printed int) error {
	width := 0.0
	for i, h := range headings {
		if printed == 0 || i < printed {
			width += h.width
		}
	}
	orientation, size, across, down, fit := "landscape", 9, int(width/paperWidth)+1, 0, true // 9 is A4
	switch {
	case printed > 0, width == 0: // what is signed: A4
		across = 1
	case width < paperWidth/2: // small tables: all on one upright page
		orientation, down = "portrait", 1
	case width > paperWidth*2/3:
		size = 8 // A3
	}
	layout := &excelize.PageLayoutOptions{Size: &size, Orientation: &orientation, FitToWidth: &across, FitToHeight: &down}
	if err := b.SetPageLayout(name, layout); err != nil {
		return err
	}
	if err := b.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := b.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddHeader: "&R&8&A", OddFooter: "&C&8&P / &N"}); err != nil {
		return err
	}
	if len(headings) == 0 {
		return nil
	}
	titles := fmt.Sprintf("'%[1]s'!$A:$A,'%[1]s'!$1:$1", name)
	return b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: titles, Scope: name})
}

// file adds a row about a file to a list.
func (s *sheet) file(v view) error {
	values := make([]any, len(s.columns))
	sum := newRowSum()
	for i, c := range s.columns {
		values[i] = c.value(v)
		if c.exact {
			sum.add(s.headings[i].text, cutCell(plain(values[i], s.book.clock.zone)))
		}
		if c.id == "check" {
			values[i] = sum.String() // it is the last column
		}
	}
	return s.add(values...)
}

// add writes one row below the headings.
func (s *sheet) add(values ...any) error {
	if s.row == s.book.maxRows {
		if err := s.close(); err != nil {
			return err
		}
		if err := s.begin(); err != nil {
			return err
		}
	}
	cells := make([]any, len(values))
	lines := 1
	for i := range cells {
		cell := s.book.cell(values[i], s.wrap)
		if i < len(s.headings) && s.headings[i].fill {
			cell.StyleID = s.book.styles.fill
		}
		if text, ok := cell.Value.(string); ok && s.wrap && i < len(s.headings) {
			lines = max(lines, tall(text, s.headings[i].width))
		}
		cells[i] = cell
	}
	if lines == 1 {
		return s.put(cells)
	}
	return s.put(cells, excelize.RowOpts{Height: float64(lines) * lineHeight})
}

const (
	lineHeight = 15 // points
	maxLines   = 3  // shown of a long cell; all of it is there
)

// tall is how many lines a text takes in a column. Programs do not agree on
// whether they find that out themselves.
func tall(text string, width float64) (n int) {
	for _, line := range strings.Split(text, "\n") {
		n += len(wrap(line, max(int(width)-2, 1)))
		if n >= maxLines {
			return maxLines
		}
	}
	return n
}

func (s *sheet) put(cells []any, opts ...excelize.RowOpts) error {
	s.row++
	at, err := excelize.CoordinatesToCellName(1, s.row)
	if err != nil {
		return err
	}
	return s.stream.SetRow(at, cells, opts...)
}

// cutCell shortens text to what a cell can hold, in UTF-16 code units, and
// says so.
func cutCell(text string) string {
	if len(text) <= excelize.TotalCellChars {
		return text
	}
	units := 0
	for i, r := range text {
		if units += utf16.RuneLen(r); units > excelize.TotalCellChars-1 {
			return text[:i] + "…"
		}
	}
	return text
}

// cell makes a cell from a value as columns give them.
func (b *workbook) cell(value any, wrap bool) excelize.Cell {
	text, loud, between := b.styles.text, b.styles.alarm, b.words.text("separator")
	if wrap {
		text, loud, between = b.styles.wrapped, b.styles.wrappedAlarm, "\n"
	}
	switch v := value.(type) {
	case string:
		return excelize.Cell{StyleID: text, Value: cutCell(v)}
	case alarm:
		return excelize.Cell{StyleID: loud, Value: cutCell(string(v))}
	case []string:
		return excelize.Cell{StyleID: text, Value: cutCell(strings.Join(v, between))}
	case int64:
		return excelize.Cell{StyleID: b.styles.count, Value: v}
	case rate:
		if v.Whole == 0 {
			return excelize.Cell{StyleID: b.styles.percent}
		}
		return excelize.Cell{StyleID: b.styles.percent, Value: float64(v.Part) / float64(v.Whole)}
	case time.Time:
		return b.moment(v, b.styles.minute, b.clock.minute)
	case day:
		t := v.In(b.clock.zone)
		if v.IsZero() {
			t = time.Time{}
		} else { // spreadsheets round the last moment of a day to the next
			t = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, b.clock.zone)
		}
		return b.moment(t, b.styles.day, b.clock.day)
	case excelize.Cell:
		return v
	}
	return excelize.Cell{StyleID: text}
}

// moment writes a time as spreadsheets count it, and as text what is before
// their first day.
func (b *workbook) moment(t time.Time, style int, text func(time.Time) string) excelize.Cell {
	switch {
	case t.IsZero():
		return excelize.Cell{StyleID: style}
	case t.Year() < 1901:
		return excelize.Cell{StyleID: b.styles.text, Value: text(t)}
	}
	return excelize.Cell{StyleID: style, Value: t.In(b.clock.zone)}
}

// close ends the current part: what spans its rows is known now.
func (s *sheet) close() error {
	if len(s.headings) > 0 && s.row > 1 {
		last, err := excelize.CoordinatesToCellName(len(s.headings), s.row)
		if err != nil {
			return err
		}
		if err := s.book.AutoFilter(s.name, "A1:"+last, nil); err != nil {
			return err
		}
		if err := errors.Join(s.validate(), s.printArea()); err != nil {
			return err
		}
	}
	return s.stream.Flush()
}

// printArea keeps the columns that are for programs and experts off the paper.
func (s *sheet) printArea() error {
	if s.printed == 0 {
		return nil
	}
	last, err := excelize.CoordinatesToCellName(s.printed, s.row, true)
	if err != nil {
		return err
	}
	return s.book.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: fmt.Sprintf("'%s'!$A$1:%s", s.name, last), Scope: s.name})
}

// validate offers lists where people choose.
func (s *sheet) validate() error {
	for _, c := range s.checks {
		from, err := excelize.CoordinatesToCellName(c.column, 2)
		if err != nil {
			return err
		}
		to, err := excelize.CoordinatesToCellName(c.column, s.row)
		if err != nil {
			return err
		}
		dv := excelize.NewDataValidation(true)
		dv.SetSqref(from + ":" + to)
		if err := dv.SetDropList(c.choose); err != nil {
			return err
		}
		dv.SetError(excelize.DataValidationErrorStyleStop, s.headings[c.column-1].text, s.book.words.text("prompt.choose"))
		if err := s.book.AddDataValidation(s.name, dv); err != nil {
			return err
		}
	}
	return nil
}
