package pdftext

import (
	"bytes"
	"strconv"
	"strings"
)

// The language of content streams and CMaps (section 7.8.2): objects, then the
// operator that takes them.

type (
	name     string
	operator string
	array    []any // of float64, string, name, array or nil
)

const space = "\x00\t\n\f\r "

// A lexer cuts a content stream.
type lexer struct {
	data []byte
	cut  bool // a string or an array was too long to be kept
}

// What of an array and of a string is kept: elements, and bytes. Programs keep
// strings below 32 KiB (ISO 32000-1, annex C).
const (
	arrayMax  = 1 << 18
	stringMax = 1 << 20
)

// put appends a byte to a string, if it has room.
func (l *lexer) put(b []byte, c byte) []byte {
	if len(b) >= stringMax {
		l.cut = true
		return b
	}
	return append(b, c)
}

// next returns a float64, string, name, array, operator, or nil for what has no
// meaning here; ok is false at the end.
func (l *lexer) next(depth int) (v any, ok bool) {
	l.skip()
	if len(l.data) == 0 {
		return nil, false
	}
	c := l.data[0]
	switch {
	case c == '(':
		return l.literal(), true
	case c == '<' && len(l.data) > 1 && l.data[1] == '<', c == '>' && len(l.data) > 1 && l.data[1] == '>':
		l.data = l.data[2:] // a dictionary: its entries pass as operands that nobody takes
		return nil, true
	case c == '<':
		return l.hex(), true
	case c == '[' && depth < 4:
		l.data = l.data[1:]
		list := array{}
		for {
			v, ok := l.next(depth + 1)
			if !ok || v == operator("]") {
				return list, true
			}
			if len(list) < arrayMax {
				list = append(list, v)
			} else {
				l.cut = true
			}
		}
	case c == '/':
		l.data = l.data[1:]
		return name(unescaped(l.word())), true
	case strings.IndexByte("[]{}>)", c) >= 0:
		l.data = l.data[1:]
		return operator(c), true
	}
	word := l.word()
	if n, err := strconv.ParseFloat(word, 64); err == nil && word[0] <= '9' {
		return n, true
	}
	return operator(word), true
}

// skip passes over blanks and comments.
func (l *lexer) skip() {
	for {
		l.data = bytes.TrimLeft(l.data, space)
		if len(l.data) == 0 || l.data[0] != '%' {
			return
		}
		if end := bytes.IndexAny(l.data, "\r\n"); end >= 0 {
			l.data = l.data[end:]
		} else {
			l.data = nil
		}
	}
}

func (l *lexer) word() string {
	n := 0
	for n < len(l.data) && strings.IndexByte(space+"()<>[]{}/%", l.data[n]) < 0 {
		n++
	}
	word := string(l.data[:n])
	l.data = l.data[n:]
	return word
}

// unescaped decodes #xx in a name.
func unescaped(s string) string {
	if strings.IndexByte(s, '#') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}

// literal reads a string in parentheses (section 7.3.4.2).
func (l *lexer) literal() string {
	var b []byte
	depth := 0
	for i := 0; i < len(l.data); i++ {
		c := l.data[i]
		switch {
		case c == '\\' && i+1 < len(l.data):
			c, used, ok := escape(l.data[i+1:])
			if i += used; ok {
				b = l.put(b, c)
			}
			continue
		case c == '(':
			if depth++; depth == 1 {
				continue
			}
		case c == ')':
			if depth--; depth == 0 {
				l.data = l.data[i+1:]
				return string(b)
			}
		}
		b = l.put(b, c)
	}
	l.data = nil
	return string(b)
}

// escape reads what follows a backslash: a byte, unless the string only goes on
// in the next line, and how many bytes were read.
func escape(s []byte) (c byte, used int, ok bool) {
	if i := strings.IndexByte("nrtbf", s[0]); i >= 0 {
		return "\n\r\t\b\f"[i], 1, true
	}
	switch {
	case s[0] == '\r' && len(s) > 1 && s[1] == '\n':
		return 0, 2, false
	case s[0] == '\r', s[0] == '\n':
		return 0, 1, false
	case s[0] < '0' || s[0] > '7':
		return s[0], 1, true
	}
	v, n := 0, 0
	for n < 3 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
		v = v<<3 | int(s[n]-'0')
		n++
	}
	return byte(v), n, true
}

func (l *lexer) hex() string {
	end := bytes.IndexByte(l.data, '>')
	if end < 0 {
		end = len(l.data)
	}
	var b []byte
	half := -1
	for _, c := range l.data[1:max(end, 1)] {
		v := strings.IndexByte("0123456789abcdef", c|0x20)
		switch {
		case v < 0 || c < '0':
		case half < 0:
			half = v
		default:
			b, half = l.put(b, byte(half<<4|v)), -1
		}
	}
	if half >= 0 {
		b = append(b, byte(half<<4))
	}
	l.data = l.data[min(end+1, len(l.data)):]
	return string(b)
}

// inlineImage passes over the data of a picture in the stream (section 8.9.7).
func (l *lexer) inlineImage() {
	for {
		at := bytes.Index(l.data, []byte("EI"))
		if at < 0 {
			l.data = nil
			return
		}
		before, after := at > 0 && strings.IndexByte(space, l.data[at-1]) >= 0, at+2 >= len(l.data) || strings.IndexByte(space, l.data[at+2]) >= 0
		l.data = l.data[at+2:]
		if before && after {
			return
		}
	}
}
