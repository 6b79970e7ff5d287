package msdoc

import (
	"cmp"
	"io"
	"slices"

	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
)

// What no piece refers to: text that was deleted and is still there after a fast save,
// names of authors and bookmarks in the table stream, and what others wrote there.

// A stretch is a run of the main stream that a piece has shown.
type stretch struct{ from, to int64 }

// residue searches the bytes of both streams that are of no piece.
func (r *reader) residue(table *io.SectionReader) error {
	slices.SortFunc(r.shown, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	if err := r.w.Begin("!residue"); err != nil {
		return err
	}
	at := int64(0)
	for _, s := range append(r.shown, stretch{r.main.Size(), r.main.Size()}) {
		if s.from > at {
			if err := rawtext.Scan(io.NewSectionReader(r.main, at, s.from-at), r.w, rawtext.All); err != nil {
				return err
			}
		}
		at = max(at, s.to)
	}
	return rawtext.Scan(io.NewSectionReader(table, 0, table.Size()), r.w, rawtext.All)
}
