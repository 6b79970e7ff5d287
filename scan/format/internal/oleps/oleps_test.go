package oleps

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// stream is a property set of n properties that all have one value.
func stream(n int, value []byte) []byte {
	le := binary.LittleEndian
	b := append([]byte{0xFE, 0xFF}, make([]byte, 22)...)
	b = le.AppendUint32(b, 1)
	b = append(b, make([]byte, 16)...)
	b = le.AppendUint32(b, 48)
	at := uint32(8 + 8*n)
	b = le.AppendUint32(le.AppendUint32(b, at+uint32(len(value))), uint32(n))
	for i := range n {
		b = le.AppendUint32(le.AppendUint32(b, uint32(i+2)), at)
	}
	return append(b, value...)
}

// Values that overlap are read as often as an ordinary set could want, and no more.
func TestOverlappingValues(t *testing.T) {
	text := func(n int) []byte {
		return append(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, typeString), uint32(n)), strings.Repeat("x", n)...)
	}
	empty := append(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, typeVector|typeString), 50_000), make([]byte, 200_000)...)
	for _, c := range []struct {
		name  string
		n     int
		value []byte
		read  bool
	}{
		{"an ordinary set", 1, text(5000), true},
		{"two of one text", 2, text(20), true},
		{"a vector of nothing", 1, empty, true},
		{"a thousand of one text", 1000, text(100_000), false},
		{"a thousand of one vector", 1000, empty, false},
	} {
		b, size := stream(c.n, c.value), 0
		err := Texts(b, func(text []byte) error { size += len(text); return nil })
		if (err == nil) != c.read || err != nil && !errors.Is(err, scan.ErrMalformed) {
			t.Errorf("%s: %v", c.name, err)
		}
		if size > 2*len(b) {
			t.Errorf("%s: %d bytes of text of %d", c.name, size, len(b))
		}
	}
}
