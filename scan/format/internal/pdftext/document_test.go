package pdftext

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan/scantest"
)

// pdfOf makes a document of objects; the first is the catalog, the second the
// page tree, the third a page.
func pdfOf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var places []int
	for i, o := range objects {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func streamOf(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

const (
	pagesOf   = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>"
	helvetica = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>"
	shows     = "BT /F 12 Tf 50 700 Td (%s) Tj ET"
)

func TestRead(t *testing.T) {
	page := func(more string) string {
		return "<</Type/Page/Parent 2 0 R/Resources<<" + helvetica + "/XObject<</I 5 0 R>>>>/Contents 4 0 R" + more + ">>"
	}
	text := streamOf("", fmt.Sprintf(shows, "page 1"))
	picture := streamOf("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "x")
	for _, c := range []struct {
		name    string
		objects []string
		want    string
	}{
		{"text", []string{"<</Type/Catalog/Pages 2 0 R>>", pagesOf, page(""), text, picture}, "1 1: 0=page 1"},
		{"XFA in a stream", []string{"<</Type/Catalog/Pages 2 0 R/AcroForm<</XFA 6 0 R>>>>", pagesOf, page(""), text, picture, streamOf("", "<xdp>1234-567890</xdp>")},
			"1 1: 0=page 1|member form.xml: <xdp>1234-567890</xdp>"},
		{"XFA in pieces", []string{"<</Type/Catalog/Pages 2 0 R/AcroForm<</XFA[(a) 6 0 R (b) 7 0 R]>>>>", pagesOf, page(""), text, picture, streamOf("", "<xdp>"), streamOf("", "</xdp>")},
			"1 1: 0=page 1|member form.xml: <xdp></xdp>"},
		{"stamp", []string{"<</Type/Catalog/Pages 2 0 R>>", pagesOf, page("/Annots[<</Subtype/Stamp/Rect[10 10 90 90]/AP<</N 6 0 R>>>>]"), text, picture,
			streamOf("/Type/XObject/Subtype/Form/BBox[0 0 80 80]/Resources<<"+helvetica+">>", fmt.Sprintf(shows, "1234-567890"))}, "1 1: 0=1234-567890|1 2: 0=page 1"},
		{"field with a value and what shows it", []string{"<</Type/Catalog/Pages 2 0 R>>", pagesOf, page("/Annots[<</Subtype/Widget/V(1234-567890)/Rect[10 10 90 90]/AP<</N 6 0 R>>>>]"), text, picture,
			streamOf("/Type/XObject/Subtype/Form/BBox[0 0 80 80]/Resources<<"+helvetica+">>", fmt.Sprintf(shows, "1234-567890"))}, "1 1: 0=page 1|1 2: 0=1234-567890"},
		{"choices", []string{"<</Type/Catalog/Pages 2 0 R>>", pagesOf, page("/Annots[<</Subtype/Widget/Opt[(one)[(2)(two)]]>>]"), text, picture}, "1 1: 0=page 1|1 2: 0=one|1 3: 0=two"},
		{"file at a place", []string{"<</Type/Catalog/Pages 2 0 R>>", pagesOf, page("/Annots[<</Subtype/FileAttachment/FS<</F(list.csv)/EF<</F 6 0 R>>>>>>]"), text, picture, streamOf("", "1234-567890")},
			"member list.csv: 1234-567890|1 1: 0=page 1"},
		{"picture that fills the page", []string{"<</Type/Catalog/Pages 2 0 R>>", pagesOf, page(""), streamOf("", "q 600 0 0 800 0 0 cm /I Do Q "+fmt.Sprintf(shows, "- 3 -")), picture}, "1 1: 0=- 3 -|problem unsupported"},
		{"bookmark", []string{"<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>", pagesOf, page(""), text, picture, "<</First 7 0 R>>", "<</Title(1234-567890)>>"}, "1 1: 0=page 1|!objects 1: 0=1234-567890"},
		{"stream to which nothing leads", []string{"<</Type/Catalog/Pages 2 0 R>>", pagesOf, page(""), text, picture, streamOf("", "number\n1234-567890\nno")}, "1 1: 0=page 1|!objects 1: 0=number|!objects 2: 0=1234-567890"},
		{"what nothing leads to, without a number", []string{"<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>", pagesOf, page(""), text, picture, "<</Title(Chapter 12)>>", streamOf("", "0.5 0 0 1 0 0 cm\n/Fm1 Do")}, "1 1: 0=page 1"},
		{"small picture", []string{"<</Type/Catalog/Pages 2 0 R>>", pagesOf, page(""), streamOf("", "q 100 0 0 100 0 0 cm /I Do Q "+fmt.Sprintf(shows, "- 3 -")), picture}, "1 1: 0=- 3 -"},
		{"picture behind a text", []string{"<</Type/Catalog/Pages 2 0 R>>", pagesOf, page(""), streamOf("", "q 600 0 0 800 0 0 cm /I Do Q "+fmt.Sprintf(shows, strings.Repeat("words ", 10)+"x")), picture}, "1 1: 0=" + strings.Repeat("words ", 10) + "x"},
		{"content that is none", []string{"<</Type/Catalog/Pages 2 0 R>>", pagesOf, page(""), streamOf("", strings.Repeat("xyzzy plugh ", 10)), picture}, "problem malformed"},
	} {
		out := &scantest.Recorder{}
		err := Read(t.Context(), bytes.NewReader(pdfOf(c.objects...)), "", out)
		if got := strings.Join(out.End(err).Lines, "|"); got != c.want {
			t.Errorf("%s:\n%q, want\n%q", c.name, got, c.want)
		}
	}
}
