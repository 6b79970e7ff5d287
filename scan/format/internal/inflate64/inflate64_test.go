package inflate64_test

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/inflate64"
)

// Streams of DEFLATE without a match of 258 bytes are streams of Deflate64 too.
func TestReadsDeflate(t *testing.T) {
	rnd := rand.New(rand.NewChaCha8([32]byte{7}))
	texts := [][]byte{nil, []byte("a"), []byte(strings.Repeat("0123-456789\r\n", 9)[:100])}
	for _, n := range []int{1000, 70_000, 300_000} {
		b := make([]byte, n)
		for i := range b {
			b[i] = "0123456789-,\r\n"[rnd.IntN(14)]
		}
		texts = append(texts, b)
		noise := make([]byte, n)
		for i := range noise {
			noise[i] = byte(rnd.Uint32())
		}
		texts = append(texts, noise)
	}
	for i, text := range texts {
		for _, level := range []int{flate.NoCompression, flate.BestSpeed, flate.BestCompression, flate.HuffmanOnly} {
			var packed bytes.Buffer
			w, err := flate.NewWriter(&packed, level)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(text); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(inflate64.NewReader(&packed))
			if err != nil {
				t.Errorf("text %d, level %d: %v", i, level, err)
			}
			if !bytes.Equal(got, text) {
				t.Errorf("text %d, level %d: %d bytes that differ from the %d packed", i, level, len(got), len(text))
			}
		}
	}
}

func TestDamageIsTold(t *testing.T) {
	for name, stream := range map[string]string{
		"nothing":             "",
		"third kind of block": "\x07",
		"length not repeated": "\x01\x05\x00\x05\x00hello",
		"stored breaks off":   "\x01\x05\x00\xFA\xFFhe",
		"distance too far":    "\x03\x02\x00",
	} {
		if _, err := io.ReadAll(inflate64.NewReader(strings.NewReader(stream))); !errors.Is(err, scan.ErrMalformed) {
			t.Errorf("%s: %v, want ErrMalformed", name, err)
		}
	}
}

// FuzzReader looks for panics and for streams that never end.
func FuzzReader(f *testing.F) {
	f.Add([]byte("\x01\x05\x00\xFA\xFFhello"))
	f.Add([]byte("\x4b\x4c\x04\x02\x00"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		n, _ := io.Copy(io.Discard, inflate64.NewReader(bytes.NewReader(stream)))
		if limit := int64(len(stream)+1) * 8 << 16; n > limit {
			t.Errorf("%d bytes came out of %d", n, len(stream))
		}
	})
}
