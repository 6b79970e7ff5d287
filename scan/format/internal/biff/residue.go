package biff

import (
	"bytes"
	"io"

	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
)

// Records that this reader does not know, and bytes between and behind substreams,
// are searched for text: validation lists, names, query tables, records of newer
// programs, and what anybody wrote there.

// digitsLeast is how many digits such bytes need to be looked at: one number.
const digitsLeast = 10

// residue keeps what looks like text in a record, with the texts beside the cells.
func (b *Book) residue(data []byte) error {
	if digits(data) < digitsLeast {
		return nil
	}
	found := &collected{Sink: b.w.Out}
	w := grid.Writer{Out: found, Max: b.w.Max}
	if err := rawtext.Scan(bytes.NewReader(data), &w, rawtext.All); err != nil {
		return err
	}
	for _, text := range found.texts {
		if err := b.asides.keep(b.table, text); err != nil {
			return err
		}
	}
	return nil
}

// digits counts the digits of 8-bit text and UTF-16, of both widths.
func digits(data []byte) int {
	n, before := 0, byte(0)
	for i, c := range data {
		switch {
		case c >= '0' && c <= '9',
			i > 0 && c == 0xFF && before >= 0x10 && before <= 0x19, // UTF-16, little endian
			i > 0 && before == 0x82 && c >= 0x4F && c <= 0x58:      // code page 932
			n++
		}
		before = c
	}
	return n
}

// between searches bytes that are of no substream.
func (b *Book) between(r io.Reader) error {
	if err := b.w.Flush(); err != nil {
		return err
	}
	b.asides.w.Table = b.table + "!residue"
	return rawtext.Scan(r, b.asides.w, rawtext.All)
}
