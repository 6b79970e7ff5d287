// Package seal keeps numbers that stand in names out of what lies on a disk: what
// has the shape of a number is replaced by a token that only the key opens, and
// that shows the masked number to whoever has no key.
//
// The same number has the same token, and what is not a number stays as it is, so
// that names are still looked up by equality and folders by what they begin with.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
)

// A token is begin, the masked number, middle, the sealed number and end. The three
// are characters for private use; a name that holds one of them has it sealed, too,
// so that each token is one of ours.
const (
	begin  = "\U0010FD00"
	middle = "\U0010FD01"
	end    = "\U0010FD02"
	lead   = "\xf4\x8f\xb4" // the bytes that all of them begin with, and few others do
)

// rules changes when other parts of names are sealed than before.
const rules = "1"

// letters has no digits, so that no token looks like a number.
var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyzABCDEF").WithPadding(base32.NoPadding)

// Names seals and opens names. Without a key it seals nothing and opens what is
// sealed as its masked form. It may be used from several goroutines.
type Names struct {
	box  atomic.Pointer[box]
	shut atomic.Bool
}

// Shut reports whether there was a token that the key did not open.
func (n *Names) Shut() bool { return n.shut.Load() }

// A box is what is made of a key: AES-256 in GCM, whose nonce is a keyed hash of
// the text (a synthetic nonce, as in RFC 5297), so that the same text has the same
// token and nothing else is learnt of it.
type box struct {
	aead  cipher.AEAD
	nonce []byte // the key of nonces
	mark  string
}

// Use sets the key.
func (n *Names) Use(key []byte) error {
	keys, err := hkdf.Key(sha256.New, key, nil, "kagiban names in the state", 64)
	if err != nil {
		return err
	}
	block, err := aes.NewCipher(keys[:32])
	if err != nil {
		return err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return err
	}
	b := &box{aead: aead, nonce: keys[32:]}
	b.mark = rules + " " + hex.EncodeToString(b.hash("mark")[:8])
	n.box.Store(b)
	return nil
}

// Mark tells under which key and rules names are sealed; "" without a key.
func (n *Names) Mark() string {
	if b := n.box.Load(); b != nil {
		return b.mark
	}
	return ""
}

func (b *box) hash(text string) []byte {
	mac := hmac.New(sha256.New, b.nonce)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// Seal returns a name as it is stored.
func (n *Names) Seal(name string) string {
	b := n.box.Load()
	if b == nil || !suspicious(name) {
		return name
	}
	spans := scan.NumbersIn(name)
	for i := 0; ; {
		at := strings.Index(name[i:], lead)
		if at < 0 {
			break
		}
		from := i + at
		_, size := utf8.DecodeRuneInString(name[from:])
		i = from + max(size, len(lead)) // or what is left of such a character
		spans = append(spans, [2]int{from, i})
	}
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	var out strings.Builder
	rest := 0
	for _, at := range spans {
		out.WriteString(name[rest:at[0]])
		out.WriteString(b.token(name[at[0]:at[1]]))
		rest = at[1]
	}
	out.WriteString(name[rest:])
	return out.String()
}

func (b *box) token(text string) string {
	masked := scan.MaskName(text)
	if strings.HasPrefix(text, lead) {
		masked = "?"
	}
	nonce := b.hash(text)[:b.aead.NonceSize()]
	return begin + masked + middle + letters.EncodeToString(b.aead.Seal(nonce, nonce, []byte(text), nil)) + end
}

// suspicious reports whether a name may hold what is to be sealed; most do not.
func suspicious(name string) bool {
	digits := 0
	for i := range len(name) {
		switch c := name[i]; {
		case '0' <= c && c <= '9',
			c == 0xEF && i+2 < len(name) && name[i+1] == 0xBC && 0x90 <= name[i+2] && name[i+2] <= 0x99: // full width
			if digits++; digits == 10 {
				return true
			}
		case c == lead[0] && strings.HasPrefix(name[i:], lead):
			return true
		}
	}
	return false
}

// Open is the inverse of Seal. What the key does not open is shown masked, with a tag
// that is the same for the same number.
func (n *Names) Open(stored string) string {
	if !strings.Contains(stored, lead) {
		return stored
	}
	b := n.box.Load()
	var out strings.Builder
	for {
		before, after, found := strings.Cut(stored, begin)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		masked, sealed, ok := strings.Cut(after, middle)
		text, rest, ok2 := strings.Cut(sealed, end)
		if !ok || !ok2 || strings.Contains(masked, lead) {
			out.WriteString(begin) // it was stored by a version that knew of no tokens
			stored = after
			continue
		}
		if opened, ok := b.open(text); ok {
			out.WriteString(opened)
		} else {
			n.shut.Store(true)
			out.WriteString(masked + tag(text))
		}
		stored = rest
	}
}

// tag tells apart numbers that look alike when they are masked: without it a pattern
// with one of them, read without the key, would match files with others.
func tag(sealed string) string { return "~" + sealed[max(0, len(sealed)-6):] }

func (b *box) open(text string) (string, bool) {
	if b == nil {
		return "", false
	}
	sealed, err := letters.DecodeString(text)
	if err != nil || len(sealed) < b.aead.NonceSize() {
		return "", false
	}
	opened, err := b.aead.Open(nil, sealed[:b.aead.NonceSize()], sealed[b.aead.NonceSize():], nil)
	return string(opened), err == nil
}

// JSON is a text of JSON, whose strings are sealed and whose numbers are not.
type JSON string

// Raw is a text that is stored as it is.
type Raw string

// Stored returns a value for a database as it is stored, if it is a text.
func (n *Names) Stored(value any) any {
	switch v := value.(type) {
	case Raw:
		return string(v)
	case JSON:
		return n.SealJSON(string(v))
	case string:
		return n.Seal(v)
	case []string:
		return n.all(v, n.Seal)
	case []JSON:
		out := make([]string, len(v))
		for i, one := range v {
			out[i] = n.SealJSON(string(one))
		}
		return out
	case driver.Valuer:
		return value
	}
	if v := reflect.ValueOf(value); v.Kind() == reflect.String {
		return n.Seal(v.String())
	}
	return value
}

func (n *Names) all(list []string, one func(string) string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = one(s)
	}
	return out
}

// SealJSON seals the strings of a text of JSON.
func (n *Names) SealJSON(text string) string {
	if n.box.Load() == nil || !suspicious(text) {
		return text
	}
	var out strings.Builder
	for {
		at := strings.IndexByte(text, '"')
		if at < 0 {
			out.WriteString(text)
			return out.String()
		}
		size := literal(text[at:])
		out.WriteString(text[:at])
		out.WriteString(n.sealLiteral(text[at : at+size]))
		text = text[at+size:]
	}
}

// literal is the length of the string that a text begins with.
func literal(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// sealLiteral decodes a string first: an escape before a number may end in digits.
func (n *Names) sealLiteral(quoted string) string {
	var text string
	if !suspicious(quoted) || json.Unmarshal([]byte(quoted), &text) != nil {
		return quoted
	}
	sealed := n.Seal(text)
	if sealed == text {
		return quoted
	}
	out, err := json.Marshal(sealed)
	if err != nil {
		return quoted
	}
	return string(out)
}
