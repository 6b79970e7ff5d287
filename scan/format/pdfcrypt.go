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

// pdfProtection judges an encryption dictionary. A file whose user password is
// empty opens for everyone; its owner password restrains printing at the most.
func pdfProtection(dict, trailer pdfDict) (scan.Protection, error) {
	if name, _ := dict["Filter"].(pdfName); name != "Standard" {
		return scan.Protection{Verdict: scan.VerdictOther, Scheme: strings.ToLower(string(name))}, nil
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
			return scan.Protection{Verdict: scan.VerdictNone, Notes: []scan.Note{scan.NoteAttachmentsOnly}}, nil
		default:
			return scan.Protection{}, unsupported("pdf: encryption method %q", string(method))
		}
	default:
		return scan.Protection{}, unsupported("pdf: encryption of version %d", v)
	}
	// Writers mean bytes or bits, or the length of the filter, or of none.
	for _, size := range []int64{length / 8, pdfLength(pdfFilter(dict)) / 8, 16, 5} {
		opens, err := pdfOpens(dict, trailer, int(size))
		if err != nil {
			return scan.Protection{}, err
		}
		if opens {
			return scan.Protection{Verdict: scan.VerdictNone, Notes: []scan.Note{scan.NoteOwnerPassword}}, nil
		}
	}
	return p, nil
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

// pdfOpens reports whether the empty user password is right (algorithms 6 and 11).
func pdfOpens(dict, trailer pdfDict, keySize int) (bool, error) {
	r, _ := dict["R"].(int64)
	o, _ := dict["O"].(string)
	u, _ := dict["U"].(string)
	if len(u) < 32 || len(o) < 32 || r < 2 || r > 6 || r >= 5 && len(u) < 48 {
		return false, malformed("pdf: encryption dictionary of revision %d", r)
	}
	switch r {
	case 5:
		sum := sha256.Sum256([]byte(u[32:40]))
		return string(sum[:]) == u[:32], nil
	case 6:
		return string(pdfHash([]byte(u[32:40]))) == u[:32], nil
	}
	var id string
	if list, ok := trailer["ID"].([]any); ok && len(list) > 0 {
		id, _ = list[0].(string)
	}
	permissions, _ := dict["P"].(int64)
	plain, ok := dict["EncryptMetadata"].(bool)
	seed := binary.LittleEndian.AppendUint32([]byte(pdfPad+o[:32]), uint32(permissions))
	seed = append(seed, id...)
	if r >= 4 && ok && !plain {
		seed = append(seed, 0xFF, 0xFF, 0xFF, 0xFF)
	}
	if r == 2 {
		keySize = 5
	}
	keySize = min(keySize, md5.Size)
	sum := md5.Sum(seed)
	if r >= 3 {
		for range 50 {
			sum = md5.Sum(sum[:keySize])
		}
	}
	if r == 2 {
		return string(pdfRC4(sum[:keySize], 0, []byte(pdfPad))) == u[:32], nil
	}
	check := md5.Sum([]byte(pdfPad + id))
	text := check[:]
	for i := range 20 {
		text = pdfRC4(sum[:keySize], byte(i), text)
	}
	return string(text) == u[:16], nil
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

// pdfHash is algorithm 2.B of ISO 32000-2 for the empty user password.
func pdfHash(salt []byte) []byte {
	first := sha256.Sum256(salt)
	key := first[:]
	for i, last := 0, 0; i < 64 || last > i-32; i++ {
		text := bytes.Repeat(key, 64)
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

// literal reads a string in parentheses after the first (section 7.3.4.2).
func (p *pdfParser) literal() string {
	var out []byte
	for open := 1; len(p.data) > 0; {
		c := p.data[0]
		p.data = p.data[1:]
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return string(out)
			}
		case '\\':
			out = p.escape(out)
			continue
		}
		out = append(out, c)
	}
	return string(out)
}

func (p *pdfParser) escape(out []byte) []byte {
	if len(p.data) == 0 {
		return out
	}
	c := p.data[0]
	if c >= '0' && c <= '7' {
		n, digits := 0, 0
		for digits < 3 && digits < len(p.data) && p.data[digits] >= '0' && p.data[digits] <= '7' {
			n = n<<3 | int(p.data[digits]-'0')
			digits++
		}
		p.data = p.data[digits:]
		return append(out, byte(n))
	}
	p.data = p.data[1:]
	switch c {
	case '\r': // a line that goes on
		p.data = bytes.TrimPrefix(p.data, []byte("\n"))
		return out
	case '\n':
		return out
	}
	if i := strings.IndexByte("nrtbf", c); i >= 0 {
		c = "\n\r\t\b\f"[i]
	}
	return append(out, c)
}

// hex reads a string in angle brackets after the first (section 7.3.4.3).
func (p *pdfParser) hex() string {
	text, rest, _ := bytes.Cut(p.data, []byte(">"))
	p.data = rest
	var out []byte
	high, half := byte(0), false
	for _, c := range text {
		d := strings.IndexByte("0123456789abcdef", c|0x20)
		if d < 0 || c < '0' {
			continue
		}
		if half = !half; half {
			high = byte(d) << 4
		} else {
			out = append(out, high|byte(d))
		}
	}
	if half {
		out = append(out, high)
	}
	return string(out)
}
