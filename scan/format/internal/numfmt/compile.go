// Package numfmt shows numbers the way a spreadsheet's number format does
// (ECMA-376 part 1, section 18.8.30 and 18.8.31; MS-XLS 2.4.126). It matters
// here because a format like 0000-000000 brings back leading zeros that the
// stored number has lost.
//
// Dates come out as ISO 8601 whatever their format, so that a column of them
// is recognised in any language. Fractions come out as decimals.
package numfmt

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// kind is what a section makes of a number.
type kind uint8

const (
	general kind = iota
	number
	date
	text // the number as it is, between literals
)

// A Format is a compiled number format. It may be used from several goroutines.
type Format struct {
	sections []section
}

type section struct {
	kind      kind
	hasCond   bool
	op        string
	limit     float64
	parts     []part
	intDigits int // placeholders before the point
	minInt    int // zeros among them, counted from the first zero on
	decimals  int // placeholders after the point
	minDec    int
	group     bool
	scale     int // powers of ten: 2 for %, -3 for each trailing comma
	exponent  bool
	plain     bool // one run of integer placeholders and literals: digits can be filled in as text
	hasDate   bool // for date: shows a day
	hasTime   bool // for date: shows a time of day
	elapsed   bool
}

// part is a literal or a placeholder.
type part struct {
	literal string
	place   byte // '0', '#', '?' integer or decimal placeholder; '.' point; 'E' exponent; '@' text; 0 literal
}

// Compile compiles a format code. Any text compiles: what is not understood is
// literal. Codes that a file brings along go through Codes.
func Compile(code string) *Format {
	f := &Format{}
	for i, s := range split(code) {
		if s == "" && i > 0 {
			f.sections = append(f.sections, section{kind: number}) // shows nothing
		} else {
			f.sections = append(f.sections, compileSection(s))
		}
		if len(f.sections) == 4 {
			break
		}
	}
	return f
}

// split cuts a code at semicolons that are not quoted, escaped or in brackets.
func split(code string) []string {
	var list []string
	start, bracket, quote := 0, false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quote = !quote
		case quote:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case c == ';' && !bracket:
			list = append(list, code[start:i])
			start = i + 1
		}
	}
	return append(list, code[start:])
}

func compileSection(code string) section {
	s := section{}
	if strings.EqualFold(strings.TrimSpace(code), "general") || code == "" {
		return s
	}
	c := compiler{s: &s}
	for rest := code; rest != ""; {
		rest = rest[c.step(rest):]
	}
	c.finish()
	return s
}

// A compiler reads one section.
type compiler struct {
	s       *section
	point   bool
	zero    bool // a '0' was seen before the point
	commas  int  // since the latest placeholder
	numeric bool
	general bool
	isText  bool
	lit     []byte // a literal that may go on
}

// step handles what the code begins with and says how long it was.
func (c *compiler) step(code string) int {
	ch := code[0]
	switch ch {
	case '"':
		end := strings.IndexByte(code[1:], '"')
		if end < 0 {
			c.literal(code[1:])
			return len(code)
		}
		c.literal(code[1 : 1+end])
		return end + 2
	case '\\':
		_, n := utf8.DecodeRuneInString(code[1:])
		c.literal(code[1 : 1+n])
		return 1 + n
	case '_', '*': // a space as wide as the next character; a fill
		_, n := utf8.DecodeRuneInString(code[1:])
		return 1 + n
	case '[':
		end := strings.IndexByte(code, ']')
		if end < 0 {
			return len(code)
		}
		c.bracket(code[1:end])
		return end + 1
	case '0', '#', '?':
		c.placeholder(ch)
		return 1
	}
	return c.word(code, ch)
}

func (c *compiler) word(code string, ch byte) int {
	switch ch {
	case '.':
		if c.s.hasTime { // fractions of a second
			return 1
		}
		c.point = true
		c.part(part{place: '.'})
		return 1
	case ',':
		c.commas++
		return 1
	case '%':
		c.s.scale += 2
		c.literal("%")
		return 1
	case '@':
		c.isText = true
		c.part(part{place: '@'})
		return 1
	case 'E', 'e':
		if len(code) > 1 && (code[1] == '+' || code[1] == '-') {
			c.s.exponent = true
			n := 2
			for n < len(code) && (code[n] == '0' || code[n] == '#') {
				n++
			}
			c.part(part{place: 'E', literal: code[2:n]})
			return n
		}
		c.s.hasDate = true
		return 1
	}
	return c.letters(code, ch)
}

// letters handles the parts of dates and the word General.
func (c *compiler) letters(code string, ch byte) int {
	if len(code) >= 7 && strings.EqualFold(code[:7], "general") {
		c.general = true
		return 7
	}
	n := 1
	for n < len(code) && code[n]|0x20 == ch|0x20 {
		n++
	}
	switch ch | 0x20 {
	case 'y', 'd', 'g', 'b', 'r':
		c.s.hasDate = true
		return n
	case 'h', 's':
		c.s.hasTime = true
		return n
	case 'm': // minutes beside hours or seconds, else months
		next := strings.TrimLeft(code[n:], ":")
		minutes := c.s.hasTime && !c.s.hasDate || n <= 2 && len(next) > 0 && next[0]|0x20 == 's'
		if minutes {
			c.s.hasTime = true
		} else {
			c.s.hasDate = true
		}
		return n
	case 'a':
		if len(code) >= 5 && strings.EqualFold(code[:5], "am/pm") {
			return 5
		}
		if len(code) >= 3 && strings.EqualFold(code[:3], "a/p") {
			return 3
		}
		if n >= 3 { // day of the week
			c.s.hasDate = true
			return n
		}
	}
	_, size := utf8.DecodeRuneInString(code)
	c.literal(code[:size])
	return size
}

func (c *compiler) bracket(in string) {
	switch {
	case in == "":
	case strings.HasPrefix(in, "$"):
		symbol, _, _ := strings.Cut(in[1:], "-")
		c.literal(symbol)
	case strings.ContainsAny(in[:1], "<>="):
		n := 1
		for n < len(in) && strings.ContainsAny(in[n:n+1], "<>=") {
			n++
		}
		limit, err := strconv.ParseFloat(strings.TrimSpace(in[n:]), 64)
		if err == nil {
			c.s.hasCond, c.s.op, c.s.limit = true, in[:n], limit
		}
	case strings.Trim(strings.ToLower(in), "h") == "", strings.Trim(strings.ToLower(in), "m") == "", strings.Trim(strings.ToLower(in), "s") == "":
		c.s.elapsed, c.s.hasTime = true, true
	}
}

func (c *compiler) literal(s string) { c.lit = append(c.lit, s...) }

// part adds a placeholder behind the literal that stands before it.
func (c *compiler) part(p part) {
	c.endLiteral()
	c.s.parts = append(c.s.parts, p)
}

func (c *compiler) endLiteral() {
	if len(c.lit) > 0 {
		c.s.parts = append(c.s.parts, part{literal: string(c.lit)})
		c.lit = c.lit[:0]
	}
}

func (c *compiler) placeholder(ch byte) {
	if c.s.hasTime {
		return // fractions of a second
	}
	s := c.s
	c.numeric = true
	c.part(part{place: ch})
	if c.point {
		s.decimals++
		if ch == '0' {
			s.minDec = s.decimals
		}
		return
	}
	if c.commas > 0 && s.intDigits > 0 {
		s.group = true
	}
	c.commas = 0
	s.intDigits++
	c.zero = c.zero || ch == '0'
	if c.zero {
		s.minInt++
	}
}

func (c *compiler) finish() {
	c.endLiteral()
	s := c.s
	s.scale -= 3 * c.commas
	switch {
	case s.hasDate || s.hasTime:
		s.kind = date
	case c.numeric:
		s.kind = number
	case c.isText:
		s.kind = text
	case c.general:
		s.kind = general
	default:
		s.kind = number // literals only
	}
	s.plain = s.kind == number && !c.point && !s.group && s.scale == 0 && !s.exponent && s.intDigits > 0
}
