package detectors

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"

	"github.com/kagiban/kagiban/detectors/internal/lex"
)

// A Typed is a number that somebody typed, as what detection makes of the same
// number in a file: its keyed hash.
type Typed struct {
	Hash uint64
	// Mended says what had to be put right first, as the Mended codes say; "" if
	// the number was whole.
	Mended string
	// Interim says that it is a provisional number (99…).
	Interim bool
}

// What had to be put right.
const (
	MendedZero = "zero" // leading zeros were put back
	MendedCode = "code" // the code of a certificate behind the number was left off
	MendedText = "text" // the number was taken out of a text
)

// An Asker turns typed numbers into keyed hashes. It may be used from several
// goroutines and keeps nothing of what it is asked.
type Asker struct{ cipher cipher.Block }

// NewAsker makes one under the key of the detector that made the hashes.
func NewAsker(key []byte) *Asker {
	block, _ := aes.NewCipher(personKey(key)) // 32 bytes are a key
	return &Asker{block}
}

// Ask reads what was typed: any width, hyphens of any kind, spaces; false if it is
// no pension number.
func (a *Asker) Ask(text []byte) (Typed, bool) {
	value, mended, ok := readTyped(text)
	if !ok {
		return Typed{}, false
	}
	var block [aes.BlockSize]byte
	binary.BigEndian.PutUint64(block[8:], value)
	a.cipher.Encrypt(block[:], block[:])
	return Typed{binary.BigEndian.Uint64(block[:]), mended, lex.Prefix(value) == lex.InterimPrefix}, true
}

func readTyped(text []byte) (value uint64, mended string, ok bool) {
	r := lex.ReadCell(text)
	switch r.Form {
	case lex.FormHyphen, lex.FormSpaced, lex.FormGrouped, lex.FormBare:
		return r.Value, "", r.Value != 0
	case lex.FormCertificate:
		return r.Value, MendedCode, true
	case lex.FormNine:
		return r.Value, MendedZero, true
	}
	if value, ok := twoParts(text); ok {
		return value, MendedZero, true
	}
	if r.Form != lex.FormText {
		return 0, "", false
	}
	finder := lex.NewFinder(text)
	found, ok := finder.Next()
	if !ok {
		return 0, "", false
	}
	if _, several := finder.Next(); several { // which of them is meant is not known
		return 0, "", false
	}
	return found.Value, MendedText, true
}

// twoParts reads an office code and a serial number of which zeros were lost:
// 123-4567 is 0123-004567.
func twoParts(text []byte) (uint64, bool) {
	var parts [2]uint64
	var digits [2]int
	n, between := 0, false
	text = lex.Trim(text)
	for i := 0; i < len(text); {
		d, size := lex.Digit(text[i:])
		switch {
		case size > 0:
			if between {
				if n++; n > 1 {
					return 0, false
				}
				between = false
			}
			parts[n] = parts[n]*10 + uint64(d)
			if digits[n]++; digits[n] > 6 {
				return 0, false
			}
			i += size
		default:
			size, ok := lex.Separator(text[i:])
			if !ok || between || i == 0 {
				return 0, false
			}
			between, i = true, i+size
		}
	}
	if n != 1 || between || digits[0] > 4 || parts[0] == 0 || parts[1] == 0 {
		return 0, false
	}
	return parts[0]*1e6 + parts[1], true
}
