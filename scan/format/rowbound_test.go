package format_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

// A taker is a sink that counts what it is handed.
type taker struct {
	rows     int
	cells    []int // of each row
	text     int
	sizes    []int // bytes of text of each row
	last     string
	members  int
	problems []error
}

func (s *taker) Row(r scan.Row) error {
	s.rows++
	s.cells = append(s.cells, len(r.Cells))
	size := 0
	for _, c := range r.Cells {
		size += len(c.Text)
		s.last = string(c.Text)
	}
	s.sizes = append(s.sizes, size)
	s.text += size
	return nil
}
func (s *taker) Member(scan.Member) error { s.members++; return nil }
func (s *taker) Problem(err error)        { s.problems = append(s.problems, err) }

// told counts how often a limit was reported.
func (s *taker) told(name string) int {
	n := 0
	for _, err := range s.problems {
		var limit *scan.LimitError
		if errors.As(err, &limit) && limit.Limit == name {
			n++
		}
	}
	return n
}

// take runs the format that claims data over it.
func take(t *testing.T, name string, data []byte, limits scan.Limits) *taker {
	t.Helper()
	f, err := scantest.NewFile(t.Context(), name, bytes.NewReader(data), int64(len(data)), limits)
	if err != nil {
		t.Fatal(err)
	}
	out := &taker{}
	for _, format := range format.List() {
		if format.Open == nil || !format.Match(f) {
			continue
		}
		doc, err := format.Open(context.Background(), f)
		if err == nil {
			err = doc.Content(t.Context(), out)
		}
		if err != nil {
			out.problems = append(out.problems, err)
		}
		return out
	}
	t.Fatalf("%s is of no format", name)
	return nil
}

// packed writes a zip of parts, in the order of names and contents.
func packed(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		e, err := w.Create(parts[i])
		if err == nil {
			_, err = e.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func workbook(t testing.TB, sheet string, more ...string) []byte {
	return packed(t, append([]string{
		"[Content_Types].xml", `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"xl/workbook.xml", `<workbook><sheets><sheet name="S"/></sheets></workbook>`,
		"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + sheet + "</sheetData></worksheet>",
	}, more...)...)
}

func spreadsheet(t testing.TB, rows string) []byte {
	return packed(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet",
		"content.xml", `<office:document-content><table:table table:name="T">`+rows+`</table:table></office:document-content>`)
}

// tables write a row of n cells, each with text, and a row of one cell after it.
var tables = map[string]func(t testing.TB, n int, text string) []byte{
	"a.xlsx": func(t testing.TB, n int, text string) []byte {
		return workbook(t, "<row>"+strings.Repeat(`<c t="str"><v>`+text+`</v></c>`, n)+`</row><row><c t="inlineStr"><is><t>last</t></is></c></row>`)
	},
	"shared.xlsx": func(t testing.TB, n int, text string) []byte {
		return workbook(t, "<row>"+strings.Repeat(`<c t="s"><v>0</v></c>`, n)+`</row><row><c t="s"><v>1</v></c></row>`,
			"xl/sharedStrings.xml", "<sst><si><t>"+text+"</t></si><si><t>last</t></si></sst>")
	},
	"a.ods": func(t testing.TB, n int, text string) []byte {
		return spreadsheet(t, "<table:table-row>"+strings.Repeat("<table:table-cell><text:p>"+text+"</text:p></table:table-cell>", n)+
			"</table:table-row><table:table-row><table:table-cell><text:p>last</text:p></table:table-cell></table:table-row>")
	},
	"repeated.ods": func(t testing.TB, n int, text string) []byte {
		return spreadsheet(t, fmt.Sprintf(`<table:table-row><table:table-cell table:number-columns-repeated="%d"><text:p>%s</text:p></table:table-cell>`, n, text)+
			"</table:table-row><table:table-row><table:table-cell><text:p>last</text:p></table:table-cell></table:table-row>")
	},
	"a.html": func(_ testing.TB, n int, text string) []byte {
		return []byte("<html><table><tr>" + strings.Repeat("<td>"+text+"</td>", n) + "</tr><tr><td>last</td></tr></table></html>")
	},
	"a.csv": func(_ testing.TB, n int, text string) []byte {
		return []byte(strings.Repeat(text+",", n-1) + text + "\n" + "last,\n" + strings.Repeat("last,\n", 8))
	},
	"quoted.csv": func(_ testing.TB, n int, text string) []byte {
		return []byte(strings.Repeat(`"`+text+`",`, n-1) + `"` + text + "\"\n" + strings.Repeat("last,\n", 9))
	},
	"a.slk": func(_ testing.TB, n int, text string) []byte {
		b := "ID;PX\nP;PGeneral\n"
		for i := range n {
			b += fmt.Sprintf("C;Y1;X%d;K\"%s\"\n", i+1, text)
		}
		return []byte(b + "C;Y2;X1;K\"last\"\nE\n")
	},
	"a.dif": func(_ testing.TB, n int, text string) []byte {
		return []byte("TABLE\n0,1\n\"\"\nDATA\n0,0\n\"\"\n-1,0\nBOT\n" + strings.Repeat("1,0\n\""+text+"\"\n", n) + "-1,0\nBOT\n1,0\n\"last\"\n-1,0\nEOD\n")
	},
	"a.xml": func(_ testing.TB, n int, text string) []byte {
		return []byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet Name="S"><Table><Row>` +
			strings.Repeat(`<Cell><Data Type="String">`+text+`</Data></Cell>`, n) + `</Row><Row><Cell><Data Type="String">last</Data></Cell></Row></Table></Worksheet></Workbook>`)
	},
	"a.docx": func(t testing.TB, n int, text string) []byte {
		return packed(t, "word/document.xml", "<w:document><w:body><w:tbl><w:tr>"+strings.Repeat("<w:tc><w:p><w:r><w:t>"+text+"</w:t></w:r></w:p></w:tc>", n)+
			"</w:tr><w:tr><w:tc><w:p><w:r><w:t>last</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>")
	},
	"a.rtf": func(_ testing.TB, n int, text string) []byte {
		return []byte(`{\rtf1 ` + strings.Repeat(text+`\cell `, n) + `\row last\cell\row}`)
	},
}

// A row holds as many cells, and as much text, as the limits say; what is beyond
// is reported once and the next row goes on.
func TestRowsAreBounded(t *testing.T) {
	const cells, text = 16, 1600
	limits := scan.Limits{Cell: 1 << 10, RowCells: cells, RowText: text}
	for name, table := range tables {
		for _, c := range []struct {
			n, size, cells int // in the file, and of the first row
			told           int
		}{
			{cells, 100, cells, 0},
			{cells + 1, 20, cells, 1},
			{500, 20, cells, 1},
			{10, 200, 8, 1},
			{8, 200, 8, 0},
		} {
			out := take(t, name, table(t, c.n, strings.Repeat("x", c.size)), limits)
			if out.rows < 2 || out.cells[0] != c.cells || out.last != "last" || out.told("row") != c.told || len(out.problems) != c.told {
				t.Errorf("%s with %d cells of %d bytes: rows of %v cells, the last %q, problems %v; want %d cells, told %d times",
					name, c.n, c.size, out.cells, out.last, out.problems, c.cells, c.told)
			}
		}
	}
}

// Without limits the same rows are whole.
func TestRowsWithoutLimits(t *testing.T) {
	for name, table := range tables {
		if out := take(t, name, table(t, 700, "text"), scan.Limits{}); out.cells[0] != 700 || len(out.problems) > 0 {
			t.Errorf("%s: %d cells, problems %v", name, out.cells[0], out.problems)
		}
	}
}

// Repetitions are counted as if they were written out, up to a budget for the
// whole document.
func TestRepetitionsAreBounded(t *testing.T) {
	row := func(rows, cells int, text string) string {
		return fmt.Sprintf(`<table:table-row table:number-rows-repeated="%d"><table:table-cell table:number-columns-repeated="%d"><text:p>%s</text:p></table:table-cell></table:table-row>`, rows, cells, text)
	}
	last := row(1, 1, "last")
	beside := func(times, cells int) string { // one row
		return "<table:table-row>" + strings.Repeat(fmt.Sprintf(`<table:table-cell table:number-columns-repeated="%d"><text:p>a</text:p></table:table-cell>`, cells), times) + "</table:table-row>"
	}
	for _, c := range []struct {
		name, rows  string
		handed      int // rows
		cells, told int
	}{
		{"an ordinary table", row(1000, 20, "a") + row(500, 7, "b") + last, 1501, 1000*20 + 500*7 + 1, 0},
		{"seven hundred of seven hundred", row(700, 700, "a") + last, 701, 700*700 + 1, 0},
		{"a thousand of a thousand", row(1000, 1000, "a") + last, 0, 0, 1},
		{"a thousand such rows", strings.Repeat(row(1000, 1000, "a"), 1000) + last, 0, 0, 1},
		{"long text", row(1000, 1, strings.Repeat("x", 1<<20)) + last, 0, 0, 1},
		{"up to the last column", beside(16, 1000) + last, 2, 16*1000 + 1, 0},
		{"beyond the last column", beside(20, 1000) + last, 2, 1<<14 + 3 + 1, 1},
		{"more copies than are made", row(5000, 1, "a") + last, 1001, 1001, 1},
	} {
		out := take(t, "a.ods", spreadsheet(t, c.rows), scan.DefaultLimits())
		total := 0
		for _, n := range out.cells {
			total += n
		}
		if c.handed > 0 && (out.rows != c.handed || total != c.cells) {
			t.Errorf("%s: %d rows with %d cells, want %d with %d", c.name, out.rows, total, c.handed, c.cells)
		}
		if total > 1<<19+1000*1001 || out.text > 64<<20 {
			t.Errorf("%s: %d cells with %d bytes", c.name, total, out.text)
		}
		if out.last != "last" || len(out.problems) != c.told || out.told("cell") != c.told {
			t.Errorf("%s: the last is %q, problems %v, want %d", c.name, out.last, out.problems, c.told)
		}
	}
}

// A text that has more room than a cell is reported, also where blanks hide it.
func TestTextLeftOutIsTold(t *testing.T) {
	const most = 1000
	long := strings.Repeat("x", 3*most)
	for name, data := range map[string][]byte{
		"a.ods":      spreadsheet(t, `<table:table-row><table:table-cell><text:p>a`+strings.Repeat(`<text:s text:c="900"/>`, 4)+`1234-567890</text:p></table:table-cell></table:table-row>`),
		"b.ods":      spreadsheet(t, `<table:table-row><table:table-cell>`+strings.Repeat("<text:p>"+long[:800]+"</text:p>", 5)+`</table:table-cell></table:table-row>`),
		"note.ods":   spreadsheet(t, `<office:annotation><text:p>`+long+`</text:p></office:annotation>`),
		"a.rtf":      []byte(`{\rtf1 ` + strings.Repeat(`\u32? `, 2*most) + `1234-567890\par}`),
		"b.rtf":      []byte(`{\rtf1 ` + long + `\par}`),
		"a.html":     []byte("<html><p>a" + strings.Repeat("<br>", 2*most) + "1234-567890</p></html>"),
		"b.html":     []byte("<html><table><tr><td>" + strings.Repeat(`<option value="`+long[:500]+`">`, 5) + "</td></tr></table></html>"),
		"a.docx":     packed(t, "word/document.xml", "<w:document><w:p><w:t>"+long+"</w:t><w:t>1234-567890</w:t></w:p></w:document>"),
		"props.docx": packed(t, "word/document.xml", "<w:document><w:p><w:t>a</w:t></w:p></w:document>", "docProps/app.xml", "<a><b>"+strings.Repeat(" ", 2*most)+"<![CDATA[1]]>1</b></a>"),
		"a.xml": []byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data Type="Number">` +
			strings.Repeat(" ", 2*most) + `<![CDATA[1]]>1</Data></Cell></Row></Table></Worksheet></Workbook>`),
	} {
		if out := take(t, name, data, scan.Limits{Cell: most}); out.told("cell") == 0 {
			t.Errorf("%s: problems %v, want the limit \"cell\"", name, out.problems)
		}
		if out := take(t, name, data, scan.Limits{}); len(out.problems) > 0 {
			t.Errorf("%s without limits: %v", name, out.problems)
		}
	}
}

// Number formats end at 255 characters; one character less is shown as it says.
func TestLongNumberFormatsAreTold(t *testing.T) {
	code := func(n int) string { return "0000-000000" + strings.Repeat("x", n-11) }
	for name, table := range map[string]func(code string) []byte{
		"a.xlsx": func(code string) []byte {
			return workbook(t, `<row><c s="0"><v>123456789</v></c></row>`, "xl/styles.xml",
				`<styleSheet><numFmts><numFmt numFmtId="200" formatCode="`+code+`"/></numFmts><cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>`)
		},
		"a.slk": func(code string) []byte { return []byte("ID;PX\nP;P" + code + "\nF;P0;X1;Y1\nC;X1;Y1;K123456789\nE\n") },
		"a.xml": func(code string) []byte {
			return []byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ID="s"><NumberFormat Format="` + code +
				`"/></Style></Styles><Worksheet><Table><Row><Cell StyleID="s"><Data Type="Number">123456789</Data></Cell></Row></Table></Worksheet></Workbook>`)
		},
	} {
		for _, n := range []int{11, 255, 256, 100_000} {
			out := take(t, name, table(code(n)), scan.DefaultLimits())
			want := strings.Replace(code(n), "0000-000000", "0123-456789", 1)
			if n > 255 {
				want = "123456789"
			}
			if out.last != want || (len(out.problems) > 0) != (n > 255) || n > 255 && !errors.Is(out.problems[0], scan.ErrMalformed) {
				t.Errorf("%s with a format of %d characters: %.40q, problems %v", name, n, out.last, out.problems)
			}
		}
	}
}

// A cell without its end tag counts with what it holds, takes no room beyond its
// row, and is reported.
func TestCellsThatAreNotClosed(t *testing.T) {
	for name, sheet := range map[string]string{
		"inline":  `<row><c t="inlineStr"><is><t>a</t></is><c t="inlineStr"><is><t>b</t></is></row><row><c t="inlineStr"><is><t>last</t></is></row>`,
		"string":  `<row><c t="str"><v>a</v><c t="str"><v>b</v></row><row><c t="str"><v>last</v></row>`,
		"unended": `<row><c t="str"><v>a<c t="str"><v>b</row><row><c t="str"><v>last`,
	} {
		out := take(t, "a.xlsx", workbook(t, sheet), scan.DefaultLimits())
		if out.rows != 2 || out.cells[0] != 2 || out.last != "last" {
			t.Errorf("%s: %d rows, cells %v, last %q", name, out.rows, out.cells, out.last)
		}
		if len(out.problems) == 0 || !errors.Is(out.problems[0], scan.ErrMalformed) {
			t.Errorf("%s: problems %v", name, out.problems)
		}
	}
	many := workbook(t, "<row>"+strings.Repeat(`<c t="str"><v>`+strings.Repeat("1", 1000)+"</v>", 30_000)+"</row>")
	out := take(t, "a.xlsx", many, scan.DefaultLimits())
	if out.text > scan.DefaultLimits().RowText || out.told("row") != 1 {
		t.Errorf("%d bytes of a row, problems %v", out.text, out.problems)
	}
	twin := take(t, "a.xlsx", workbook(t, `<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>`), scan.DefaultLimits())
	if len(twin.problems) > 0 || twin.cells[0] != 2 {
		t.Errorf("closed cells: %v, %v", twin.cells, twin.problems)
	}
}
