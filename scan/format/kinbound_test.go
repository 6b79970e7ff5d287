package format

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
)

// A tally is a sink that counts.
type tally struct {
	members  []string
	rows     []string
	problems []error
}

func (s *tally) Row(r scan.Row) error {
	s.rows = append(s.rows, string(r.Cells[0].Text))
	return nil
}
func (s *tally) Member(m scan.Member) error { s.members = append(s.members, m.Name); return nil }
func (s *tally) Problem(err error)          { s.problems = append(s.problems, err) }

// A header of a mail is read up to the bound, and the body in any case.
func TestMailHeaderIsBounded(t *testing.T) {
	field := "X-Field: " + strings.Repeat("v", 991) + "\r\n" // 1,002 bytes
	for _, c := range []struct {
		name, header string
		cut          bool
		subject      bool
	}{
		{"an ordinary one", "Subject: 1234-567890\r\n" + strings.Repeat(field, 10), false, true},
		{"as long as it may be", "Subject: 1234-567890\r\n" + strings.Repeat(field, 1046), false, true},
		{"two lines more", "Subject: 1234-567890\r\n" + strings.Repeat(field, 1048), true, true},
		{"a line without end", "Subject: 1234-567890\r\nX-Long: " + strings.Repeat("v", 3<<20) + "\r\n", true, true},
		{"a subject beyond", strings.Repeat(field, 1100) + "Subject: 1234-567890\r\n", true, false},
	} {
		out := &tally{}
		doc, err := openEml(t.Context(), testFile(t, []byte("From: a@example.com\r\n"+c.header+"\r\nbody\r\n")))
		if err == nil {
			err = doc.Content(t.Context(), out)
		}
		if err != nil || len(out.members) != 1 || (len(out.problems) > 0) != c.cut {
			t.Errorf("%s: members %v, problems %v, %v", c.name, out.members, out.problems, err)
		}
		if got := strings.Contains(strings.Join(out.rows, " "), "1234-567890"); got != c.subject {
			t.Errorf("%s: the subject is there: %v", c.name, got)
		}
		var limit *scan.LimitError
		if c.cut && (!errors.As(out.problems[0], &limit) || !strings.Contains(out.problems[0].Error(), "mail-header")) {
			t.Errorf("%s: %v", c.name, out.problems)
		}
	}
}

// The index of a compound file finds what a walk over the list finds: the first
// of a path.
func TestCompoundIndex(t *testing.T) {
	names, err := filepath.Glob("../../testdata/formats/*/*")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil || !bytes.HasPrefix(data, []byte(cfb.Magic)) {
			continue
		}
		c, err := readCFB(testFile(t, data))
		if err != nil {
			continue
		}
		for _, e := range c.entries {
			compareIndex(t, name, c.sub(c.path(e)))
		}
		compareIndex(t, name, c)
		compared++
	}
	if compared < 20 {
		t.Errorf("%d compound files were compared", compared)
	}
}

func compareIndex(t *testing.T, name string, c *compound) {
	t.Helper()
	for _, e := range c.entries {
		path := c.path(e)
		var stream, any *cfb.Entry
		for _, other := range c.entries {
			if c.path(other) != path {
				continue
			}
			if any == nil {
				any = other
			}
			if stream == nil && !other.Dir {
				stream = other
			}
		}
		if c.stream(path) != stream || c.has(path) != (any != nil) {
			t.Fatalf("%s: %q is found as another entry", name, path)
		}
	}
	if c.has("no such entry") || c.stream("a/b/c") != nil {
		t.Errorf("%s: what is not there is found", name)
	}
}

// Embedded objects are gathered in one pass, each with its own entries.
func TestObjectsOfACompound(t *testing.T) {
	var c compound
	c.file = testFile(t, nil)
	for i := range 3000 {
		c.entries = append(c.entries, entryOf(t, fmt.Sprintf("MBD%05d", i), "Ole")...)
	}
	out := &tally{}
	if err := c.objects(out); err != nil || len(out.problems) > 0 {
		t.Errorf("%v, %v", err, out.problems)
	}
	for _, e := range c.entries {
		storage, depth := c.objectOf(e)
		if inside := len(e.Path) > 0; (storage != nil) != inside || inside && (depth != 1 || storage.Name != e.Path[0]) {
			t.Fatalf("entry %v/%s is of %+v", e.Path, e.Name, storage)
		}
	}
}

// entryOf makes a storage with a stream, as the directory of a file lists them.
func entryOf(t *testing.T, storage, stream string) []*cfb.Entry {
	t.Helper()
	dir := &cfb.Entry{Name: storage, Dir: true}
	return []*cfb.Entry{dir, cfb.NewEntry(dir, stream)}
}

// The object after a mark is read up to the next mark, and the right one is
// found among many that are none.
func TestPdfEncryptionAmongMarks(t *testing.T) {
	dict := "<</Filter/Standard/V 1/R 2/P -4/O(" + strings.Repeat("o", 32) + ")/U(" + strings.Repeat("u", 32) + ")>>"
	noise := strings.Repeat("\n5 0 obj(", 20_000)
	for _, c := range []struct {
		name, body string
		found      bool
	}{
		{"alone", "\n5 0 obj" + dict, true},
		{"before others", "\n5 0 obj" + dict + noise, true},
		{"behind others", noise + "\n5 0 obj" + dict, true},
		{"among them", noise + "\n5 0 obj" + dict + "\n5 0 obj<<(" + noise, true},
		{"none", noise, false},
	} {
		got, err := pdfEncryption(t.Context(), testFile(t, []byte("%PDF-1.4"+c.body)), pdfRef{5, 0})
		if (err == nil) != c.found || c.found && got["Filter"] != pdfName("Standard") {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}

// The holes of a tar member count as what comes out; without holes they do not count twice.
func TestTarHolesAreBounded(t *testing.T) {
	f := testFile(t, nil)
	plain := strings.NewReader("text")
	for _, c := range []struct {
		h     tar.Header
		bound bool
	}{
		{tar.Header{Typeflag: tar.TypeReg}, false},
		{tar.Header{Typeflag: tar.TypeReg, PAXRecords: map[string]string{"path": "x"}}, false},
		{tar.Header{Typeflag: tar.TypeGNUSparse}, true},
		{tar.Header{Typeflag: tar.TypeReg, PAXRecords: map[string]string{"GNU.sparse.major": "1"}}, true},
	} {
		if got := tarContent(f, &c.h, plain) != io.Reader(plain); got != c.bound {
			t.Errorf("%+v: bounded %v", c.h, got)
		}
	}
}

// An office document among more entries than are kept is read as an archive,
// which is reported; an archive of as many files is not.
func TestManyPartsAreTold(t *testing.T) {
	named := func(name string) []byte {
		data := hugeZip(zipParts + 10)
		entry := append([]byte("PK\x01\x02\x14\x00\x14\x00"), make([]byte, 38)...)
		entry[28] = byte(len(name))
		entry = append(entry, name...)
		at := 30 + 46*5
		data = append(append(bytes.Clone(data[:at]), entry...), data[at+46:]...)
		data[len(data)-10] += byte(len(name)) // the size of the directory
		if data[len(data)-10] < byte(len(name)) {
			data[len(data)-9]++
		}
		return data
	}
	for name, told := range map[string]bool{"a.txt": false, "[Content_Types].xml": true, odfManifest: true} {
		f := testFile(t, named(name))
		if isXlsx(f) || odfKind(f) != "" || !isZip(f) {
			t.Fatalf("%s: not read as a zip", name)
		}
		out := &tally{}
		doc, err := openZip(t.Context(), f)
		if err == nil {
			err = doc.Content(t.Context(), out)
		}
		if err != nil || (len(out.problems) > 0) != told || len(out.members) != zipParts+10 {
			t.Errorf("%s: %d members, problems %v, %v", name, len(out.members), out.problems, err)
		}
	}
}
