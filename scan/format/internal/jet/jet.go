// Package jet finds out whether an Access database has a password, and finds text
// in one that has none. The layout is not published by Microsoft; it is that
// of the free readers of the format (mdbtools, Jackcess).
package jet

import (
	"bytes"
	"crypto/rc4"
	"encoding/binary"
	"io"
	"math"

	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
)

// HeaderSize is how many bytes of the first page Parse wants.
const HeaderSize = 0x29B

// A Header is the first page of a database.
type Header struct {
	ACE      bool // accdb
	Coded    bool // pages are encrypted with a key that lies in the header
	Password bool // Access asks for one
	// Info is the EncryptionInfo of an accdb (MS-OFFCRYPTO 2.3.4), by its length.
	Info    int
	version byte
}

// Is recognises a database by its first bytes.
func Is(head []byte) bool {
	return len(head) >= HeaderSize && bytes.HasPrefix(head, []byte{0, 1, 0, 0}) &&
		(bytes.HasPrefix(head[4:], []byte("Standard Jet DB\x00")) || bytes.HasPrefix(head[4:], []byte("Standard ACE DB\x00")))
}

// Parse reads the head of a database for which Is holds.
func Parse(head []byte) *Header {
	h := &Header{ACE: bytes.Contains(head[4:20], []byte("ACE")), version: head[0x14]}
	size := 128
	if h.version == 0 {
		size = 126
	}
	plain := bytes.Clone(head[:0x18+size])
	c, _ := rc4.NewCipher([]byte{0xC7, 0xDA, 0x39, 0x6B}) // the length is right
	c.XORKeyStream(plain[0x18:], plain[0x18:])
	h.Coded = binary.LittleEndian.Uint32(plain[0x3E:]) != 0
	word := plain[0x42 : 0x42+20]
	if h.version > 0 { // hidden by the day of creation
		word = plain[0x42 : 0x42+40]
		day := math.Float64frombits(binary.LittleEndian.Uint64(plain[0x72:]))
		var mask [4]byte
		if day > 0 && day < math.MaxInt32 {
			binary.LittleEndian.PutUint32(mask[:], uint32(int32(day)))
		}
		for i := range word {
			word[i] ^= mask[i%4]
		}
	}
	for _, b := range word {
		h.Password = h.Password || b != 0
	}
	if h.ACE && h.Coded {
		h.Info = int(binary.LittleEndian.Uint16(head[0x299:]))
	}
	return h
}

// Page is the size of a page, bytes.
func (h *Header) Page() int64 {
	if h.version == 0 {
		return 2048
	}
	return 4096
}

// Scan hands out what looks like text on the pages that hold rows or long
// values: UTF-16, and 8-bit text, which newer versions write for what is all Latin.
func (h *Header) Scan(r io.Reader, w *grid.Writer) error {
	size, kinds := 4096, rawtext.Wide|rawtext.ASCII
	if h.version == 0 {
		size, kinds = 2048, rawtext.Japanese
	}
	page := make([]byte, size)
	for {
		n, err := io.ReadFull(r, page)
		if err == io.EOF {
			return w.Flush()
		}
		if err != nil && err != io.ErrUnexpectedEOF {
			return err
		}
		if page[0] != 1 { // 1 is a page of data
			continue
		}
		if err := rawtext.Scan(bytes.NewReader(page[:n]), w, kinds); err != nil {
			return err
		}
	}
}
