package arj_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/arj"
)

const fixtures = "../../../../testdata/formats/arj/"

// A wrong sum, and data that breaks off, are reported.
func TestDamageIsTold(t *testing.T) {
	for _, name := range []string{"method-0.arj", "method-1.arj", "method-4.arj"} {
		whole, err := os.ReadFile(filepath.Join(fixtures, name))
		if err != nil {
			t.Fatal(err)
		}
		_, first, err := arj.Next(bytes.NewReader(whole), 0)
		if err != nil {
			t.Fatal(err)
		}
		e, _, err := arj.Next(bytes.NewReader(whole), first)
		if err != nil {
			t.Fatal(err)
		}
		damaged := bytes.Clone(whole)
		damaged[first+200] ^= 0x10
		for what, b := range map[string][]byte{"damaged": damaged, "cut": whole[:first+200]} {
			r, err := e.Open(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, r); !errors.Is(err, scan.ErrMalformed) {
				t.Errorf("%s, %s: %v, want ErrMalformed", name, what, err)
			}
		}
	}
}

// FuzzArchive looks for panics and loops.
func FuzzArchive(f *testing.F) {
	for _, name := range []string{"garbled.arj", "one-open-one-garbled.arj", "second-volume.a01"} {
		data, err := os.ReadFile(filepath.Join(fixtures, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		arj.Match(data)
		for off, n := int64(0), 0; n < 100; n++ {
			e, next, err := arj.Next(bytes.NewReader(data), off)
			if err != nil {
				return
			}
			if next <= off {
				t.Fatalf("header at %d leads to %d", off, next)
			}
			if r, err := e.Open(bytes.NewReader(data)); err == nil {
				_, _ = io.CopyN(io.Discard, r, 1<<20)
			}
			off = next
		}
	})
}
