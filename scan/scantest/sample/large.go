package sample

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/transform"
)

// Large files, for benchmarks: written as a stream, the same bytes each time.

const largeHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// LargeWorkbook writes a workbook of one sheet with rows of 8 columns below a
// heading: all text (shared strings), or numbers and dates with number formats,
// the pension number with 0000-000000.
func LargeWorkbook(w io.Writer, rows int, numeric bool) error {
	z := zip.NewWriter(w)
	parts := []struct {
		name  string
		write func(*bufio.Writer)
	}{
		{"[Content_Types].xml", largeTypes}, {"_rels/.rels", largeRels}, {"xl/workbook.xml", largeBook},
		{"xl/_rels/workbook.xml.rels", largeBookRels}, {"xl/styles.xml", largeStyles},
		{"xl/sharedStrings.xml", func(b *bufio.Writer) { largeStrings(b, rows, numeric) }},
		{"xl/worksheets/sheet1.xml", func(b *bufio.Writer) { largeSheet(b, rows, numeric) }},
	}
	for _, p := range parts {
		f, err := z.Create(p.name)
		if err != nil {
			return err
		}
		b := bufio.NewWriterSize(f, 1<<16)
		p.write(b)
		if err := b.Flush(); err != nil {
			return err
		}
	}
	return z.Close()
}

func largeTypes(b *bufio.Writer) {
	const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	fmt.Fprintf(b, `%s<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="%ssheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="%sworksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="%sstyles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="%ssharedStrings+xml"/></Types>`, largeHead, kind, kind, kind, kind)
}

const largeNS = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

func largeRels(b *bufio.Writer) {
	fmt.Fprintf(b, `%s<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`, largeHead)
}

func largeBook(b *bufio.Writer) {
	fmt.Fprintf(b, `%s<workbook %s><sheets><sheet name="名簿" sheetId="1" r:id="rId1"/></sheets></workbook>`, largeHead, largeNS)
}

func largeBookRels(b *bufio.Writer) {
	const kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	fmt.Fprintf(b, `%s<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="%sworksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="%sstyles" Target="styles.xml"/><Relationship Id="rId3" Type="%ssharedStrings" Target="sharedStrings.xml"/></Relationships>`, largeHead, kind, kind, kind)
}

func largeStyles(b *bufio.Writer) {
	fmt.Fprintf(b, `%s<styleSheet %s><numFmts count="1"><numFmt numFmtId="176" formatCode="0000\-000000"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="176" applyNumberFormat="1"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`, largeHead, largeNS)
}

// largeText is what stands in one column of the text workbook: the first five
// differ in each row, the last three come from short lists.
func largeText(row, col int) string {
	switch col {
	case 0:
		return fmt.Sprintf("%04d-%06d", 3100+row%9, row+1)
	case 1:
		family := [...]string{"佐藤", "鈴木", "髙橋", "田中", "長谷川", "林", "東海林"}[row%7]
		given := [...]string{"太郎", "花子", "一郎", "さくら"}[row%4]
		return fmt.Sprintf("%s　%s%d", family, given, row%1000)
	case 2:
		return fmt.Sprintf("昭和%d年%d月%d日", 1+row%63, 1+row%12, 1+row%28)
	case 3:
		return fmt.Sprintf("東京都千代田区見本町%d丁目%d番%d号", 1+row%9, 1+row%97, row)
	case 4:
		return fmt.Sprintf("備考%07d", row)
	}
	return fmt.Sprintf("区分%d-%d", col, row%50)
}

func largeHeading() []string {
	return []string{"基礎年金番号", "氏名", "生年月日", "住所", "備考", "区分一", "区分二", "区分三"}
}

func largeStrings(b *bufio.Writer, rows int, numeric bool) {
	fmt.Fprintf(b, `%s<sst %s>`, largeHead, largeNS)
	for _, h := range largeHeading() {
		fmt.Fprintf(b, `<si><t>%s</t></si>`, h)
	}
	for row := range rows {
		if numeric {
			break
		}
		for col := range 5 {
			fmt.Fprintf(b, `<si><t xml:space="preserve">%s</t></si>`, largeText(row, col))
		}
	}
	for i := range 150 {
		fmt.Fprintf(b, `<si><t>%s</t></si>`, largeText(i%50, 5+i/50))
	}
	b.WriteString(`</sst>`)
}

func largeSheet(b *bufio.Writer, rows int, numeric bool) {
	fmt.Fprintf(b, `%s<worksheet %s><sheetData><row r="1">`, largeHead, largeNS)
	for col := range 8 {
		fmt.Fprintf(b, `<c r="%c1" t="s"><v>%d</v></c>`, 'A'+col, col)
	}
	b.WriteString(`</row>`)
	short := 8 // where the strings of the short lists begin
	if !numeric {
		short += 5 * rows
	}
	for row := range rows {
		r := row + 2
		fmt.Fprintf(b, `<row r="%d" spans="1:8">`, r)
		for col := range 8 {
			switch {
			case !numeric && col < 5:
				fmt.Fprintf(b, `<c r="%c%d" s="0" t="s"><v>%d</v></c>`, 'A'+col, r, 8+5*row+col)
			case !numeric:
				fmt.Fprintf(b, `<c r="%c%d" s="0" t="s"><v>%d</v></c>`, 'A'+col, r, short+(col-5)*50+row%50)
			case col == 0:
				fmt.Fprintf(b, `<c r="A%d" s="1"><v>%d</v></c>`, r, 100_000_001+row*44_441%8_200_000_000)
			case col == 2:
				fmt.Fprintf(b, `<c r="C%d" s="2"><v>%d</v></c>`, r, 9000+row%20000)
			default:
				fmt.Fprintf(b, `<c r="%c%d"><v>%d</v></c>`, 'A'+col, r, row*(col+3)%100_000)
			}
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
}

// LargeCSV writes a CP932 table with a heading, at least size bytes.
func LargeCSV(w io.Writer, size int64) error {
	counter := &countingWriter{w: w}
	enc := transform.NewWriter(counter, japanese.ShiftJIS.NewEncoder())
	b := bufio.NewWriterSize(enc, 1<<16)
	for col, h := range largeHeading() {
		writeField(b, h, col)
	}
	for row := 0; counter.n < size; row++ {
		for col := range 8 {
			writeField(b, largeText(row, col), col)
		}
	}
	if err := b.Flush(); err != nil {
		return err
	}
	return enc.Close()
}

func writeField(b *bufio.Writer, text string, col int) {
	b.WriteString(text)
	if col < 7 {
		b.WriteByte(',')
	} else {
		b.WriteString("\r\n")
	}
}

type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// LargeZip writes an archive of CP932 tables of 1 MiB each, at least size
// bytes of content.
func LargeZip(w io.Writer, size int64) error {
	z := zip.NewWriter(w)
	for i := int64(0); i*(1<<20) < size; i++ {
		f, err := z.Create(fmt.Sprintf("list%04d.csv", i))
		if err != nil {
			return err
		}
		if err := LargeCSV(f, 1<<20); err != nil {
			return err
		}
	}
	return z.Close()
}
