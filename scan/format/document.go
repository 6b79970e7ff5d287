package format

import (
	"context"
	"fmt"

	"github.com/kagiban/kagiban/scan"
)

// A document is the common shape of an opened file: a verdict, and a function
// for the content.
type document struct {
	protection func() scan.Protection
	content    func(ctx context.Context, out scan.Sink) error
}

func (d document) Protection() scan.Protection { return d.protection() }

func (d document) Content(ctx context.Context, out scan.Sink) error { return d.content(ctx, out) }

// open makes the document of a format that has no protection of its own.
func open(content func(ctx context.Context, out scan.Sink) error) scan.Document {
	return openWith(nil, content)
}

// openWith is open with notes.
func openWith(notes []scan.Note, content func(ctx context.Context, out scan.Sink) error) scan.Document {
	return document{func() scan.Protection { return scan.Protection{Verdict: scan.VerdictNone, Notes: notes} }, content}
}

// closed makes the document of a file that nobody opens without the secret.
func closed(p scan.Protection) scan.Document {
	return document{func() scan.Protection { return p }, func(context.Context, scan.Sink) error { return nil }}
}

// judged makes the document of an isolated format: here it has a verdict only,
// and the engine asks the worker for the content.
func judged(p scan.Protection) scan.Document {
	return document{func() scan.Protection { return p }, func(context.Context, scan.Sink) error {
		return unsupported("content is read by a worker only")
	}}
}

// hasPrefix reports whether a file begins with one of some magic numbers.
func hasPrefix(f *scan.File, magics ...string) bool {
	for _, magic := range magics {
		if len(f.Head) >= len(magic) && string(f.Head[:len(magic)]) == magic {
			return true
		}
	}
	return false
}

// malformed marks what a parser says about a damaged file.
func malformed(format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), scan.ErrMalformed)
}

// unsupported marks what a parser does not read.
func unsupported(format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), scan.ErrUnsupported)
}

// incomplete marks what cannot be read without the other volumes.
func incomplete(format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), scan.ErrIncomplete)
}

// emptyFormat is the format of files without a byte: nothing is in them.
func emptyFormat() scan.Format {
	return scan.Format{
		Name: "empty", Version: 1,
		About: scan.About{Names: "empty files", Verdict: "always open", Content: scan.CoverageFull},
		Match: func(f *scan.File) bool { return f.Size() == 0 },
		Open: func(context.Context, *scan.File) (scan.Document, error) {
			return open(func(context.Context, scan.Sink) error { return nil }), nil
		},
	}
}
