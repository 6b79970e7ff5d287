package format_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

// TestVerdictOfLargeEncryptedWorkbook blows the package of an encrypted
// workbook up to 1 GiB, with the directory at the beginning, as Office leaves
// it, and at the end, where the allocation table has to be followed through
// 128 lists of tables.
func TestVerdictOfLargeEncryptedWorkbook(t *testing.T) {
	const size = 1 << 30
	for name, want := range map[string]scan.Verdict{
		"password-agile.xlsx":            scan.VerdictPassword,
		"password-standard.xlsx":         scan.VerdictPassword,
		"default-password-agile.xlsx":    scan.VerdictNone,
		"default-password-standard.xlsx": scan.VerdictNone,
	} {
		small, err := os.ReadFile(filepath.Join(fixtures, "ooxml-encrypted", name))
		if err != nil {
			t.Fatal(err)
		}
		t.Run("front/"+name, func(t *testing.T) {
			checkVerdictBytes(t, &hollow{Faulty: &scantest.Faulty{}, head: small, size: size}, want)
		})
		t.Run("back/"+name, func(t *testing.T) {
			checkVerdictBytes(t, &hollow{Faulty: &scantest.Faulty{}, parts: movedToEnd(small, size), size: size}, want)
		})
	}
}

func checkVerdictBytes(t *testing.T, src *hollow, want scan.Verdict) {
	t.Helper()
	if got := verdictOf(t, src).Verdict; got != want {
		t.Errorf("verdict %v, want %v", got, want)
	}
	n := src.Bytes.Load()
	t.Logf("%d bytes in %d reads", n, src.Reads.Load())
	if n > 64<<10 {
		t.Errorf("verdict took %d bytes", n)
	}
}

// movedToEnd makes of a small compound file a large one as LibreOffice leaves
// it: directory and small streams at the end, the sectors of the allocation
// table and of its lists strewn over the file. Each is in parts, by its place.
func movedToEnd(small []byte, size int64) map[int64][]byte {
	const sector, per, inHeader = 512, 128, 109
	le := binary.LittleEndian
	count := uint32(len(small)/sector - 1)
	first := (uint32(size/sector) - 1 - count) / per * per // the number of the first moved sector
	move := func(n uint32) uint32 {
		if n < 0xFFFFFFFA {
			return n + first
		}
		return n
	}
	tables := first/per + 1 // sectors of the FAT: the last covers what was moved
	lists := (tables - inHeader + per - 2) / (per - 1)
	list := func(i uint32) uint32 { return first / lists * i }

	parts := map[int64][]byte{}
	at := func(n uint32) []byte {
		off := (int64(n) + 1) * sector
		if parts[off] == nil {
			parts[off] = make([]byte, sector)
		}
		return parts[off]
	}
	head := bytes.Clone(small[:sector])
	parts[0] = head
	for _, place := range []int{0x30, 0x3C} { // directory, mini FAT
		le.PutUint32(head[place:], move(le.Uint32(head[place:])))
	}
	le.PutUint32(head[0x2C:], tables)
	le.PutUint32(head[0x44:], list(0))
	le.PutUint32(head[0x48:], lists)
	for i := range lists - 1 {
		le.PutUint32(at(list(i))[sector-4:], list(i+1))
	}
	last := first - 1 // the place of the last sector of the FAT
	slot := (tables - 1 - inHeader) % (per - 1)
	le.PutUint32(at(list(lists - 1))[4*slot:], last)
	old := small[(le.Uint32(small[0x4C:])+1)*sector:]
	for n := range count {
		copy(at(first+n), small[(n+1)*sector:])
		le.PutUint32(at(last)[4*n:], move(le.Uint32(old[4*n:])))
	}
	for n := le.Uint32(small[0x30:]); n < 0xFFFFFFFA; n = le.Uint32(old[4*n:]) { // the directory
		for e := 0; e < sector; e += 128 {
			start := at(first + n)[e+0x74:]
			le.PutUint32(start, move(le.Uint32(start)))
			if size := le.Uint64(start[4:]); size < 4096 && at(first + n)[e+0x42] == 2 {
				le.PutUint32(start, le.Uint32(start)-first) // in the mini stream, which is numbered by itself
			}
		}
	}
	return parts
}
