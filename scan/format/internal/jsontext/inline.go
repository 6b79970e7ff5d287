package jsontext

import (
	"bytes"

	"github.com/kagiban/kagiban/scan/format/internal/records"
)

// Inline hands a value that stands in another text to a builder, under a key.
func Inline(value []byte, most int, key []byte, b *records.Builder) error {
	depth := b.Depth()
	r := reader{s: &scanner{r: bytes.NewReader(nil), buf: value, most: most, eof: true}, b: b, key: append([]byte(nil), key...), has: key != nil}
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
	s := scanner{r: bytes.NewReader(nil), buf: append(bytes.Clone(text), '"'), most: len(text) + 1, eof: true}
	s.string('"')
	return s.text
}
