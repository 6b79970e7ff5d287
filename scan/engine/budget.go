package engine

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/internal/spool"
	"golang.org/x/sync/semaphore"
)

// A budget is what is left of the limits for one top-level file. All members
// at all depths share it.
type budget struct {
	limits   scan.Limits
	size     int64 // of the top-level file
	members  int64
	rows     int64
	expanded atomic.Int64 // readers of one file may run in several goroutines of a library
	spooled  atomic.Int64
	decoders *semaphore.Weighted // shared by all files of a run; nil: not bounded here
	reserved atomic.Int64        // of decoders, by this file
	read     atomic.Int64        // from the source
	clock    *clock              // nil: time is not measured here
	spools   *spool.Dir
}

func (b *budget) member(depth int) error {
	b.members++
	if b.limits.Members > 0 && b.members > b.limits.Members {
		return &scan.LimitError{Limit: "members"}
	}
	if b.limits.Depth > 0 && depth > b.limits.Depth {
		return &scan.LimitError{Limit: "depth"}
	}
	return nil
}

func (b *budget) row() error {
	b.rows++
	if b.limits.Rows > 0 && b.rows > b.limits.Rows {
		return &scan.LimitError{Limit: "rows"}
	}
	return nil
}

// Expand implements scan.Host.
func (b *budget) Expand(n int) error {
	b.clock.move(n)
	total := b.expanded.Add(int64(n))
	if b.limits.Expanded > 0 && total > b.limits.Expanded {
		return &scan.LimitError{Limit: "expanded"}
	}
	if b.limits.Ratio > 0 && total > scan.RatioFrom && total/max(b.size, 1) > b.limits.Ratio {
		return &scan.LimitError{Limit: "ratio"}
	}
	return nil
}

// spool takes bytes on disk, or returns them.
func (b *budget) spool(n int64) error {
	if total := b.spooled.Add(n); n > 0 && b.limits.Spool > 0 && total > b.limits.Spool {
		return &scan.LimitError{Limit: "spool"}
	}
	return nil
}

// freeReserve is what a decoder may take without asking.
const freeReserve = 1 << 20

// Reserve implements scan.Host.
func (b *budget) Reserve(ctx context.Context, n int64) (release func(), err error) {
	switch {
	case b.decoders == nil || n <= freeReserve:
		return func() {}, nil
	case n > b.limits.Decoder:
		return nil, &scan.LimitError{Limit: "memory"}
	case b.reserved.Load() > 0:
		if !b.decoders.TryAcquire(n) {
			return nil, &scan.LimitError{Limit: "memory"}
		}
	default:
		if err := b.clock.waiting(func() error { return b.decoders.Acquire(ctx, n) }); err != nil {
			return nil, context.Cause(ctx)
		}
	}
	b.reserved.Add(n)
	return sync.OnceFunc(func() {
		b.reserved.Add(-n)
		b.decoders.Release(n)
	}), nil
}

// Limits implements scan.Host.
func (b *budget) Limits() scan.Limits { return b.limits }

// Scratch implements scan.Host.
func (b *budget) Scratch() scan.Scratch { return b.spools.New() }
