package ooxml_test

import (
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/ooxml"
	"github.com/kagiban/kagiban/scan/scantest"
)

func TestRead(t *testing.T) {
	for _, c := range []struct{ name, in, want, notes string }{
		{"runs", `<w:p><w:r><w:t>1234-</w:t></w:r><w:r><w:t>567890</w:t></w:r><w:r><w:tab/><w:t>x</w:t></w:r></w:p>`, "P 1: 0=1234-567890\tx", ""},
		{"table", `<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:t>a</w:t></w:p><w:p><w:t>b</w:t></w:p></w:tc><w:tc><w:p><w:t>c</w:t></w:p></w:tc></w:tr></w:tbl><w:p><w:t>after</w:t></w:p>`,
			"P!table 1 1: 0=a\nb 2=c\nP 1: 0=after", ""},
		{"table in a table", `<w:tbl><w:tr><w:tc><w:p><w:t>a</w:t></w:p><w:tbl><w:tr><w:tc><w:p><w:t>in</w:t></w:p></w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>`, "P!table 2 1: 0=in\nP!table 1 1: 0=a", ""},
		{"deleted text", `<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>`, "P 1: 0=gone", ""},
		{"furigana", `<w:p><w:ruby><w:rt><w:r><w:t>やまだ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>山田</w:t></w:r></w:rubyBase></w:ruby></w:p>`, "P 1: 0=山田", ""},
		{"box twice", `<w:p><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:t>box</w:t></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:t>box</w:t></w:p></mc:Fallback></mc:AlternateContent><w:t>text</w:t></w:p>`,
			"P 1: 0=box\nP 2: 0=text", ""},
		{"protection", `<w:settings><w:documentProtection w:enforcement="1"/><w:writeProtection w:recommended="1"/></w:settings>`, "", "write-reservation read-only-recommended"},
		{"breaks off", `<w:p><w:t>x</w:t></w:p><w:p>`, "P 1: 0=x\nerror malformed", ""},
	} {
		var notes []string
		out := &scantest.Recorder{}
		r := ooxml.New(scantest.FileOf(t, "x", nil), out)
		r.Note = func(n scan.Note) { notes = append(notes, string(n)) }
		out.End(r.Read(strings.NewReader(c.in), "P"))
		if got := strings.Join(out.Lines, "\n"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if got := strings.Join(notes, " "); got != c.notes {
			t.Errorf("%s: notes %q, want %q", c.name, got, c.notes)
		}
	}
}

func TestLeaves(t *testing.T) {
	out := &scantest.Recorder{}
	r := ooxml.New(scantest.FileOf(t, "x", nil), out)
	out.End(r.Leaves(strings.NewReader(`<a><b>1234&amp;5</b> <c d="no">x<e/>y</c></a>`), "L")).Want(t, "leaves", "L 1: 0=1234&5\nL 2: 0=x\nL 3: 0=y")
}
