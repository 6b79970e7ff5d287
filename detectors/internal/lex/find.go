package lex

import "unicode/utf8"

// A Finder finds numbers in running text. What surrounds the digits decides:
// a number has no further digits, letters or hyphens at its ends, so that
// "2024-123456-7", a UUID or a link are none.
type Finder struct {
	text []byte
	at   int
}

// A Find is a number in text[Start:End].
type Find struct {
	Reading
	Start, End int
	Assigned   bool // "=" stands before it
}

// NewFinder returns a finder at the start of a text.
func NewFinder(text []byte) Finder { return Finder{text: text} }

// Next returns the next number.
func (f *Finder) Next() (Find, bool) {
	blocked, assigned, comma := false, false, false
	for f.at < len(f.text) {
		if !digitAt(f.text[f.at:]) {
			r, n := utf8.DecodeRune(f.text[f.at:])
			dotted := (r == '.' || r == '．') && f.at > 0 && (f.text[f.at-1] == 'o' || f.text[f.at-1] == 'O' || f.text[f.at-1] >= utf8.RuneSelf)
			blocked, assigned = blocks(r) && !dotted, r == '=' || r == '＝'
			comma = r == ','
			f.at += n
			continue
		}
		start := f.at
		g, end := f.chain()
		f.at = end
		rd := g.reading(nil)
		if blocked && !(comma && rd.Number()) || f.blockedRight(end) && !(rd.Number() && f.listed(end)) {
			blocked, comma = true, false
			continue
		}
		blocked = false
		if rd.Number() && rd.Form != FormNine {
			return Find{rd, start, end, assigned}, true
		}
		if rd, end, ok := f.spaced(g, end); ok {
			f.at = end
			return Find{rd, start, end, assigned}, true
		}
	}
	return Find{}, false
}

// chain reads digits joined by hyphens and leaves the finder behind them.
func (f *Finder) chain() (g groups, end int) {
	i := f.at
	for i < len(f.text) {
		if d, n := digitOf(f.text[i:]); n > 0 {
			g.digit(d)
			i += n
			continue
		}
		if n := invisibleOf(f.text[i:]); n > 0 {
			i += n
			continue
		}
		n := hyphenOf(f.text[i:])
		if n == 0 || i+n >= len(f.text) || !digitAt(f.text[i+n:]) {
			break
		}
		g.sign('-')
		i += n
	}
	return g, i
}

// spaced reads six digits behind four and a space.
func (f *Finder) spaced(g groups, end int) (Reading, int, bool) {
	if g.n != 1 || g.len[0] != 4 || g.over {
		return Reading{}, 0, false
	}
	n := 0
	switch {
	case end < len(f.text) && f.text[end] == ' ':
		n = 1
	case end+2 < len(f.text) && string(f.text[end:end+3]) == "　":
		n = 3
	}
	if n == 0 || end+n >= len(f.text) || !digitAt(f.text[end+n:]) {
		return Reading{}, 0, false
	}
	second := Finder{f.text, end + n}
	h, after := second.chain()
	if h.n != 1 || h.len[0] != 6 || h.over || f.blockedRight(after) {
		return Reading{}, 0, false
	}
	return Reading{Value: g.value[0]*1e6 + h.value[0], Form: FormSpaced}, after, true
}

// blockedRight reports whether what follows a number makes it a part of something
// else.
func (f *Finder) blockedRight(end int) bool {
	if end >= len(f.text) {
		return false
	}
	r, n := utf8.DecodeRune(f.text[end:])
	switch {
	case r == '.' || r == ',' || r == '/' || r == ':':
		return end+n < len(f.text) && (digitAt(f.text[end+n:]) || Letter(f.text[end+n]))
	case r == '-' || r == '*' || r == '＊':
		return true
	}
	return r == '_' || r == '@' || r == '号' || r == '円' || r < utf8.RuneSelf && Letter(byte(r))
}

// listed reports whether a comma follows that parts the number from the next value
// of a list: it is none of a number, whose groups have three digits.
func (f *Finder) listed(end int) bool {
	if f.text[end] != ',' {
		return false
	}
	n := 0
	for end+1+n < len(f.text) && f.text[end+1+n]-'0' <= 9 {
		n++
	}
	return n != 3
}

// blocks reports whether no number can begin behind r.
func blocks(r rune) bool {
	switch r {
	case '-', '_', '/', '.', ',', '+', '\\', '&', '%', '*', '#', '@', '$', '¥', '￥', '－', '‐', '−', '＊', '第':
		return true
	}
	return r < utf8.RuneSelf && Letter(byte(r))
}

// invisibleOf is the length of a character at the start of b that nobody sees, or 0.
func invisibleOf(b []byte) int {
	if len(b) == 0 || !hidden(b[0]) {
		return 0
	}
	if r, n := utf8.DecodeRune(b); Invisible(r) {
		return n
	}
	return 0
}

// Letter reports whether c is an ASCII letter.
func Letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// digitOf reads one ASCII or full-width digit; n is 0 if there is none.
func digitOf(b []byte) (d byte, n int) {
	switch {
	case len(b) > 0 && b[0]-'0' <= 9:
		return b[0] - '0', 1
	case len(b) > 2 && b[0] == 0xEF && b[1] == 0xBC && b[2]-0x90 <= 9:
		return b[2] - 0x90, 3
	}
	return 0, 0
}

// hyphenOf is the length of a hyphen at the start of b, or 0.
func hyphenOf(b []byte) int {
	r, n := utf8.DecodeRune(b)
	if IsHyphen(r) {
		return n
	}
	return 0
}
