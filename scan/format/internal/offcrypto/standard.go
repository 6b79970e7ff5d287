package offcrypto

import (
	"crypto/aes"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// The algorithm numbers of section 2.3.2.
const (
	algRC4    = 0x6801
	algAES128 = 0x660E
	algAES192 = 0x660F
	algAES256 = 0x6610
)

const standardSpin = 50_000 // section 2.3.4.7

// A verifier is an EncryptionHeader with its EncryptionVerifier (sections
// 2.3.2 and 2.3.3), as it stands in the standard scheme and in RC4 CryptoAPI.
type verifier struct {
	alg     uint32
	keyBits int
	salt    []byte // 16 bytes
	input   []byte // 16 bytes, encrypted
	value   []byte // 20 or 32 bytes, encrypted
}

// parseVerifier reads from the flags in front of the header on.
func parseVerifier(info []byte) (*verifier, error) {
	bad := fmt.Errorf("EncryptionVerifier: %w", scan.ErrMalformed)
	if len(info) < 4 {
		return nil, bad
	}
	size := binary.LittleEndian.Uint32(info)
	if size < 32 || uint64(size)+4 > uint64(len(info)) {
		return nil, bad
	}
	header, rest := info[4:4+size], info[4+size:]
	v := &verifier{
		alg:     binary.LittleEndian.Uint32(header[8:]),
		keyBits: int(binary.LittleEndian.Uint32(header[16:])),
	}
	if len(rest) < 4+16+16+4+20 {
		return nil, bad
	}
	v.salt, v.input, v.value = rest[4:20], rest[20:36], rest[40:]
	return v, nil
}

func parseStandard(info []byte) (*Scheme, error) {
	v, err := parseVerifier(info)
	if err != nil {
		return nil, err
	}
	s := &Scheme{Key: noKey}
	bits := map[uint32]int{algAES128: 128, algAES192: 192, algAES256: 256}[v.alg]
	switch {
	case v.alg == algRC4:
		s.Name, s.Strength = fmt.Sprintf("standard-rc4-%d", v.keyBits), scan.StrengthWeak
		return s, nil
	case bits == 0:
		return nil, fmt.Errorf("standard encryption with algorithm %#x: %w", v.alg, scan.ErrUnsupported)
	case len(v.value) < 32:
		return nil, fmt.Errorf("EncryptionVerifier: %w", scan.ErrMalformed)
	}
	v.keyBits = bits
	s.Name, s.Strength = fmt.Sprintf("standard-aes-%d", bits), scan.StrengthStrong
	s.Key, s.Decrypt = v.unlock, v.decrypt
	return s, nil
}

// unlock derives the key and checks it (sections 2.3.4.7 and 2.3.4.9).
func (v *verifier) unlock(password string) ([]byte, error) {
	base := spin(sha1.New, v.salt, password, standardSpin)
	h := sha1.New()
	h.Write(base)
	h.Write([]byte{0, 0, 0, 0})
	final := h.Sum(nil)
	key := append(pad(final, 0x36), pad(final, 0x5C)...)[:v.keyBits/8]
	input, err := ecb(key, v.input)
	if err != nil {
		return nil, err
	}
	value, err := ecb(key, v.value[:32])
	if err != nil {
		return nil, err
	}
	sum := sha1.Sum(input)
	if subtle.ConstantTimeCompare(sum[:], value[:len(sum)]) != 1 {
		return nil, nil
	}
	return key, nil
}

// pad is one half of the CryptDeriveKey of section 2.3.4.7.
func pad(final []byte, fill byte) []byte {
	var block [64]byte
	for i := range block {
		block[i] = fill
		if i < len(final) {
			block[i] ^= final[i]
		}
	}
	sum := sha1.Sum(block[:])
	return sum[:]
}

func ecb(key, data []byte) ([]byte, error) {
	c, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(data))
	for i := 0; i+aes.BlockSize <= len(data); i += aes.BlockSize {
		c.Decrypt(out[i:], data[i:])
	}
	return out, nil
}

func (v *verifier) decrypt(key []byte, pkg io.Reader, size int64) (io.Reader, error) {
	c, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return plain(pkg, size, func(data []byte) {
		for i := 0; i+aes.BlockSize <= len(data); i += aes.BlockSize {
			c.Decrypt(data[i:], data[i:])
		}
	})
}
