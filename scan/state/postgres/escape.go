package postgres

import (
	"strings"
	"unicode/utf8"
)

// PostgreSQL takes neither a NUL nor what is no UTF-8 in a text, and names of
// files have both. Each such byte becomes one character of a range that nobody
// uses, and a character of that range becomes four of them, one for each of its
// bytes, so that each text comes back as it was. All others stay as they are,
// and so does their order.
const escapes = 0x10FE00 // of byte 0

// escapeLead is the first byte of the characters of the range and of few others.
const escapeLead = "\xf4"

func escaped(r rune) bool { return r >= escapes && r <= escapes+0xFF }

// escape makes a text one that PostgreSQL takes.
func escape(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 && !strings.Contains(s, escapeLead) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == 0 || r == utf8.RuneError && n == 1 || escaped(r) {
			for i := range n {
				b.WriteRune(escapes + rune(s[i]))
			}
		} else {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}

// unescape is the inverse of escape.
func unescape(s string) string {
	if !strings.Contains(s, escapeLead) {
		return s
	}
	b := make([]byte, 0, len(s))
	for _, r := range s { // what comes from the database is UTF-8
		if escaped(r) {
			b = append(b, byte(r-escapes))
		} else {
			b = utf8.AppendRune(b, r)
		}
	}
	return string(b)
}
