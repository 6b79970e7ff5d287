package pdftext

import (
	"unicode/utf16"
)

// A cmap maps codes to characters (section 9.10.3; Adobe Technical Note 5014).
type cmap struct {
	spaces []codeRange // which codes there are, and how long
	chars  map[uint32]string
	ranges []codeRange
}

// A codeRange is codes of n bytes from lo to hi; text is that of lo.
type codeRange struct {
	n      int
	lo, hi uint32
	text   []uint16
}

const (
	cmapMax    = 1 << 17 // entries
	rangesMax  = 256     // ranges of more than 256 codes, and of code spaces: each code is looked for in all
	rangeSmall = 256     // a range of so many codes is kept code by code
)

// size is how many entries a map has.
func (m *cmap) size() int { return len(m.chars) + len(m.ranges) + len(m.spaces) }

// full reports that no more is kept.
func (m *cmap) full() bool { return m.size() >= cmapMax }

func parseCMap(data []byte) *cmap {
	m := &cmap{chars: map[uint32]string{}}
	l := lexer{data: data}
	var operands []any
	for !m.full() && len(operands) < 3*cmapMax {
		v, ok := l.next(0)
		if !ok {
			break
		}
		op, is := v.(operator)
		if !is {
			operands = append(operands, v)
			continue
		}
		switch op {
		case "endcodespacerange":
			for ; len(operands) >= 2 && len(m.spaces) < rangesMax; operands = operands[2:] {
				lo, hi := codeOf(operands[0]), codeOf(operands[1])
				m.spaces = append(m.spaces, codeRange{n: len(text(operands[0])), lo: lo, hi: hi})
			}
		case "endbfchar":
			for ; len(operands) >= 2 && !m.full(); operands = operands[2:] {
				m.chars[codeOf(operands[0])] = string(utf16.Decode(units(text(operands[1]))))
			}
		case "endbfrange":
			for ; len(operands) >= 3; operands = operands[3:] {
				m.bfrange(operands)
			}
		}
		operands = operands[:0]
	}
	return m
}

func (m *cmap) bfrange(operands []any) {
	lo, hi := codeOf(operands[0]), codeOf(operands[1])
	switch to := operands[2].(type) {
	case string:
		r := codeRange{lo: lo, hi: hi, text: units(to)}
		switch {
		case hi < lo || len(r.text) == 0:
		case hi-lo < rangeSmall:
			for code := lo; ; code++ {
				if _, ok := m.chars[code]; !ok && !m.full() {
					m.chars[code] = r.at(code)
				}
				if code == hi {
					break
				}
			}
		case len(m.ranges) < rangesMax:
			m.ranges = append(m.ranges, r)
		}
	case array:
		for i, v := range to {
			if m.full() {
				break
			}
			m.chars[lo+uint32(i)] = string(utf16.Decode(units(text(v))))
		}
	}
}

// at returns the characters of a code of the range.
func (r codeRange) at(code uint32) string {
	u := append([]uint16{}, r.text...)
	u[len(u)-1] += uint16(code - r.lo)
	return string(utf16.Decode(u))
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func codeOf(v any) uint32 {
	var code uint32
	for _, b := range []byte(text(v)) {
		code = code<<8 | uint32(b)
	}
	return code
}

func units(s string) []uint16 {
	u := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		u = append(u, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return u
}

// lookup returns the characters of a code.
func (m *cmap) lookup(code uint32) (string, bool) {
	if m == nil {
		return "", false
	}
	if s, ok := m.chars[code]; ok {
		return s, true
	}
	for _, r := range m.ranges {
		if code >= r.lo && code <= r.hi && len(r.text) > 0 {
			return r.at(code), true
		}
	}
	return "", false
}

// length returns how many bytes the first code of s has.
func (m *cmap) length(s string) int {
	for n := 1; n <= min(4, len(s)); n++ {
		code := codeOf(s[:n])
		for _, r := range m.spaces {
			if r.n == n && code >= r.lo && code <= r.hi {
				return n
			}
		}
	}
	return min(2, len(s))
}
