package offcrypto

import (
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"unicode/utf16"

	"github.com/kagiban/kagiban/scan"
)

// A BinaryScheme is how a document in a binary format is encrypted: RC4
// (MS-OFFCRYPTO 2.3.6) or RC4 CryptoAPI (2.3.5). Both are weak.
type BinaryScheme struct {
	Name string // "rc4-40", "rc4-cryptoapi-128"
	// Blocks returns the function from a block's number to its key; nil if the
	// password is wrong.
	Blocks func(password string) func(block uint32) []byte
}

// ParseBinary reads an encryption header from its version on, as it stands in
// FILEPASS (MS-XLS 2.4.117), at the head of the table stream (MS-DOC
// 2.2.6), or in a CryptSession10Container (MS-PPT 2.3.7).
func ParseBinary(info []byte) (*BinaryScheme, error) {
	if len(info) < 4 {
		return nil, fmt.Errorf("encryption header of %d bytes: %w", len(info), scan.ErrMalformed)
	}
	major, minor := binary.LittleEndian.Uint16(info), binary.LittleEndian.Uint16(info[2:])
	switch {
	case major == 1 && minor == 1:
		if len(info) < 4+48 {
			return nil, fmt.Errorf("encryption header of %d bytes: %w", len(info), scan.ErrMalformed)
		}
		r := &rc4Header{salt: info[4:20], input: info[20:36], value: info[36:52]}
		return &BinaryScheme{Name: "rc4-40", Blocks: r.blocks}, nil
	case minor == 2 && major >= 2 && major <= 4:
		if len(info) < 8 {
			return nil, fmt.Errorf("encryption header of %d bytes: %w", len(info), scan.ErrMalformed)
		}
		v, err := parseVerifier(info[8:])
		if err != nil {
			return nil, err
		}
		if v.keyBits == 0 {
			v.keyBits = 40 // section 2.3.5.1
		}
		if v.alg != algRC4 && v.alg != 0 || v.keyBits < 40 || v.keyBits > 128 || v.keyBits%8 != 0 {
			return &BinaryScheme{Name: fmt.Sprintf("cryptoapi-%#x", v.alg)}, fmt.Errorf("encryption algorithm %#x with %d bits: %w", v.alg, v.keyBits, scan.ErrUnsupported)
		}
		return &BinaryScheme{Name: fmt.Sprintf("rc4-cryptoapi-%d", v.keyBits), Blocks: v.blocks}, nil
	}
	return nil, fmt.Errorf("encryption version %d.%d: %w", major, minor, scan.ErrUnsupported)
}

// rc4Header is an RC4 encryption header (section 2.3.6.1).
type rc4Header struct{ salt, input, value []byte }

func utf16le(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

// blocks derives keys (section 2.3.6.2) and checks the password (2.3.6.4).
func (r *rc4Header) blocks(password string) func(uint32) []byte {
	h := md5.Sum(utf16le(password))
	var mixed []byte
	for range 16 {
		mixed = append(append(mixed, h[:5]...), r.salt...)
	}
	base := md5.Sum(mixed)
	key := func(block uint32) []byte {
		k := md5.Sum(binary.LittleEndian.AppendUint32(append([]byte(nil), base[:5]...), block))
		return k[:]
	}
	input, value := opened(key(0), r.input, r.value)
	if sum := md5.Sum(input); subtle.ConstantTimeCompare(sum[:], value) != 1 {
		return nil
	}
	return key
}

// blocks derives keys (section 2.3.5.2) and checks the password (2.3.5.6).
func (v *verifier) blocks(password string) func(uint32) []byte {
	base := sha1.Sum(append(append([]byte(nil), v.salt...), utf16le(password)...))
	key := func(block uint32) []byte {
		k := sha1.Sum(binary.LittleEndian.AppendUint32(append([]byte(nil), base[:]...), block))
		out := k[:v.keyBits/8]
		if v.keyBits == 40 {
			out = append(append([]byte(nil), k[:5]...), make([]byte, 11)...)
		}
		return out
	}
	input, value := opened(key(0), v.input, v.value[:20])
	if sum := sha1.Sum(input); subtle.ConstantTimeCompare(sum[:], value) != 1 {
		return nil
	}
	return key
}

// opened decrypts a verifier and its hash, which one key stream covers.
func opened(key, input, value []byte) (in, val []byte) {
	both := append(append([]byte(nil), input...), value...)
	if c, err := rc4.NewCipher(key); err == nil {
		c.XORKeyStream(both, both)
	}
	return both[:len(input)], both[len(input):]
}

// A BlockStream decrypts a stream that changes its key every so many bytes.
type BlockStream struct {
	key   func(block uint32) []byte
	size  int64 // bytes of a block
	block int64
	pos   int64 // of the cipher, in the stream
	c     *rc4.Cipher
}

// NewBlockStream makes a decrypter for keys of BinaryScheme.Blocks.
func NewBlockStream(key func(block uint32) []byte, size int64) *BlockStream {
	return &BlockStream{key: key, size: size, block: -1}
}

// XOR decrypts data that lies at pos in the stream.
func (s *BlockStream) XOR(data []byte, pos int64) {
	for len(data) > 0 {
		s.seek(pos)
		n := min(int64(len(data)), (s.block+1)*s.size-pos)
		s.c.XORKeyStream(data[:n], data[:n])
		data, pos = data[n:], pos+n
		s.pos = pos
	}
}

func (s *BlockStream) seek(pos int64) {
	if block := pos / s.size; block != s.block || pos < s.pos {
		s.block, s.pos = block, block*s.size
		s.c, _ = rc4.NewCipher(s.key(uint32(block))) // the length of the key is right
	}
	var skip [256]byte
	for s.pos < pos {
		n := min(pos-s.pos, int64(len(skip)))
		s.c.XORKeyStream(skip[:n], skip[:n])
		s.pos += n
	}
}
