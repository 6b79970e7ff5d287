package isolate

import (
	"context"
	"math"
	"sync"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/internal/spool"
	"golang.org/x/sync/semaphore"
)

// A host is the budget of a file in a worker. What it expands is counted where
// it arrives; the limits of one cell, one row and one decoder hold here.
type host struct {
	limits   scan.Limits
	decoders *semaphore.Weighted
}

func newHost(l scan.Limits) *host { return &host{l, semaphore.NewWeighted(l.Decoder)} }

func (h *host) Limits() scan.Limits { return h.limits }
func (h *host) Expand(int) error    { return nil }

// Scratch is in memory: a worker has no files, and its memory is bounded.
func (h *host) Scratch() scan.Scratch { return spool.New(math.MaxInt64) }

func (h *host) Reserve(_ context.Context, n int64) (release func(), err error) {
	switch {
	case h.limits.Decoder <= 0:
		return func() {}, nil
	case !h.decoders.TryAcquire(n):
		return nil, &scan.LimitError{Limit: "memory"}
	}
	return sync.OnceFunc(func() { h.decoders.Release(n) }), nil
}
