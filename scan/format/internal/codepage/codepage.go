// Package codepage names the 8-bit encodings of Windows and DOS by number.
package codepage

import (
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// Japanese is the code page of Windows in Japan.
const Japanese = 932

// utf16 is UTF-16 in the order of Windows.
const utf16 = 1200

// Of returns the encoding of a code page. One that is not known is taken for
// Japanese, since a file that does not say what it is was written in Japan.
func Of(number int) encoding.Encoding {
	switch number {
	case 936:
		return simplifiedchinese.GBK
	case 949:
		return korean.EUCKR
	case 950:
		return traditionalchinese.Big5
	case 65001:
		return unicode.UTF8
	case utf16:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case 51932, 20932:
		return japanese.EUCJP
	case 437:
		return charmap.CodePage437
	case 850:
		return charmap.CodePage850
	case 852:
		return charmap.CodePage852
	case 866:
		return charmap.CodePage866
	case 874:
		return charmap.Windows874
	case 10000:
		return charmap.Macintosh
	}
	if number >= 1250 && number <= 1258 {
		return [...]encoding.Encoding{
			charmap.Windows1250, charmap.Windows1251, charmap.Windows1252, charmap.Windows1253, charmap.Windows1254,
			charmap.Windows1255, charmap.Windows1256, charmap.Windows1257, charmap.Windows1258,
		}[number-1250]
	}
	return japanese.ShiftJIS
}

// A Text decodes pieces of text in one encoding.
type Text struct {
	dec  *encoding.Decoder
	wide bool // ASCII has two bytes a character too
}

// New makes a decoder for a code page.
func New(number int) *Text { return &Text{Of(number).NewDecoder(), number == utf16} }

// Append appends b as UTF-8 to dst. Bytes that are no character become U+FFFD.
func (t *Text) Append(dst, b []byte) []byte {
	for i, c := range b {
		if c >= 0x80 || t.wide {
			t.dec.Reset()
			rest, err := t.dec.Bytes(b[i:])
			if err != nil { // the decoders replace what is no character
				rest = []byte("\uFFFD")
			}
			return append(append(dst, b[:i]...), rest...)
		}
	}
	return append(dst, b...)
}
