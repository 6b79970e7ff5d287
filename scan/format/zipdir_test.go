package format

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

func testFile(t testing.TB, data []byte) *scan.File {
	t.Helper()
	f, err := scantest.NewFile(context.Background(), "x.zip", bytes.NewReader(data), int64(len(data)), scan.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// entryText is all that is used of an entry, its data included.
func entryText(e *zip.File, err error) string {
	if err != nil {
		return "error"
	}
	off, oerr := e.DataOffset()
	sum := -1
	if raw, err := e.OpenRaw(); err == nil {
		b, _ := io.ReadAll(io.LimitReader(raw, 1<<16))
		sum = len(b)
	}
	return fmt.Sprintf("%q %d %d %x %d %d %d %x %x %d %v %d", e.Name, e.Flags, e.Method, e.CRC32, e.CompressedSize64, e.UncompressedSize64,
		e.ModifiedTime, e.Extra, e.Comment, off, oerr == nil, sum)
}

// byStandard and byWindows list the entries of an archive; the second in
// windows so small that most directories take several.
func byStandard(data []byte) []string {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return []string{"error"}
	}
	list := []string{"archive"}
	for _, e := range r.File {
		list = append(list, entryText(e, nil))
	}
	return list
}

func byWindows(t testing.TB, data []byte, entries, size int) []string {
	d, err := findDirectory(testFile(t, data))
	if err != nil {
		return []string{"error"}
	}
	list := []string{"archive"}
	for w := d.windows(entries, size); !w.done; {
		r, err := w.next()
		if err != nil {
			return []string{"error"}
		}
		for _, e := range r.File {
			list = append(list, entryText(e, nil))
		}
	}
	return list
}

// zipCorpus are the zip files among the fixtures of all formats, and some that
// are made here: with something before them, with zip64 records, with a comment.
func zipCorpus(t testing.TB) map[string][]byte {
	t.Helper()
	corpus := map[string][]byte{}
	for _, folder := range []string{"zip", "xlsx", "docx", "pptx", "ods", "odt", "xlsb", "self-extracting"} {
		names, err := filepath.Glob(filepath.Join("../../testdata/formats", folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(data, []byte("PK\x05\x06")) && len(data) < 200_000 {
				corpus[folder+"/"+filepath.Base(name)] = data
			}
		}
	}
	if len(corpus) < 30 {
		t.Fatalf("only %d zip files among the fixtures", len(corpus))
	}
	var plain bytes.Buffer
	w := zip.NewWriter(&plain)
	for i := range 9 {
		e, err := w.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("%d.txt", i), Comment: strings.Repeat("c", i), Extra: bytes.Repeat([]byte{1, 2, 0, 0}, i)})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(e, "text %d", i)
	}
	if err := w.SetComment("a comment"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	corpus["plain"] = plain.Bytes()
	corpus["behind a program"] = append(bytes.Repeat([]byte("MZ program "), 100), plain.Bytes()...)
	corpus["behind itself"] = append(bytes.Clone(plain.Bytes()), plain.Bytes()...)
	corpus["zip64"] = longEnd(plain.Bytes())
	corpus["zip64 behind a program"] = append(bytes.Repeat([]byte{'x'}, 46*7), longEnd(plain.Bytes())...)
	return corpus
}

// longEnd writes the end of an archive anew with zip64 records.
func longEnd(data []byte) []byte {
	le := binary.LittleEndian
	at := bytes.LastIndex(data, []byte("PK\x05\x06"))
	end := data[at:]
	out := append(bytes.Clone(data[:at]), "PK\x06\x06"...)
	out = append(le.AppendUint64(out, 44), make([]byte, 12)...)
	n := uint64(le.Uint16(end[10:]))
	out = le.AppendUint64(le.AppendUint64(out, n), n)
	out = le.AppendUint64(le.AppendUint64(out, uint64(le.Uint32(end[12:]))), uint64(le.Uint32(end[16:])))
	out = append(append(out, "PK\x06\x07"...), 0, 0, 0, 0)
	out = append(le.AppendUint64(out, uint64(at)), 1, 0, 0, 0)
	return append(out, "PK\x05\x06\x00\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00\x00"...)
}

// The walk says of each archive what the standard library says, also of those
// that are cut and damaged, in windows of one entry and of a few bytes.
func TestZipDirectoryAsStandard(t *testing.T) {
	compare := func(t *testing.T, name string, data []byte) {
		want := byStandard(data)
		for _, window := range [][2]int{{zipWindow, zipWindowBytes}, {1, 1 << 20}, {3, 1 << 20}, {1000, 100}} {
			if diff := cmp.Diff(want, byWindows(t, data, window[0], window[1])); diff != "" {
				t.Fatalf("%s, windows of %v (-standard +ours):\n%s", name, window, diff)
			}
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	mutations := 100
	if testing.Short() {
		mutations = 30
	}
	for name, data := range zipCorpus(t) {
		compare(t, name, data)
		from := max(0, len(data)-3000) // where directories and ends lie
		for i := range mutations {
			damaged := bytes.Clone(data)
			switch i % 3 {
			case 0:
				damaged = damaged[:from+random.IntN(len(data)-from)]
			default:
				for range 1 + random.IntN(3) {
					at := from + random.IntN(len(data)-from)
					damaged[at] = []byte{0, 1, 0xFF, byte(random.IntN(256)), damaged[at] ^ 1<<random.IntN(8)}[random.IntN(5)]
				}
			}
			compare(t, fmt.Sprintf("%s, mutation %d", name, i), damaged)
		}
	}
}

// hugeZip is an archive of n empty entries, of which only the directory is
// there: they all lead to one local header.
func hugeZip(n int) []byte {
	le := binary.LittleEndian
	var b []byte
	b = append(b, "PK\x03\x04\x14\x00\x00\x00\x00\x00"...)
	b = append(b, make([]byte, 20)...)
	start := len(b)
	entry := append([]byte("PK\x01\x02\x14\x00\x14\x00"), make([]byte, 38)...)
	for range n {
		b = append(b, entry...)
	}
	size := len(b) - start
	b = append(b, "PK\x05\x06\x00\x00\x00\x00"...)
	b = le.AppendUint16(le.AppendUint16(b, uint16(n)), uint16(n))
	b = le.AppendUint32(le.AppendUint32(b, uint32(size)), uint32(start))
	return append(b, 0, 0)
}

// A directory is kept up to the bound and walked beyond it; both ways yield all
// entries.
func TestZipDirectoryIsBounded(t *testing.T) {
	for _, n := range []int{0, 1, zipParts - 1, zipParts, zipParts + 1, 70_000} {
		d, err := zipDirectoryOf(testFile(t, hugeZip(n)))
		if err != nil {
			t.Fatalf("%d entries: %v", n, err)
		}
		if kept := d.whole != nil; kept != (n < zipParts) {
			t.Errorf("%d entries: kept %v", n, kept)
		}
		seen := 0
		if err := d.each(t.Context(), func(i int, _ *zip.File) error {
			if i != seen {
				t.Fatalf("entry %d after %d others", i, seen)
			}
			seen++
			return nil
		}); err != nil || seen != n {
			t.Errorf("%d entries: %d seen, %v", n, seen, err)
		}
		if _, err := readZip(testFile(t, hugeZip(n))); (err == nil) != (n < zipParts) {
			t.Errorf("%d entries as a package: %v", n, err)
		}
	}
	cut := hugeZip(70_000)
	cut = append(cut[:30+46*69_000:30+46*69_000], cut[len(cut)-22:]...)
	if _, err := openZip(t.Context(), testFile(t, cut)); err == nil {
		t.Error("a directory that lacks entries passes")
	}
}

// What walking a directory keeps does not grow with it.
func TestZipWalkAllocatesByWindow(t *testing.T) {
	const n = 200_000
	d, err := findDirectory(testFile(t, hugeZip(n)))
	if err != nil {
		t.Fatal(err)
	}
	most := 0
	for w := d.windows(zipWindow, zipWindowBytes); !w.done; {
		r, err := w.next()
		if err != nil {
			t.Fatal(err)
		}
		most = max(most, len(r.File), len(w.chunk)/zipHeaderSize)
	}
	if most > zipWindow {
		t.Errorf("a window of %d entries, want at most %d", most, zipWindow)
	}
}
