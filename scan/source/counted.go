package source

import (
	"context"
	"sync/atomic"

	"github.com/kagiban/kagiban/scan"
)

// Counters count at a source. They may be read while it is used.
type Counters struct {
	Listed atomic.Int64 // entries visited by Walk, gaps included
	Opens  atomic.Int64 // files opened
	Reads  atomic.Int64 // calls of ReadAt
	Bytes  atomic.Int64 // bytes that ReadAt returned
}

// Counted counts what is asked of src.
func Counted(src scan.Source, c *Counters) scan.Source {
	counted := countedSource{src, c}
	if whole, ok := src.(complete); ok {
		return &countedComplete{counted, whole, whole, whole, whole, whole, whole}
	}
	return counted
}

type countedSource struct {
	scan.Source
	counters *Counters
}

func (s countedSource) Walk(ctx context.Context, visit func(scan.Entry, error) error) error {
	return s.Source.Walk(ctx, func(e scan.Entry, err error) error {
		s.counters.Listed.Add(1)
		return visit(e, err)
	})
}

// countedComplete counts at a source of this package.
type countedComplete struct {
	countedSource
	scan.Owned
	scan.Accessible
	scan.Lister
	scan.Streamer
	scan.Mounted
	resumable scan.Resumable
}

// WalkFrom implements scan.Resumable.
func (s *countedComplete) WalkFrom(ctx context.Context, from string, visit func(scan.Entry, error) error) error {
	return s.resumable.WalkFrom(ctx, from, func(e scan.Entry, err error) error {
		s.counters.Listed.Add(1)
		return visit(e, err)
	})
}

func (s countedSource) Open(ctx context.Context, e scan.Entry) (scan.Blob, error) {
	blob, err := s.Source.Open(ctx, e)
	if err != nil {
		return nil, err
	}
	s.counters.Opens.Add(1)
	return countedBlob{blob, s.counters}, nil
}

type countedBlob struct {
	scan.Blob
	counters *Counters
}

func (b countedBlob) ReadAt(p []byte, off int64) (int, error) {
	n, err := b.Blob.ReadAt(p, off)
	b.counters.Reads.Add(1)
	b.counters.Bytes.Add(int64(n))
	return n, err
}
