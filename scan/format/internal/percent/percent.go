// Package percent resolves percent-encoding (RFC 3986 section 2.1) in running text,
// as logs of web servers hold it: where whole characters outside of ASCII are
// written so.
package percent

import (
	"bytes"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan/format/internal/charset"
)

// Append appends text to dst with its runs of encoded bytes resolved, and reports
// whether there was one that is text. Others stay as they are.
func Append(dst, text []byte) ([]byte, bool) {
	found := false
	for {
		i := bytes.IndexByte(text, '%')
		if i < 0 {
			return append(dst, text...), found
		}
		dst, text = append(dst, text[:i]...), text[i:]
		from := len(dst)
		n, high := 0, false
		for n+2 < len(text) && text[n] == '%' {
			a, b := hex(text[n+1]), hex(text[n+2])
			if a > 15 || b > 15 {
				break
			}
			dst = append(dst, a<<4|b)
			high = high || a > 7
			n += 3
		}
		switch run := dst[from:]; {
		case n == 0:
			dst = append(dst, '%')
			n = 1
		case high && utf8.Valid(run):
			found = true
		case high && len(run) > 3 && charset.Sample(run) != nil:
			dst = append(dst[:from], charset.Sample(run)...)
			found = true
		default:
			dst = append(dst[:from], text[:n]...)
		}
		text = text[n:]
	}
}

func hex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 16
}
