package format

import (
	"context"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/pdftext"
)

// unpackPdf opens a file for its text, in a worker: the library holds all of it.
// What opens with the empty password, the library decrypts.
func unpackPdf(ctx context.Context, f *scan.File) (scan.Document, error) {
	opening, err := pdfVerdict(ctx, f)
	if err != nil {
		return nil, err
	}
	file := func() io.ReadSeeker { return pdfPlainly(f, opening) }
	text := func(password string) scan.Document {
		return document{func() scan.Protection { return opening.Protection }, func(ctx context.Context, out scan.Sink) error {
			return pdftext.Read(ctx, file(), password, out)
		}}
	}
	if opening.Verdict.Closed() {
		return lockable{closed(opening.Protection), func(ctx context.Context, password string) (scan.Document, error) {
			if !pdftext.Opens(ctx, file(), password) {
				return nil, context.Cause(ctx)
			}
			return text(password), nil
		}}, nil
	}
	return text(opening.password), nil
}
