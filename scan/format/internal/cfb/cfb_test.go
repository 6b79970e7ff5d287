package cfb_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
	"github.com/richardlehane/mscfb"
)

// corpus are the compound files among the fixtures.
func corpus(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, folder := range []string{"xls", "doc", "ppt", "msg", "ooxml-encrypted"} {
		names, err := filepath.Glob(filepath.Join("../../../../testdata/formats", folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.HasPrefix(data, []byte(cfb.Magic)) && !strings.HasPrefix(filepath.Base(name), "cut-") {
				files[filepath.Base(name)] = data
			}
		}
	}
	if len(files) < 20 {
		t.Fatalf("only %d compound files among the fixtures", len(files))
	}
	return files
}

// TestSameAsMscfb compares names and bytes of all streams with an independent reader.
func TestSameAsMscfb(t *testing.T) {
	for name, data := range corpus(t) {
		t.Run(name, func(t *testing.T) {
			want := map[string]string{}
			other, err := mscfb.New(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range other.File[1:] { // the first is the root
				path := strings.Join(append(append([]string{}, e.Path...), e.Name), "/")
				b, err := io.ReadAll(e)
				if err != nil {
					t.Fatal(err)
				}
				want[path] = fmt.Sprintf("%v %d %x", e.FileInfo().IsDir(), len(b), sha256.Sum256(b))
			}
			got := map[string]string{}
			f, err := cfb.Open(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range f.Entries {
				b, err := io.ReadAll(f.Reader(e))
				if err != nil {
					t.Fatal(err)
				}
				got[strings.Join(append(append([]string{}, e.Path...), e.Name), "/")] = fmt.Sprintf("%v %d %x", e.Dir, len(b), sha256.Sum256(b))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestChainThatLoops reads a directory and a stream whose chains come back to themselves.
func TestChainThatLoops(t *testing.T) {
	for name, data := range corpus(t) {
		le := binary.LittleEndian
		table := (int(le.Uint32(data[0x4C:])) + 1) << le.Uint16(data[0x1E:])
		loops := bytes.Clone(data)
		for i := range 64 { // each sector is followed by itself
			le.PutUint32(loops[table+4*i:], uint32(i))
		}
		f, err := cfb.Open(bytes.NewReader(loops), int64(len(loops)))
		if err != nil {
			continue
		}
		for _, e := range f.Entries {
			n, _ := io.Copy(io.Discard, f.Reader(e))
			if n > e.Size {
				t.Errorf("%s: %d bytes of a stream of %d", name, n, e.Size)
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	for name, data := range maps.All(corpus(f)) {
		if len(data) < 64<<10 {
			f.Add(data)
			_ = name
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := cfb.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		for _, e := range file.Entries {
			n, err := io.Copy(io.Discard, io.LimitReader(file.Reader(e), int64(len(data))))
			if n > e.Size {
				t.Errorf("%d bytes of a stream of %d", n, e.Size)
			}
			if err == nil && n < min(e.Size, int64(len(data))) {
				t.Errorf("a stream of %d ends at %d without an error", e.Size, n)
			}
			if errors.Is(err, io.ErrUnexpectedEOF) {
				t.Error("raw error")
			}
		}
	})
}

// A counted counts what is read of a file.
type counted struct {
	io.ReaderAt
	bytes int
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	c.bytes += len(p)
	return c.ReaderAt.ReadAt(p, off)
}

// TestEndOfMarksWithoutChain gives every unused sector of a table the mark for
// the end of a chain: the last sector in use is found in a few passes.
func TestEndOfMarksWithoutChain(t *testing.T) {
	data, err := os.ReadFile("../../../../testdata/formats/ooxml-encrypted/password-agile.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	const sector, size = 512, 4 << 20
	le := binary.LittleEndian
	large := append(bytes.Clone(data), make([]byte, size-len(data))...)
	fat, tables := le.Uint32(data[0x4C:]), 0
	for i := range 109 { // the header's list of tables
		if n := le.Uint32(data[0x4C+4*i:]); n < 0xFFFFFFFA {
			tables, fat = tables+1, n
		}
	}
	for i := tables; i < size/sector/128; i++ { // more tables, at the end of the file
		n := uint32(size/sector - 2 - i)
		le.PutUint32(large[0x4C+4*i:], n)
		for k := range 128 {
			le.PutUint32(large[int(n+1)*sector+4*k:], 0xFFFFFFFE)
		}
	}
	for k := range 128 {
		if at := large[int(fat+1)*sector+4*k:]; le.Uint32(at) == 0xFFFFFFFF {
			le.PutUint32(at, 0xFFFFFFFE)
		}
	}
	src := &counted{ReaderAt: bytes.NewReader(large)}
	f, err := cfb.Open(src, size)
	if err != nil {
		t.Fatal(err)
	}
	end, err := f.End()
	if err != nil || end > int64(len(data)) || end <= int64(len(data))-sector {
		t.Errorf("end %d, %v, want that of %d bytes", end, err, len(data))
	}
	if src.bytes > size {
		t.Errorf("%d bytes read of %d", src.bytes, size)
	}
}
