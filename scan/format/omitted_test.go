package format

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

// fewPeople is a list, short enough for a small place.
func fewPeople(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "3101-20%04d,Sato%d\n", 4815+7*i, i)
	}
	return b.String()
}

// TestOwnerFiles: what Office writes while a document is open is a system's file; what
// is called so and begins with a small byte is none.
func TestOwnerFiles(t *testing.T) {
	owner := func(name string, size int) []byte {
		b := append([]byte{byte(len(name))}, name...)
		b = append(b, bytes.Repeat([]byte(" "), 54-len(b))...)
		b = append(b, byte(len(name)), 0)
		for _, c := range []byte(name) {
			b = append(b, c, 0)
		}
		for len(b) < size {
			b = append(b, ' ', 0)
		}
		return b[:size]
	}
	for what, c := range map[string]struct {
		data []byte
		want bool
	}{
		"Excel": {owner("sato", 165), true}, "Word": {owner("Suzuki Hanako", 162), true}, "with a number": {owner("user12345", 165), true},
		"a list": {[]byte(fewPeople(8)), false}, "a list on the next line": {[]byte("\n" + fewPeople(8)), false}, "a list as the name": {owner(fewPeople(2), 165), false},
		"a list behind a name": {append(owner("sato", 56)[:56], fewPeople(5)...), false}, "one byte": {[]byte{1}, false},
	} {
		f := testFile(t, c.data)
		f.Name = "~$list.xlsx"
		if got := isSystemFile(f); got != c.want {
			t.Errorf("%s: %v", what, got)
		}
	}
	link := append([]byte("L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46"), make([]byte, 56)...)
	for want, more := range map[bool]string{true: `C:\Users\sato\list.xlsx`, false: fewPeople(20)} {
		f := testFile(t, append(bytes.Clone(link), more...))
		f.Name = "list.lnk"
		if got := isSystemFile(f); got != want {
			t.Errorf("a link with %q: %v", more[:10], got)
		}
	}
}

// TestPlacesWithinPictures: a list before the pixels or in a compressed text is left to
// those who read it, and a palette and a profile are not.
func TestPlacesWithinPictures(t *testing.T) {
	all := pictures(t)
	chunk := func(kind string, data string) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		b = append(append(b, kind...), data...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	}
	packed := func(text string) string {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		_, err := io.WriteString(z, text)
		if err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	png := func(c []byte) []byte {
		at := len(all["png"]) - 12
		return bytes.Join([][]byte{all["png"][:at], c, all["png"][at:]}, nil)
	}
	bmp := func(gap string) []byte {
		b := bytes.Clone(all["bmp"])
		binary.LittleEndian.PutUint32(b[10:], uint32(54+len(gap)))
		return bytes.Join([][]byte{b[:54], []byte(gap), b[54:]}, nil)
	}
	list := packed(fewPeople(40))
	for what, c := range map[string]struct {
		data []byte
		left int
	}{
		"zTXt": {png(chunk("zTXt", "Comment\x00\x00"+list)), len(list)}, "iTXt": {png(chunk("iTXt", "Comment\x00\x01\x00ja\x00\x00"+list)), len(list)},
		"a text": {png(chunk("zTXt", "Comment\x00\x00"+packed("A view of Mt. Fuji at 3776 m, taken on 2026-05-08"))), 0},
		"gap":    {bmp(fewPeople(40)), len(fewPeople(40))}, "palette": {bmp(strings.Repeat("\x10\x20\x30\x00", 16)), 0},
	} {
		f := testFile(t, c.data)
		claimOmitted(f)
		gaps, _ := f.Ledger().Gaps(f.Size())
		left := 0
		for _, g := range gaps {
			left += int(g.Size)
		}
		if left != c.left {
			t.Errorf("%s: %d bytes are left, want %d", what, left, c.left)
		}
	}
}

// TestZlibEnds: a stream claims its own bytes; what stands behind it is left.
func TestZlibEnds(t *testing.T) {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, err := io.WriteString(z, fewPeople(500))
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for _, behind := range []string{"", fewPeople(3)} {
		f := testFile(t, append(bytes.Clone(b.Bytes()), behind...))
		if !isZlib(f) {
			t.Fatal("not known")
		}
		d, err := zlibFormat().Open(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		out := &scantest.Recorder{}
		if err := d.Content(t.Context(), out); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(out.Lines, ""); !strings.Contains(got, fewPeople(500)) {
			t.Errorf("unpacked: %.80q", got)
		}
		gaps, _ := f.Ledger().Gaps(f.Size())
		if want := len(behind) > 0; len(gaps) > 0 != want || want && gaps[0] != (scan.Span{Off: int64(b.Len()), Size: int64(len(behind))}) {
			t.Errorf("%d bytes behind: %v is left", len(behind), gaps)
		}
	}
	for _, text := range []string{"x^2 + y^2 = 1, and so on: a text", "x\x9c", "x\x9cabcdefghijklmnop", "x\x01 is one of the marks"} {
		if isZlib(testFile(t, []byte(text))) {
			t.Errorf("%q is taken for a stream", text)
		}
	}
}

// TestListInAnExtraField: a field of a known kind is what its kind holds, and not a list.
func TestListInAnExtraField(t *testing.T) {
	for want, body := range map[bool]string{false: "\x01\x00\x00\x00\x00名簿.csv", true: fewPeople(20)} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		extra := binary.LittleEndian.AppendUint16([]byte{0x75, 0x70}, uint16(len(body)))
		w, err := z.CreateHeader(&zip.FileHeader{Name: "a.txt", Extra: append(extra, body...)})
		if err == nil {
			_, err = io.WriteString(w, "text")
		}
		if err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		f := testFile(t, b.Bytes())
		d, err := findDirectory(f)
		if err != nil {
			t.Fatal(err)
		}
		for win := d.windows(zipWindow, zipWindowBytes); !win.done; {
			win.claims = true
			if _, err := win.next(); err != nil {
				t.Fatal(err)
			}
		}
		d.claim()
		gaps, _ := f.Ledger().Gaps(f.Size())
		found := false
		for _, g := range gaps {
			found = found || g.Size >= int64(len(body))
		}
		if found != want {
			t.Errorf("a field of %d bytes: %v is left", len(body), gaps)
		}
	}
}

// TestListInNameOfGzip: the name of what was packed is one, and no list.
func TestListInNameOfGzip(t *testing.T) {
	for want, name := range map[bool]string{false: "list3101204815.csv", true: fewPeople(20)} {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Name = name
		_, err := io.WriteString(z, "text")
		if err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		f := testFile(t, b.Bytes())
		r, err := newGzip(f)
		if err == nil {
			_, err = io.ReadAll(r)
		}
		if err != nil {
			t.Fatal(err)
		}
		if gaps, _ := f.Ledger().Gaps(f.Size()); len(gaps) > 0 != want {
			t.Errorf("a name of %d bytes: %v is left", len(z.Name), gaps)
		}
	}
}
