package format_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

// A hollow source has one file: some bytes, a gap without end, and more bytes.
type hollow struct {
	*scantest.Faulty
	head, tail []byte
	parts      map[int64][]byte // more, by their places
	size       int64
}

func (h *hollow) Walk(_ context.Context, visit func(scan.Entry, error) error) error {
	return visit(scan.Entry{Path: "large", Size: h.size, ModTime: time.Unix(1e9, 0)}, nil)
}

func (h *hollow) Open(context.Context, scan.Entry) (scan.Blob, error) { return hollowBlob{h}, nil }

type hollowBlob struct{ *hollow }

func (b hollowBlob) Size() int64  { return b.size }
func (b hollowBlob) Close() error { return nil }

func (b hollowBlob) ReadAt(p []byte, off int64) (int, error) {
	clear(p)
	b.Reads.Add(1)
	b.Bytes.Add(int64(len(p)))
	for at, part := range b.parts {
		if from, to := max(at, off), min(at+int64(len(part)), off+int64(len(p))); from < to {
			copy(p[from-off:], part[from-at:to-at])
		}
	}
	if off < int64(len(b.head)) {
		copy(p, b.head[off:])
	}
	if from := b.size - int64(len(b.tail)); off+int64(len(p)) > from {
		if off >= from {
			copy(p, b.tail[off-from:])
		} else {
			copy(p[from-off:], b.tail)
		}
	}
	return len(p), nil
}

// idle is a detector that finds nothing.
type idle struct{}

func (idle) Revision() string                    { return "idle" }
func (idle) Begin(scan.Subject) scan.Examination { return idle{} }
func (idle) Row(scan.Row) error                  { return nil }
func (idle) Close() (scan.Findings, error)       { return scan.Findings{}, nil }

// verdictOf examines the one file of a source up to its verdict.
func verdictOf(t *testing.T, src scan.Source) scan.Protection {
	t.Helper()
	list := format.List()
	var got scan.Protection
	for i, f := range list {
		if f.Open == nil {
			continue
		}
		list[i].Open = func(ctx context.Context, file *scan.File) (scan.Document, error) {
			doc, err := f.Open(ctx, file)
			if err != nil {
				t.Errorf("%s: %v", f.Name, err)
				return nil, err
			}
			got = doc.Protection()
			return nil, io.ErrUnexpectedEOF // no content
		}
		list[i].Isolated = nil
	}
	_, err := engine.Run(t.Context(), engine.Config{
		Targets: []engine.Target{{Name: "x", Open: func(context.Context) (scan.Source, error) { return src, nil }}},
		Formats: list, Detector: idle{}, Store: &scantest.MemoryStore{}, Limits: scan.DefaultLimits(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// The verdict on a large archive costs a few pages.
func TestSevenZipVerdictReadsLittle(t *testing.T) {
	for name, want := range map[string]scan.Verdict{
		"plain-header.7z": scan.VerdictNone, "password-plain-header.7z": scan.VerdictPassword, "password-names-hidden.7z": scan.VerdictPassword,
	} {
		data, err := os.ReadFile(filepath.Join(fixtures, "7z", name))
		if err != nil {
			t.Fatal(err)
		}
		start := bytes.Clone(data[:32])
		const size = 1 << 30
		header := data[32+binary.LittleEndian.Uint64(start[12:]):]
		binary.LittleEndian.PutUint64(start[12:], uint64(size-32-len(header)))
		binary.LittleEndian.PutUint32(start[8:], crc32.ChecksumIEEE(start[12:]))
		src := &hollow{Faulty: &scantest.Faulty{}, head: start, tail: header, size: size}
		if got := verdictOf(t, src).Verdict; got != want {
			t.Errorf("%s: verdict %v, want %v", name, got, want)
		}
		if n := src.Bytes.Load(); n > 64<<10 {
			t.Errorf("%s: verdict took %d bytes", name, n)
		}
	}
}
