package detectors

import "unicode/utf8"

// A finder finds numbers in running text. What surrounds the digits decides:
// a number has no further digits, letters or hyphens at its ends, so that
// "2024-123456-7", a UUID or a link are none.
type finder struct {
	text []byte
	at   int
}

// A find is a number in text[start:end].
type find struct {
	reading
	start, end int
	assigned   bool // "=" stands before it
}

// next gives the next number.
func (f *finder) next() (find, bool) {
	blocked, assigned := false, false
	for f.at < len(f.text) {
		if !digitAt(f.text[f.at:]) {
			r, n := utf8.DecodeRune(f.text[f.at:])
			number := (r == '.' || r == '．') && f.at > 0 && (f.text[f.at-1] == 'o' || f.text[f.at-1] == 'O' || f.text[f.at-1] >= utf8.RuneSelf)
			blocked, assigned = blocks(r) && !number, r == '=' || r == '＝'
			f.at += n
			continue
		}
		start := f.at
		g, end := f.chain()
		f.at = end
		if blocked || f.blockedRight(end) {
			blocked = true
			continue
		}
		blocked = false
		rd := g.reading(nil)
		if rd.number() && rd.form != formNine {
			return find{rd, start, end, assigned}, true
		}
		if rd, end, ok := f.spaced(g, end); ok {
			f.at = end
			return find{rd, start, end, assigned}, true
		}
	}
	return find{}, false
}

// chain reads digits joined by hyphens and leaves the finder behind them.
func (f *finder) chain() (g groups, end int) {
	i := f.at
	for i < len(f.text) {
		if d, n := digitOf(f.text[i:]); n > 0 {
			g.digit(d)
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
func (f *finder) spaced(g groups, end int) (reading, int, bool) {
	if g.n != 1 || g.len[0] != 4 || g.over {
		return reading{}, 0, false
	}
	n := 0
	switch {
	case end < len(f.text) && f.text[end] == ' ':
		n = 1
	case end+2 < len(f.text) && string(f.text[end:end+3]) == "　":
		n = 3
	}
	if n == 0 || end+n >= len(f.text) || !digitAt(f.text[end+n:]) {
		return reading{}, 0, false
	}
	second := finder{f.text, end + n}
	h, after := second.chain()
	if h.n != 1 || h.len[0] != 6 || h.over || f.blockedRight(after) {
		return reading{}, 0, false
	}
	return reading{value: g.value[0]*1e6 + h.value[0], form: formSpaced}, after, true
}

// blockedRight says that what follows a number makes it a part of something
// else.
func (f *finder) blockedRight(end int) bool {
	if end >= len(f.text) {
		return false
	}
	r, n := utf8.DecodeRune(f.text[end:])
	switch {
	case r == '.' || r == ',' || r == '/' || r == ':':
		return end+n < len(f.text) && (digitAt(f.text[end+n:]) || letter(f.text[end+n]))
	case r == '-' || r == '*' || r == '＊':
		return true
	}
	return r == '_' || r == '@' || r == '号' || r == '円' || r < utf8.RuneSelf && letter(byte(r))
}

// blocks says that a number cannot begin behind r.
func blocks(r rune) bool {
	switch r {
	case '-', '_', '/', '.', ',', '+', '\\', '&', '%', '*', '#', '@', '$', '¥', '￥', '－', '‐', '−', '＊', '第':
		return true
	}
	return r < utf8.RuneSelf && letter(byte(r))
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

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
	if isHyphen(r) {
		return n
	}
	return 0
}
