package format

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// pdfPad fills up a password (ISO 32000-1, section 7.6.3.3, algorithm 2).
const pdfPad = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

// A pdfOpening is how a file opens.
type pdfOpening struct {
	scan.Protection
	password      string  // of the user, if the empty one of the owner reveals it
	dict, trailer pdfDict // nil if nothing is encrypted
	direct        bool    // the dictionary is no object of its own, or one with references
	bits          int64   // of the key that opens; 0 if none does
}

// pdfProtection judges an encryption dictionary. A file whose user password is
// empty opens for everyone; its owner password restrains printing at the most.
func pdfProtection(dict, trailer pdfDict) (pdfOpening, error) {
	o := pdfOpening{dict: dict, trailer: trailer}
	if name, _ := dict["Filter"].(pdfName); name != "Standard" {
		o.Protection = scan.Protection{Verdict: scan.VerdictOther, Scheme: strings.ToLower(string(name))}
		return o, nil
	}
	v, _ := dict["V"].(int64)
	length := pdfLength(dict)
	p := scan.Protection{Verdict: scan.VerdictPassword, Strength: scan.StrengthWeak}
	switch v {
	case 1:
		p.Scheme, length = "rc4-40", 40
	case 2, 3:
		p.Scheme = fmt.Sprintf("rc4-%d", length)
	case 4, 5:
		switch method := pdfMethod(dict); method {
		case "V2":
			p.Scheme = "rc4-128"
		case "AESV2":
			p.Scheme, p.Strength = "aes-128", scan.StrengthStrong
		case "AESV3":
			p.Scheme, p.Strength = "aes-256", scan.StrengthStrong
		case "Identity":
			o.Protection = scan.Protection{Verdict: scan.VerdictNone, Notes: []scan.Note{scan.NoteAttachmentsOnly}}
			return o, nil
		default:
			return pdfOpening{}, unsupported("pdf: encryption method %q", string(method))
		}
	default:
		return pdfOpening{}, unsupported("pdf: encryption of version %d", v)
	}
	// Writers mean bytes or bits, or the length of the filter, or of none.
	for _, size := range []int64{length / 8, pdfLength(pdfFilter(dict)) / 8, 16, 5} {
		lock, err := newPdfLock(dict, trailer, int(size))
		if err != nil {
			return pdfOpening{}, err
		}
		opens := lock.user(pdfPad)
		if !opens {
			o.password, opens = lock.owner()
		}
		if opens {
			p, o.bits = scan.Protection{Verdict: scan.VerdictNone, Notes: []scan.Note{scan.NoteOwnerPassword}}, int64(8*lock.size)
			break
		}
	}
	o.Protection = p
	return o, nil
}

// pdfLength reads a length of a key in bits; lengths too short for bits are bytes.
func pdfLength(dict pdfDict) int64 {
	length, ok := dict["Length"].(int64)
	switch {
	case ok && length >= 5 && length <= 32:
		return 8 * length
	case !ok || length < 40 || length > 256:
		return 40
	}
	return length
}

// pdfFilter is the crypt filter of streams (section 7.6.5).
func pdfFilter(dict pdfDict) pdfDict {
	stream, _ := dict["StmF"].(pdfName)
	filters, _ := dict["CF"].(pdfDict)
	filter, _ := filters[string(stream)].(pdfDict)
	return filter
}

// pdfMethod returns the method by which streams are encrypted (section 7.6.5).
func pdfMethod(dict pdfDict) pdfName {
	stream, ok := dict["StmF"].(pdfName)
	if !ok || stream == "Identity" {
		return "Identity"
	}
	method, _ := pdfFilter(dict)["CFM"].(pdfName)
	return method
}

// A pdfLock checks passwords against an encryption dictionary.
type pdfLock struct {
	revision int64
	o, u, id string
	tail     []byte // what follows O in the seed of the key
	size     int    // of the key, bytes
}

func newPdfLock(dict, trailer pdfDict, size int) (*pdfLock, error) {
	l := &pdfLock{size: min(size, md5.Size)}
	l.revision, _ = dict["R"].(int64)
	l.o, _ = dict["O"].(string)
	l.u, _ = dict["U"].(string)
	least := 32
	if l.revision >= 5 {
		least = 48
	}
	if l.revision < 2 || l.revision > 6 || len(l.u) < least || len(l.o) < least {
		return nil, malformed("pdf: encryption dictionary of revision %d", l.revision)
	}
	if list, ok := trailer["ID"].([]any); ok && len(list) > 0 {
		l.id, _ = list[0].(string)
	}
	permissions, _ := dict["P"].(int64)
	l.tail = append(binary.LittleEndian.AppendUint32(nil, uint32(permissions)), l.id...)
	if plain, ok := dict["EncryptMetadata"].(bool); l.revision >= 4 && ok && !plain {
		l.tail = append(l.tail, 0xFF, 0xFF, 0xFF, 0xFF)
	}
	if l.revision == 2 {
		l.size = 5
	}
	return l, nil
}

// user reports whether a user password, filled up to 32 bytes, is right; from
// revision 5 on only the empty one is tried (algorithms 6 and 11).
func (l *pdfLock) user(padded string) bool {
	switch l.revision {
	case 5:
		sum := sha256.Sum256([]byte(l.u[32:40]))
		return string(sum[:]) == l.u[:32]
	case 6:
		return string(pdfHash(l.u[32:40], "")) == l.u[:32]
	}
	sum := md5.Sum(append([]byte(padded+l.o[:32]), l.tail...))
	if l.revision >= 3 {
		for range 50 {
			sum = md5.Sum(sum[:l.size])
		}
	}
	if l.revision == 2 {
		return string(pdfRC4(sum[:l.size], 0, []byte(pdfPad))) == l.u[:32]
	}
	check := md5.Sum([]byte(pdfPad + l.id))
	text := check[:]
	for i := range 20 {
		text = pdfRC4(sum[:l.size], byte(i), text)
	}
	return string(text) == l.u[:16]
}

// owner reports whether the empty owner password is right, by which most viewers
// open a file without asking, and the user password that it reveals up to revision
// 4 (algorithms 7 and 12).
func (l *pdfLock) owner() (password string, opens bool) {
	switch l.revision {
	case 5:
		sum := sha256.Sum256([]byte(l.o[32:40] + l.u[:48]))
		return "", string(sum[:]) == l.o[:32]
	case 6:
		return "", string(pdfHash(l.o[32:40], l.u[:48])) == l.o[:32]
	}
	sum := md5.Sum([]byte(pdfPad))
	if l.revision >= 3 {
		for range 50 {
			sum = md5.Sum(sum[:])
		}
	}
	text := []byte(l.o[:32])
	if l.revision == 2 {
		text = pdfRC4(sum[:l.size], 0, text)
	} else {
		for i := 19; i >= 0; i-- {
			text = pdfRC4(sum[:l.size], byte(i), text)
		}
	}
	if !l.user(string(text)) {
		return "", false
	}
	n := 0
	for !strings.HasPrefix(pdfPad, string(text[n:])) {
		n++
	}
	return string(text[:n]), true
}

// pdfRC4 encrypts under a key whose bytes are all changed by x.
func pdfRC4(key []byte, x byte, text []byte) []byte {
	changed := bytes.Clone(key)
	for i := range changed {
		changed[i] ^= x
	}
	out := make([]byte, len(text))
	if c, err := rc4.NewCipher(changed); err == nil { // keys of 5 to 16 bytes are right
		c.XORKeyStream(out, text)
	}
	return out
}

// pdfHash is algorithm 2.B of ISO 32000-2 for the empty password; for that of the
// owner with the user's string.
func pdfHash(salt, user string) []byte {
	first := sha256.Sum256([]byte(salt + user))
	key := first[:]
	for i, last := 0, 0; i < 64 || last > i-32; i++ {
		text := bytes.Repeat(append(bytes.Clone(key), user...), 64)
		block, err := aes.NewCipher(key[:16])
		if err != nil {
			return nil // cannot be: the key has 16 bytes
		}
		cipher.NewCBCEncrypter(block, key[16:32]).CryptBlocks(text, text)
		sum := 0
		for _, b := range text[:16] {
			sum += int(b) // 256 leaves 1 when divided by 3
		}
		last = int(text[len(text)-1])
		switch sum % 3 {
		case 0:
			h := sha256.Sum256(text)
			key = h[:]
		case 1:
			h := sha512.Sum384(text)
			key = h[:]
		default:
			h := sha512.Sum512(text)
			key = h[:]
		}
	}
	return key[:32]
}
