package format_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// zipped makes a package of parts; those that every one has are added.
func zipped(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	relations    = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`
	officeTypes  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="%s" ContentType="application/vnd.openxmlformats-officedocument.%s.main+xml"/>%s</Types>`
)

// bookOf is one with a sheet of these cells and what stands beside them.
func bookOf(t *testing.T, rows, beside string) []byte {
	t.Helper()
	return zipped(t, map[string]string{
		"[Content_Types].xml": fmt.Sprintf(contentTypes, "/xl/workbook.xml", "spreadsheetml.sheet",
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`),
		"_rels/.rels":                fmt.Sprintf(relations, `<Relationship Id="r1" Type="`+officeTypes+`officeDocument" Target="xl/workbook.xml"/>`),
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": fmt.Sprintf(relations, `<Relationship Id="r1" Type="`+officeTypes+`worksheet" Target="worksheets/sheet1.xml"/>`),
		"xl/worksheets/sheet1.xml":   `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData>` + beside + `</worksheet>`,
	})
}

// TestPlacesBesideText has a number in places of documents that people see and that are
// no cells or paragraphs: it comes out as text. Such places of the same kind with
// nothing of interest in them add nothing.
func TestPlacesBesideText(t *testing.T) {
	const cell = `<row r="1" spans="1:1"><c r="A1"><v>1</v></c></row>`
	document := func(body string) []byte {
		return zipped(t, map[string]string{
			"[Content_Types].xml": fmt.Sprintf(contentTypes, "/word/document.xml", "wordprocessingml.document", ""),
			"_rels/.rels":         fmt.Sprintf(relations, `<Relationship Id="r1" Type="`+officeTypes+`officeDocument" Target="word/document.xml"/>`),
			"word/document.xml":   `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>` + body + `</w:r></w:p></w:body></w:document>`,
		})
	}
	sheet := func(cells string) []byte {
		const mime = "application/vnd.oasis.opendocument.spreadsheet"
		return zipped(t, map[string]string{
			"mimetype":              mime,
			"META-INF/manifest.xml": `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="` + mime + `"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`,
			"content.xml": `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet><table:table table:name="S"><table:table-row>` +
				cells + `</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>`,
		})
	}
	symbols := func(text string) string {
		var b strings.Builder
		for _, c := range text {
			fmt.Fprintf(&b, `<w:sym w:font="Arial" w:char="%04X"/>`, c)
		}
		return b.String()
	}
	mail := func(body string) []byte {
		return []byte("From: a@example.jp\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed\r\n\r\n" + body)
	}
	const number, none = "3101-204815", "東京"
	for place, make := range map[string]func(text string) []byte{
		"list to choose from": func(s string) []byte {
			return bookOf(t, cell, `<dataValidations><dataValidation type="list" sqref="A1"><formula1>"`+s+`,x"</formula1></dataValidation></dataValidations>`)
		},
		"hint": func(s string) []byte {
			return bookOf(t, cell, `<dataValidations><dataValidation sqref="A1" promptTitle="佐藤" prompt="`+s+`"/></dataValidations>`)
		},
		"link": func(s string) []byte {
			return bookOf(t, cell, `<hyperlinks><hyperlink ref="A1" location="S!A1" tooltip="`+s+`"/></hyperlinks>`)
		},
		"scenario": func(s string) []byte {
			return bookOf(t, cell, `<scenarios><scenario name="佐藤"><inputCells r="A1" val="`+s+`"/></scenario></scenarios>`)
		},
		"condition": func(s string) []byte {
			return bookOf(t, cell, `<conditionalFormatting sqref="A1"><cfRule type="containsText" priority="1" text="`+s+`"/></conditionalFormatting>`)
		},
		"furigana": func(s string) []byte {
			return bookOf(t, `<row r="1"><c r="A1" t="inlineStr"><is><t>佐</t><rPh sb="0" eb="1"><t>`+s+`</t></rPh></is></c></row>`, "")
		},
		"symbols": func(s string) []byte { return document(symbols(s)) },
		"margins": func(s string) []byte {
			return bookOf(t, cell+`<row r="2"><c r="A2" t="inlineStr"><is><t>`+s+`</t></is></c></row>`, `<pageMargins left="0.70866141732283472" right="103.7109375"/>`)
		},
		"formula":             func(s string) []byte { return sheet(`<table:table-cell table:formula="of:=&quot;` + s + `&quot;"/>`) },
		"mail without a mark": func(s string) []byte { return mail("Dear all,\r\n" + s + "\r\n") },
	} {
		if seen, r := readWith(t, make(number)); !anyCell(seen, number) {
			t.Errorf("%s: the number is not seen among %v: %+v", place, seen, r.Items[0].Problems)
		}
		switch seen, r := readWith(t, make(none)); place {
		case "symbols", "mail without a mark", "margins": // the text itself
			if anyCell(seen, "0.708") {
				t.Errorf("%s: %v", place, seen)
			}
		default:
			if anyCell(seen, none) || len(r.Items[0].Problems) > 0 {
				t.Errorf("%s: what holds no number is seen among %v, %+v", place, seen, r.Items[0].Problems)
			}
		}
	}
}

func anyCell(seen cells, text string) bool {
	for _, cell := range seen {
		if strings.Contains(cell, text) {
			return true
		}
	}
	return false
}
