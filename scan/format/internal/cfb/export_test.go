package cfb_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan/format/internal/cfb"
)

// streams returns the bytes of each stream, and where it breaks off the error,
// by path below a storage.
func streams(t *testing.T, f *cfb.File, entries []*cfb.Entry, depth int) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, e := range entries {
		b, err := io.ReadAll(io.LimitReader(f.Reader(e), 64<<20))
		if err != nil {
			b = append(b, " "+err.Error()...)
		}
		all[strings.Join(append(append([]string{}, e.Path[depth:]...), e.Name), "/")] = string(b)
	}
	return all
}

func exported(t *testing.T, f *cfb.File, storage *cfb.Entry, entries []*cfb.Entry) *cfb.File {
	t.Helper()
	r, size, err := f.Export(storage, entries)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil || int64(len(data)) != size {
		t.Fatalf("%d bytes, announced %d, %v", len(data), size, err)
	}
	out, err := cfb.Open(bytes.NewReader(data), size)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func same(t *testing.T, name string, want, got map[string]string) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%s: %d entries, want %d", name, len(got), len(want))
	}
	for path, text := range want {
		if have, ok := got[path]; !ok || have != text {
			t.Errorf("%s: %s has %d bytes, want %d", name, path, len(have), len(text))
		}
	}
}

func TestExport(t *testing.T) {
	for name, data := range corpus(t) {
		f, err := cfb.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		whole := exported(t, f, nil, f.Entries)
		same(t, name, streams(t, f, f.Entries, 0), streams(t, whole, whole.Entries, 0))
		for _, storage := range f.Entries {
			var inside []*cfb.Entry
			for _, e := range f.Entries {
				for n := 0; n < len(e.Path); n++ {
					if e.Within(n) == storage {
						inside = append(inside, e)
					}
				}
			}
			if storage.Dir {
				part := exported(t, f, storage, inside)
				same(t, name+" "+storage.Name, streams(t, f, inside, len(storage.Path)+1), streams(t, part, part.Entries, 0))
			}
		}
	}
}

// TestExportOfDamage: a stream that breaks off does so at the same place.
func TestExportOfDamage(t *testing.T) {
	for name, data := range corpus(t) {
		for _, cut := range []int{2, 3} {
			damaged := data[:len(data)-len(data)/(4*cut)]
			f, err := cfb.Open(bytes.NewReader(damaged), int64(len(damaged)))
			if err != nil {
				continue
			}
			whole := exported(t, f, nil, f.Entries)
			want, got := streams(t, f, f.Entries, 0), streams(t, whole, whole.Entries, 0)
			for path, text := range want {
				if i := strings.LastIndex(text, " compound file: "); i >= 0 && !strings.HasPrefix(got[path], text[:i]) {
					t.Errorf("%s cut: %s has %d bytes, want %d", name, path, len(got[path]), i)
				} else if i < 0 && got[path] != text {
					t.Errorf("%s cut: %s differs", name, path)
				}
			}
		}
	}
}

// TestExportOfLargeStreams needs more sectors of the table than the header names.
func TestExportOfLargeStreams(t *testing.T) {
	const size, sector = 9 << 20, 4096
	le := binary.LittleEndian
	count := size / sector
	tables := count/(sector/4) + 1
	data := make([]byte, sector*(1+tables+1+count))
	copy(data, cfb.Magic)
	le.PutUint16(data[0x1A:], 4)
	le.PutUint16(data[0x1E:], 12)
	le.PutUint32(data[0x30:], uint32(tables))
	le.PutUint32(data[0x38:], 4096)
	le.PutUint32(data[0x3C:], 0xFFFFFFFE)
	le.PutUint32(data[0x44:], 0xFFFFFFFE)
	for i := range 109 {
		place := uint32(0xFFFFFFFF)
		if i < tables {
			place = uint32(i)
		}
		le.PutUint32(data[0x4C+4*i:], place)
	}
	for i := range count + tables + 1 {
		next := uint32(i + 1)
		if i <= tables || i == count+tables {
			next = 0xFFFFFFFE
		}
		le.PutUint32(data[sector+4*i:], next)
	}
	dir := data[sector*(1+tables):]
	entry := func(b []byte, name string, kind byte, child, start, size uint32) {
		for i, c := range []byte(name) {
			b[2*i] = c
		}
		b[0x40], b[0x42] = byte(2*len(name)+2), kind
		le.PutUint32(b[0x44:], 0xFFFFFFFF)
		le.PutUint32(b[0x48:], 0xFFFFFFFF)
		le.PutUint32(b[0x4C:], child)
		le.PutUint32(b[0x74:], start)
		le.PutUint32(b[0x78:], size)
	}
	entry(dir, "Root Entry", 5, 1, 0xFFFFFFFE, 0)
	entry(dir[128:], "Big", 2, 0xFFFFFFFF, uint32(tables+1), size)
	for i := range size / 8 {
		le.PutUint64(data[sector*(2+tables)+8*i:], uint64(i)*0x9E3779B97F4A7C15)
	}
	f, err := cfb.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	whole := exported(t, f, nil, f.Entries)
	same(t, "large", map[string]string{"Big": string(data[sector*(2+tables):][:size])}, streams(t, whole, whole.Entries, 0))
}
