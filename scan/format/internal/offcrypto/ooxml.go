// Package offcrypto determines how Office documents are encrypted and whether a
// given password opens them (MS-OFFCRYPTO).
//
// "VelvetSweatshop" is the password that Office tries by itself before it asks
// anybody (MS-OFFCRYPTO 2.4.2.3 and its note): what it opens is not protected.
package offcrypto

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/kagiban/kagiban/scan"
)

// DefaultPassword opens a file without Office asking for it.
const DefaultPassword = "VelvetSweatshop"

// maxSpin is the largest iteration count that Office writes or accepts.
const maxSpin = 10_000_000

// A Scheme is how one OOXML package is encrypted.
type Scheme struct {
	Name     string // "agile-aes-256-sha512", "standard-aes-128"
	Strength scan.Strength
	// Key derives the key of the package from a password; nil if the password is wrong.
	Key func(password string) ([]byte, error)
	// Decrypt reads the EncryptedPackage stream (section 2.3.4.4) with that key.
	Decrypt func(key []byte, pkg io.Reader, size int64) (io.Reader, error)
}

// Parse reads an EncryptionInfo stream (sections 2.3.4.5 and 2.3.4.10).
func Parse(info []byte) (*Scheme, error) {
	if len(info) < 8 {
		return nil, fmt.Errorf("EncryptionInfo of %d bytes: %w", len(info), scan.ErrMalformed)
	}
	major, minor := binary.LittleEndian.Uint16(info), binary.LittleEndian.Uint16(info[2:])
	switch {
	case major == 4 && minor == 4:
		return parseAgile(info[8:])
	case minor == 2 && major >= 2 && major <= 4:
		return parseStandard(info[8:])
	case minor == 3 && (major == 3 || major == 4):
		return &Scheme{Name: "extensible", Key: noKey}, nil
	}
	return nil, fmt.Errorf("EncryptionInfo version %d.%d: %w", major, minor, scan.ErrUnsupported)
}

// noKey is for schemes that only a provider of the owner's can open.
func noKey(string) ([]byte, error) { return nil, nil }

type agileXML struct {
	KeyData agileKey `xml:"keyData"`
	Keys    []struct {
		URI string   `xml:"uri,attr"`
		Key agileKey `xml:"encryptedKey"`
	} `xml:"keyEncryptors>keyEncryptor"`
}

type agileKey struct {
	Spin      int    `xml:"spinCount,attr"`
	BlockSize int    `xml:"blockSize,attr"`
	KeyBits   int    `xml:"keyBits,attr"`
	HashSize  int    `xml:"hashSize,attr"`
	Cipher    string `xml:"cipherAlgorithm,attr"`
	Chaining  string `xml:"cipherChaining,attr"`
	Hash      string `xml:"hashAlgorithm,attr"`
	Salt      string `xml:"saltValue,attr"`
	Input     string `xml:"encryptedVerifierHashInput,attr"`
	Value     string `xml:"encryptedVerifierHashValue,attr"`
	KeyValue  string `xml:"encryptedKeyValue,attr"`
}

func parseAgile(info []byte) (*Scheme, error) {
	var x agileXML
	if err := xml.Unmarshal(bytes.TrimRight(info, "\x00"), &x); err != nil {
		return nil, fmt.Errorf("EncryptionInfo: %w", errors.Join(scan.ErrMalformed, err))
	}
	s := &Scheme{
		Name: strings.ToLower(fmt.Sprintf("agile-%s-%d-%s", x.KeyData.Cipher, x.KeyData.KeyBits, x.KeyData.Hash)),
		Key:  noKey,
	}
	s.Strength = scan.StrengthWeak
	if strings.EqualFold(x.KeyData.Cipher, "AES") {
		s.Strength = scan.StrengthStrong
	}
	for _, k := range x.Keys {
		if strings.HasSuffix(k.URI, "/password") {
			s.Key = k.Key.unlock
		}
	}
	s.Decrypt = x.KeyData.decrypt
	return s, nil
}

// hash is the algorithm of the hash (section 2.3.4.10, ST_HashAlgorithm).
func (k *agileKey) hash() (func() hash.Hash, error) {
	switch strings.ToUpper(strings.ReplaceAll(k.Hash, "-", "")) {
	case "MD5":
		return md5.New, nil
	case "SHA1":
		return sha1.New, nil
	case "SHA256":
		return sha256.New, nil
	case "SHA384":
		return sha512.New384, nil
	case "SHA512":
		return sha512.New, nil
	case "MD2", "MD4", "RIPEMD128", "RIPEMD160", "WHIRLPOOL":
		return nil, errOther
	}
	return nil, fmt.Errorf("hash %q of agile encryption: %w", k.Hash, scan.ErrUnsupported)
}

// errOther is for algorithms of the specification that are not tried here: a
// password is needed, and whether it is the default nobody knows.
var errOther = errors.New("algorithm that is not tried")

// block makes the cipher of a key (ST_CipherAlgorithm).
func (k *agileKey) block(key []byte) (cipher.Block, error) {
	switch strings.ToUpper(k.Cipher) {
	case "DES":
		return des.NewCipher(key)
	case "3DES":
		return des.NewTripleDESCipher(key)
	case "3DES_112":
		return des.NewTripleDESCipher(append(append([]byte(nil), key...), key[:8]...))
	}
	return aes.NewCipher(key)
}

// size is the length of the key in bytes; the bits of DES leave out parity.
func (k *agileKey) size() int {
	switch strings.ToUpper(k.Cipher) {
	case "DES":
		return 8
	case "3DES":
		return 24
	case "3DES_112":
		return 16
	}
	return k.KeyBits / 8
}

func (k *agileKey) usable() error {
	switch strings.ToUpper(k.Cipher) {
	case "AES", "DES", "3DES", "3DES_112":
	case "RC2", "RC4", "DESX":
		return errOther
	default:
		return fmt.Errorf("cipher %q of agile encryption: %w", k.Cipher, scan.ErrUnsupported)
	}
	switch {
	case strings.EqualFold(k.Chaining, "ChainingModeCFB"):
		return errOther
	case !strings.EqualFold(k.Chaining, "ChainingModeCBC"):
		return fmt.Errorf("chaining %q of agile encryption: %w", k.Chaining, scan.ErrUnsupported)
	}
	if bits := k.KeyBits; strings.EqualFold(k.Cipher, "AES") && bits != 128 && bits != 192 && bits != 256 || k.Spin < 0 || k.Spin > maxSpin {
		return fmt.Errorf("agile encryption with %d bits and %d rounds: %w", k.KeyBits, k.Spin, scan.ErrMalformed)
	}
	return nil
}

// The block keys of section 2.3.4.13.
var (
	blockInput = [8]byte{0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79}
	blockValue = [8]byte{0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e}
	blockKey   = [8]byte{0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6}
)

// unlock checks a password against the verifier and unwraps the key (2.3.4.11–13).
func (k *agileKey) unlock(password string) ([]byte, error) {
	newHash, err := k.hash()
	if uerr := k.usable(); uerr != nil {
		err = uerr
	}
	if err == errOther {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	salt, err1 := base64.StdEncoding.DecodeString(k.Salt)
	input, err2 := base64.StdEncoding.DecodeString(k.Input)
	value, err3 := base64.StdEncoding.DecodeString(k.Value)
	wrapped, err4 := base64.StdEncoding.DecodeString(k.KeyValue)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, fmt.Errorf("agile encryption: %w", errors.Join(scan.ErrMalformed, err))
	}
	base := spin(newHash, salt, password, k.Spin)
	open := func(block [8]byte, data []byte) ([]byte, error) {
		h := newHash()
		h.Write(base)
		h.Write(block[:])
		return k.cbc(fit(h.Sum(nil), k.size()), salt, data)
	}
	in, err1 := open(blockInput, input)
	want, err2 := open(blockValue, value)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	h := newHash()
	h.Write(in[:min(len(in), len(salt))])
	sum := h.Sum(nil)
	if len(want) < len(sum) || subtle.ConstantTimeCompare(sum, want[:len(sum)]) != 1 {
		return nil, nil
	}
	key, err := open(blockKey, wrapped)
	if err != nil || len(key) < k.size() {
		return nil, errors.Join(scan.ErrMalformed, err)
	}
	return key[:k.size()], nil
}

// spin derives the base hash of a password (sections 2.3.4.7 and 2.3.4.11).
func spin(newHash func() hash.Hash, salt []byte, password string, rounds int) []byte {
	h := newHash()
	h.Write(salt)
	for _, u := range utf16.Encode([]rune(password)) {
		h.Write([]byte{byte(u), byte(u >> 8)})
	}
	sum := h.Sum(nil)
	var n [4]byte
	for i := range rounds {
		binary.LittleEndian.PutUint32(n[:], uint32(i))
		h.Reset()
		h.Write(n[:])
		h.Write(sum)
		sum = h.Sum(sum[:0])
	}
	return sum
}

// fit cuts or pads a hash to a length (2.3.4.12).
func fit(b []byte, n int) []byte {
	out := bytes.Repeat([]byte{0x36}, n)
	copy(out, b)
	return out
}

func (k *agileKey) cbc(key, salt, data []byte) ([]byte, error) {
	c, err := k.block(key)
	if err != nil || len(data) == 0 || len(data)%c.BlockSize() != 0 {
		return nil, fmt.Errorf("encrypted value of %d bytes: %w", len(data), scan.ErrMalformed)
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(c, fit(salt, c.BlockSize())).CryptBlocks(out, data)
	return out, nil
}

const segment = 4096

// decrypt reads the package: a length, then segments with a vector each (2.3.4.15).
func (k *agileKey) decrypt(key []byte, pkg io.Reader, size int64) (io.Reader, error) {
	newHash, err := k.hash()
	if err != nil {
		return nil, err
	}
	salt, err := base64.StdEncoding.DecodeString(k.Salt)
	if err != nil {
		return nil, fmt.Errorf("agile encryption: %w", errors.Join(scan.ErrMalformed, err))
	}
	block, err := k.block(key)
	if err != nil {
		return nil, err
	}
	n := uint32(0)
	return plain(pkg, size, func(data []byte) {
		var i [4]byte
		binary.LittleEndian.PutUint32(i[:], n)
		n++
		h := newHash()
		h.Write(salt)
		h.Write(i[:])
		cipher.NewCBCDecrypter(block, fit(h.Sum(nil), block.BlockSize())).CryptBlocks(data, data)
	})
}

// plain streams a package whose segments are decrypted in place, and cuts it
// at the length that stands before it.
func plain(pkg io.Reader, size int64, decrypt func([]byte)) (io.Reader, error) {
	var head [8]byte
	if _, err := io.ReadFull(pkg, head[:]); err != nil {
		return nil, fmt.Errorf("encrypted package: %w", errors.Join(scan.ErrMalformed, err))
	}
	length := binary.LittleEndian.Uint64(head[:])
	if length > uint64(size) {
		return nil, fmt.Errorf("encrypted package is cut: %w", scan.ErrMalformed)
	}
	return &segments{r: pkg, decrypt: decrypt, left: int64(length)}, nil
}

// segments reads and decrypts one segment at a time.
type segments struct {
	r       io.Reader
	decrypt func([]byte)
	left    int64
	buf     [segment]byte
	rest    []byte
}

func (s *segments) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	if len(s.rest) == 0 {
		n, err := io.ReadFull(s.r, s.buf[:])
		if n -= n % aes.BlockSize; n == 0 {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return 0, err
		}
		s.decrypt(s.buf[:n])
		s.rest = s.buf[:n]
	}
	n := copy(p[:min(int64(len(p)), s.left)], s.rest)
	s.rest, s.left = s.rest[n:], s.left-int64(n)
	return n, nil
}
