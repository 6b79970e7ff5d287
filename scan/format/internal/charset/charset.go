// Package charset finds the encoding of Japanese text and reads it as UTF-8.
//
// The order of the tests is what was measured to be right on short and long
// samples alike: byte order mark, the pattern of NULs in UTF-16 and UTF-32, and
// then, for text of bytes, which reading of it has the fewest invalid bytes and
// the most kana and common kanji. The decision holds for a region and not for a
// file: exports are joined from several programs, cut characters in the middle
// and begin with lines of a log, so that each line is read as it makes most sense.
//
// Read it in this order: charset.go (the encodings, and what a sample is in),
// wide.go (units of two and four bytes), reading.go (how well text of bytes reads
// in an encoding), reader.go (the decoder), lines.go (its regions).
package charset

import (
	"bytes"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// Charset is an encoding of text.
type Charset uint8

// The encodings. Binary is none: bytes that no text has.
const (
	Binary Charset = iota
	ASCII          // as far as was seen
	UTF8
	UTF16LE
	UTF16BE
	UTF32LE
	UTF32BE
	ISO2022JP
	CP932
	EUCJP
)

// Encoding returns the decoder; nil for what is UTF-8 already. CP932 is JIS X
// 0208 with the NEC and IBM rows (WHATWG Encoding Standard, "Shift_JIS").
func (c Charset) Encoding() encoding.Encoding {
	switch c {
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case UTF32LE:
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)
	case UTF32BE:
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)
	case ISO2022JP:
		return japanese.ISO2022JP
	case CP932:
		return japanese.ShiftJIS
	case EUCJP:
		return japanese.EUCJP
	}
	return nil
}

// wide reports whether characters are units of two or four bytes.
func (c Charset) wide() bool { return c >= UTF16LE && c <= UTF32BE }

// Detect finds the encoding of a sample, which may be cut anywhere, and how
// many bytes of byte order mark it begins with. Of a sample whose lines are in
// several encodings it is the one of most of them.
func Detect(b []byte) (c Charset, bom int) {
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		return UTF8, 3
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE, 0, 0}) && plausible32(b[4:], 0):
		return UTF32LE, 4
	case bytes.HasPrefix(b, []byte{0, 0, 0xFE, 0xFF}) && plausible32(b[4:], 3):
		return UTF32BE, 4
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}) && !bytes.HasPrefix(b, []byte{0xFF, 0xFE, 0, 0}):
		return UTF16LE, 2
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return UTF16BE, 2
	}
	if c := wideOf(b); c != Binary {
		return c, 0
	}
	if controls(b) || ebcdic(b) {
		return Binary, 0
	}
	if escaped(b) {
		return ISO2022JP, 0
	}
	return bytesOf(b), 0
}

// bytesOf finds the encoding of text of bytes: lines that are ASCII say nothing,
// and of the others each is counted by its length for the reading that suits it.
func bytesOf(b []byte) Charset {
	if ascii(b) {
		return ASCII
	}
	var sum [EUCJP + 1]int
	invalid := 0
	prior := best(b, UTF8, false)
	for line := range bytes.Lines(b) {
		if ascii(line) {
			continue
		}
		c := best(line, prior, true)
		r := read(line, c)
		sum[c] += r.double + r.half
		invalid += r.invalid
	}
	if invalid > max(len(b)/20, 1) && !worded(b) {
		return Binary
	}
	found := prior
	for _, c := range [...]Charset{UTF8, CP932, EUCJP} {
		if sum[c] > sum[found] {
			found = c
		}
	}
	return found
}

// worded reports whether bytes are text in an encoding that is none of Japan, such as
// those of Cyrillic or Hebrew: without a control character, and in words. All that
// is ASCII in it can be read.
func worded(b []byte) bool {
	blanks := 0
	for _, x := range b {
		switch {
		case x == ' ' || x == '\n' || x == '\r' || x == '\t':
			blanks++
		case x < 0x20 || x == 0x7F:
			return false
		}
	}
	return blanks*20 >= len(b)
}

// ebcdic reports whether bytes are text of a mainframe: its blanks are 0x40, its
// letters and digits lie above 0x80, and there are next to none below.
func ebcdic(b []byte) bool {
	blanks, high, low := 0, 0, 0
	for _, x := range b {
		switch {
		case x == 0x40:
			blanks++
		case x >= 0xC1 && x <= 0xF9:
			high++
		case x >= 'a' && x <= 'z' || x >= '0' && x <= '9' || x == ' ' || x == '\n':
			low++
		}
	}
	return len(b) > 64 && blanks*20 > len(b) && high*3 > len(b) && low*50 < len(b)
}

// ascii reports whether all bytes are below 0x80.
func ascii(b []byte) bool {
	for _, x := range b {
		if x >= 0x80 {
			return false
		}
	}
	return true
}

// controls reports whether there are more control characters than text has. One
// in a while is borne: old programs end files with ^Z and print forms with ^L.
// So are vertical tabs and the separators 0x1C to 0x1F, by which databases part
// values in a field, and NULs with which a record or a field is filled up.
func controls(b []byte) bool {
	n := 0
	for i := 0; i < len(b); i++ {
		if b[i] >= 0x1C { // most of it
			continue
		}
		switch x := b[i]; {
		case x == 0:
			run := padding(b[i:])
			if run == 0 {
				n += 5
				continue
			}
			i += run - 1
		case x < 0x20 && x != '\n' && x != '\r' && x != '\t' && x != 0x1B && x != '\f' && x != 0x1A && x != '\v' && x < 0x1C:
			n++
		}
	}
	return n*100 > len(b)
}

// minPadding is how many NULs together fill up a field.
const minPadding = 2

// padding returns how many NULs b begins with if they fill up a field: there are
// several, and what ends a field follows.
func padding(b []byte) int {
	n := 1
	for n < len(b) && b[n] == 0 {
		n++
	}
	if n < minPadding || n == len(b) {
		return 0
	}
	switch b[n] {
	case '\r', '\n', '\t', ',', ';', '|', '"':
		return n
	}
	return 0
}

// escaped reports whether b is text with the escape sequences of ISO-2022-JP
// (RFC 1468) and without a byte above 0x7F.
func escaped(b []byte) bool { return escape(b) && ascii(b) }

func escape(b []byte) bool {
	for _, esc := range [...]string{"\x1B$B", "\x1B$@", "\x1B(J", "\x1B(I", "\x1B$(D"} {
		if bytes.Contains(b, []byte(esc)) {
			return true
		}
	}
	return false
}
