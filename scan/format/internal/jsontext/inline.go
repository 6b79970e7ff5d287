package jsontext

import (
	"bytes"

	"github.com/kagiban/kagiban/scan/format/internal/records"
	"github.com/kagiban/kagiban/scan/format/internal/refill"
)

// Inline hands a value that stands in another text to a builder, under a key.
func Inline(value []byte, most int, key []byte, b *records.Builder) error {
	depth := b.Depth()
	r := reader{s: &scanner{Window: refill.WindowOf(value), most: most}, b: b, key: append([]byte(nil), key...), has: key != nil}
	if err := r.read(); err != nil {
		return err
	}
	for b.Depth() > depth {
		if err := b.Close(); err != nil {
			return err
		}
	}
	return nil
}

// Unescaped returns what a text between double quotes says.
func Unescaped(text []byte) []byte {
	s := scanner{Window: refill.WindowOf(append(bytes.Clone(text), '"')), most: len(text) + 1}
	s.string('"')
	return s.text
}
