package spool

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"testing/iotest"

	"github.com/kagiban/kagiban/scan"
)

func content(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7)
	}
	return b
}

// What was written is read back at any place, from memory and from disk.
func TestSpool(t *testing.T) {
	for name, tt := range map[string]struct {
		size   int
		memory int64
		disk   bool
	}{
		"empty":                 {0, 1 << 20, false},
		"in memory":             {1000, 1 << 20, false},
		"over chunks of memory": {3*spoolChunk + 17, 1 << 30, false},
		"to the limit":          {4096, 4096, false},
		"beyond it":             {4097, 4096, true},
		"no memory":             {1 << 20, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			taken := int64(0)
			s := &Spool{memory: tt.memory, dir: t.TempDir(), take: func(n int64) error { taken += n; return nil }}
			want := content(tt.size)
			for at := 0; at < len(want); at += 1111 {
				if n, err := s.Write(want[at:min(at+1111, len(want))]); err != nil || n != min(1111, len(want)-at) {
					t.Fatalf("Write = %d, %v", n, err)
				}
			}
			if s.Size() != int64(tt.size) || (s.file != nil) != tt.disk || tt.disk != (taken > 0) {
				t.Errorf("%d bytes, on disk %v, %d bytes taken", s.Size(), s.file != nil, taken)
			}
			if err := iotest.TestReader(io.NewSectionReader(s, 0, s.Size()), want); err != nil {
				t.Error(err)
			}
			if n, err := s.ReadAt(make([]byte, 2), s.Size()-1); tt.size > 0 && (n != 1 || err != io.EOF) {
				t.Errorf("ReadAt over the end = %d, %v", n, err)
			}
			if _, err := s.ReadAt(make([]byte, 1), -1); err == nil {
				t.Error("ReadAt before the start is no error")
			}
			if err := s.Close(); err != nil || taken != 0 {
				t.Errorf("Close = %v, %d bytes still taken", err, taken)
			}
		})
	}
}

// No more goes to disk than the file may take, and a folder that is full or
// missing is a fault that may pass.
func TestSpoolRefuses(t *testing.T) {
	over := errors.New("over the budget")
	s := &Spool{memory: 10, dir: t.TempDir(), take: func(int64) error { return over }}
	if _, err := s.Write(content(11)); !errors.Is(err, over) {
		t.Errorf("Write over the budget = %v", err)
	}
	s = &Spool{memory: 10, dir: t.TempDir() + "/none", take: func(int64) error { return nil }}
	var passing *scan.ReadError
	if _, err := s.Write(content(11)); !errors.As(err, &passing) {
		t.Errorf("Write without a folder = %v", err)
	}
}

// Scratch of a member ends with it, and that of the file with the file.
func TestDirReleases(t *testing.T) {
	folder, taken := t.TempDir(), int64(0)
	d := NewDir(folder, 4, func(n int64) error { taken += n; return nil })
	write := func() *Spool {
		s := d.New()
		if _, err := s.Write(content(100)); err != nil {
			t.Fatal(err)
		}
		return s
	}
	outer := write()
	mark := d.Mark()
	write()
	write()
	if d.Release(mark); taken != 100 {
		t.Errorf("%d bytes are taken after the member, want 100", taken)
	}
	got := make([]byte, 100)
	if _, err := outer.ReadAt(got, 0); err != nil || !bytes.Equal(got, content(100)) {
		t.Errorf("the file's own scratch is gone: %v", err)
	}
	d.Release(0)
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 || taken != 0 {
		t.Errorf("%d files and %d bytes are left, %v", len(left), taken, err)
	}
}
