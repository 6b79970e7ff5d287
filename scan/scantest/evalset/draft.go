package evalset

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// A draft is a document in the making.
type draft struct {
	*rand.Rand
	held    bool
	people  []person
	path    string // its folder and number; finish makes it a name
	name    string // said by the scenario, or drawn
	kind    string // csv, xlsx, text, eml
	raw     []byte // of what the scenario writes itself; kind is its ending then
	sheets  []sheet
	truth   Truth
	numbers map[uint64]bool
}

// A sheet is rows of cells; numeric says which columns hold numbers and not
// texts where the kind of document knows the difference.
type sheet struct {
	name   string
	rows   [][]string
	merged []string // ranges such as A1:B1
}

// word draws one of the wordings that the split allows.
func (d *draft) word(from []string) string {
	if len(from) == 1 {
		return from[0]
	}
	half := (len(from) + 1) / 2
	if d.held {
		return from[min(2*d.IntN(len(from)-half)+1, len(from)-1)]
	}
	return from[2*d.IntN(half)]
}

// any draws from values that no rule is about.
func (d *draft) any(from ...string) string { return from[d.IntN(len(from))] }

func (d *draft) chance(percent int) bool { return d.IntN(100) < percent }

func (d *draft) between(low, high int) int { return low + d.IntN(high-low+1) }

// someone draws a person; now and then one who was drawn before.
func (d *draft) someone() *person { return &d.people[d.IntN(len(d.people))] }

// record notes that the document holds a number of p, and what stands in the
// same row.
func (d *draft) record(p *person, name, birth, address bool) {
	t := &d.truth
	t.Holds = true
	t.Records++
	t.Numbers = append(t.Numbers, p.Number)
	if !d.numbers[p.Number] {
		d.numbers[p.Number] = true
		t.Persons++
	}
	switch {
	case name && birth && address:
		t.Classes.Four++
	case name && birth:
		t.Classes.Three++
	case name:
		t.Classes.Two++
	default:
		t.Classes.Number++
	}
}

// add appends a row to the last sheet.
func (d *draft) add(cells ...string) {
	if len(d.sheets) == 0 {
		d.sheet("Sheet1")
	}
	s := &d.sheets[len(d.sheets)-1]
	s.rows = append(s.rows, cells)
}

func (d *draft) sheet(name string) { d.sheets = append(d.sheets, sheet{name: name}) }

func (d *draft) addf(format string, args ...any) { d.add(fmt.Sprintf(format, args...)) }

// finish writes the document.
func (d *draft) finish(i int) (Doc, error) {
	doc := Doc{Held: d.held, Truth: d.truth}
	for _, s := range d.sheets {
		doc.Rows = append(doc.Rows, s.rows...)
	}
	var err error
	ext := d.kind
	switch {
	case d.raw != nil:
		doc.Data, doc.raw = d.raw, true
		for line := range strings.Lines(string(d.raw)) {
			doc.Rows = append(doc.Rows, []string{line})
		}
	default:
		ext, doc.Data, err = written(d)
	}
	name := d.name
	if name == "" {
		name = fmt.Sprintf("%s%d", d.word(fileNames()), i%97)
	}
	if !strings.Contains(name, ".") {
		name += "." + ext
	}
	doc.Path = d.path + "/" + name
	return doc, err
}

// written writes the sheets as the kind of document has them.
func written(d *draft) (ext string, data []byte, err error) {
	switch d.kind {
	case "xlsx":
		data, err = workbookOf(d)
	case "eml":
		data = mailText(d)
	case "text":
		data, err = encodedText(d, textLines(d))
		return "txt", data, err
	default:
		data, err = separatedText(d)
	}
	return d.kind, data, err
}

// separatedText writes the sheets as csv, one below the other.
func separatedText(d *draft) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for i, s := range d.sheets {
		if i > 0 {
			b.WriteString("\r\n\r\n")
		}
		for _, row := range s.rows {
			if err := w.Write(row); err != nil {
				return nil, err
			}
		}
		w.Flush()
	}
	return encodedText(d, b.String())
}

// encodedText draws an encoding; a text that it cannot hold stays UTF-8.
func encodedText(d *draft, text string) ([]byte, error) {
	e := []encoding.Encoding{japanese.ShiftJIS, unicode.UTF8BOM, encoding.Nop}[d.IntN(3)]
	if b, err := e.NewEncoder().Bytes([]byte(text)); err == nil {
		return b, nil
	}
	return []byte(text), nil
}

func textLines(d *draft) string {
	var b strings.Builder
	for _, s := range d.sheets {
		for _, row := range s.rows {
			b.WriteString(strings.Join(row, "\t") + "\r\n")
		}
	}
	return b.String()
}

func mailText(d *draft) []byte {
	var b bytes.Buffer
	b.WriteString("From: tanto@example.jp\r\nTo: kakari@example.jp\r\nDate: Tue, 1 Apr 2014 09:00:00 +0900\r\nMessage-ID: <20140401090000.12345@example.jp>\r\n")
	b.WriteString("Subject: =?utf-8?q?=E3=81=94=E9=80=A3=E7=B5=A1?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
	b.WriteString(textLines(d))
	return b.Bytes()
}

func workbookOf(d *draft) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	for i, s := range d.sheets {
		name := s.name
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				return nil, err
			}
		} else if _, err := f.NewSheet(name); err != nil {
			return nil, err
		}
		w, err := f.NewStreamWriter(name)
		if err != nil {
			return nil, err
		}
		for _, m := range s.merged {
			from, to, _ := strings.Cut(m, ":")
			if err := w.MergeCell(from, to); err != nil {
				return nil, err
			}
		}
		for n, row := range s.rows {
			cells := make([]any, len(row))
			for k, text := range row {
				if text != "" {
					cells[k] = text
				}
			}
			if err := w.SetRow(fmt.Sprintf("A%d", n+1), cells); err != nil {
				return nil, err
			}
		}
		if err := w.Flush(); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	err := f.Write(&out)
	return out.Bytes(), err
}
