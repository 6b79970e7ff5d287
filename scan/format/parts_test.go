package format

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan/scantest"
)

func TestOOXMLPart(t *testing.T) {
	for name, want := range map[string]int{
		"word/document.xml": partText, "word/header1.xml": partText, "ppt/slides/slide12.xml": partText, "xl/drawings/drawing1.xml": partText,
		"xl/charts/chart1.xml": partLeaves, "docProps/core.xml": partLeaves, "customXml/item1.xml": partLeaves, "xl/drawings/vmlDrawing1.vml": partLeaves,
		"word/styles.xml": partAside, "xl/theme/theme1.xml": partAside, "[Content_Types].xml": partAside, "xl/printerSettings/printerSettings1.bin": partNone, "word/": partNone,
		"word/_rels/document.xml.rels": partAside, "xl/connections.xml": partAside, "xl/revisions/revisionLog1.xml": partAside, "word/activeX/activeX1.xml": partAside, "what/ever.xml": partAside,
		"word/activeX/activeX1.bin": partRaw, "ppt/media/image1.png": partMedia, "docProps/thumbnail.jpeg": partMedia,
		"word/embeddings/oleObject1.bin": partFile, "word/afchunk.mft": partFile, "word/list": partFile, "xl/printerSettings/list.csv": partFile, "xl/vbaProject.bin": partVBA,
		`WORD\\Embeddings\\a.xlsx`: partFile,
	} {
		if got := ooxmlPart(name); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}

func TestEncodedRun(t *testing.T) {
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	list := "name,number\r\nYamada,1234-567890\r\nSato,0123-456789\r\n"
	zip := "PK\x03\x04" + list
	random := make([]byte, 6000)
	for i := range random {
		random[i] = byte(i*i>>3 + i*7 + i>>5)
	}
	for name, c := range map[string]struct{ in, want string }{
		"text":             {encode(list), "member data: " + list},
		"with line ends":   {encode(list)[:40] + "\r\n" + encode(list)[40:], "member data: " + list},
		"a package":        {encode(zip), "member data: " + zip},
		"of Power Query":   {encode("\x00\x00\x00\x00\x2C\x00\x00\x00" + zip), "member data: " + zip},
		"no base64":        {strings.Repeat("word, ", 40), ""},
		"short":            {encode("1234-567890"), ""},
		"a key":            {encode(string(random[:256])), ""},
		"long and unknown": {encode(string(random)), "problem unsupported"},
	} {
		out := &scantest.Recorder{}
		e := newEncodedRun(testFile(t, nil))
		if err := e.add([]byte(c.in[:len(c.in)/2])); err != nil {
			t.Fatal(err)
		}
		if err := e.add([]byte(c.in[len(c.in)/2:])); err != nil {
			t.Fatal(err)
		}
		if err := e.hand("data", out); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(out.Lines, "|"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestNumberLike(t *testing.T) {
	for v, want := range map[string]bool{
		"4120-381746": true, "基礎年金番号 4120-381746": true, "１２３４－５６７８９０": true, "2025-05-12T09:00:00Z": false,
		"{12345678-1234-1234-1234-123456789012}": false, "123456789": false, "rId12": false,
	} {
		if got := numberLike([]byte(v)); got != want {
			t.Errorf("%s: %v", v, got)
		}
	}
}
