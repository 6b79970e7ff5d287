package scantest

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"slices"
	"sync/atomic"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// Memory is a source of files in memory, with faults on demand.
type Memory struct {
	Files map[string][]byte // by path
	// FailRead makes the n-th read of the source fail (1 is the first); 0 never.
	FailRead int64
	// Fail makes Open of a path fail.
	Fail map[string]error
	// Gap is told by Walk before the files, as a folder that cannot be listed.
	Gap error
	// Time of all files; zero means a fixed day.
	Time time.Time

	Opens, Reads, Bytes atomic.Int64
}

// ErrInjected is the fault that FailRead makes.
var ErrInjected = errors.New("injected fault")

var _ scan.Source = (*Memory)(nil)

// Target makes a target of the source.
func (m *Memory) Target(name string) scan.Target {
	return scan.Target{Name: name, Open: func(context.Context) (scan.Source, error) { return m, nil }}
}

// Walk tells the files by path.
func (m *Memory) Walk(ctx context.Context, visit func(scan.Entry, error) error) error {
	if m.Gap != nil {
		if err := visit(scan.Entry{Path: "gap", Folder: true}, m.Gap); err != nil {
			return err
		}
	}
	var paths []string
	for p := range m.Files {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	at := m.Time
	if at.IsZero() {
		at = time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	}
	for _, p := range paths {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := visit(scan.Entry{Path: p, Size: int64(len(m.Files[p])), ModTime: at}, nil); err != nil {
			return err
		}
	}
	return nil
}

// Open opens a file.
func (m *Memory) Open(_ context.Context, e scan.Entry) (scan.Blob, error) {
	m.Opens.Add(1)
	if err := m.Fail[e.Path]; err != nil {
		return nil, err
	}
	data, ok := m.Files[e.Path]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return memoryBlob{bytes.NewReader(data), m}, nil
}

// Close does nothing.
func (m *Memory) Close() error { return nil }

type memoryBlob struct {
	*bytes.Reader
	home *Memory
}

func (b memoryBlob) ReadAt(p []byte, off int64) (int, error) {
	if n := b.home.Reads.Add(1); b.home.FailRead > 0 && n >= b.home.FailRead {
		return 0, ErrInjected
	}
	n, err := b.Reader.ReadAt(p, off)
	b.home.Bytes.Add(int64(n))
	return n, err
}

func (b memoryBlob) Size() int64 { return b.Reader.Size() }

func (b memoryBlob) Close() error { return nil }
