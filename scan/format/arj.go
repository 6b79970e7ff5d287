package format

import (
	"bytes"
	"context"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/arj"
)

// Arj is the ARJ archive. Its encryption ("garble") is weak.
func Arj() scan.Format {
	return scan.Format{
		Name: "arj", Version: 1, Open: openArj,
		Match: func(f *scan.File) bool { return arj.Match(f.Head) },
	}
}

func openArj(ctx context.Context, f *scan.File) (scan.Document, error) {
	const members = 500_000
	var entries []*arj.Entry
	var open, locked int
	for off := int64(0); ; {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		e, next, err := arj.Next(f, off)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if e.Split {
			return volume("arj: one of several volumes"), nil
		}
		if next > f.Size() {
			return nil, malformed("arj: member breaks off")
		}
		if off > 0 && !e.Folder {
			entries = append(entries, e)
			if e.Size > 0 && e.Garbled {
				locked++
			} else if e.Size > 0 {
				open++
			}
		}
		if off = next; len(entries) > members {
			return nil, &scan.LimitError{Limit: "members"}
		}
	}
	p := scan.Protection{Verdict: scan.VerdictNone}
	if locked > 0 {
		p = scan.Protection{Verdict: scan.VerdictPassword, Scheme: "arj", Strength: scan.StrengthWeak, Notes: []scan.Note{scan.NoteNamesVisible}}
	}
	if locked > 0 && open > 0 {
		p.Verdict = scan.VerdictPartial
	}
	return document{func() scan.Protection { return p }, func(_ context.Context, out scan.Sink) error {
		for _, e := range entries {
			m := scan.Member{Name: japaneseName(string(e.Name)), Size: e.Size, Open: func() (io.ReadCloser, error) {
				r, err := e.Open(f)
				if err != nil {
					return nil, err
				}
				return io.NopCloser(f.Bound(r)), nil
			}}
			if e.Garbled {
				m.Protection = scan.Protection{Verdict: scan.VerdictPassword, Scheme: "arj", Strength: scan.StrengthWeak}
			}
			if err := out.Member(m); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}

// arjBegins tells whether an archive begins behind a program.
func arjBegins(b []byte) bool { return bytes.HasPrefix(b, []byte{0x60, 0xEA}) && arj.Match(b) }
