package sample

import (
	stdzip "archive/zip"
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/flate"
)

// The files for measurements are written as they are made: none is held in
// memory. Each maker writes one file at path and gives its truth.

// writeFile calls write with a buffered file.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	err = write(w)
	if flush := w.Flush(); err == nil {
		err = flush
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// bigTruth is the truth of a file with n records about people, one after the
// other and from the start again.
func bigTruth(kind, format, path string, people []Person, n, items int) File {
	all := make([]Person, n)
	for i := range all {
		all[i] = people[i%len(people)]
	}
	d := holding(kind, filepath.Base(path), format, nil, all, items)
	return d.file(filepath.Base(path))
}

// BigCSV writes a UTF-8 list of about size bytes.
func BigCSV(path string, size int64) (File, error) {
	people := NewPeople(11, 20_000)
	n := 0
	err := writeFile(path, func(w io.Writer) error {
		written, err := io.WriteString(w, "基礎年金番号,氏名,カナ氏名,生年月日,住所,電話番号\r\n")
		for total := int64(written); err == nil && total < size; n++ {
			written, err = io.WriteString(w, csvLine(&people[n%len(people)]))
			total += int64(written)
		}
		return err
	})
	return bigTruth("big-csv", "csv", path, people, n, 4), err
}

func csvLine(p *Person) string {
	return p.Hyphen() + "," + p.Name() + "," + p.FamilyKana + "　" + p.GivenKana + "," + p.Era() + "," + p.Address + "," + p.Phone + "\r\n"
}

// BigZip writes a zip of so many csv members, each of about size bytes before
// compression. One member in ten is a list; the others are harmless.
func BigZip(path string, members int, size int64) (File, error) {
	people := NewPeople(12, 20_000)
	n := 0
	err := writeFile(path, func(w io.Writer) error {
		z := stdzip.NewWriter(w)
		z.RegisterCompressor(stdzip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
		for m := range members {
			e, err := z.CreateHeader(&stdzip.FileHeader{Name: fmt.Sprintf("出力/%05d.csv", m), Method: stdzip.Deflate, Modified: stamp()})
			if err != nil {
				return err
			}
			if m%10 != 0 {
				if err := harmless(e, m, size); err != nil {
					return err
				}
				continue
			}
			written, err := io.WriteString(e, "基礎年金番号,氏名,カナ氏名,生年月日,住所,電話番号\r\n")
			for total := int64(written); err == nil && total < size; n++ {
				written, err = io.WriteString(e, csvLine(&people[n%len(people)]))
				total += int64(written)
			}
			if err != nil {
				return err
			}
		}
		return z.Close()
	})
	return bigTruth("big-zip", "zip", path, people, n, 4), err
}

// harmless writes a list of sums.
func harmless(w io.Writer, seed int, size int64) error {
	written, err := io.WriteString(w, "年月,拠点,区分,件数,金額\r\n")
	for i, total := 0, int64(written); err == nil && total < size; i++ {
		written, err = fmt.Fprintf(w, "平成%d年%d月,第%d拠点,%s,%d,%d\r\n", 20+i%7, i%12+1, i%312, pickAt(i*seed, "新規", "変更", "喪失"), i*7%1000, i*7919%10_000_000)
		total += int64(written)
	}
	return err
}

// BigBook writes a workbook of rows × 8 cells: all texts in the shared table,
// or, if numeric, with numbers of the format 0000-000000 and dates as numbers.
func BigBook(path string, rows int, numeric bool) (File, error) {
	people := NewPeople(13, 50_000)
	kind, items := "big-xlsx-text", 4
	if numeric {
		kind, items = "big-xlsx-numbers", 3
	}
	err := writeFile(path, func(w io.Writer) error {
		z := stdzip.NewWriter(w)
		z.RegisterCompressor(stdzip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
		for _, part := range []struct {
			name  string
			write func(io.Writer) error
		}{
			{"[Content_Types].xml", fixed(contentTypes)},
			{"_rels/.rels", fixed(packageRels)},
			{"xl/workbook.xml", fixed(workbook)},
			{"xl/_rels/workbook.xml.rels", fixed(workbookRels)},
			{"xl/styles.xml", fixed(styles)},
			{"xl/sharedStrings.xml", func(w io.Writer) error { return sharedStrings(w, people, rows, numeric) }},
			{"xl/worksheets/sheet1.xml", func(w io.Writer) error { return sheet(w, people, rows, numeric) }},
		} {
			e, err := z.CreateHeader(&stdzip.FileHeader{Name: part.name, Method: stdzip.Deflate, Modified: stamp()})
			if err != nil {
				return err
			}
			b := bufio.NewWriter(e)
			if err := part.write(b); err != nil {
				return err
			}
			if err := b.Flush(); err != nil {
				return err
			}
		}
		return z.Close()
	})
	return bigTruth(kind, "xlsx", path, people, rows, items), err
}

func fixed(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, xmlHead+s); return err }
}

const (
	xmlHead      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	spreadsheet  = `"http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	related      = `"http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`
	packageRels  = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type=` + related + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	workbook     = `<workbook xmlns=` + spreadsheet + ` xmlns:r=` + related + `"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`
	workbookRels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type=` + related + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type=` + related + `/styles" Target="styles.xml"/><Relationship Id="rId3" Type=` + related + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
	styles       = `<styleSheet xmlns=` + spreadsheet + `><numFmts count="1"><numFmt numFmtId="164" formatCode="0000\-000000"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`
)

// headings are the shared strings 0–7.
const headings = "基礎年金番号,氏名,カナ氏名,生年月日,住所,電話番号,備考,区分"

// sharedStrings writes the headings and, for the workbook of texts, eight texts
// for each row; otherwise the names of the people only.
func sharedStrings(w io.Writer, people []Person, rows int, numeric bool) error {
	if _, err := io.WriteString(w, xmlHead+`<sst xmlns=`+spreadsheet+`>`); err != nil {
		return err
	}
	item := func(s string) string { return "<si><t>" + s + "</t></si>" }
	for h := range strings.SplitSeq(headings, ",") {
		if _, err := io.WriteString(w, item(h)); err != nil {
			return err
		}
	}
	count := rows
	if numeric {
		count = len(people)
	}
	for i := range count {
		p := &people[i%len(people)]
		s := item(p.Name())
		if !numeric {
			s = item(p.Hyphen()) + s + item(p.FamilyKana+" "+p.GivenKana) + item(p.Era()) + item(p.Address) + item(p.Phone) + item("特記事項なし") + item(pickAt(i, "一号", "二号", "三号"))
		}
		if _, err := io.WriteString(w, s); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "</sst>")
	return err
}

// sheet writes the cells.
func sheet(w io.Writer, people []Person, rows int, numeric bool) error {
	if _, err := io.WriteString(w, xmlHead+`<worksheet xmlns=`+spreadsheet+`><sheetData><row r="1">`); err != nil {
		return err
	}
	for c := range 8 {
		if _, err := fmt.Fprintf(w, `<c r="%c1" t="s"><v>%d</v></c>`, 'A'+c, c); err != nil {
			return err
		}
	}
	for i := range rows {
		r, p := i+2, &people[i%len(people)]
		if _, err := fmt.Fprintf(w, `</row><row r="%d">`, r); err != nil {
			return err
		}
		if numeric {
			day := p.Birth.Unix()/86400 + 25569
			if _, err := fmt.Fprintf(w, `<c r="A%d" s="1"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c><c r="C%d"><v>%d</v></c><c r="D%d" s="2"><v>%d</v></c><c r="F%d"><v>%d</v></c><c r="G%d"><v>%d.5</v></c><c r="H%d"><v>%d</v></c>`,
				r, p.Number, r, 8+i%len(people), r, i, r, day, r, i*31%100000, r, i%977, r, i%3); err != nil {
				return err
			}
			continue
		}
		for c := range 8 {
			if _, err := fmt.Fprintf(w, `<c r="%c%d" t="s"><v>%d</v></c>`, 'A'+c, r, 8+8*i+c); err != nil {
				return err
			}
		}
	}
	_, err := io.WriteString(w, "</row></sheetData></worksheet>")
	return err
}
