package format_test

import (
	"encoding/binary"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

// The verdict on a large encrypted archive costs a few pages.
func TestZipVerdictReadsLittle(t *testing.T) {
	const size = 1 << 30
	le := binary.LittleEndian
	common := func(b []byte, packed uint32) []byte { // from the version needed to the lengths
		b = le.AppendUint16(le.AppendUint16(le.AppendUint16(b, 51), 1), 99)
		b = le.AppendUint32(le.AppendUint32(b, 0), 0)
		b = le.AppendUint32(le.AppendUint32(b, packed), size)
		return le.AppendUint16(le.AppendUint16(b, 5), 11)
	}
	extra := []byte{0x01, 0x99, 7, 0, 2, 0, 'A', 'E', 3, 8, 0}
	name := "a.csv"
	tailSize := 46 + len(name) + len(extra) + 22
	packed := uint32(size - tailSize - 30 - len(name) - len(extra))
	head := append(append(common(le.AppendUint32(nil, 0x04034B50), packed), name...), extra...)
	tail := common(le.AppendUint16(le.AppendUint32(nil, 0x02014B50), 51), packed)
	tail = append(append(append(tail, make([]byte, 14)...), name...), extra...)
	at := len(tail)
	tail = append(le.AppendUint32(tail, 0x06054B50), 0, 0, 0, 0, 1, 0, 1, 0)
	tail = append(le.AppendUint32(le.AppendUint32(tail, uint32(at)), uint32(size-tailSize)), 0, 0)

	src := &hollow{Faulty: &scantest.Faulty{}, head: head, tail: tail, size: size}
	got := verdictOf(t, src)
	if got.Verdict != scan.VerdictPassword || got.Scheme != "aes-256" {
		t.Errorf("protection %+v, want password with aes-256", got)
	}
	if n := src.Bytes.Load(); n > 64<<10 {
		t.Errorf("the verdict took %d bytes", n)
	}
}
