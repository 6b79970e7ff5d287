package offcrypto

import (
	"math/bits"
)

// The constants of MS-OFFCRYPTO 2.3.7.2.
func xorInitial(n int) uint16 {
	return [...]uint16{
		0xE1F0, 0x1D0F, 0xCC9C, 0x84C0, 0x110C, 0x0E10, 0xF1CE, 0x313E,
		0x1872, 0xE139, 0xD40F, 0x84F9, 0x280C, 0xA96A, 0x4EC3,
	}[n-1]
}

var xorMatrix = [...]uint16{
	0xAEFC, 0x4DD9, 0x9BB2, 0x2745, 0x4E8A, 0x9D14, 0x2A09,
	0x7B61, 0xF6C2, 0xFDA5, 0xEB6B, 0xC6F7, 0x9DCF, 0x2BBF,
	0x4563, 0x8AC6, 0x05AD, 0x0B5A, 0x16B4, 0x2D68, 0x5AD0,
	0x0375, 0x06EA, 0x0DD4, 0x1BA8, 0x3750, 0x6EA0, 0xDD40,
	0xD849, 0xA0B3, 0x5147, 0xA28E, 0x553D, 0xAA7A, 0x44D5,
	0x6F45, 0xDE8A, 0xAD35, 0x4A4B, 0x9496, 0x390D, 0x721A,
	0xEB23, 0xC667, 0x9CEF, 0x29FF, 0x53FE, 0xA7FC, 0x5FD9,
	0x47D3, 0x8FA6, 0x0F6D, 0x1EDA, 0x3DB4, 0x7B68, 0xF6D0,
	0xB861, 0x60E3, 0xC1C6, 0x93AD, 0x377B, 0x6EF6, 0xDDEC,
	0x45A0, 0x8B40, 0x06A1, 0x0D42, 0x1A84, 0x3508, 0x6A10,
	0xAA51, 0x4483, 0x8906, 0x022D, 0x045A, 0x08B4, 0x1168,
	0x76B4, 0xED68, 0xCAF1, 0x85C3, 0x1BA7, 0x374E, 0x6E9C,
	0x3730, 0x6E60, 0xDCC0, 0xA9A1, 0x4363, 0x86C6, 0x1DAD,
	0x3331, 0x6662, 0xCCC4, 0x89A9, 0x0373, 0x06E6, 0x0DCC,
	0x1021, 0x2042, 0x4084, 0x8108, 0x1231, 0x2462, 0x48C4,
}

var xorPad = [...]byte{0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80, 0x00, 0xBE, 0x0F, 0x00, 0xBF, 0x0F, 0x00, 0x00}

// maxXOR is the longest password of the method; longer ones are cut.
const maxXOR = 15

// XORVerifier is the hash of a password (MS-OFFCRYPTO 2.3.7.1); Excel uses the
// same for the protection of sheets.
func XORVerifier(password string) uint16 {
	p := password[:min(len(password), maxXOR)]
	var v uint16
	for i := len(p); i >= 0; i-- {
		c := byte(len(p))
		if i > 0 {
			c = p[i-1]
		}
		v = v<<1&0x7FFF | v>>14&1
		v ^= uint16(c)
	}
	return v ^ 0xCE4B
}

// XORKey is the key of a password (CreateXorKey_Method1 in MS-OFFCRYPTO 2.3.7.2).
func XORKey(password string) uint16 {
	p := password[:min(len(password), maxXOR)]
	if p == "" {
		return 0
	}
	key := xorInitial(len(p))
	at := len(xorMatrix) - 1
	for i := len(p) - 1; i >= 0; i-- {
		c := p[i]
		for range 7 {
			if c&0x40 != 0 {
				key ^= xorMatrix[at]
			}
			c <<= 1
			at--
		}
	}
	return key
}

// An XORStream undoes the obfuscation of method 1 (MS-OFFCRYPTO 2.3.7.3).
type XORStream struct{ array [16]byte }

// NewXOR returns the stream of a password if key and verifier, as the file holds
// them, are those of the password.
func NewXOR(password string, key, verifier uint16) (*XORStream, bool) {
	if password == "" || key != XORKey(password) || verifier != XORVerifier(password) {
		return nil, false
	}
	p := password[:min(len(password), maxXOR)]
	s := &XORStream{}
	for i := range s.array {
		c := xorPad[max(i-len(p), 0)]
		if i < len(p) {
			c = p[i]
		}
		s.array[i] = bits.RotateLeft8(c^byte(key>>(8*(i&1))), -1)
	}
	return s, true
}

// Record decrypts a part of a record's data. Pos is the place of the data in
// the stream, size its whole length, from where the part begins in it.
func (s *XORStream) Record(data []byte, pos int64, size, from int) {
	at := int((pos + int64(size) + int64(from)) % 16)
	for i := range data {
		data[i] = bits.RotateLeft8(data[i]^s.array[at], 3)
		at = (at + 1) % 16
	}
}
