package scantest

import (
	"context"
	"io"
	"math"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/internal/spool"
)

// NewFile makes a file for the test of a format. Of the limits those of cells,
// rows and decoders hold.
func NewFile(ctx context.Context, name string, r io.ReaderAt, size int64, limits scan.Limits) (*scan.File, error) {
	return scan.NewFile(ctx, scan.Place{Name: name, At: r, Size: size, Host: freeHost(limits)})
}

// NewScratch makes scratch for the test of a parser: so many bytes in memory,
// then a temporary file. The caller closes it.
func NewScratch(memory int64) scan.Scratch { return spool.New(memory) }

type freeHost scan.Limits

func (h freeHost) Limits() scan.Limits { return scan.Limits(h) }
func (freeHost) Expand(int) error      { return nil }
func (freeHost) Scratch() scan.Scratch { return spool.New(math.MaxInt64) }

func (h freeHost) Reserve(_ context.Context, n int64) (func(), error) {
	if h.Decoder > 0 && n > max(h.Decoder, 1<<20) {
		return nil, &scan.LimitError{Limit: "memory"}
	}
	return func() {}, nil
}
