package lzh_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/kagiban/kagiban/scan/format/internal/lzh"
)

// FuzzArchive looks for panics and loops, in each method.
func FuzzArchive(f *testing.F) {
	files, err := filepath.Glob("../../../../testdata/formats/lzh/*.lzh")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:min(len(data), 4000)])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lzh.Match(data)
		for off, n := int64(0), 0; n < 100; n++ {
			e, next, err := lzh.Next(bytes.NewReader(data), off)
			if err != nil {
				return
			}
			e.Path(func(s string) string { return s })
			if r, err := e.Open(bytes.NewReader(data)); err == nil {
				_, _ = io.CopyN(io.Discard, r, 1<<20)
			}
			if next <= off {
				return
			}
			off = next
		}
	})
}
