package format_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/xuri/excelize/v2"
)

// These tests compare the reader of workbooks with excelize, cell by cell.
// Dates are left out of the comparison where both show one: kagiban shows all
// of them as ISO 8601.

// cells are texts by "sheet!column,row".
type cells map[string]string

// A copier is a detector that copies what it sees of a single file.
type copier struct{ cells cells }

func (copier) Revision() string                      { return "copier" }
func (c copier) Begin(scan.Subject) scan.Examination { return c }
func (c copier) Close() (scan.Findings, error)       { return scan.Findings{}, nil }
func (c copier) Row(r scan.Row) error {
	for _, cell := range r.Cells {
		c.cells[fmt.Sprintf("%s!%d,%d", r.Table, cell.Col, r.N)] = string(cell.Text)
	}
	return nil
}

// readOurs reads a file through the engine, with all formats.
func readOurs(t *testing.T, data []byte) (cells, *scan.Result) {
	t.Helper()
	seen := cells{}
	var k scantest.MemoryStore
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"file": data}}}
	_, err := engine.Run(t.Context(), engine.Config{
		Targets: []engine.Target{m.Target("memory")}, Formats: format.List(), Detector: copier{seen}, Store: &k,
		Limits: scan.DefaultLimits(), Workers: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen, k.Kept[0]
}

// readExcelize reads the sheets of a workbook, empty cells left out.
func readExcelize(t *testing.T, data []byte) cells {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd"})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen := cells{}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, text := range row {
				if text != "" {
					seen[fmt.Sprintf("%s!%d,%d", sheet, c, r+1)] = text
				}
			}
		}
	}
	return seen
}

// compareCells reports what differs, dates apart.
func compareCells(t *testing.T, data []byte) {
	t.Helper()
	ours, result := readOurs(t, data)
	if p := result.Items[0].Problems; len(p) > 0 {
		t.Errorf("problems %v", p)
	}
	theirs := readExcelize(t, data)
	if len(theirs) == 0 {
		t.Fatal("excelize sees no cell: the test says nothing")
	}
	sheets := map[string]bool{}
	for key := range theirs {
		sheets[key[:strings.LastIndexByte(key, '!')]] = true
	}
	for key, text := range ours {
		_, isDate := time.Parse("2006-01-02", text[:min(10, len(text))])
		_, isTime := time.Parse("15:04:05", text)
		switch {
		case !sheets[key[:strings.LastIndexByte(key, '!')]]: // properties and the like, which excelize does not show
			delete(ours, key)
		case (isDate == nil || isTime == nil) && theirs[key] != "":
			delete(ours, key)
			delete(theirs, key)
		}
	}
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("cells (-excelize +ours):\n%s", diff)
	}
}

// TestWorkbooksOfExcelize has excelize write values of every kind, in plain
// cells and as a stream (which writes inline strings).
func TestWorkbooksOfExcelize(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for i := range 6 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			f := excelize.NewFile()
			defer f.Close()
			if i%2 == 0 {
				writeCells(t, f, random)
			} else {
				writeStream(t, f, random)
			}
			var b bytes.Buffer
			if err := f.Write(&b); err != nil {
				t.Fatal(err)
			}
			compareCells(t, b.Bytes())
		})
	}
}

// codes leaves out exponents: excelize rounds a half in them to the even digit,
// spreadsheets round it up.
func codes() []string {
	return []string{"0000-000000", `0000"-"000000`, "0000000000", "#,##0", "0.00", "0%", "@", "General", `"No."0`, "000-0000",
		"#,##0.00", "0.0%", `"¥"#,##0`, "yyyy-mm-dd", "h:mm:ss", "0", "00000"}
}

func anyValue(r *rand.Rand) any {
	switch r.IntN(9) {
	case 0:
		return r.Int64N(10_000_000_000)
	case 1:
		return float64(r.IntN(100_000)) / 8
	case 2:
		return "山田　太郎"
	case 3:
		return fmt.Sprintf("%04d-%06d", r.IntN(10000), r.IntN(1000000))
	case 4:
		return r.IntN(2) == 0
	case 5:
		return " 前後の空白 & <記号> \"引用\" "
	case 6:
		return "改行\nあり"
	case 7:
		return nil
	}
	return r.IntN(40000)
}

func writeCells(t *testing.T, f *excelize.File, r *rand.Rand) {
	t.Helper()
	for _, sheet := range []string{"Sheet1", "別の表", "Hidden & <odd>"} {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for range 300 {
			at, _ := excelize.CoordinatesToCellName(1+r.IntN(30), 1+r.IntN(60))
			code, value := codes()[r.IntN(len(codes()))], anyValue(r)
			if _, large := value.(int64); large && strings.Contains("yyyy-mm-dd h:mm:ss", code) {
				value = 40000 // what is past the year 9999 is no date: Excel shows #####
			}
			if err := f.SetCellValue(sheet, at, value); err != nil {
				t.Fatal(err)
			}
			style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
			if err != nil {
				t.Fatal(err)
			}
			if err := f.SetCellStyle(sheet, at, at, style); err != nil {
				t.Fatal(err)
			}
		}
		rich := []excelize.RichTextRun{{Text: "1234"}, {Text: "-567", Font: &excelize.Font{Bold: true}}, {Text: "891"}}
		if err := f.SetCellRichText(sheet, "XFD70", rich); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetSheetVisible("Hidden & <odd>", false); err != nil {
		t.Fatal(err)
	}
}

func writeStream(t *testing.T, f *excelize.File, r *rand.Rand) {
	t.Helper()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for row := range 80 {
		values := make([]any, r.IntN(20))
		for i := range values {
			values[i] = anyValue(r)
		}
		if err := w.SetRow(fmt.Sprintf("B%d", row+1), values); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
}

// TestWorkbooksOfOthers compares workbooks that other programs wrote; see
// testdata/differential/xlsx/README.md.
func TestWorkbooksOfOthers(t *testing.T) {
	files, err := filepath.Glob("../../testdata/differential/xlsx/*.xlsx")
	if err != nil || len(files) == 0 {
		t.Fatalf("no workbooks found, %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			compareCells(t, data)
		})
	}
}

// TestWorkbooksByHand compares legal XML that no common program writes.
func TestWorkbooksByHand(t *testing.T) {
	const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	for name, sheet := range map[string]string{
		"no references":        `<worksheet ` + ns + `><sheetData><row><c><v>1</v></c><c t="s"><v>1</v></c></row><row><c><v>2</v></c></row></sheetData></worksheet>`,
		"prefixed names":       `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="3"><x:c r="B3" t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
		"inline rich text":     `<worksheet ` + ns + `><sheetData><row r="1"><c r="A1" t="inlineStr"><is><r><t>1234</t></r><r><t>-567891</t></r></is></c></row></sheetData></worksheet>`,
		"single quotes":        `<worksheet ` + ns + `><sheetData><row r='1'><c r='C1' s='1'><v>123456789</v></c></row></sheetData></worksheet>`,
		"character references": `<worksheet ` + ns + `><sheetData><row r="1"><c r="A1" t="str"><f>x&gt;y</f><v>&#x31;234&amp;5</v></c></row></sheetData></worksheet>`,
		"comments between":     `<worksheet ` + ns + `><!-- a > b --><sheetData><row r="1"><c r="A1"><!-- c --><v>7</v></c></row></sheetData></worksheet>`,
		"far corner":           `<worksheet ` + ns + `><sheetData><row r="1048576"><c r="XFD1048576"><v>5</v></c></row></sheetData></worksheet>`,
		"furigana":             `<worksheet ` + ns + `><sheetData><row r="1"><c r="A1" t="s"><v>2</v></c></row></sheetData></worksheet>`,
	} {
		t.Run(name, func(t *testing.T) { compareCells(t, handmade(t, sheet)) })
	}
}

// handmade packs one sheet into a workbook.
func handmade(t *testing.T, sheet string) []byte {
	t.Helper()
	const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	const rel = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	const kind = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="` + kind + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + kind + `worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="` + kind + `styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="` + kind + `sharedStrings+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + ns + ` xmlns:r="` + rel + `"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + rel + `/styles" Target="styles.xml"/><Relationship Id="rId3" Type="` + rel + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		{"xl/styles.xml", `<styleSheet ` + ns + `><numFmts><numFmt numFmtId="164" formatCode="0000-000000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`},
		{"xl/sharedStrings.xml", `<sst ` + ns + `><si><t>一</t></si><si><r><t>二</t></r><r><t>三</t></r></si><si><t>山田</t><rPh sb="0" eb="2"><t>ヤマダ</t></rPh></si></sst>`},
		{"xl/worksheets/sheet1.xml", sheet},
	} {
		w, err := z.Create(part[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(part[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
