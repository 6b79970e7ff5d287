package format

import (
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
)

// Ranges that a format knows to be of no part, and in which programs leave what was
// there before: free sectors, slack behind the end of a part, fields behind their
// terminating zero. They are searched for text, and for files that lie in them whole. That they
// are not empty is nothing to report.

// searchSpare searches one range.
func searchSpare(f *scan.File, w *grid.Writer, off, size int64) error {
	const least = 10 // a number
	if size = min(size, f.Size()-off); size < least {
		return nil
	}
	text := f.Bound(io.NewSectionReader(f, off, size))
	if size < spareSector {
		return rawtext.Scan(text, w, rawtext.All)
	}
	r := &spareReader{r: text, at: off}
	if err := rawtext.Scan(r, w, rawtext.All); err != nil || len(r.starts) == 0 {
		return err
	}
	return r.hand(f, w.Out, off+size)
}

// holdsNumber reports whether bytes hold a run of text, of 8 or of 16 bits, with as many
// digits as a number has.
func holdsNumber(b []byte) bool {
	const least = 10
	narrow, wide := 0, [2]int{}
	for i, c := range b {
		text, digit := c >= 0x20 && c < 0x7F || c >= 0x80, c >= '0' && c <= '9'
		switch {
		case !text:
			narrow = 0
		case digit:
			narrow++
		}
		if i > 0 { // the character that ends here, little endian
			n := &wide[i%2]
			switch low := b[i-1]; {
			case c == 0 && low >= '0' && low <= '9', c == 0xFF && low >= 0x10 && low <= 0x19:
				*n++
			case c == 0 && (low < 0x20 || low > 0x7E):
				*n = 0
			}
			if *n >= least {
				return true
			}
		}
		if narrow >= least {
			return true
		}
	}
	return false
}

// A spareMap knows the ranges of a volume that are content of members; what else it
// has, indexes, padding and what was deleted, is searched for text as a whole.
type spareMap struct {
	file   *scan.File
	ledger scan.Ledger
}

// content says what a member is made of.
func (m *spareMap) content(pieces []piece) {
	for _, p := range pieces {
		if p.r == io.ReaderAt(m.file) {
			m.ledger.Claim(scan.UseRead, p.off, p.size)
		}
	}
}

// search searches what is left between two places.
func (m *spareMap) search(out scan.Sink, from, to int64) error {
	m.ledger.Claim(scan.UseRead, 0, from)
	gaps, known := m.ledger.Gaps(to)
	if !known {
		out.Problem(unsupported("volume of more pieces than can be kept"))
	}
	w := grid.New(m.file, out)
	w.Table = "!spare"
	for _, g := range gaps {
		if err := searchSpare(m.file, w, g.Off, g.Size); err != nil {
			return err
		}
	}
	return nil
}
