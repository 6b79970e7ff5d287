package format

import (
	"context"
	"encoding/binary"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// postScriptFormat is a program that draws pages (PostScript Language Reference,
// third edition), alone, in a DOS EPS file or in a job for a printer. Its text is
// known when it has run; what is written in it plainly goes back as text.
func postScriptFormat() scan.Format {
	return scan.Format{
		Name: "postscript", Version: 1,
		Match: func(f *scan.File) bool { return postScriptMark(f) > 0 },
		About: scan.About{Names: "ps, eps, prn", Verdict: "always open", Content: scan.CoverageBest, Limits: "always reported as not wholly read"},
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			at := postScriptMark(f)
			size := f.Size() - at
			if f.Head[0] == dosEPS[0] {
				at, size = int64(binary.LittleEndian.Uint32(f.Head[4:])), int64(binary.LittleEndian.Uint32(f.Head[8:]))
				if at < dosEPSHead || size == 0 || at+size > f.Size() {
					return nil, malformed("eps: %d bytes at %d", size, at)
				}
				f.Claim(scan.UseRead, 0, dosEPSHead)
				f.Claim(scan.UseRead, at, size)
				at, size = at+1, size-1 // not the mark again
			} else {
				f.ClaimAll(scan.UseRead)
			}
			return open(func(_ context.Context, out scan.Sink) error {
				out.Problem(unsupported("postscript: text that is drawn"))
				return out.Member(scan.Member{Name: "program", Size: size, At: io.NewSectionReader(f, at, size)})
			}), nil
		},
	}
}

const (
	dosEPS     = "\xC5\xD0\xD3\xC6" // Encapsulated PostScript File Format Specification 3.0, section 5.2
	dosEPSHead = 30
)

// postScriptMark is the length of the mark of PostScript; 0 if there is none.
func postScriptMark(f *scan.File) int64 {
	for _, mark := range []string{"%!PS", "\x04%!PS", "\x1B%-12345X", dosEPS} {
		if hasPrefix(f, mark) && (mark != dosEPS || len(f.Head) >= dosEPSHead) {
			return int64(len(mark))
		}
	}
	return 0
}
