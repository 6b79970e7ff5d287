package format

import (
	"context"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/lzh"
)

// lzhFormat is the LHA archive, long the common one in Japan. It knows no password.
func lzhFormat() scan.Format {
	return scan.Format{
		Name: "lzh", Version: 3,
		About: scan.About{Names: "lzh, lha", Verdict: "always open", Content: scan.CoverageFull,
			Limits: "methods lh0, lh1, lh4 to lh7, lz4, lz5, lzs; not lh2, lh3 and pm"},
		Match: func(f *scan.File) bool { return lzh.Match(f.Head) },
		Open:  openLzh,
	}
}

func openLzh(_ context.Context, f *scan.File) (scan.Document, error) {
	return open(func(_ context.Context, out scan.Sink) error {
		for off := int64(0); off < f.Size(); {
			e, next, err := lzh.Next(f, off)
			if err == io.EOF {
				f.Claim(scan.UseStructure, off, 1)
				return nil
			}
			if err != nil {
				return err
			}
			if next <= off || next > f.Size() {
				return malformed("lzh: member breaks off")
			}
			f.Claim(scan.UseRead, off, next-off)
			off = next
			if e.Folder() {
				continue
			}
			m := scan.Member{Name: e.Path(japaneseName), Size: e.Size, Open: func() (io.ReadCloser, error) {
				r, err := e.Open(f)
				if err != nil {
					return nil, err
				}
				return io.NopCloser(f.Bound(r)), nil
			}}
			if err := out.Member(m); err != nil {
				return err
			}
		}
		return nil
	}), nil
}
