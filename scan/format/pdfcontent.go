package format

import (
	"context"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/pdftext"
)

// unpackPdf opens a file for its text, in a worker: the library holds all of it.
// What opens with the empty password, the library decrypts.
func unpackPdf(ctx context.Context, f *scan.File) (scan.Document, error) {
	p, password, err := pdfVerdict(ctx, f)
	if err != nil {
		return nil, err
	}
	text := func(password string) scan.Document {
		return document{func() scan.Protection { return p }, func(ctx context.Context, out scan.Sink) error {
			return pdftext.Read(ctx, f.Reader(), password, out)
		}}
	}
	if p.Verdict.Closed() {
		return lockable{closed(p), func(ctx context.Context, password string) (scan.Document, error) {
			if !pdftext.Opens(ctx, f.Reader(), password) {
				return nil, context.Cause(ctx)
			}
			return text(password), nil
		}}, nil
	}
	return text(password), nil
}
