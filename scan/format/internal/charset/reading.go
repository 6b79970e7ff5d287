package charset

import "unicode/utf8"

// A reading is how a piece of text reads in an encoding.
type reading struct {
	invalid int // bytes that are none of its characters
	good    int // credit for kana, common kanji and punctuation
	double  int // characters of several bytes
	half    int // half-width kana
}

// value is the credit less what is charged for invalid bytes.
func (r reading) value() int { return r.good - 6*r.invalid }

// read reads text in an encoding of bytes. A character that is cut at the end is
// borne.
func read(b []byte, c Charset) reading {
	switch c {
	case CP932:
		return readCP932(b)
	case EUCJP:
		return readEUC(b)
	}
	return readUTF8(b)
}

// margin is by how much another encoding must suit a line better than that of the
// lines before: a short line may by chance read well in several.
const margin = 6

// best returns the encoding that suits text of bytes best. The prior one wins in
// doubt; settled, since lines before were in it, it wins by a margin.
func best(b []byte, prior Charset, settled bool) Charset {
	was := read(b, prior)
	if prior == UTF8 && was.invalid == 0 && was.double > 0 && was.good > 0 {
		return UTF8
	}
	if settled && prior != UTF8 && was.invalid == 0 && was.half == 0 && was.good >= 2*was.double {
		return prior // as good as its text is; it would read badly in the others
	}
	found, top := prior, was.value()
	if settled && was.invalid == 0 {
		top += max(margin, top/2)
	}
	for _, c := range [...]Charset{UTF8, CP932, EUCJP} {
		if c == prior {
			continue
		}
		r := read(b, c)
		v := r.value()
		if c == UTF8 && r.invalid == 0 && r.good >= margin {
			v += 2 * margin // hardly by chance
		}
		if v > top {
			found, top = c, v
		}
	}
	return found
}

func readUTF8(b []byte) (s reading) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			if utf8.FullRune(b[i:]) {
				s.invalid++
			}
			i++
			continue
		}
		i += n
		s.double++
		switch {
		case r >= 0x3041 && r <= 0x30FE: // kana
			s.good += 4
		case r >= 0x4E00 && r <= 0x9FFF:
			s.good += 2
		case r >= 0xFF61 && r <= 0xFF9F:
			s.half++
			s.good += 2
		case r >= 0x3000 && r <= 0x303F, r >= 0xFF00 && r <= 0xFFEF, r >= 0x2010 && r <= 0x206F:
			s.good++
		}
	}
	return s
}

func readCP932(b []byte) (s reading) {
	for i := 0; i < len(b); i++ {
		lead := b[i]
		switch {
		case lead < 0x80:
		case lead >= 0xA1 && lead <= 0xDF:
			s.half++
			if lead >= 0xB1 || lead >= 0xA6 && lead <= 0xB0 { // a letter and no punctuation
				s.good++
			}
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

func readEUC(b []byte) (s reading) {
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
				s.half++
				s.good += 3
			case lead == 0xA4 && trail <= 0xF3 || lead == 0xA5 && trail <= 0xF6: // kana
				s.good += 4
			case lead >= 0xB0 && lead <= 0xCF: // level 1 kanji
				s.good += 2
			case lead >= 0xD0 && lead <= 0xF4, lead == 0xA1, lead == 0xA3:
				s.good++
			}
		}
	}
	return s
}
