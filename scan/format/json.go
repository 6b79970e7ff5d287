package format

import (
	"context"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/charset"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/jsontext"
	"github.com/kagiban/kagiban/scan/format/internal/records"
)

// jsonFormat is text of objects and lists (RFC 8259), also as lines (NDJSON), as JSON5, as
// the list that a script assigns, and as Python, Ruby and PHP write it.
func jsonFormat() scan.Format {
	return scan.Format{
		Name: "json", Version: 2,
		About: scan.About{Names: "json, ndjson, json5, lists of scripts", Verdict: "always open", Content: scan.CoverageFull, Limits: "1 MiB a value"},
		Match: func(f *scan.File) bool { return jsontext.Is(sampleOf(f)) },
		Open:  openRecords(jsontext.Read),
	}
}

// jsonLogFormat is a log whose lines end with such a value.
func jsonLogFormat() scan.Format {
	return scan.Format{
		Name: "json-log", Version: 2,
		About: scan.About{Names: "logs with JSON parameters", Verdict: "always open", Content: scan.CoverageFull, Limits: "1 MiB a line"},
		Match: func(f *scan.File) bool { return jsontext.IsLog(sampleOf(f)) },
		Open:  openRecords(jsontext.ReadLog),
	}
}

type sampleKey struct{}

// sampleOf returns the beginning of a text as UTF-8; nothing of what is no text.
func sampleOf(f *scan.File) []byte {
	v, _ := f.Once(sampleKey{}, func() (any, error) { return charset.Sample(f.Head), nil })
	return v.([]byte)
}

// openRecords opens a structured text by a reader that hands its records to a
// builder, and returns whether texts were cut since no cell has room for them.
func openRecords(read func(text io.Reader, most int, b *records.Builder) (cut bool, err error)) func(context.Context, *scan.File) (scan.Document, error) {
	return func(_ context.Context, f *scan.File) (scan.Document, error) {
		return noted(f, func(w *grid.Writer, _ func(scan.Note)) error {
			return decoded(f, w.Out, func(r io.Reader) error {
				cut, err := read(r, f.MaxCell(), records.New(w, ""))
				if cut {
					w.TellCut()
				}
				return err
			})
		}), nil
	}
}
