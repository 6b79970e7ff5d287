package scan

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// Limits bound what one top-level file may cost, whatever is inside it. A zero
// field means: no limit of this kind.
type Limits struct {
	Depth    int           // files in files in files
	Members  int64         // members at all depths together
	Expanded int64         // bytes after unpacking, at all depths together
	Ratio    int64         // expanded : size of the file, once RatioFrom bytes came out
	Rows     int64         // rows at all depths together
	Cell     int           // bytes of text in one cell
	RowCells int           // cells of one row
	RowText  int           // bytes of text in one row; a text that several cells share counts in each of them
	Decoder  int64         // bytes that the decoders of all files under examination take at one time for dictionaries and windows
	Spool    int64         // bytes held in temporary files at one time
	Memory   int64         // bytes a member may take in memory before it goes to a temporary file
	Hits     int           // pieces of evidence kept
	Time     time.Duration // of work on one file at most; a small file gets less, see clock.go
}

// RatioFrom is how many expanded bytes are allowed before Limits.Ratio counts:
// a small file of zeros is no attack.
const RatioFrom = 1 << 30

// DefaultLimits are generous for files that people make and closed to bombs.
func DefaultLimits() Limits {
	return Limits{
		Depth:    16,
		Members:  5_000_000,
		Expanded: 100 << 30,
		Ratio:    300,
		Rows:     200_000_000,
		Cell:     1 << 20,
		RowCells: 1 << 18,
		RowText:  16 << 20,
		Decoder:  160 << 20,
		Spool:    16 << 30,
		Memory:   8 << 20,
		Hits:     10,
		Time:     30 * time.Minute,
	}
}

// A budget is what is left of the limits for one top-level file. All members
// at all depths share it.
type budget struct {
	limits   Limits
	size     int64 // of the top-level file
	members  int64
	rows     int64
	expanded atomic.Int64 // readers of one file may run in several goroutines of a library
	spooled  atomic.Int64
	decoders *semaphore.Weighted // shared by all files of a run; nil: not bounded here
	reserved atomic.Int64        // of decoders, by this file
	read     atomic.Int64        // from the source
	clock    *clock              // nil: time is not measured here
}

func (b *budget) member(depth int) error {
	b.members++
	if b.limits.Members > 0 && b.members > b.limits.Members {
		return &LimitError{"members"}
	}
	if b.limits.Depth > 0 && depth > b.limits.Depth {
		return &LimitError{"depth"}
	}
	return nil
}

func (b *budget) row() error {
	b.rows++
	if b.limits.Rows > 0 && b.rows > b.limits.Rows {
		return &LimitError{"rows"}
	}
	return nil
}

func (b *budget) expand(n int) error {
	total := b.expanded.Add(int64(n))
	if b.limits.Expanded > 0 && total > b.limits.Expanded {
		return &LimitError{"expanded"}
	}
	if b.limits.Ratio > 0 && total > RatioFrom && total/max(b.size, 1) > b.limits.Ratio {
		return &LimitError{"ratio"}
	}
	return nil
}

func (b *budget) spool(n int64) error {
	if total := b.spooled.Add(n); b.limits.Spool > 0 && total > b.limits.Spool {
		return &LimitError{"spool"}
	}
	return nil
}

// freeReserve is what a decoder may take without asking.
const freeReserve = 1 << 20

func (b *budget) reserve(ctx context.Context, n int64) (release func(), err error) {
	switch {
	case b.decoders == nil || n <= freeReserve:
		return func() {}, nil
	case n > b.limits.Decoder:
		return nil, &LimitError{"memory"}
	case b.reserved.Load() > 0:
		if !b.decoders.TryAcquire(n) {
			return nil, &LimitError{"memory"}
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

// boundReader counts what a decompressor yields and stops when the run is
// cancelled or the budget is spent.
type boundReader struct {
	ctx    context.Context
	r      io.Reader
	budget *budget
}

func (b *boundReader) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, context.Cause(b.ctx)
	}
	n, err := b.r.Read(p)
	b.budget.clock.move(n)
	if limit := b.budget.expand(n); limit != nil {
		return 0, limit
	}
	return n, err
}
