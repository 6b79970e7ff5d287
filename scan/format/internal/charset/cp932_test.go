package charset

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"golang.org/x/text/encoding/japanese"
)

// TestCP932 compares the own decoder with the general one: each pair of bytes, and
// texts of pairs, of which it decodes what has no wrong byte and nothing else.
func TestCP932(t *testing.T) {
	compare := func(b []byte) (ok bool) {
		got, ok := decodeCP932([]byte("x"), b)
		want, err := japanese.ShiftJIS.NewDecoder().Bytes(b)
		switch {
		case err != nil:
			t.Fatalf("%x: %v", b, err)
		case ok && string(got) != "x"+string(want):
			t.Fatalf("%x is %q, want %q", b, got, want)
		case !ok && (string(got) != "x" || !bytes.Contains(want, []byte("\ufffd"))):
			t.Fatalf("%x was not decoded and is %q", b, want)
		}
		return ok
	}
	var valid []byte
	pairs := 0
	for a := range 0x100 {
		for b := range 0x100 {
			if pair := []byte{byte(a), byte(b)}; compare(pair) {
				pairs++
				valid = append(valid, pair...)
			}
		}
	}
	if pairs < 20_000 {
		t.Errorf("only %d pairs were decoded", pairs)
	}
	if !compare(valid) {
		t.Error("a text of all pairs is not decoded")
	}
	rng := rand.New(rand.NewPCG(1, 9))
	for range 20_000 {
		b := make([]byte, rng.IntN(12))
		for i := range b {
			b[i] = byte(0x30 + rng.IntN(0xD0))
		}
		compare(b)
	}
}
