package lex

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// A Form is how a cell is written.
type Form uint8

const (
	FormUnread      Form = iota
	FormNone             // holds no number of interest
	FormText             // has ten digits or more among other signs
	FormHyphen           // 1234-567890
	FormSpaced           // 1234 567890, 1234.567890: counts under a heading only
	FormGrouped          // 1234-567-890, 1,234,567,890: under a heading or behind a label of the number only
	FormBare             // 1234567890
	FormNine             // 123456789: may have lost a leading zero
	FormCertificate      // 1234-567890-1150, the number of a pension certificate
	FormRounded          // 1.23E+09 and the like: all but the first digits are lost
	FormShort            // one to six digits: a part of a number written over several cells
)

// A Reading is what a cell is by itself.
type Reading struct {
	Value  uint64 // the ten digits, or those of a short one
	Form   Form
	Digits uint8 // of a short one
	Code   bool  // a known pension code (年金コード) follows
}

// Number reports whether the reading is a candidate without help from its
// neighbours.
func (r Reading) Number() bool { return r.Form >= FormHyphen && r.Form <= FormCertificate }

// MaxCell is the length in bytes up to which a cell can be one number: 14
// digits, two hyphens and some spaces, all of them three bytes long.
const MaxCell = 64

// ReadCell reads a cell. Most cells end at the first look: they hold neither an
// ASCII nor a full-width digit.
func ReadCell(b []byte) Reading {
	if len(b) == 0 {
		return Reading{Form: FormNone}
	}
	if first, last := b[0]-'0', b[len(b)-1]-'0'; first > 9 || last > 9 {
		if b = Trim(b); len(b) == 0 {
			return Reading{Form: FormNone}
		}
	}
	// A number begins and ends with a digit; other text is of interest only
	// with ten digits in it.
	if len(b) > MaxCell || !digitAt(b) && !hidden(b[0]) {
		if oddDigitAt(b) || len(b) <= spelledMost && digitAt(b) {
			return readOther(b)
		}
		return readText(b)
	}
	if r, ok := readDigits(b); ok {
		return r
	}
	return readSigns(b)
}

// readSigns reads what begins with a digit, sign by sign.
func readSigns(b []byte) Reading {
	var g groups
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c-'0' <= 9:
			g.digit(c - '0')
			i++
			continue
		case c < utf8.RuneSelf:
			if !g.sign(rune(c)) {
				return readOther(b)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if d := uint32(r) - '０'; d <= 9 {
			g.digit(byte(d))
		} else if !g.sign(r) {
			return readOther(b)
		}
		i += n
	}
	return g.reading(b)
}

// readDigits reads what consists of ASCII digits and perhaps hyphens, as most
// numbers, dates and telephone numbers in files do. What has several hyphens and
// may be a number is left to the others.
func readDigits(b []byte) (Reading, bool) {
	var v uint64
	hyphens, first, double := 0, 0, false
	for i, c := range b {
		switch d := c - '0'; {
		case d <= 9:
			v = v*10 + uint64(d)
		case c == '-':
			if hyphens == 0 {
				first = i
			} else if b[i-1] == '-' {
				double = true
			}
			hyphens++
		default:
			return Reading{}, false
		}
	}
	digits := len(b) - hyphens
	switch {
	case hyphens == 0 && digits <= 11:
		return single(uint8(digits), v), true
	case hyphens == 1 && first == 4 && digits == 10:
		return Reading{Value: v, Form: FormHyphen}, true
	case hyphens == 1 && digits <= 10, b[len(b)-1] != '-' && (digits < 10 || hyphens == 2 && !double && (digits == 10 && first != 4 || digits == 11)):
		return Reading{Form: FormNone}, true
	}
	return Reading{}, false
}

// readOther reads what is no number at a first look.
func readOther(b []byte) Reading {
	if r, ok := readSpelled(b); ok {
		return r
	}
	return readText(b)
}

// readText reports whether b may hold a number among other signs.
func readText(b []byte) Reading {
	if len(b) <= 10 {
		return Reading{Form: FormNone}
	}
	digits := 0
	for i := 0; i < len(b) && digits < 10; i++ {
		if i+8 <= len(b) {
			if n, ok := digitsOf(binary.LittleEndian.Uint64(b[i:])); ok {
				digits += n
				i += 7
				continue
			}
		}
		if c := b[i]; c-'0' <= 9 || c == 0xEF && i+2 < len(b) && b[i+1] == 0xBC && b[i+2]-0x90 <= 9 {
			digits++
		}
	}
	if digits < 10 {
		return Reading{Form: FormNone}
	}
	return Reading{Form: FormText}
}

// digitsOf counts the ASCII digits among eight bytes; false if a character begins
// among them that may be a digit of full width.
func digitsOf(w uint64) (n int, ok bool) {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	if wide := w ^ 0xEF*ones; (wide-ones)&^wide&high != 0 {
		return 0, false
	}
	w ^= '0' * ones // a digit is 0 to 9 now
	return 8 - bits.OnesCount64(((w&^high+0x76*ones)|w)&high), true
}

// groups are the runs of digits of a cell and the signs between them.
type groups struct {
	n     int // groups begun
	len   [3]uint8
	value [3]uint64
	sep   [3]byte // sign before the group: 'h' hyphen, 's' space or dot
	open  bool
	next  byte
	over  bool // more than can be a number
	wide  bool // has something else than hyphens between
}

func (g *groups) digit(d byte) {
	if !g.open {
		if g.n == len(g.len) {
			g.over = true
			return
		}
		g.sep[g.n], g.next = g.next, 0
		g.n++
		g.open = true
	}
	i := g.n - 1
	if g.len[i] == 14 {
		g.over = true
		return
	}
	g.len[i]++
	g.value[i] = g.value[i]*10 + uint64(d)
}

// sign takes what is not a digit and reports whether it may stand in a number.
func (g *groups) sign(r rune) bool {
	switch {
	case IsHyphen(r):
		if g.next == 'h' {
			return false
		}
		g.next = 'h'
	case r == ' ' || r == '\n' || r == '\r' || r == '　' || r == '\u00a0' || r == '.':
		if g.next == 0 {
			g.next, g.wide = 's', true
		}
	default:
		return false
	}
	g.open = false
	return true
}

func (g *groups) reading(b []byte) Reading {
	if g.over {
		return g.text(b)
	}
	l, v := g.len, g.value
	switch {
	case g.next != 0: // ends with a sign
	case g.n == 1:
		return single(l[0], v[0])
	case g.n == 2 && l[0] == 4 && l[1] == 6 && g.sep[1] == 'h':
		return Reading{Value: v[0]*1e6 + v[1], Form: FormHyphen}
	case g.n == 2 && l[0] == 4 && l[1] == 6:
		return Reading{Value: v[0]*1e6 + v[1], Form: FormSpaced}
	case g.n == 3 && l[0] == 4 && l[1] == 6 && l[2] == 4 && (g.sep[1] == 'h' || isPensionCode(v[2])):
		return Reading{Value: v[0]*1e6 + v[1], Form: FormCertificate, Code: isPensionCode(v[2])}
	case g.n == 2 && l[0] == 10 && l[1] == 4 && isPensionCode(v[1]):
		return Reading{Value: v[0], Form: FormCertificate, Code: true}
	}
	return g.text(b)
}

// text is for what is no number as a whole. Digits and hyphens alone, as in a
// telephone number, do not hold another one either.
func (g *groups) text(b []byte) Reading {
	if r, ok := readSpelled(b); ok {
		return r
	}
	if !g.wide {
		return Reading{Form: FormNone}
	}
	return readText(b)
}

// single reads one run of digits.
func single(digits uint8, v uint64) Reading {
	switch {
	case digits <= 6:
		return Reading{Value: v, Form: FormShort, Digits: digits}
	case digits == 9:
		return Reading{Value: v, Form: FormNine}
	case digits == 10:
		return Reading{Value: v, Form: FormBare}
	case digits == 14 && isPensionCode(v%1e4):
		return Reading{Value: v / 1e4, Form: FormCertificate, Code: true}
	}
	return Reading{Form: FormNone}
}

// digitAt reports whether b begins with a digit.
func digitAt(b []byte) bool {
	return b[0]-'0' <= 9 || b[0] == 0xEF && len(b) > 2 && b[1] == 0xBC && b[2]-0x90 <= 9
}

// Trim takes off spaces and the apostrophe by which a cell is marked as text.
func Trim(b []byte) []byte {
	for len(b) > 0 && (b[0] <= ' ' || b[0] == '\'') {
		b = b[1:]
	}
	for len(b) > 2 && b[0] == 0xE3 && b[1] == 0x80 && b[2] == 0x80 {
		b = b[3:]
	}
	for len(b) > 0 && b[len(b)-1] <= ' ' {
		b = b[:len(b)-1]
	}
	for n := len(b); n > 2 && b[n-3] == 0xE3 && b[n-2] == 0x80 && b[n-1] == 0x80; n = len(b) {
		b = b[:n-3]
	}
	return b
}

// IsHyphen knows the signs that people and programs write for a hyphen.
func IsHyphen(r rune) bool {
	switch r {
	case '-', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212', '\uff0d', '\ufe63', '\u30fc', '\uff70':
		return true
	}
	return false
}

// isPensionCode knows common codes that follow the number on a certificate
// (年金コード). It decides only whether 14 digits without a hyphen are such a
// number.
func isPensionCode(v uint64) bool {
	switch v {
	case 1150, 1350, 1450, 5350, 5950, 6350, 6450, 2650, 1170, 1370, 1470:
		return true
	}
	return false
}

// SampleLike reports whether a number looks made up: 1234-567890, all the same
// digit, or a serial of 000000, which is never given.
func SampleLike(v uint64) bool {
	return v == 1234567890 || v == 123456789 || v%1e6 == 0 || v%1111111111 == 0
}

// Digit returns the digit that b begins with, and its length; 0 for none.
func Digit(b []byte) (d byte, n int) { return digitOf(b) }

// Separator returns the length of a hyphen or a space that b begins with.
func Separator(b []byte) (n int, ok bool) {
	r, n := utf8.DecodeRune(b)
	return n, IsHyphen(r) || r == ' ' || r == '\t' || r == '　' || r == ',' || r == '.'
}
