package scantest

import (
	"context"
	"io"
	"math"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/internal/spool"
)

// NewFile makes a file for the test of a format: its budget has no end but for
// the limits of cells, rows and decoders.
func NewFile(ctx context.Context, name string, r io.ReaderAt, size int64) (*scan.File, error) {
	return scan.NewFile(ctx, scan.Place{Name: name, At: r, Size: size, Host: freeHost{}})
}

// NewScratch makes scratch for the test of a parser: so many bytes in memory,
// then a temporary file. The caller closes it.
func NewScratch(memory int64) scan.Scratch { return spool.New(memory) }

type freeHost struct{}

func (freeHost) Limits() scan.Limits   { return scan.DefaultLimits() }
func (freeHost) Expand(int) error      { return nil }
func (freeHost) Scratch() scan.Scratch { return spool.New(math.MaxInt64) }

func (freeHost) Reserve(_ context.Context, n int64) (func(), error) {
	if n > scan.DefaultLimits().Decoder {
		return nil, &scan.LimitError{Limit: "memory"}
	}
	return func() {}, nil
}
