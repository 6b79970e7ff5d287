package exchange_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/exchange"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/scantest"
)

// record reads a text and writes down what comes.
func record(t *testing.T, in string, read func(io.Reader, *grid.Writer) error) *scantest.Recorder {
	t.Helper()
	out := &scantest.Recorder{}
	err := read(strings.NewReader(in), grid.New(scantest.FileOf(t, "x", nil), out))
	return out.End(err)
}

// gone writes down what is not shown as rows of the table "gone".
func gone(read func(io.Reader, *grid.Writer, func([]byte)) error) func(io.Reader, *grid.Writer) error {
	return func(r io.Reader, w *grid.Writer) error {
		n := 0
		return read(r, w, func(text []byte) {
			if text = bytes.TrimSpace(text); len(text) > 1 && text[0] != '"' && text[0] != '0' {
				n++
				_ = w.Out.Row(scan.Row{Table: "gone", N: n, Cells: []scan.Cell{{Text: text}}})
			}
		})
	}
}

func TestSYLK(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"cells", "ID;PX\nP;P0000\nB;Y2;X2\nC;Y1;X1;K\"番号\"\nC;X2;K12\nF;P0;Y2;X1\nC;K7\nE\n", "1: 0=番号 1=12\n2: 0=0007"},
		{"semicolons", "ID;P\nC;X1;Y1;K\"a;;b\"\nC;X2;K\"c;d\"\nE\n", "1: 0=a;b 1=c;d"},
		{"ends of old Macintoshes", "ID;P\rC;X1;Y1;K1\rE\r", "1: 0=1"},
		{"no end", "ID;P\nC;X1;Y1;K1\n", "1: 0=1\nerror malformed"},
		{"not shown", "ID;P\nhidden one\nC;X1;Y1;K1\nE\nhidden two\n", "gone 1: 0=hidden one\ngone 2: 0=hidden two\n1: 0=1"},
	} {
		record(t, c.in, gone(exchange.SYLK)).Want(t, c.name, c.want)
	}
	for head, want := range map[string]bool{"ID;PWXL;N;E\nP;PGeneral": true, "ID;PX\r\nC;X1": true, "ID;P\nhello": false, "ID;PX": false, "hello": false} {
		if exchange.IsSYLK([]byte(head)) != want {
			t.Errorf("%q is SYLK: %v", head, !want)
		}
	}
}

func TestDIF(t *testing.T) {
	const head = "TABLE\n0,1\n\"EXCEL\"\nVECTORS\n0,2\n\"\"\nDATA\n0,0\n\"\"\n"
	for _, c := range []struct{ name, in, want string }{
		{"cells", head + "-1,0\nBOT\n1,0\n\"番号\"\n0,12\nV\n-1,0\nBOT\n0,1\nTRUE\n1,0\n\"a\"\"b\"\n-1,0\nEOD\n", "1: 0=番号 1=12\n2: 0=TRUE 1=a\"b"},
		{"no end", head + "-1,0\nBOT\n0,1\nV\n", "1: 0=1\nerror malformed"},
		{"not shown", head + "-1,0\nBOT\n0,1\nV\n-1,0\nEOD\nhidden\n", "1: 0=1\ngone 1: 0=hidden"},
	} {
		record(t, c.in, gone(exchange.DIF)).Want(t, c.name, c.want)
	}
	if !exchange.IsDIF([]byte(head)) || !exchange.IsDIF([]byte(strings.ReplaceAll(head, "\n", "\r\n"))) || exchange.IsDIF([]byte("TABLE\nof contents")) {
		t.Error("DIF is not recognised by its head")
	}
}

func TestSpreadsheetML(t *testing.T) {
	const open, end = `<Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">`, `</Workbook>`
	for _, c := range []struct{ name, in, want, notes string }{
		{"cells", open + `<Styles><Style ss:ID="s1"><NumberFormat ss:Format="0000"/></Style></Styles><Worksheet ss:Name="名簿"><Table><Row ss:Index="3">` +
			`<Cell><Data ss:Type="String">a &amp; b</Data></Cell><Cell ss:Index="4" ss:StyleID="s1"><Data ss:Type="Number">7</Data></Cell>` +
			`<Cell><Data ss:Type="DateTime">1968-01-02T00:00:00.000</Data></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell></Row></Table></Worksheet>` + end,
			"名簿 3: 0=a & b 3=0007 4=1968-01-02 5=TRUE", ""},
		{"comments", open + `<Worksheet ss:Name="S"><Table><Row><Cell><Data ss:Type="Number">1</Data><Comment><Data>note</Data></Comment></Cell></Row></Table></Worksheet>` + end,
			"S 1: 0=1\nS!text 1: 0=note", ""},
		{"not shown", "<!-- before -->" + open + `stray<Worksheet ss:Name="S"><Table><!-- in it --></Table></Worksheet>` + end + "behind",
			"gone 1: 0=before\ngone 2: 0=stray\ngone 3: 0=in it\ngone 4: 0=behind", ""},
		{"notes", open + `<Worksheet ss:Name="S" ss:Protected="1"><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>` + end, "", "sheet-protection hidden-sheets"},
		{"breaks off", open + `<Worksheet ss:Name="S"><Table><Row><Cell><Data ss:Type="Number">1</Data></Cell></Row>`, "S 1: 0=1\nerror malformed", ""},
	} {
		var notes []string
		record(t, c.in, gone(func(r io.Reader, w *grid.Writer, aside func([]byte)) error {
			return exchange.SpreadsheetML(r, w, func(n scan.Note) { notes = append(notes, string(n)) }, aside)
		})).Want(t, c.name, c.want)
		if got := strings.Join(notes, " "); got != c.notes {
			t.Errorf("%s: notes %q, want %q", c.name, got, c.notes)
		}
	}
}
