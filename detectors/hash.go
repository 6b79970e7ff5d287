package detectors

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
)

// personKey derives the key of the hashes of numbers.
func personKey(key []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("kagiban key for persons, 1"))
	return mac.Sum(nil)
}

// A hasher makes keyed hashes of numbers: what leaves the detector.
type hasher struct {
	cipher cipher.Block
	block  [aes.BlockSize]byte
	mac    hash.Hash
	sum    [sha256.Size]byte
}

func newHasher(key, persons []byte) hasher {
	h := hasher{mac: hmac.New(sha256.New, key)}
	h.cipher, _ = aes.NewCipher(persons) // 32 bytes are a key
	return h
}

// number returns the keyed hash of a pension number.
func (h *hasher) number(value uint64) uint64 {
	h.block = [aes.BlockSize]byte{}
	binary.BigEndian.PutUint64(h.block[8:], value)
	h.cipher.Encrypt(h.block[:], h.block[:])
	return binary.BigEndian.Uint64(h.block[:])
}

// text returns the keyed hash of a number of another kind.
func (h *hasher) text(text string) uint64 {
	h.mac.Reset()
	h.mac.Write([]byte(text))
	return binary.BigEndian.Uint64(h.mac.Sum(h.sum[:0]))
}
