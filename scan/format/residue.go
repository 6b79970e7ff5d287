package format

import (
	"context"
	"fmt"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
)

// residueFormat is what a file has left that no format accounts for and that is of
// no known form. It is searched for text, in 8 and in 16 bits; what else it is
// nobody knows.
func residueFormat() scan.Format {
	return scan.Format{
		Name: "residue", Version: 1, Match: scan.IsRest,
		About: scan.About{Names: "bytes of no part", Verdict: "always open", Content: scan.CoverageBest, Limits: "always reported as not wholly read"},
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			f.ClaimAll(scan.UseRead)
			return open(func(_ context.Context, out scan.Sink) error {
				w := grid.New(f, out)
				if err := rawtext.Scan(f.Bound(f.Reader()), w, rawtext.All); err != nil {
					return err
				}
				out.Problem(fmt.Errorf("%d bytes: %w", f.Size(), scan.ErrUnaccounted))
				return nil
			}), nil
		},
	}
}
