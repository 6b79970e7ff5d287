package format_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// Encryption dictionaries as some writers write them: values that are references,
// lengths in bytes, a dictionary that is no object of its own. What opens for
// everyone is read, with its text, and no copy passes for one without a password that
// cannot be read.
func TestPdfEncryptionDictionaries(t *testing.T) {
	for _, c := range []struct {
		what, fixture, of, by string
		objects               []string // from 901 on
		direct                bool
	}{
		{what: "length is a reference", fixture: "rc4-128", of: "/Length 128", by: "/Length 901 0 R", objects: []string{"128"}},
		{what: "permissions are a reference", fixture: "rc4-128", of: "/P -4", by: "/P 901 0 R", objects: []string{"-4"}},
		{what: "version and revision are references", fixture: "rc4-128", of: "/R 3", by: "/R 901 0 R", objects: []string{"3"}},
		{what: "filters are a reference", fixture: "aes-128", of: "/CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV2 /Length 16 >> >>", by: "/CF 901 0 R", objects: []string{"<< /StdCF 902 0 R >>", "<< /CFM /AESV2 /Length 16 >>"}},
		{what: "the method is a reference", fixture: "aes-256", of: "/CFM /AESV3", by: "/CFM 901 0 R", objects: []string{"/AESV3"}},
		{what: "length in bytes", fixture: "rc4-128", of: "/Length 128", by: "/Length 16"},
		{what: "length in bytes with filters", fixture: "aes-128", of: "/Length 128", by: "/Length 16"},
		{what: "no length", fixture: "aes-128", of: "/Length 128", by: ""},
		{what: "another length", fixture: "aes-128", of: "/Length 128", by: "/Length 40"},
		{what: "in the trailer", fixture: "rc4-128", direct: true},
		{what: "in the trailer, with filters", fixture: "aes-256", direct: true},
	} {
		t.Run(c.what, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(fixtures, "pdf", "owner-password-"+c.fixture+".pdf"))
			if err != nil {
				t.Fatal(err)
			}
			got := examine(t, map[string][]byte{"a.pdf": pdfWithDictionary(t, data, c.of, c.by, c.objects, c.direct)})["a.pdf"]
			if p := got.Result.Items[0].Protection; p.Verdict != scan.VerdictNone {
				t.Errorf("verdict %s", p)
			}
			if n := len(got.Result.Items[0].Problems); n > 0 {
				t.Errorf("problems %v", got.Result.Items[0].Problems)
			}
			found := false
			for _, row := range got.Rows {
				for _, cell := range row.Cells {
					found = found || strings.Contains(cell.Text, "1234-567890")
				}
			}
			if !found {
				t.Error("the text was not read")
			}
		})
	}
}

// pdfWithDictionary appends an update in which the encryption dictionary is another.
func pdfWithDictionary(t *testing.T, data []byte, of, by string, objects []string, direct bool) []byte {
	t.Helper()
	dict := regexp.MustCompile(`\n(<< [^\n]*/Filter /Standard [^\n]*>>)\nendobj`).FindSubmatch(data)
	trailer := regexp.MustCompile(`\ntrailer (<< [^\n]*>>)\nstartxref\n(\d+)`).FindSubmatch(data)
	if dict == nil || trailer == nil || !strings.Contains(string(dict[1]), of) {
		t.Fatal("the fixture is another")
	}
	text := strings.Replace(string(dict[1]), of, by, 1)
	var b bytes.Buffer
	b.Write(data)
	var table strings.Builder
	put := func(number int, body string) {
		fmt.Fprintf(&table, "%d 1\n%010d 00000 n \n", number, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", number, body)
	}
	end := string(trailer[1])
	if direct {
		end = strings.Replace(end, "/Encrypt 16 0 R", "/Encrypt "+text, 1)
	} else {
		put(16, text)
	}
	for i, body := range objects {
		put(901+i, body)
	}
	start := b.Len()
	end = strings.Replace(strings.TrimSuffix(end, ">>"), "/Size 17", "/Size 1000", 1)
	fmt.Fprintf(&b, "xref\n%strailer %s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n", table.String(), end, trailer[2], start)
	return b.Bytes()
}
