// Package ooxml reads the text of OOXML documents and presentations (ECMA-376
// part 1: WordprocessingML in section 17, DrawingML in 21): paragraphs with
// their runs joined, and tables as rows. It streams.
package ooxml

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// maxDepth bounds tables in tables and boxes in boxes.
const maxDepth = 32

// A Reader hands out one part after another.
type Reader struct {
	Note func(scan.Note) // takes what a part says to its owner
	// Aside, if not nil, takes text that is in no paragraph: values of forms and
	// what they offer, titles of pictures, comments.
	Aside func([]byte)

	w *grid.Writer
	t *xmltok.Tokenizer

	depth  int
	part   string
	tables []table
	paras  []para
	texts  int   // runs met, to know whether a choice held text
	marks  []int // texts at the start of each open AlternateContent
	skip   int   // elements open below one that is left out
	inText bool
	n      int
	serial int // tables of the part
	lost   bool
}

type table struct {
	name string
	row  int
	col  int
	span int
	text []byte
	in   bool // a cell
}

type para struct {
	text []byte
	box  int // text boxes open inside it
}

// New makes a reader over a document of f.
func New(f *scan.File, out scan.Sink) *Reader {
	return &Reader{w: grid.New(f, out), Note: func(scan.Note) {}}
}

// Read hands out a part under the name of a table.
func (r *Reader) Read(part io.Reader, name string) error {
	r.part, r.depth, r.n, r.serial, r.skip = name, 0, 0, 0, 0
	r.tables, r.paras, r.marks, r.inText, r.lost = r.tables[:0], r.paras[:0], r.marks[:0], false, false
	if err := r.w.Begin(name); err != nil {
		return err
	}
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
	if r.lost {
		r.w.Out.Problem(fmt.Errorf("nested too deeply: %w", &scan.LimitError{Limit: "depth"}))
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
		if r.skip > 0 {
			r.skip++
			return nil
		}
		r.hidden()
		return r.start(string(r.t.Name()))
	case xmltok.End:
		r.depth--
		if r.skip > 0 {
			r.skip--
			return nil
		}
		return r.end(string(r.t.Name()))
	}
	switch {
	case r.inText && r.skip == 0:
		r.texts++
		r.add(r.t.Text())
	case r.Aside != nil && r.depth > 0:
		r.Aside(r.t.Text())
	}
	return nil
}

// hidden hands on attributes that may hold a number: what a form has as its value
// or offers (ECMA-376 part 1, sections 17.16 and 17.5.2), and titles of pictures.
func (r *Reader) hidden() {
	if list := r.t.Attrs(); r.Aside != nil && digits(list) >= 10 {
		var line []byte
		for key, value, rest := xmltok.NextAttr(list); key != nil; key, value, rest = xmltok.NextAttr(rest) {
			if string(key) != "xmlns" && digits(value) < 40 {
				line = append(xmltok.AppendUnescaped(line, value), ' ')
			}
		}
		if digits(line) >= 10 {
			r.Aside(line)
		}
	}
}

func digits(text []byte) int {
	n := 0
	for _, c := range text {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

func (r *Reader) add(text []byte) {
	if n := len(r.paras); n > 0 && r.room(r.paras[n-1].text) {
		r.paras[n-1].text = append(r.paras[n-1].text, text...)
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

func (r *Reader) start(name string) error {
	switch name {
	case "p":
		if len(r.paras) >= maxDepth {
			r.lost = true
			return nil
		}
		r.paras = append(r.paras, para{})
	case "t", "delText":
		r.inText = true
	case "tab", "ptab":
		r.add([]byte("\t"))
	case "br", "cr":
		r.add([]byte("\n"))
	case "noBreakHyphen":
		r.add([]byte("-"))
	case "sym": // a character of a font, of which those for symbols have a range of their own (17.3.3.30)
		if n, err := strconv.ParseUint(string(r.t.Attr("char")), 16, 16); err == nil {
			if n >= 0xF000 && n <= 0xF0FF {
				n -= 0xF000
			}
			r.add(utf8.AppendRune(nil, rune(n)))
		}
	case "tabs", "rt": // tab stops; furigana
		r.skip = 1
	case "AlternateContent":
		if len(r.marks) < maxDepth {
			r.marks = append(r.marks, r.texts)
		}
	case "Fallback": // the same again for old programs
		if n := len(r.marks); n > 0 && r.marks[n-1] < r.texts {
			r.skip = 1
		}
	case "txbxContent", "textbox":
		if n := len(r.paras); n > 0 {
			r.paras[n-1].box++
		}
	case "tbl", "tr", "tc":
		return r.startTable(name)
	case "gridSpan":
		if t := r.table(); t != nil {
			t.span = span(r.t.Attr("val"))
		}
	default:
		r.aside(name)
	}
	return nil
}

// aside notes what restricts changes (ECMA-376 part 1, sections 17.15.1.29,
// 17.15.1.93 and 19.2.1.19). None of it keeps anybody from reading.
func (r *Reader) aside(name string) {
	switch name {
	case "documentProtection":
		if v := string(r.t.Attr("enforcement")); v == "1" || v == "true" || v == "on" {
			r.Note(scan.NoteWriteReservation)
		}
	case "modifyVerifier":
		r.Note(scan.NoteWriteReservation)
	case "writeProtection":
		if v := string(r.t.Attr("recommended")); v == "1" || v == "true" || v == "on" {
			r.Note(scan.NoteReadOnlyRecommended)
		}
		if r.t.Attr("hash") != nil || r.t.Attr("hashValue") != nil {
			r.Note(scan.NoteWriteReservation)
		}
	}
}

func (r *Reader) end(name string) error {
	switch name {
	case "p":
		return r.endPara()
	case "t", "delText":
		r.inText = false
	case "AlternateContent":
		if n := len(r.marks); n > 0 {
			r.marks = r.marks[:n-1]
		}
	case "txbxContent", "textbox":
		if n := len(r.paras); n > 0 && r.paras[n-1].box > 0 {
			r.paras[n-1].box--
		}
	case "tbl", "tr", "tc":
		return r.endTable(name)
	}
	return nil
}

func (r *Reader) table() *table {
	if len(r.tables) == 0 {
		return nil
	}
	return &r.tables[len(r.tables)-1]
}

// endPara adds a paragraph to its cell, or makes it a row: running text, and
// what stands in a box inside another paragraph.
func (r *Reader) endPara() error {
	n := len(r.paras)
	if n == 0 {
		return nil
	}
	text := r.paras[n-1].text
	r.paras = r.paras[:n-1]
	t := r.table()
	if t != nil && t.in && len(r.paras) == 0 {
		if !r.room(t.text) {
			return nil
		}
		if len(t.text) > 0 && len(text) > 0 {
			t.text = append(t.text, '\n')
		}
		t.text = append(t.text, text...)
		return nil
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	r.n++
	if t != nil { // a box over a table, whose row may be waiting
		row := scan.Row{Table: r.part + "!text", N: r.n, Cells: []scan.Cell{{Text: r.w.Cut(text)}}}
		return r.w.Out.Row(row)
	}
	if err := r.w.Row(r.n); err != nil {
		return err
	}
	r.w.Text(0, text)
	return r.w.Flush()
}

func (r *Reader) startTable(name string) error {
	if name == "tbl" {
		if len(r.tables) >= maxDepth {
			r.lost = true
			return nil
		}
		r.serial++
		r.tables = append(r.tables, table{name: r.part + "!table " + strconv.Itoa(r.serial)})
		return r.w.Begin(r.table().name)
	}
	t := r.table()
	switch {
	case t == nil:
		return nil
	case name == "tr":
		t.row++
		t.col = 0
		return r.w.Row(t.row)
	}
	t.in, t.span, t.text = true, 1, t.text[:0]
	if v := r.t.Attr("gridSpan"); v != nil { // DrawingML has it here
		t.span = span(v)
	}
	return nil
}

func (r *Reader) endTable(name string) error {
	t := r.table()
	if t == nil {
		return nil
	}
	switch name {
	case "tc":
		r.w.Text(t.col, t.text)
		t.col += t.span
		t.in = false
		return nil
	case "tr":
		return r.w.Flush()
	}
	r.tables = r.tables[:len(r.tables)-1]
	outer := r.table()
	if outer == nil {
		return r.w.Begin(r.part)
	}
	if err := r.w.Begin(outer.name); err != nil {
		return err
	}
	return r.w.Row(outer.row)
}

func span(v []byte) int {
	n, err := strconv.Atoi(string(v))
	if err != nil || n < 1 || n > 1<<10 {
		return 1
	}
	return n
}

// Leaves hands out the text of each element of a part as a row: properties,
// the caches of charts, data that fields are bound to.
func (r *Reader) Leaves(part io.Reader, name string) error {
	if err := r.w.Begin(name); err != nil {
		return err
	}
	t := xmltok.New(xmltok.Decode(part))
	var text []byte
	depth := 0
	for {
		kind, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		switch kind {
		case xmltok.Text:
			if r.room(text) {
				text = t.AppendText(text)
			}
			continue
		case xmltok.Start:
			depth++
		case xmltok.End:
			depth--
		}
		if text = bytes.TrimSpace(text); len(text) > 0 {
			if err := r.w.Next(); err != nil {
				return err
			}
			r.w.Text(0, text)
		}
		text = text[:0]
	}
	if depth != 0 && !strings.HasSuffix(name, ".vml") { // VML has elements of HTML that nobody closes
		return fmt.Errorf("document breaks off: %w", scan.ErrMalformed)
	}
	return r.w.Flush()
}
