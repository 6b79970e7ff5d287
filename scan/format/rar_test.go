package format_test

import (
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

// rar4Block and rar5Block put the sum before a header (technote.txt; "RAR 5.0
// archive format").
func rar4Block(header []byte) []byte {
	le := binary.LittleEndian
	le.PutUint16(header[5:], uint16(len(header)))
	le.PutUint16(header, uint16(crc32.ChecksumIEEE(header[2:])))
	return header
}

func rar5Block(header []byte) []byte {
	header = append(binary.AppendUvarint(nil, uint64(len(header))), header...)
	return append(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(header)), header...)
}

// The verdict on a large encrypted archive costs a few pages.
func TestRarVerdictReadsLittle(t *testing.T) {
	const size = 1 << 30
	le := binary.LittleEndian
	name := "a.csv"

	main4 := rar4Block([]byte{0, 0, 0x73, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	end4 := rar4Block([]byte{0, 0, 0x7B, 0, 0x40, 0, 0})
	const file4Size = 32 + 5 + 8
	data4 := uint32(size - 7 - len(main4) - file4Size - len(end4))
	file4 := le.AppendUint32([]byte{0, 0, 0x74, 0x04, 0x84, 0, 0}, data4) // locked, with a salt and data
	file4 = le.AppendUint32(append(le.AppendUint32(file4, size-100), 2), 0)
	file4 = append(append(file4, 0, 0, 0, 0, 29, 0x33), byte(len(name)), 0, 0, 0, 0, 0)
	file4 = rar4Block(append(append(file4, name...), "saltsalt"...))

	main5, end5 := rar5Block([]byte{1, 0, 0}), rar5Block([]byte{5, 0, 0})
	file5 := func(data uint64) []byte {
		record := append([]byte{1, 0, 0, 15}, make([]byte, 32)...)
		extra := append([]byte{byte(len(record))}, record...)
		h := binary.AppendUvarint([]byte{2, 3, byte(len(extra))}, data)
		h = binary.AppendUvarint(append(h, 4), size-100)
		h = append(h, 0x20, 0, 0, 0, 0, 0, 0, byte(len(name)))
		return rar5Block(append(append(h, name...), extra...))
	}
	data5 := uint64(size - 8 - len(main5) - len(file5(size)) - len(end5))

	fixture := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(fixtures, "rar", name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	join := func(parts ...[]byte) (all []byte) {
		for _, part := range parts {
			all = append(all, part...)
		}
		return all
	}
	for what, src := range map[string]*hollow{
		"rar 4, a file locked":  {head: join([]byte("Rar!\x1A\x07\x00"), main4, file4), tail: end4},
		"rar 5, a file locked":  {head: join([]byte("Rar!\x1A\x07\x01\x00"), main5, file5(data5)), tail: end5},
		"rar 4, headers locked": {head: fixture("rar4-password-names-hidden.rar")},
		"rar 5, headers locked": {head: fixture("rar5-password-names-hidden.rar")},
	} {
		src.Faulty, src.size = &scantest.Faulty{}, size
		got := verdictOf(t, src)
		if got.Verdict != scan.VerdictPassword || got.Strength != scan.StrengthStrong {
			t.Errorf("%s: protection %+v, want a strong password", what, got)
		}
		if n := src.Bytes.Load(); n == 0 || n > 64<<10 {
			t.Errorf("%s: the verdict took %d bytes", what, n)
		}
	}
}
