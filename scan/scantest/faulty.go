package scantest

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
)

// A Faulty source has its files in memory, fails on demand and counts.
type Faulty struct {
	MemorySource
	// FailRead makes the n-th read and those after it fail (1 is the first); 0 none.
	FailRead int64
	// Fail makes Open of a path fail.
	Fail map[string]error
	// Gap is told by Walk before the files, as a folder that cannot be listed.
	Gap error

	Opens, Reads, Bytes atomic.Int64
}

// ErrInjected is the fault that FailRead makes.
var ErrInjected = errors.New("injected fault")

var _ scan.Source = (*Faulty)(nil)

// Target makes a target of the source.
func (m *Faulty) Target(name string) engine.Target {
	return engine.Target{Name: name, Open: func(context.Context) (scan.Source, error) { return m, nil }}
}

// Walk tells the gap and then the files.
func (m *Faulty) Walk(ctx context.Context, visit func(scan.Entry, error) error) error {
	if m.Gap != nil {
		if err := visit(scan.Entry{Path: "gap", Folder: true}, m.Gap); err != nil {
			return err
		}
	}
	return m.MemorySource.Walk(ctx, func(e scan.Entry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return visit(e, err)
	})
}

// Open opens a file.
func (m *Faulty) Open(ctx context.Context, e scan.Entry) (scan.Blob, error) {
	m.Opens.Add(1)
	if err := m.Fail[e.Path]; err != nil {
		return nil, err
	}
	blob, err := m.MemorySource.Open(ctx, e)
	if err != nil {
		return nil, err
	}
	return faultyBlob{blob, m}, nil
}

type faultyBlob struct {
	scan.Blob
	home *Faulty
}

func (b faultyBlob) ReadAt(p []byte, off int64) (int, error) {
	if n := b.home.Reads.Add(1); b.home.FailRead > 0 && n >= b.home.FailRead {
		return 0, ErrInjected
	}
	n, err := b.Blob.ReadAt(p, off)
	b.home.Bytes.Add(int64(n))
	return n, err
}
