package format

import (
	"bytes"
	"context"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/arj"
)

// arjFormat is the ARJ archive. Its encryption ("garble") is weak.
func arjFormat() scan.Format {
	return scan.Format{
		Name: "arj", Version: 2, Open: openArj,
		About: scan.About{Names: "arj", Verdict: "by entry", Content: scan.CoverageFull, Limits: "methods 0 to 4; not volumes"},
		Match: func(f *scan.File) bool { return arj.Match(f.Head) },
	}
}

func openArj(ctx context.Context, f *scan.File) (scan.Document, error) {
	var open, locked int
	split := false
	err := arjEach(ctx, f, func(e *arj.Entry) error {
		switch split = split || e.Split; {
		case split || e.Size == 0:
		case e.Garbled:
			locked++
		default:
			open++
		}
		return nil
	})
	if split {
		return volume("arj: one of several volumes"), nil
	}
	if err != nil {
		return nil, err
	}
	p := scan.Protection{Verdict: scan.VerdictNone}
	if locked > 0 {
		p = scan.Protection{Verdict: scan.VerdictPassword, Scheme: "arj", Strength: scan.StrengthWeak, Notes: []scan.Note{scan.NoteNamesVisible}}
	}
	if locked > 0 && open > 0 {
		p.Verdict = scan.VerdictPartial
	}
	return document{func() scan.Protection { return p }, func(ctx context.Context, out scan.Sink) error {
		return arjEach(ctx, f, func(e *arj.Entry) error {
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
			return out.Member(m)
		})
	}}, nil
}

// arjEach visits the members, from header to header. Nothing is kept: there may
// be many. It ends at the first that is split over volumes.
func arjEach(ctx context.Context, f *scan.File, visit func(*arj.Entry) error) error {
	for off := int64(0); ; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		e, next, err := arj.Next(f, off)
		if err == io.EOF {
			f.Claim(scan.UseStructure, off, 4)
			return nil
		}
		if err != nil {
			return err
		}
		if next > f.Size() && !e.Split {
			return malformed("arj: member breaks off")
		}
		if off > 0 && !e.Folder || e.Split {
			if err := visit(e); err != nil || e.Split {
				return err
			}
		}
		f.Claim(scan.UseRead, off, next-off)
		off = next
	}
}

// arjBegins reports whether an archive begins behind a program.
func arjBegins(b []byte) bool { return bytes.HasPrefix(b, []byte{0x60, 0xEA}) && arj.Match(b) }
