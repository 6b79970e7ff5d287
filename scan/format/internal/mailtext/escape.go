package mailtext

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Unescape returns a line without its escapes of one kind, and how many there
// were: %XX of addresses, =XX of quoted-printable, &#N; of HTML, \uXXXX, \xXX and
// \OOO of scripts,
// and the runs of UTF-7 (RFC 2152), which begin with +.
func Unescape(line []byte, mark byte) ([]byte, int) {
	var out []byte
	n := 0
	for len(line) > 0 {
		i := bytes.IndexByte(line, mark)
		if i < 0 {
			break
		}
		out = append(out, line[:i]...)
		line = line[i:]
		text, size := escapeAt(line)
		if size == 0 {
			out = append(out, mark)
			line = line[1:]
			continue
		}
		out = append(out, text...)
		line = line[size:]
		n++
	}
	return append(out, line...), n
}

// escapeAt decodes the escape that begins a line; size is 0 if it is none.
func escapeAt(b []byte) (text []byte, size int) {
	switch b[0] {
	case '%', '=':
		if len(b) >= 6 && b[0] == '%' && b[1] == 'u' { // as scripts write it
			if n, err := strconv.ParseUint(string(b[2:6]), 16, 16); err == nil {
				return utf8.AppendRune(nil, rune(n)), 6
			}
		}
		if len(b) >= 3 && hexDigit(b[1]) >= 0 && hexDigit(b[2]) >= 0 {
			return []byte{byte(hexDigit(b[1])<<4 | hexDigit(b[2]))}, 3
		}
	case '&':
		return reference(b)
	case '\\':
		if text, size := octet(b); size > 0 {
			return text, size
		}
		return unit(b)
	case '+':
		return utf7(b)
	}
	return nil, 0
}

// reference decodes a character reference.
func reference(b []byte) ([]byte, int) {
	end := bytes.IndexByte(b[:min(len(b), 12)], ';')
	if end < 3 || b[1] != '#' {
		return nil, 0
	}
	digits, base := string(b[2:end]), 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	if err != nil {
		return nil, 0
	}
	return utf8.AppendRune(nil, rune(n)), end + 1
}

// octet decodes \xXX and \OOO, a byte as scripts and programs write it.
func octet(b []byte) ([]byte, int) {
	switch {
	case len(b) < 4:
	case b[1] == 'x' && hexDigit(b[2]) >= 0 && hexDigit(b[3]) >= 0:
		return []byte{byte(hexDigit(b[2])<<4 | hexDigit(b[3]))}, 4
	default:
		if n, err := strconv.ParseUint(string(b[1:4]), 8, 8); err == nil {
			return []byte{byte(n)}, 4
		}
	}
	return nil, 0
}

// unit decodes \uXXXX, with the other half of a pair if there is one.
func unit(b []byte) ([]byte, int) {
	u := func(b []byte) (rune, bool) {
		if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
			return 0, false
		}
		n, err := strconv.ParseUint(string(b[2:6]), 16, 16)
		return rune(n), err == nil
	}
	r, ok := u(b)
	if !ok {
		return nil, 0
	}
	if utf16.IsSurrogate(r) {
		if low, ok := u(b[6:]); ok {
			return utf8.AppendRune(nil, utf16.DecodeRune(r, low)), 12
		}
	}
	return utf8.AppendRune(nil, r), 6
}

// utf7 decodes a run of UTF-7 that is Japanese text: without a declaration only
// that is certain.
func utf7(b []byte) ([]byte, int) {
	end := 1
	for end < len(b) && (b[end] >= 'A' && b[end] <= 'Z' || b[end] >= 'a' && b[end] <= 'z' || b[end] >= '0' && b[end] <= '9' || b[end] == '+' || b[end] == '/') {
		end++
	}
	raw, err := base64.RawStdEncoding.DecodeString(string(b[1:end]))
	if err != nil || len(raw) < 2 || len(raw)%2 != 0 {
		return nil, 0
	}
	var text []byte
	for i := 0; i < len(raw); i += 2 {
		r := rune(raw[i])<<8 | rune(raw[i+1])
		if !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) && !(r >= 0x3000 && r < 0x3040) && !(r >= 0xFF00 && r < 0xFFF0) {
			return nil, 0
		}
		text = utf8.AppendRune(text, r)
	}
	if end < len(b) && b[end] == '-' {
		end++
	}
	return text, end
}
