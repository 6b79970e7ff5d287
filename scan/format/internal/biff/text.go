package biff

import (
	"unicode/utf16"
	"unicode/utf8"
)

// Flags of a Unicode string (MS-XLS 2.5.293, XLUnicodeRichExtendedString).
const (
	flagHigh = 1 << 0 // two bytes a character
	flagExt  = 1 << 2 // furigana follow
	flagRich = 1 << 3 // formatting runs follow
)

// segments is the data of a record and of the CONTINUE records after it as one
// sequence (MS-XLS 2.1.4).
type segments struct {
	r    *reader
	data []byte
	err  error // of the file; what was asked for is then not there
	gone bool  // no CONTINUE was left
}

// more goes on to the next CONTINUE record.
func (s *segments) more() bool {
	if s.gone || s.err != nil {
		return false
	}
	if s.err = s.r.next(); s.err != nil {
		return false
	}
	if s.r.id != recContinue {
		s.r.again()
		s.gone = true
		return false
	}
	s.data = s.r.data
	return true
}

// skip passes over n bytes.
func (s *segments) skip(n int64) {
	for n > 0 {
		if len(s.data) == 0 && !s.more() {
			return
		}
		k := min(n, int64(len(s.data)))
		s.data = s.data[k:]
		n -= k
	}
}

// number reads n bytes, little-endian.
func (s *segments) number(n int) (v uint32, ok bool) {
	for i := range n {
		for len(s.data) == 0 {
			if !s.more() {
				return 0, false
			}
		}
		v |= uint32(s.data[0]) << (8 * i)
		s.data = s.data[1:]
	}
	return v, true
}

// chars appends n characters to dst. Each CONTINUE says anew how wide they are.
func (s *segments) chars(dst []byte, n int, high bool) ([]byte, bool) {
	var lead rune // a surrogate that waits for its other half
	for n > 0 {
		width := 1
		if high {
			width = 2
		}
		if len(s.data) < width {
			if !s.more() || len(s.data) == 0 {
				return dst, false
			}
			high = s.data[0]&flagHigh != 0
			s.data = s.data[1:]
			continue
		}
		k := min(n, len(s.data)/width)
		if high {
			dst, lead = appendWide(dst, s.data[:2*k], lead)
		} else {
			for _, c := range s.data[:k] {
				dst = utf8.AppendRune(dst, rune(c))
			}
		}
		s.data = s.data[k*width:]
		n -= k
	}
	return dst, true
}

// appendWide appends UTF-16LE as UTF-8; lead is half a character from before,
// and what is left of one is returned.
func appendWide(dst, b []byte, lead rune) ([]byte, rune) {
	for i := 0; i+1 < len(b); i += 2 {
		c := rune(b[i]) | rune(b[i+1])<<8
		switch {
		case lead != 0 && c >= 0xDC00 && c < 0xE000:
			dst = utf8.AppendRune(dst, utf16.DecodeRune(lead, c))
			lead = 0
		case c >= 0xD800 && c < 0xDC00:
			lead = c
		default:
			dst = utf8.AppendRune(dst, c) // half a character becomes U+FFFD
			lead = 0
		}
	}
	return dst, lead
}

// rich appends an XLUnicodeRichExtendedString, without its furigana, after its
// count of characters.
func (s *segments) rich(dst []byte, n int) ([]byte, bool) {
	flags, ok := s.number(1)
	if !ok {
		return dst, n == 0
	}
	var runs, ext uint32
	if flags&flagRich != 0 {
		runs, _ = s.number(2)
	}
	if flags&flagExt != 0 {
		ext, _ = s.number(4)
	}
	dst, ok = s.chars(dst, n, flags&flagHigh != 0)
	if ok {
		s.skip(4*int64(runs) + int64(ext))
	}
	return dst, ok
}

// text appends the string at an offset of the present record to dst: Unicode
// in BIFF8, before that in the code page. Wide says that its count has two bytes.
func (b *stream) text(dst []byte, at int, wide bool) []byte {
	s := segments{r: b.in, data: b.in.data[min(at, len(b.in.data)):]}
	count := 1
	if wide {
		count = 2
	}
	n, _ := s.number(count)
	var ok bool
	if b.v == biff8 {
		dst, ok = s.rich(dst, int(n))
	} else {
		raw := b.raw[:0]
		for len(raw) < int(n) && (len(s.data) > 0 || s.more()) {
			k := min(int(n)-len(raw), len(s.data))
			raw = append(raw, s.data[:k]...)
			s.data = s.data[k:]
		}
		b.raw, ok = raw, len(raw) == int(n)
		dst = b.codes.Append(dst, raw)
	}
	if !ok {
		b.cut++
	}
	return dst
}
