package jet_test

import (
	"bytes"
	"crypto/rc4"
	"encoding/binary"
	"math"
	"testing"

	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/jet"
	"github.com/kagiban/kagiban/scan/scantest"
)

// page makes the first page of a database: its version, the day it was made,
// the key of its pages and its password.
func page(ace bool, version byte, day float64, key uint32, password string) []byte {
	b := make([]byte, 4096)
	copy(b, "\x00\x01\x00\x00Standard Jet DB\x00")
	if ace {
		copy(b[4:], "Standard ACE DB\x00")
	}
	b[0x14] = version
	binary.LittleEndian.PutUint32(b[0x3E:], key)
	binary.LittleEndian.PutUint64(b[0x72:], math.Float64bits(day))
	word := b[0x42 : 0x42+40]
	if version == 0 {
		word = word[:20]
		copy(word, password)
	} else {
		for i, c := range []byte(password) {
			word[2*i] = c
		}
		var mask [4]byte
		binary.LittleEndian.PutUint32(mask[:], uint32(int32(day)))
		for i := range word {
			word[i] ^= mask[i%4]
		}
	}
	size := 128
	if version == 0 {
		size = 126
	}
	c, _ := rc4.NewCipher([]byte{0xC7, 0xDA, 0x39, 0x6B})
	c.XORKeyStream(b[0x18:0x18+size], b[0x18:0x18+size])
	return b
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name            string
		page            []byte
		password, coded bool
	}{
		{"Jet 4", page(false, 1, 38000.5, 0, ""), false, false},
		{"Jet 4 with a password", page(false, 1, 38000.5, 0, "secret"), true, false},
		{"Jet 3", page(false, 0, 0, 0, ""), false, false},
		{"Jet 3 with a password", page(false, 0, 0, 0, "secret"), true, false},
		{"encoded", page(false, 1, 38000.5, 0x1234, ""), false, true},
		{"ACE", page(true, 2, 40000, 0, ""), false, false},
		{"ACE encrypted", page(true, 2, 40000, 7, ""), false, true},
	} {
		if !jet.Is(c.page) {
			t.Errorf("%s: no database", c.name)
			continue
		}
		if h := jet.Parse(c.page); h.Password != c.password || h.Coded != c.coded {
			t.Errorf("%s: %+v", c.name, h)
		}
	}
	if jet.Is([]byte("\x00\x01\x00\x00Standard Jet DB\x00")) || jet.Is(make([]byte, 4096)) {
		t.Error("what is too short, or no database, is one")
	}
}

func TestScan(t *testing.T) {
	first := page(false, 1, 38000, 0, "")
	data := make([]byte, 4096)
	data[0] = 1
	copy(data[100:], "1\x002\x003\x004\x00-\x005\x006\x00")
	index := bytes.Clone(data)
	index[0] = 3
	out := &scantest.Recorder{}
	h := jet.Parse(first)
	err := h.Scan(bytes.NewReader(bytes.Join([][]byte{first, index, data}, nil)), grid.New(scantest.FileOf(t, "x", nil), out))
	out.End(err).Want(t, "pages", "1: 0=1234-56")
}
