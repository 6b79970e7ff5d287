// Package xlsx reads the cells of OOXML workbooks (ECMA-376 part 1, SpreadsheetML,
// transitional and strict) as a stream, in bounded memory and at about twice
// the cost of inflating them.
//
// Sheets are found by content type and not by what the workbook refers to, so
// that a hidden, detached or doubled part is read like any other.
package xlsx

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/numfmt"
	"github.com/kagiban/kagiban/scan/format/internal/strtab"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// A Workbook is an open workbook. Open reads its small parts; Read streams the rest.
type Workbook struct {
	spoken   []byte // furigana of shared strings that may hold a number
	file     *scan.File
	zip      *zip.Reader
	open     Opener
	types    contentTypes
	names    map[string]string // part → name of its sheet
	order    map[string]int    // part → place in the workbook
	date1904 bool
	codes    numfmt.Codes
	styles   []*numfmt.Format
	general  *numfmt.Format
	strings  *strtab.Table
	notes    []scan.Note
	done     map[*zip.File]bool // parts that Read has handed out
	broken   []error            // parts that Open could not read; reported when reading
}

// An Opener opens a part for reading, bounded by the budget of the file.
type Opener func(*zip.File) (io.ReadCloser, error)

// Open reads the directory parts of a workbook. A damaged small part is no
// error: what it would have said is missing, and Read reports it.
func Open(f *scan.File, z *zip.Reader, open Opener) *Workbook {
	b := &Workbook{
		file: f, zip: z, open: open, names: map[string]string{}, order: map[string]int{},
		general: numfmt.Compile(""), strings: strtab.New(f.Scratch), done: map[*zip.File]bool{},
	}
	b.types = b.readTypes()
	b.readWorkbook()
	return b
}

// Notes are what the workbook says that its owner may take for a password. Those
// of sheets are known after Read.
func (b *Workbook) Notes() []scan.Note { return b.notes }

// Read hands out all rows. A part that fails is reported to out; the rest goes on.
func (b *Workbook) Read(out scan.Sink) error {
	for _, err := range b.broken {
		out.Problem(err)
	}
	b.each(isStyles, out, func(_ *zip.File, r io.Reader) error { return b.readStyles(r) })
	if err := b.codes.Check(); err != nil {
		out.Problem(err)
	}
	b.each(isStrings, out, func(_ *zip.File, r io.Reader) error {
		return b.readStrings(r, b.file.MaxCell(), out)
	})
	meter := grid.NewMeter(b.file, out)
	b.each(isSheet, out, func(p *zip.File, r io.Reader) error {
		meter.Next()
		s := &sheetReader{book: b, table: b.sheetName(p.Name), out: out, meter: &meter, run: textRun{max: b.file.MaxCell(), out: out}}
		return s.read(r)
	})
	return b.readRest(out)
}

// Unread returns the parts that Read has not handed out.
func (b *Workbook) Unread() []*zip.File {
	var list []*zip.File
	for _, p := range b.zip.File {
		if !b.done[p] {
			list = append(list, p)
		}
	}
	return list
}

// each runs read on every part of a kind, sheets in the order of the workbook.
func (b *Workbook) each(kind func(contentType string) bool, out scan.Sink, read func(*zip.File, io.Reader) error) {
	var parts []*zip.File
	for _, p := range b.zip.File {
		if !strings.HasSuffix(p.Name, "/") && kind(b.types.of(p.Name)) {
			parts = append(parts, p)
		}
	}
	slices.SortStableFunc(parts, func(x, y *zip.File) int { return b.place(x.Name) - b.place(y.Name) })
	for _, p := range parts {
		b.done[p] = true
		if err := b.part(p, read); err != nil {
			out.Problem(fmt.Errorf("part %s: %w", path.Base(p.Name), err))
		}
	}
}

// part opens one part and reads it to its end, so that its sum is checked.
func (b *Workbook) part(p *zip.File, read func(*zip.File, io.Reader) error) error {
	r, err := b.open(p)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := read(p, r); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r)
	return err
}

func (b *Workbook) place(part string) int {
	if n, ok := b.order[canonical(part)]; ok {
		return n
	}
	return 1 << 20
}

func (b *Workbook) sheetName(part string) string {
	if name, ok := b.names[canonical(part)]; ok {
		return name
	}
	return strings.TrimSuffix(path.Base(part), ".xml")
}

// readWorkbook reads the names of the sheets and what protects the book
// (ECMA-376 part 1, section 18.2).
func (b *Workbook) readWorkbook() {
	parts, told := map[string]string{}, false // relationship → part
	main := b.find(isWorkbook)
	if main == nil {
		return
	}
	dir := path.Dir(canonical(main.Name))
	if rels := b.named(path.Join(dir, "_rels", path.Base(canonical(main.Name))+".rels")); rels != nil {
		b.small(rels, "Relationship", func(t *xmltok.Tokenizer) {
			if len(parts) >= maxListed {
				b.listed(&told)
				return
			}
			target := t.AttrString("Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join(dir, target)
			}
			parts[t.AttrString("Id")] = canonical(target)
		})
	}
	b.small(main, "", func(t *xmltok.Tokenizer) {
		switch string(t.Name()) {
		case "workbookPr":
			b.date1904 = on(t, "date1904")
		case "workbookProtection":
			if on(t, "lockStructure") || on(t, "lockWindows") {
				b.notes = scan.AddNote(b.notes, scan.NoteWorkbookStructure)
			}
		case "fileSharing":
			if on(t, "readOnlyRecommended") {
				b.notes = scan.AddNote(b.notes, scan.NoteReadOnlyRecommended)
			}
			if t.Attr("reservationPassword") != nil || t.Attr("hashValue") != nil {
				b.notes = scan.AddNote(b.notes, scan.NoteWriteReservation)
			}
		case "sheet":
			part := parts[t.AttrString("id")]
			b.names[part], b.order[part] = t.AttrString("name"), len(b.order)
			if state := string(t.Attr("state")); state == "hidden" || state == "veryHidden" {
				b.notes = scan.AddNote(b.notes, scan.NoteHiddenSheets)
			}
		}
	})
}

// readStyles reads the number format of each cell style (ECMA-376 part 1,
// sections 18.8.10 and 18.8.31).
func (b *Workbook) readStyles(r io.Reader) error {
	codes := map[int]*numfmt.Format{}
	inXfs := false
	t := xmltok.New(xmltok.Decode(r))
	for {
		kind, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		name := string(t.Name())
		switch {
		case name == "cellXfs" && kind != xmltok.Text:
			inXfs = kind == xmltok.Start
		case kind != xmltok.Start:
		case name == "numFmt":
			if id, err := strconv.Atoi(string(t.Attr("numFmtId"))); err == nil && len(codes) < 1<<16 {
				codes[id] = b.codes.Compile(t.AttrString("formatCode"))
			}
		case name == "xf" && inXfs && len(b.styles) < 1<<17:
			id, _ := strconv.Atoi(string(t.Attr("numFmtId"))) // none is General, as is 0
			if codes[id] == nil {
				codes[id] = b.codes.Compile(numfmt.Builtin(id))
			}
			b.styles = append(b.styles, codes[id])
		}
	}
}
