package format

import (
	"context"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/charset"
	"github.com/kagiban/kagiban/scan/format/internal/delim"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
)

// textFormat is all that is text: csv (RFC 4180), tsv and the like with any
// delimiter, and running text, in the encodings that are met in Japan. It
// comes after everything with a mark of its own.
func textFormat() scan.Format {
	return scan.Format{
		Name: "text", Version: 6, Match: isText, Open: openText,
		About: scan.About{Names: "csv, tsv, txt (UTF-8, UTF-16, CP932, EUC-JP, ISO-2022-JP)", Verdict: "always open", Content: scan.CoverageFull,
			Limits: "1 MiB a line"},
	}
}

func isText(f *scan.File) bool {
	c, _ := charset.Detect(f.Head)
	return c != charset.Binary
}

func openText(_ context.Context, f *scan.File) (scan.Document, error) {
	f.ClaimAll(scan.UseRead)
	return open(func(_ context.Context, out scan.Sink) error {
		text := charset.NewReader(f.Bound(io.Reader(f.Reader())))
		watched := newEncodedText(f, out, text, true)
		lines := delim.New(watched, f.MaxCell(), f.Size(), grid.NewMeter(f, out))
		if err := lines.Each(out.Row); err != nil {
			return err
		}
		if err := watched.end(); err != nil {
			return err
		}
		if text.Charset() == charset.Binary {
			return malformed("text: binary data after its beginning")
		}
		if n := lines.Cut(); n > 0 {
			out.Problem(fmt.Errorf("%d lines were read in pieces: %w", n, &scan.LimitError{Limit: "cell"}))
		}
		return nil
	}), nil
}
