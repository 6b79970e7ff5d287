// Package charset finds the encoding of Japanese text and reads it as UTF-8.
//
// The order of the tests is what was measured to be right on short and long
// samples alike: byte order mark, ISO-2022-JP escapes, the pattern of NULs in
// UTF-16, valid UTF-8, and then CP932 against EUC-JP by what is invalid or
// unlikely in each.
package charset

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
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
	ISO2022JP
	CP932
	EUCJP
)

// Encoding gives the decoder; nil for what is UTF-8 already. CP932 is JIS X
// 0208 with the NEC and IBM rows (WHATWG Encoding Standard, "Shift_JIS").
func (c Charset) Encoding() encoding.Encoding {
	switch c {
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case ISO2022JP:
		return japanese.ISO2022JP
	case CP932:
		return japanese.ShiftJIS
	case EUCJP:
		return japanese.EUCJP
	}
	return nil
}

// Detect finds the encoding of a sample, which may be cut anywhere, and how
// many bytes of byte order mark it begins with.
func Detect(b []byte) (c Charset, bom int) {
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		return UTF8, 3
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}) && !bytes.HasPrefix(b, []byte{0xFF, 0xFE, 0, 0}):
		return UTF16LE, 2
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return UTF16BE, 2
	}
	if c := wide(b); c != Binary {
		return c, 0
	}
	if controls(b) {
		return Binary, 0
	}
	if escapes(b) {
		return ISO2022JP, 0
	}
	high := 0
	for _, x := range b {
		if x >= 0x80 {
			high++
		}
	}
	switch {
	case high == 0:
		return ASCII, 0
	case validUTF8(b):
		return UTF8, 0
	}
	return japaneseBytes(b), 0
}

// wide recognises UTF-16 without a mark: line ends, digits and separators
// leave NULs on one side only.
func wide(b []byte) Charset {
	var zero [2]int
	for i, x := range b[:len(b)&^1] {
		if x == 0 {
			zero[i&1]++
		}
	}
	n := len(b) / 2
	switch {
	case n < 4:
		return Binary
	case zero[0] == 0 && zero[1]*20 > n && plausible(b, 1):
		return UTF16LE
	case zero[1] == 0 && zero[0]*20 > n && plausible(b, 0):
		return UTF16BE
	}
	return Binary
}

// plausible tells whether the units are those of text: no control characters
// beyond line ends and tabs, and no unpaired surrogates. hi is where the high byte lies.
func plausible(b []byte, hi int) bool {
	bad := 0
	for i := 0; i+1 < len(b); i += 2 {
		h, l := b[i+hi], b[i+1-hi]
		if h == 0 && l < 0x20 && l != '\n' && l != '\r' && l != '\t' || h == 0xFF && l >= 0xFE {
			bad++
		}
	}
	return bad*100 <= len(b)/2
}

// controls tells whether there are more control characters than text has. One
// in a while is borne: old programs end files with ^Z and print forms with ^L.
func controls(b []byte) bool {
	n := 0
	for _, x := range b {
		if x < 0x20 && x != '\n' && x != '\r' && x != '\t' && x != 0x1B && x != '\f' && x != 0x1A {
			n++
		}
		if x == 0 {
			n += 4
		}
	}
	return n*100 > len(b)
}

func escapes(b []byte) bool {
	for _, esc := range []string{"\x1B$B", "\x1B$@", "\x1B(J", "\x1B(I", "\x1B$(D"} {
		if bytes.Contains(b, []byte(esc)) {
			for _, x := range b {
				if x >= 0x80 {
					return false
				}
			}
			return true
		}
	}
	return false
}

// validUTF8 bears a character that is cut at the end.
func validUTF8(b []byte) bool {
	for i := 0; i < utf8.UTFMax && i < len(b); i++ {
		if r, n := utf8.DecodeLastRune(b[:len(b)-i]); r != utf8.RuneError || n > 1 {
			return utf8.Valid(b[:len(b)-i]) && (i == 0 || !utf8.FullRune(b[len(b)-i:]))
		}
	}
	return false
}

// japaneseBytes decides between CP932 and EUC-JP. Each reading is charged for
// what is invalid in it and credited for kana and common kanji.
func japaneseBytes(b []byte) Charset {
	sjis, euc := scoreCP932(b), scoreEUC(b)
	limit := len(b) / 20
	switch {
	case sjis.invalid > limit && euc.invalid > limit:
		return Binary
	case sjis.invalid*4 < euc.invalid:
		return CP932
	case euc.invalid*4 < sjis.invalid:
		return EUCJP
	case euc.halfKana > 0 && euc.halfKana == euc.double && euc.invalid == 0:
		return EUCJP // all led by SS2: half-width kana; as CP932 it would be rare kanji
	case euc.good > sjis.good:
		return EUCJP
	}
	return CP932
}

type score struct{ invalid, good, double, halfKana int }

func scoreCP932(b []byte) (s score) {
	for i := 0; i < len(b); i++ {
		lead := b[i]
		switch {
		case lead < 0x80:
		case lead >= 0xA1 && lead <= 0xDF: // half-width kana
			s.halfKana++
		case lead == 0x80 || lead == 0xA0 || lead >= 0xFD:
			s.invalid++
		case i+1 == len(b):
		default:
			i++
			trail := b[i]
			if trail < 0x40 || trail == 0x7F || trail > 0xFC {
				s.invalid++
				i--
				continue
			}
			s.double++
			switch {
			case lead == 0x82 && trail >= 0x9F, lead == 0x83 && trail <= 0x96: // kana
				s.good += 4
			case lead >= 0x88 && lead <= 0x97: // level 1 kanji
				s.good += 2
			case lead == 0x81 || lead == 0x82:
				s.good++
			}
		}
	}
	return s
}

func scoreEUC(b []byte) (s score) {
	for i := 0; i < len(b); i++ {
		lead := b[i]
		switch {
		case lead < 0x80:
		case lead != 0x8E && lead != 0x8F && (lead < 0xA1 || lead == 0xFF):
			s.invalid++
		case i+1 == len(b):
		default:
			i++
			trail := b[i]
			if trail < 0xA1 || trail == 0xFF || lead == 0x8E && trail > 0xDF {
				s.invalid++
				i--
				continue
			}
			s.double++
			switch {
			case lead == 0x8E:
				s.halfKana++
			case lead == 0xA4 || lead == 0xA5: // kana
				s.good += 4
			case lead >= 0xB0 && lead <= 0xCF: // level 1 kanji
				s.good += 2
			case lead == 0xA1 || lead == 0xA3:
				s.good++
			}
		}
	}
	return s
}

// sampleSize is how much is looked at once a byte outside of ASCII was met.
const (
	sampleSize = 64 << 10
	firstSize  = 2 << 10
)

// NewReader reads r as UTF-8 and tells the encoding as far as it is known: a
// text may be ASCII for long before it shows what it is written in.
func NewReader(r io.Reader) *Reader {
	return &Reader{r: r, charset: ASCII}
}

// A Reader decodes text. It decides on the encoding at the first bytes that
// are not ASCII.
type Reader struct {
	r       io.Reader
	charset Charset
	started bool
	buf     []byte
	out     io.Reader // once decided
	err     error
}

// Charset is the encoding as far as it was needed.
func (t *Reader) Charset() Charset { return t.charset }

func (t *Reader) Read(p []byte) (int, error) {
	if t.out != nil {
		return t.out.Read(p)
	}
	if len(t.buf) == 0 {
		if t.err != nil {
			return 0, t.err
		}
		t.sample()
		if t.out != nil {
			return t.out.Read(p)
		}
	}
	n := copy(p, t.buf)
	t.buf = t.buf[n:]
	if n == 0 {
		return 0, t.err
	}
	return n, nil
}

// sample takes the next piece; plain ASCII passes, anything else decides.
func (t *Reader) sample() {
	buf := make([]byte, firstSize)
	n, err := io.ReadFull(t.r, buf)
	if err == nil { // more than a small file holds
		buf = append(make([]byte, 0, sampleSize), buf...)[:sampleSize]
		var k int
		k, err = io.ReadFull(t.r, buf[n:])
		if n += k; err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
	}
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	t.buf, t.err = buf[:n], err
	c, bom := Detect(t.buf)
	if c == ASCII || c == Binary && t.started {
		t.started = true
		return
	}
	t.charset, t.started = c, true
	rest := io.MultiReader(bytes.NewReader(t.buf[bom:]), &remainder{t})
	t.out = rest
	if enc := c.Encoding(); enc != nil {
		t.out = transform.NewReader(rest, enc.NewDecoder())
	}
}

// remainder goes on after the sample, with the error that came with it.
type remainder struct{ t *Reader }

func (m *remainder) Read(p []byte) (int, error) {
	if m.t.err != nil {
		return 0, m.t.err
	}
	return m.t.r.Read(p)
}
