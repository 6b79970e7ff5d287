package format

import (
	"context"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/sqltext"
)

// sqlFormat is a script that writes rows into a database, as dumps do.
func sqlFormat() scan.Format {
	return scan.Format{
		Name: "sql", Version: 4,
		About: scan.About{Names: "scripts of SQL, dumps", Verdict: "always open", Content: scan.CoverageFull, Limits: "1 MiB a value"},
		Match: func(f *scan.File) bool { return sqltext.Is(sampleOf(f)) },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return noted(f, func(w *grid.Writer, _ func(scan.Note)) error {
				return decoded(f, w.Out, func(r io.Reader) error {
					cut, err := sqltext.Read(r, f.MaxCell(), w)
					if cut {
						w.TellCut()
					}
					return err
				})
			}), nil
		},
	}
}
