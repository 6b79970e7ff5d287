package offcrypto

import (
	"bytes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// agile encrypts a package with a password as section 2.3.4.11 to 2.3.4.15 say, and
// returns its EncryptionInfo and the stream.
func agile(t *testing.T, k agileKey, password string, text []byte) (info, pkg []byte) {
	t.Helper()
	newHash, err := k.hash()
	if err != nil {
		t.Fatal(err)
	}
	salt := []byte("0123456789abcdef")
	k.Salt = base64.StdEncoding.EncodeToString(salt)
	base := spin(newHash, salt, password, k.Spin)
	seal := func(block [8]byte, data []byte) string {
		h := newHash()
		h.Write(base)
		h.Write(block[:])
		c, err := k.block(fit(h.Sum(nil), k.size()))
		if err != nil {
			t.Fatal(err)
		}
		data = append(data, make([]byte, -len(data)&(c.BlockSize()-1))...)
		cipher.NewCBCEncrypter(c, fit(salt, c.BlockSize())).CryptBlocks(data, data)
		return base64.StdEncoding.EncodeToString(data)
	}
	key := bytes.Repeat([]byte("key of the file "), 4)[:k.size()]
	h := newHash()
	input := []byte("verifier input..")
	h.Write(input)
	k.Value, k.Input, k.KeyValue = seal(blockValue, h.Sum(nil)), seal(blockInput, bytes.Clone(input)), seal(blockKey, bytes.Clone(key))
	c, err := k.block(key)
	if err != nil {
		t.Fatal(err)
	}
	pkg = binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	data := append(bytes.Clone(text), make([]byte, -len(text)&15)...)
	h = newHash()
	h.Write(salt)
	h.Write([]byte{0, 0, 0, 0})
	cipher.NewCBCEncrypter(c, fit(h.Sum(nil), c.BlockSize())).CryptBlocks(data, data)
	pkg = append(pkg, data...)
	attrs := fmt.Sprintf(`spinCount="%d" blockSize="16" keyBits="%d" cipherAlgorithm="%s" cipherChaining="ChainingModeCBC" hashAlgorithm="%s" saltValue="%s"`,
		k.Spin, k.KeyBits, k.Cipher, k.Hash, k.Salt)
	xml := `<encryption><keyData ` + attrs + `/><keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><encryptedKey ` + attrs +
		fmt.Sprintf(` encryptedVerifierHashInput="%s" encryptedVerifierHashValue="%s" encryptedKeyValue="%s"`, k.Input, k.Value, k.KeyValue) + `/></keyEncryptor></keyEncryptors></encryption>`
	return append([]byte{4, 0, 4, 0, 0x40, 0, 0, 0}, xml...), pkg
}

func TestAgileAlgorithms(t *testing.T) {
	text := []byte("PK and then the package")
	for _, k := range []agileKey{
		{Cipher: "AES", KeyBits: 128, Hash: "SHA1"}, {Cipher: "AES", KeyBits: 256, Hash: "SHA384"}, {Cipher: "AES", KeyBits: 192, Hash: "MD5"},
		{Cipher: "DES", KeyBits: 56, Hash: "SHA512"}, {Cipher: "3DES", KeyBits: 168, Hash: "SHA-256"}, {Cipher: "3DES_112", KeyBits: 112, Hash: "SHA1"},
	} {
		k.Spin, k.Chaining = 100, "ChainingModeCBC"
		info, pkg := agile(t, k, DefaultPassword, text)
		s, err := Parse(info)
		if err != nil {
			t.Errorf("%s with %s: %v", k.Cipher, k.Hash, err)
			continue
		}
		if wrong, err := s.Key("wrong"); wrong != nil || err != nil {
			t.Errorf("%s with %s: a wrong password opens it: %v", k.Cipher, k.Hash, err)
		}
		key, err := s.Key(DefaultPassword)
		if err != nil || key == nil {
			t.Errorf("%s with %s: the password does not open it: %v", k.Cipher, k.Hash, err)
			continue
		}
		r, err := s.Decrypt(key, bytes.NewReader(pkg), int64(len(pkg)))
		if err == nil {
			var got []byte
			if got, err = io.ReadAll(r); !bytes.Equal(got, text) {
				t.Errorf("%s with %s: %q", k.Cipher, k.Hash, got)
			}
		}
		if err != nil {
			t.Errorf("%s with %s: %v", k.Cipher, k.Hash, err)
		}
		if strong := s.Strength == scan.StrengthStrong; strong != (k.Cipher == "AES") {
			t.Errorf("%s is %s", k.Cipher, s.Strength)
		}
	}
}

// An algorithm of the specification that is not tried needs a password all the
// same; one that nobody knows is not understood.
func TestAgileAlgorithmsThatAreNotTried(t *testing.T) {
	info, _ := agile(t, agileKey{Cipher: "AES", KeyBits: 128, Hash: "SHA1", Spin: 1}, "x", []byte("x"))
	for change, known := range map[string]bool{`"AES"|"RC2"`: true, `"SHA1"|"WHIRLPOOL"`: true, `"ChainingModeCBC"|"ChainingModeCFB"`: true, `"AES"|"XOR"`: false, `"SHA1"|"CRC32"`: false} {
		from, to, _ := strings.Cut(change, "|")
		s, err := Parse(bytes.ReplaceAll(info, []byte(from), []byte(to)))
		if err != nil {
			t.Fatal(err)
		}
		if key, err := s.Key(DefaultPassword); key != nil || known != (err == nil) || !known && !errors.Is(err, scan.ErrUnsupported) {
			t.Errorf("%s: %v, %v", to, key, err)
		}
	}
}
