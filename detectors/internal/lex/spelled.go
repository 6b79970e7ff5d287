package lex

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Invisible knows the characters that nobody sees: of zero width, marks of direction,
// joiners, soft hyphens and byte order marks. They come along when text is copied.
func Invisible(r rune) bool {
	switch {
	case r == 0xAD, r == 0x34F, r == 0x61C, r == 0x180E, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF, r >= 0xFE00 && r <= 0xFE0F:
		return true
	}
	return false
}

// blank knows the spaces of all widths.
func blank(r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == 0xA0 || r >= 0x2000 && r <= 0x200A || r == 0x202F || r == 0x205F || r == 0x3000
}

// hidden reports whether a text may begin with what nobody sees, so that a number may
// come behind it.
func hidden(first byte) bool {
	return first == 0xC2 || first == 0xE2 || first == 0xEF || first == 0xE1 || first == '(' || first == '*'
}

// oddSign knows signs that few write between the parts of a number.
func oddSign(r rune) bool {
	switch r {
	case '/', ':', '_', '~', '～', '〜', '・', '(', ')', '（', '）', '*', '＊', '／', '：', '＿', '|', '=', '＝', 'の', '→', '←', '⇒', '─', '━', '│', '┃', '"', '”', '“', '＋', ';', '；':
		return true
	}
	return false
}

// otherDigit reads a digit that is neither ASCII nor of full width: of Chinese
// numerals, of another script, in a circle or brackets, raised or lowered.
func otherDigit(r rune) (d rune, ok bool) {
	if r >= 0x3040 && r < 0x3220 || r >= 0x3300 && r < 0xA000 && r != '零' { // nearly all that is asked for
		return numeral(r)
	}
	for _, from := range [...]rune{0x2460, 0x2474, 0x2488, 0x24F5, 0x2776, 0x2780, 0x278A, 0x3220, 0x3280} { // of 1
		if r >= from && r < from+9 {
			return r - from + 1, true
		}
	}
	switch r {
	case '〇', '零', '○', '◯', '⓪', '⓿', '⁰':
		return 0, true
	case '¹', '²', '³':
		return map[rune]rune{'¹': 1, '²': 2, '³': 3}[r], true
	}
	if r >= '⁴' && r <= '⁹' {
		return r - '⁴' + 4, true
	}
	if r >= '₀' && r <= '₉' {
		return r - '₀', true
	}
	// Digits of a script stand side by side, from zero to nine.
	for _, in := range unicode.Nd.R16 {
		if r >= rune(in.Lo) && r <= rune(in.Hi) {
			return (r - rune(in.Lo)) % 10, true
		}
	}
	for _, in := range unicode.Nd.R32 {
		if r >= rune(in.Lo) && r <= rune(in.Hi) {
			return (r - rune(in.Lo)) % 10, true
		}
	}
	return 0, false
}

// numeral reads a Chinese numeral, also as contracts and ledgers have it.
func numeral(r rune) (d rune, ok bool) {
	switch r {
	case '一', '壱', '壹':
		return 1, true
	case '二', '弐', '貳':
		return 2, true
	case '三', '参', '參':
		return 3, true
	case '四', '肆':
		return 4, true
	case '五', '伍':
		return 5, true
	case '六', '陸':
		return 6, true
	case '七', '漆', '柒':
		return 7, true
	case '八', '捌':
		return 8, true
	case '九', '玖':
		return 9, true
	}
	return 0, false
}

// spelledMost bounds what is read sign by sign: ten digits with a frame around each.
const spelledMost = 112

// spelledLeast is the length of ten digits that are no ASCII.
const spelledLeast = 20

// oddDigitAt reports whether a text begins with a digit as otherDigit reads them. It
// is asked of nearly all cells, so most end here by their length.
func oddDigitAt(b []byte) bool {
	if len(b) < spelledLeast || len(b) > spelledMost || b[0] < utf8.RuneSelf {
		return false
	}
	r, _ := utf8.DecodeRune(b)
	_, ok := otherDigit(r)
	return ok
}

// turned is the mark behind which text is shown from right to left.
const turned = "\u202e"

// plainly writes a text in ASCII: digits, '-' for all hyphens, ' ' for all spaces,
// '/' for odd signs, without what
// is invisible. False for other text.
func plainly(dst, b []byte) ([]byte, bool) {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		i += n
		switch {
		case r >= '0' && r <= '9':
		case r >= '０' && r <= '９':
			r -= '０' - '0'
		case Invisible(r), r >= 0xE0000 && r <= 0xE007F, unicode.In(r, unicode.Mn, unicode.Me): // tags; marks and frames around a digit
			continue
		case blank(r):
			r = ' '
		case IsHyphen(r):
			r = '-'
		case r == ',' || r == '，' || r == '\'' || r == '’':
			r = ','
		case r == '.' || r == '．':
			r = '.'
		case r == 'e' || r == 'E' || r == 'Ｅ':
			r = 'E'
		case r == '+':
		case oddSign(r):
			r = '/'
		default:
			d, ok := otherDigit(r)
			if !ok {
				return dst, false
			}
			r = '0' + d
		}
		if r == ' ' && (len(dst) == 0 || dst[len(dst)-1] == ' ') {
			continue
		}
		dst = append(dst, byte(r))
	}
	for len(dst) > 0 && dst[len(dst)-1] == ' ' {
		dst = dst[:len(dst)-1]
	}
	return dst, true
}

// readSpelled reads a number that programs have written in another way: as a real
// number, with separators of thousands, in groups, or with what nobody sees in it.
func readSpelled(b []byte) (Reading, bool) {
	var room [MaxCell]byte
	s, ok := plainly(room[:0], b)
	if bytes.Contains(b, []byte(turned)) {
		slices.Reverse(s)
	}
	for len(s) > 0 && s[0] == '/' {
		s = s[1:]
	}
	if !ok || len(s) < 6 || s[0]-'0' > 9 {
		return Reading{}, false
	}
	if e := indexByte(s, 'E'); e >= 0 {
		return readExponent(s[:e], s[e+1:])
	}
	s = withoutZeros(s)
	var g spelling
	for _, c := range s {
		if c == '+' {
			c = '/'
		}
		if !g.take(c) {
			return Reading{}, false
		}
	}
	return g.reading()
}

func indexByte(s []byte, c byte) int {
	for i := range s {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// withoutZeros takes the decimals off a whole number: 4120381746.00.
func withoutZeros(s []byte) []byte {
	dot := indexByte(s, '.')
	if dot < 0 || len(s)-dot > 11 {
		return s
	}
	for _, c := range s[dot+1:] {
		if c != '0' {
			return s
		}
	}
	return s[:dot]
}

// readExponent reads a number with a power of ten, as Java, Python and spreadsheets
// write it: 4.120381746E9, 4.120381746e+09. With few digits it has been rounded.
func readExponent(mantissa, exponent []byte) (Reading, bool) {
	if len(exponent) > 0 && exponent[0] == '+' {
		exponent = exponent[1:]
	}
	if len(exponent) == 2 && exponent[0] == '0' {
		exponent = exponent[1:]
	}
	if len(exponent) != 1 || exponent[0] != '8' && exponent[0] != '9' || len(mantissa) < 2 || mantissa[1] != '.' {
		return Reading{}, false
	}
	most := exponent[0] - '0'
	v, n := uint64(mantissa[0]-'0'), byte(0)
	for _, c := range mantissa[2:] {
		if c-'0' > 9 || n == most && c != '0' {
			return Reading{}, false
		}
		if n < most {
			v, n = v*10+uint64(c-'0'), n+1
		}
	}
	kept := n
	for ; n < most; n++ {
		v *= 10
	}
	switch {
	case kept < 6:
		return Reading{Value: v, Form: FormRounded}, true
	case most == 8:
		return Reading{Value: v, Form: FormNine}, true
	}
	return Reading{Value: v, Form: FormBare}, true
}

// A spelling is the groups of digits of a number, and what stands between them.
type spelling struct {
	value  uint64
	digits int
	n      int     // groups
	group  [10]int // digits of each
	sign   byte    // between groups, the same throughout; 'm' for a mixture
	last   byte
	odd    bool // with signs that few write
}

// take takes one byte, and returns false where it can be no number.
func (g *spelling) take(c byte) bool {
	ok := g.taken(c)
	g.last = c
	return ok
}

func (g *spelling) taken(c byte) bool {
	if c-'0' <= 9 {
		if g.digits == 14 || g.last-'0' > 9 && g.n == len(g.group) {
			return false
		}
		if g.last-'0' > 9 || g.n == 0 {
			g.n++
		}
		g.group[g.n-1]++
		g.value, g.digits = g.value*10+uint64(c-'0'), g.digits+1
		return true
	}
	if c == 'E' {
		return false
	}
	if g.last-'0' > 9 { // two signs: a hyphen between blanks, or something odd
		switch {
		case c == ' ':
			c = g.last
		case g.last != ' ' && (c == ',' || g.last == ','):
			return false
		case g.last != ' ':
			g.odd = true
		}
	}
	g.odd = g.odd || c == '/'
	switch g.sign {
	case 0, ' ', c:
		g.sign = c
	default:
		g.sign = 'm'
	}
	return true
}

// reading returns what the groups are.
func (g *spelling) reading() (Reading, bool) {
	n := g.n
	if n > 0 && (g.odd || g.last == '-') {
		if g.digits == 10 && (n == 1 || n == 10 || g.group[0] == 4) {
			return Reading{Value: g.value, Form: FormGrouped}, true
		}
		return Reading{}, false
	}
	switch {
	case n == 0 || g.last-'0' > 9:
	case n == 1 && g.digits == 10:
		return Reading{Value: g.value, Form: FormBare}, true
	case n == 1 && g.digits == 9:
		return Reading{Value: g.value, Form: FormNine}, true
	case n == 2 && g.group[0] == 4 && g.digits == 10 && g.sign == '-':
		return Reading{Value: g.value, Form: FormHyphen}, true
	case n == 2 && g.group[0] == 4 && g.digits == 10 && g.sign != ',':
		return Reading{Value: g.value, Form: FormSpaced}, true
	case g.sign == ',' && g.thousands(), g.sign != ',' && g.digits == 10 && (g.group[0] == 4 && n > 2 || n == 10):
		return Reading{Value: g.value, Form: FormGrouped}, true
	}
	return Reading{}, false
}

// thousands reports whether the groups are those of a number of nine or ten digits
// with separators of thousands.
func (g *spelling) thousands() bool {
	if g.digits != 9 && g.digits != 10 {
		return false
	}
	for _, n := range g.group[1:g.n] {
		if n != 3 {
			return false
		}
	}
	return g.n > 2
}
