package odf_test

import (
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/odf"
	"github.com/kagiban/kagiban/scan/scantest"
)

func TestRead(t *testing.T) {
	const open, end = `<office:document-content><office:body>`, `</office:body></office:document-content>`
	for _, c := range []struct{ name, in, want, notes string }{
		{"cells", `<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p><text:p>b</text:p></table:table-cell>` +
			`<table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="date" office:date-value="1968-01-02"><text:p>2. Jan</text:p></table:table-cell></table:table-row></table:table>`,
			"S 1: 0=a\nb 3=1968-01-02", ""},
		{"rows repeated", `<table:table table:name="S"><table:table-row table:number-rows-repeated="2"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>` +
			`<table:table-row><table:table-cell><text:p>y</text:p></table:table-cell></table:table-row></table:table>`, "S 1: 0=x\nS 2: 0=x\nS 3: 0=y", ""},
		{"text", `<text:p>one<text:s text:c="2"/>two<text:tab/>3<text:note><text:p>note</text:p></text:note></text:p>`, "1: 0=note\n2: 0=one  two\t3", ""},
		{"furigana", `<text:p><text:ruby><text:ruby-base>山田</text:ruby-base><text:ruby-text>やまだ</text:ruby-text></text:ruby></text:p>`, "1: 0=山田", ""},
		{"comment over a cell", `<table:table table:name="S"><table:table-row><table:table-cell><office:annotation><text:p>c</text:p></office:annotation><text:p>x</text:p></table:table-cell></table:table-row></table:table>`,
			"S 1: 0=x\nS!text 1: 0=c", ""},
		{"protection", `<office:spreadsheet table:structure-protected="true"><table:table table:name="S" table:protected="true"/></office:spreadsheet>`, "", "workbook-structure sheet-protection"},
	} {
		var notes []string
		out := &scantest.Recorder{}
		r := odf.New(scantest.FileOf(t, "x", nil), out, func(n scan.Note) { notes = append(notes, string(n)) })
		out.End(r.Read(strings.NewReader(open+c.in+end), ""))
		got := strings.Join(out.Lines, "\n")
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if got := strings.Join(notes, " "); got != c.notes {
			t.Errorf("%s: notes %q, want %q", c.name, got, c.notes)
		}
	}
	out := &scantest.Recorder{}
	out.End(odf.New(scantest.FileOf(t, "x", nil), out, func(scan.Note) {}).Read(strings.NewReader(open+"<text:p>x</text:p>"), "")).Want(t, "breaks off", "1: 0=x\nerror malformed")
}

func TestJudge(t *testing.T) {
	entry := func(path, algorithm, key string) string {
		return `<manifest:file-entry manifest:full-path="` + path + `"><manifest:encryption-data manifest:checksum-type="SHA1/1K"><manifest:algorithm manifest:algorithm-name="` + algorithm +
			`"/><manifest:key-derivation manifest:key-derivation-name="PBKDF2"` + key + `/></manifest:encryption-data></manifest:file-entry>`
	}
	for _, c := range []struct {
		name, in string
		want     scan.Verdict
	}{
		{"none", `<manifest:file-entry manifest:full-path="content.xml"/>`, scan.VerdictNone},
		{"password", entry("content.xml", "http://www.w3.org/2001/04/xmlenc#aes256-cbc", ""), scan.VerdictPassword},
		{"Blowfish", entry("content.xml", "Blowfish CFB", ""), scan.VerdictPassword},
		{"macros only", entry("Basic/Standard/Module1.xml", "Blowfish CFB", "") + `<manifest:file-entry manifest:full-path="content.xml"/>`, scan.VerdictNone},
	} {
		p, _, err := odf.Judge(strings.NewReader(`<manifest:manifest>` + c.in + `</manifest:manifest>`))
		if err != nil || p.Verdict != c.want {
			t.Errorf("%s: %+v, %v, want %v", c.name, p, err, c.want)
		}
	}
}
