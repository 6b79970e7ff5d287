// Package odf reads the text of OpenDocument files (OASIS OpenDocument 1.3,
// part 3): the cells of tables, and paragraphs outside of them. It streams;
// cells and rows that the file repeats by count are not multiplied without need.
package odf

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// The bounds of what is multiplied, and of nesting.
const (
	maxRepeat  = 1000 // copies of a cell or of a row that holds text
	maxCount   = 1 << 30
	maxColumns = 1 << 14 // of a sheet, in every program
	maxAside   = 1 << 20 // bytes of notes kept until their table ends
	asideCost  = 32      // of a note beside its text
	maxHidden  = 1 << 14 // styles that hide
	maxDepth   = 32      // paragraphs in paragraphs, tables in tables
)

// A Reader hands out one XML part after another.
type Reader struct {
	Aside func([]byte) // takes text that is in no paragraph; may be nil

	w      *grid.Writer
	out    scan.Sink
	note   func(scan.Note)
	prefix string
	t      *xmltok.Tokenizer

	depth    int
	tables   []table // those that are open, innermost last
	paras    []para  // likewise
	n        int     // rows of running text
	hidden   map[string]bool
	style    string   // being defined
	ruby     int      // inside furigana
	cut      int      // repeats that were cut
	asides   [][]byte // text over the open table
	asideLen int
	lost     bool
}

// A table that is being read.
type table struct {
	name   string
	row    int // 1-based
	col    int // 0-based, of the next cell
	repeat int // of the row
	cell   cell
	inCell bool
	flow   int // notes and frames inside the cell that are open
}

// A cell that is being read.
type cell struct {
	kind   string
	value  []byte
	repeat int
	text   []byte
}

// A para is a paragraph that is being read.
type para struct {
	text []byte
	flow int // notes and frames inside it that are open; they hold paragraphs of their own
}

// New makes a reader. What the document says to its owner goes to note.
func New(f *scan.File, out scan.Sink, note func(scan.Note)) *Reader {
	return &Reader{w: grid.New(f, out), out: out, note: note, hidden: map[string]bool{}}
}

// Read hands out a part; prefix is put before the names of its tables.
func (r *Reader) Read(part io.Reader, prefix string) error {
	r.prefix, r.depth, r.n = prefix, 0, 0
	r.tables, r.paras, r.ruby = r.tables[:0], r.paras[:0], 0
	r.t = xmltok.New(xmltok.Decode(part))
	for {
		kind, err := r.t.Next()
		if err == nil {
			err = r.token(kind)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if err := r.w.Flush(); err != nil {
		return err
	}
	if r.cut > 0 {
		r.cut = 0
		r.out.Problem(fmt.Errorf("repeated cells were not all counted: %w", &scan.LimitError{Limit: "cell"}))
	}
	if r.depth != 0 {
		return fmt.Errorf("document breaks off: %w", scan.ErrMalformed)
	}
	return nil
}

func (r *Reader) token(kind xmltok.Kind) error {
	switch kind {
	case xmltok.Start:
		r.depth++
		r.attributes()
		return r.start()
	case xmltok.End:
		r.depth--
		return r.end()
	}
	if p := r.para(); p != nil && p.flow == 0 && r.ruby == 0 && r.room(p.text) {
		p.text = collapse(p.text, r.t.Text())
	} else if r.Aside != nil && r.depth > 0 && (p == nil || r.ruby > 0) {
		r.Aside(r.t.Text())
	}
	return nil
}

// attributes hands on attributes that may hold a number: values of fields, lists from
// which a cell is chosen, titles. Those of cells are what the cells show.
func (r *Reader) attributes() {
	if r.Aside == nil || strings.HasSuffix(string(r.t.Name()), "table-cell") {
		return
	}
	var line []byte
	for key, value, rest := xmltok.NextAttr(r.t.Attrs()); key != nil; key, value, rest = xmltok.NextAttr(rest) {
		line = append(xmltok.AppendUnescaped(line, value), ' ')
	}
	digits := 0
	for _, c := range line {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	if digits >= 10 {
		r.Aside(line)
	}
}

// room reports whether more of a text is kept.
func (r *Reader) room(text []byte) bool {
	if len(text) <= r.w.Max {
		return true
	}
	r.w.TellCut()
	return false
}

// collapse appends text with each run of white space as one space (part 3,
// section 6.1.2): a file written for reading is indented within paragraphs.
func collapse(dst, text []byte) []byte {
	for _, c := range text {
		switch c {
		case ' ', '\t', '\r', '\n':
			if len(dst) > 0 && dst[len(dst)-1] != ' ' {
				dst = append(dst, ' ')
			}
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

func (r *Reader) para() *para {
	if len(r.paras) == 0 {
		return nil
	}
	return &r.paras[len(r.paras)-1]
}

func (r *Reader) table() *table {
	if len(r.tables) == 0 {
		return nil
	}
	return &r.tables[len(r.tables)-1]
}

func (r *Reader) start() error {
	switch string(r.t.Name()) {
	case "p", "h":
		if len(r.paras) < maxDepth {
			r.paras = append(r.paras, para{})
		} else {
			r.lost = true
		}
	case "s":
		r.space(' ', count(r.t.Attr("c")))
	case "tab":
		r.space('\t', 1)
	case "line-break":
		r.space('\n', 1)
	case "ruby-text":
		r.ruby++
	case "annotation", "note", "frame", "custom-shape", "shapes":
		r.flow(1)
	case "table":
		return r.startTable()
	case "table-row":
		if t := r.table(); t != nil {
			t.col, t.repeat = 0, count(r.t.Attr("number-rows-repeated"))
			return r.w.Row(t.row)
		}
	case "table-cell", "covered-table-cell":
		r.startCell()
	default:
		r.aside()
	}
	return nil
}

// flow enters or leaves a note or a frame: its text is not that of the paragraph
// or cell around it.
func (r *Reader) flow(n int) {
	if p := r.para(); p != nil && p.flow+n >= 0 {
		p.flow += n
	} else if t := r.table(); t != nil && t.flow+n >= 0 {
		t.flow += n
	}
}

// space adds white space that is written as an element.
func (r *Reader) space(c byte, n int) {
	if p := r.para(); p != nil && p.flow == 0 && r.ruby == 0 && r.room(p.text) {
		for range min(n, 1000) {
			p.text = append(p.text, c)
		}
	}
}

// aside notes what protects the document, or seems to (part 3, sections 9.1.2
// and 3.7 attributes table:protected and table:structure-protected).
func (r *Reader) aside() {
	switch string(r.t.Name()) {
	case "spreadsheet":
		if string(r.t.Attr("structure-protected")) == "true" {
			r.note(scan.NoteWorkbookStructure)
		}
	case "style":
		r.style = r.t.AttrString("name")
	case "table-properties":
		if string(r.t.Attr("display")) == "false" && r.style != "" && len(r.hidden) < maxHidden {
			r.hidden[r.style] = true
		}
	case "object-ole":
		if r.t.Attr("href") == nil {
			r.out.Problem(fmt.Errorf("object embedded in flat XML: %w", scan.ErrUnsupported))
		}
	}
}

func (r *Reader) startTable() error {
	if len(r.tables) >= maxDepth {
		r.lost = true
		return nil
	}
	if string(r.t.Attr("protected")) == "true" {
		r.note(scan.NoteSheetProtection)
	}
	if r.hidden[r.t.AttrString("style-name")] {
		r.note(scan.NoteHiddenSheets)
	}
	t := table{name: r.prefix + r.t.AttrString("name"), row: 1}
	r.tables = append(r.tables, t)
	return r.w.Begin(t.name)
}

func (r *Reader) startCell() {
	t := r.table()
	if t == nil {
		return
	}
	t.inCell, t.flow = true, 0
	t.cell = cell{repeat: count(r.t.Attr("number-columns-repeated")), kind: string(r.t.Attr("value-type"))}
	switch t.cell.kind {
	case "float", "currency", "percentage":
		t.cell.value = r.t.AttrText("value")
	case "date":
		t.cell.value = r.t.AttrText("date-value")
	case "boolean":
		t.cell.value = r.t.AttrText("boolean-value")
	case "string":
		t.cell.value = r.t.AttrText("string-value")
	case "":
		t.cell.value = literals(r.t.AttrText("formula"))
	}
}

// literals are the texts that stand in the formula of a cell without a value, which is
// worked out when the file is opened, if they hold the digits of a number.
func literals(formula []byte) []byte {
	var texts []byte
	digits := 0
	for i, part := range bytes.Split(formula, []byte{'"'}) {
		if i%2 == 0 {
			continue
		}
		texts = append(texts, part...)
		for _, c := range part {
			if c >= '0' && c <= '9' || c >= 0x80 {
				digits++
			}
		}
	}
	if digits < 10 {
		return nil
	}
	return texts
}

func (r *Reader) end() error {
	switch string(r.t.Name()) {
	case "p", "h":
		return r.endPara()
	case "ruby-text":
		r.ruby = max(r.ruby-1, 0)
	case "annotation", "note", "frame", "custom-shape", "shapes":
		r.flow(-1)
	case "table-cell", "covered-table-cell":
		if t := r.table(); t != nil && t.inCell {
			return r.endCell(t)
		}
	case "table-row":
		return r.endRow()
	case "table":
		return r.endTable()
	}
	return nil
}

// endPara adds a finished paragraph to the cell it stands in, or makes it a
// row of its own: running text, and notes and boxes that lie over a cell.
func (r *Reader) endPara() error {
	p := r.para()
	if p == nil {
		return nil
	}
	text := bytes.TrimRight(p.text, " ")
	r.paras = r.paras[:len(r.paras)-1]
	t := r.table()
	if t != nil && t.inCell && t.flow == 0 && len(r.paras) == 0 {
		if !r.room(t.cell.text) {
			return nil
		}
		if len(t.cell.text) > 0 {
			t.cell.text = append(t.cell.text, '\n')
		}
		t.cell.text = append(t.cell.text, text...)
		return nil
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	return r.running(t, text)
}

// Lost says that something was nested too deeply to be read apart.
func (r *Reader) Lost() bool { return r.lost }
