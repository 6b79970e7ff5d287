package source_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// A file with holes that is longer than 32 bits can count has its size, and its bytes
// at their places on both sides of 4 GiB, read forwards and backwards.
func TestSMBSparseFileBeyond4GiB(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Writers: true}}})
	const edge = 4 << 30
	name := filepath.Join(shareDir(t, s, "data"), "大きい.dat")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	planted := map[int64]string{0: "first", edge - 3: "across", edge + 100: "behind", 5*edge/4 - 4: "last"}
	for off, text := range planted {
		if _, err := f.WriteAt([]byte(text), off); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	src := open(t, s.URL("data"), options(t, s))
	files, _ := scantest.WalkAll(t, src)
	entry, ok := files["大きい.dat"]
	if !ok || entry.Size != 5*edge/4 {
		t.Fatalf("%+v", entry)
	}
	blob, err := src.Open(t.Context(), entry)
	if err != nil {
		t.Fatal(err)
	}
	defer blob.Close()
	for _, off := range []int64{0, edge - 3, edge + 100, 5*edge/4 - 4, edge - 3, 0} {
		want := planted[off]
		got := make([]byte, len(want))
		if _, err := blob.ReadAt(got, off); err != nil || string(got) != want {
			t.Errorf("at %d: %q, %v; want %q", off, got, err, want)
		}
	}
	hole := make([]byte, 64<<10)
	if n, err := blob.ReadAt(hole, edge-1<<20); err != nil || n != len(hole) || string(hole[:8]) != "\x00\x00\x00\x00\x00\x00\x00\x00" {
		t.Errorf("a hole: %d bytes, %v", n, err)
	}
}
