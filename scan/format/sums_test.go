package format_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

// Sums keep chance damage from the parsers of headers, not an attacker: here
// headers are changed and summed anew. The verdict is formed in this process,
// so nothing may fail.
func TestHeadersThatLieWithRightSums(t *testing.T) {
	seven := func(b []byte, change func([]byte)) {
		at := 32 + binary.LittleEndian.Uint64(b[12:])
		change(b[at:])
		binary.LittleEndian.PutUint32(b[28:], crc32.ChecksumIEEE(b[at:]))
		binary.LittleEndian.PutUint32(b[8:], crc32.ChecksumIEEE(b[12:32]))
	}
	rar4 := func(b []byte, change func([]byte)) {
		h := b[20:] // after the mark and the main header
		h = h[:binary.LittleEndian.Uint16(h[5:])]
		change(h[2:])
		if n := int(binary.LittleEndian.Uint16(h[5:])); n >= 2 && n <= len(h) {
			binary.LittleEndian.PutUint16(h, uint16(crc32.ChecksumIEEE(h[2:n])))
		}
	}
	rar5 := func(b []byte, change func([]byte)) {
		h := b[8+4+1+int(b[12]):]
		h = h[:5+int(h[4])]
		change(h[5:])
		binary.LittleEndian.PutUint32(h, crc32.ChecksumIEEE(h[4:]))
	}
	list := format.List()
	for i := range list {
		list[i].Isolated = nil // the verdict only
	}
	for name, sum := range map[string]func([]byte, func([]byte)){
		"7z/plain-header.7z": seven, "7z/password-plain-header.7z": seven, "7z/lzma2.7z": seven, "7z/bcj2.7z": seven,
		"rar/rar4-password.rar": rar4, "rar/rar4-stored.rar": rar4, "rar/rar5-password.rar": rar5, "rar/rar5-stored.rar": rar5,
	} {
		data, err := os.ReadFile(filepath.Join(fixtures, name))
		if err != nil {
			t.Fatal(err)
		}
		rnd := rand.New(rand.NewChaCha8([32]byte{byte(len(data))}))
		files := map[string][]byte{}
		for i := range 1500 {
			b := bytes.Clone(data)
			sum(b, func(h []byte) {
				for range 1 + rnd.IntN(3) {
					h[rnd.IntN(len(h))] = []byte{byte(rnd.Uint32()), 0xFF, 0, byte(rnd.IntN(32))}[rnd.IntN(4)]
				}
			})
			files[fmt.Sprint(i)] = b
		}
		got, err := scantest.Run(t, t.Context(), list, scan.DefaultLimits(), &scantest.MemorySource{Files: files})
		if err != nil {
			t.Fatal(err)
		}
		reached := 0
		for i, e := range got {
			item := e.Result.Items[0]
			if item.Protection.Verdict != scan.VerdictUnknown {
				reached++
			}
			for _, p := range item.Problems {
				if p.Kind == scan.KindCrashed || p.Kind == scan.KindTimeout {
					t.Errorf("%s %s: %s: %s", name, i, p.Kind, p.Detail)
				}
			}
		}
		if reached == 0 {
			t.Errorf("%s: no changed header got a verdict, so the sums are wrong", name)
		}
		t.Logf("%s: %d of %d with a verdict", name, reached, len(got))
	}
}
