package charset

// wideOf recognises UTF-16 and UTF-32 without a mark: the high bytes of line ends,
// digits and separators are NUL, and each unit is one that text has.
func wideOf(b []byte) Charset {
	var zero [4]int
	for i, x := range b[:len(b)&^3] {
		if x == 0 {
			zero[i&3]++
		}
	}
	n := len(b) / 2
	if n < 4 {
		return Binary
	}
	switch {
	case zero[3]*4 == len(b)&^3 && zero[2]*8 > len(b) && plausible32(b, 0):
		return UTF32LE
	case zero[0]*4 == len(b)&^3 && zero[1]*8 > len(b) && plausible32(b, 3):
		return UTF32BE
	}
	even, odd := zero[0]+zero[2], zero[1]+zero[3]
	switch {
	case odd > even && odd*20 > n && plausible16(b, 1):
		return UTF16LE
	case even > odd && even*20 > n && plausible16(b, 0):
		return UTF16BE
	}
	return Binary
}

// wideBad is the share of units, in percent, that text may have and that are none
// of Latin or Japanese text.
const wideBad = 5

// plausible16 reports whether units of two bytes are those of text. hi is where
// the high byte lies.
func plausible16(b []byte, hi int) bool {
	bad, n := 0, 0
	for i := 0; i+1 < len(b); i += 2 {
		n++
		u := rune(b[i+hi])<<8 | rune(b[i+1-hi])
		switch {
		case u < 0x20 && u != '\n' && u != '\r' && u != '\t' && u != '\f' && u != '\v' && u != 0x1A:
			bad += 5
		case u >= 0xFFFE:
			bad += 5
		case !written(u):
			bad++
		}
	}
	return bad*100 <= n*wideBad
}

// plausible32 is the same for units of four bytes. lo is where the lowest byte lies.
func plausible32(b []byte, lo int) bool {
	bad, n := 0, 0
	for i := 0; i+3 < len(b); i += 4 {
		n++
		u := rune(b[i+lo]) | rune(b[i+3-lo])<<24
		if lo == 0 {
			u |= rune(b[i+1])<<8 | rune(b[i+2])<<16
		} else {
			u |= rune(b[i+2])<<8 | rune(b[i+1])<<16
		}
		if u < 0x20 && u != '\n' && u != '\r' && u != '\t' || u < 0 || u > 0x10FFFF || u < 0x10000 && !written(u) {
			bad++
		}
	}
	return n > 0 && bad*100 <= n*wideBad
}

// written knows the characters that Latin and Japanese texts consist of.
func written(u rune) bool {
	switch {
	case u < 0x250, u >= 0x370 && u < 0x460, u >= 0x2000 && u < 0x2E80, u >= 0x3000 && u < 0x3400, u >= 0x4E00 && u < 0xA000,
		u >= 0xD800 && u < 0xE000, u >= 0xF900 && u < 0xFB00, u >= 0xFE00 && u < 0xFFF0, u >= 0x3400 && u < 0x4DC0, u >= 0xE000 && u < 0xE800:
		return true
	}
	return false
}
