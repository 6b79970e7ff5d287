package sample

import (
	stdzip "archive/zip"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/transform"
)

// A mixedKind writes one file of some rows about people.
type mixedKind struct {
	ext   string
	write func(w io.Writer, people []Person, rows int, numbered bool) error
}

// mixedKinds are the formats that are simple to write; the others come as the
// fixtures they are.
func mixedKinds() []mixedKind {
	const sheetTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`
	inline := markup(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`, "<row>", `<c t="inlineStr"><is><t>%s</t></is></c>`, "</row>", "</sheetData></worksheet>")
	html := markup("<html><meta charset=utf-8><table>", "<tr>", "<td>%s</td>", "</tr>\n", "</table></html>")
	office := markup(`<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="名簿">`,
		"<table:table-row>", `<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>`, "</table:table-row>", "</table:table></office:spreadsheet></office:body></office:document-content>")
	excel := markup(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="名簿"><Table>`,
		"<Row>", `<Cell><Data ss:Type="String">%s</Data></Cell>`, "</Row>\n", "</Table></Worksheet></Workbook>")
	word := markup(`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:tbl>`,
		"<w:tr>", "<w:tc><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc>", "</w:tr>", "</w:tbl></w:body></w:document>")
	const wordTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	list := markup("基礎年金番号,氏名,カナ氏名,生年月日,住所,電話番号\r\n", "", "%s,", "\r\n", "")
	return []mixedKind{
		{"csv", list},
		{"sjis.csv", func(w io.Writer, p []Person, n int, numbered bool) error {
			t := transform.NewWriter(w, japanese.ShiftJIS.NewEncoder())
			if err := list(t, p, n, numbered); err != nil {
				return err
			}
			return t.Close()
		}},
		{"html.xls", html},
		{"xml", excel},
		{"xlsx", packaged("[Content_Types].xml", sheetTypes, "xl/worksheets/sheet1.xml", inline)},
		{"ods", packaged("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", office)},
		{"docx", packaged("[Content_Types].xml", wordTypes, "word/document.xml", word)},
		{"zip", packaged("はじめに.txt", "名簿の控え", "名簿.csv", list)},
		{"csv.gz", func(w io.Writer, p []Person, n int, numbered bool) error {
			z := gzip.NewWriter(w)
			if err := list(z, p, n, numbered); err != nil {
				return err
			}
			return z.Close()
		}},
		{"eml", func(w io.Writer, p []Person, n int, numbered bool) error { return mail(w, p, n, numbered, list) }},
	}
}

// markup writes rows of cells in some markup.
func markup(head, row, cell, end, tail string) func(io.Writer, []Person, int, bool) error {
	return func(w io.Writer, people []Person, rows int, numbered bool) error {
		var b strings.Builder
		b.WriteString(head)
		for i := range rows {
			b.WriteString(row)
			for _, v := range mixedRow(people, i, numbered) {
				fmt.Fprintf(&b, cell, v)
			}
			b.WriteString(end)
			if b.Len() > 1<<20 || i == rows-1 {
				if _, err := io.WriteString(w, b.String()); err != nil {
					return err
				}
				b.Reset()
			}
		}
		_, err := io.WriteString(w, tail)
		return err
	}
}

// mixedRow returns the values of a row about a person: with the pension number,
// or of an order that has none.
func mixedRow(people []Person, i int, numbered bool) []string {
	p := &people[i%len(people)]
	if numbered {
		return []string{p.Hyphen(), p.Name(), p.HalfKana(), p.ISO(), p.Address, p.Phone}
	}
	slip := uint32(i) * 2654435761
	return []string{fmt.Sprintf("S-%08X", slip), p.Name(), p.Address, p.Phone, fmt.Sprint(slip % 10_000_000), pickAt(i, "新規", "変更", "喪失")}
}

// packaged writes a zip with a small first entry and one that write makes.
func packaged(first, text, name string, write func(io.Writer, []Person, int, bool) error) func(io.Writer, []Person, int, bool) error {
	return func(w io.Writer, people []Person, rows int, numbered bool) error {
		z := stdzip.NewWriter(w)
		e, err := z.CreateHeader(&stdzip.FileHeader{Name: first, Method: stdzip.Store, Modified: stamp()})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(e, text); err != nil {
			return err
		}
		if e, err = z.CreateHeader(&stdzip.FileHeader{Name: name, Method: stdzip.Deflate, Modified: stamp()}); err != nil {
			return err
		}
		if err := write(e, people, rows, numbered); err != nil {
			return err
		}
		return z.Close()
	}
}

// mail writes a message with a list attached.
func mail(w io.Writer, people []Person, rows int, numbered bool, list func(io.Writer, []Person, int, bool) error) error {
	const head = "From: a@example.jp\r\nTo: b@example.jp\r\nSubject: list\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" +
		"--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nplease find attached\r\n" +
		"--x\r\nContent-Type: text/csv; name=list.csv\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=list.csv\r\n\r\n"
	if _, err := io.WriteString(w, head); err != nil {
		return err
	}
	b := base64.NewEncoder(base64.StdEncoding, &wrapped{w: w})
	if err := list(b, people, rows, numbered); err != nil {
		return err
	}
	if err := b.Close(); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\r\n--x--\r\n")
	return err
}

// wrapped breaks what is written into lines of 76 bytes.
type wrapped struct {
	w   io.Writer
	col int
}

func (l *wrapped) Write(p []byte) (int, error) {
	done := 0
	for len(p) > 0 {
		k := min(len(p), 76-l.col)
		if _, err := l.w.Write(p[:k]); err != nil {
			return done, err
		}
		done, p, l.col = done+k, p[k:], l.col+k
		if l.col == 76 {
			l.col = 0
			if _, err := io.WriteString(l.w, "\r\n"); err != nil {
				return done, err
			}
		}
	}
	return done, nil
}

// mixedVariants is how many different files there are of a kind, the rest are
// copies; so many of them hold pension numbers.
const mixedVariants, mixedLists = 6, 2

// Mixed fills a folder with about so many files of about so many bytes
// together, of every format, a third of them with pension numbers: fixtures is the folder with a folder for each.
func Mixed(dir string, files int, size int64, fixtures string) error {
	count, err := copyFixtures(dir, fixtures)
	if err != nil {
		return err
	}
	people := NewPeople(17, 20_000)
	kinds := mixedKinds()
	each := (files - count) / (len(kinds) + 2) / mixedVariants // two kinds of workbook besides
	per := size / int64(files-count)
	for i, k := range kinds {
		for v := range mixedVariants {
			write := func(path string, rows int) error {
				return writeFile(path, func(w io.Writer) error { return k.write(w, people[v*1000:], rows, v < mixedLists) })
			}
			if err := copies(dir, fmt.Sprintf("%02d-%d.%s", i, v, k.ext), each, per*int64(v+1)*2/(mixedVariants+1), write); err != nil {
				return err
			}
		}
	}
	for _, numeric := range []bool{false, true} {
		for v := range mixedLists {
			write := func(path string, rows int) error { _, err := BigBook(path, rows, numeric); return err }
			if err := copies(dir, fmt.Sprintf("book-%v-%d.xlsx", numeric, v), each, per, write); err != nil {
				return err
			}
		}
	}
	return nil
}

// copies writes a file of about size bytes, so many times.
func copies(dir, name string, n int, size int64, write func(path string, rows int) error) error {
	first := filepath.Join(dir, "0-"+name)
	const probe = 2000
	if err := write(first, probe); err != nil {
		return err
	}
	info, err := os.Stat(first)
	if err != nil {
		return err
	}
	if err := write(first, max(int(size*probe/info.Size()), 10)); err != nil {
		return err
	}
	for i := 1; i < n; i++ {
		if err := copyFile(filepath.Join(dir, fmt.Sprintf("%d-%s", i, name)), first); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(to, from string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o600)
}

// copyFixtures copies the files of all formats that the generator does not write.
func copyFixtures(dir, fixtures string) (int, error) {
	names, err := filepath.Glob(filepath.Join(fixtures, "*", "*"))
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("fixtures in %s: %w", fixtures, os.ErrNotExist)
	}
	n := 0
	for _, name := range names {
		if base := filepath.Base(name); base != "manifest.json" {
			if err := copyFile(filepath.Join(dir, filepath.Base(filepath.Dir(name))+"-"+base), name); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}
