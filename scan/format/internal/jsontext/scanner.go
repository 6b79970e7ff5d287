// Package jsontext reads JSON and what is written like it as records: RFC 8259,
// lines of JSON (NDJSON), JSON5, lists of scripts and what callbacks are handed, and
// the parameters at the end of the lines of logs. A text that is none in some place
// is read on behind it: what it breaks costs no more than a value.
//
// Read it in this order: scanner.go (tokens), reader.go (records), match.go (what is
// such a text).
package jsontext

import (
	"bytes"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan/format/internal/refill"
)

// A kind is what a token is; signs are themselves.
type kind byte

const (
	end    kind = 0
	quoted kind = 's'
	word   kind = 'w' // a number, a literal or a name
	remark kind = 'r'
)

// A scanner reads tokens. What text holds is valid until the next one.
type scanner struct {
	refill.Window
	text []byte
	most int  // bytes of a text that are kept
	cut  bool // one was longer
	call bool // the text is the named arguments of a call
	line int
}

func newScanner(r io.Reader, most int) *scanner {
	return &scanner{Window: refill.NewWindow(r), most: most, line: 1}
}

// next returns the next token.
func (s *scanner) next() kind {
	for s.More() {
		c := s.Buf[s.Pos]
		switch {
		case c == '\n':
			s.line++
			s.Pos++
		case c <= ' ':
			s.Pos++
		case c == '"' || c == '\'' || c == '`':
			s.Pos++
			s.string(c)
			return quoted
		case c == '/':
			s.Pos++
			if n := s.Peek(); n == '/' || n == '*' {
				s.Pos++
				s.remark(n)
				return remark
			}
			s.word(c)
			return word
		case bytes.IndexByte([]byte("{}[]:,()=;"), c) >= 0:
			s.Pos++
			switch {
			case s.call && c == ')':
				return '}'
			case s.call && c == '=' && s.Peek() != '>':
				return ':'
			}
			if c == '=' && s.Peek() == '>' { // as Ruby and PHP write it
				s.Pos++
				return ':'
			}
			if c == ':' && s.Pos < len(s.Buf) && symbol(s.Buf[s.Pos]) && s.Pos > 1 && bytes.IndexByte([]byte("{, "), s.Buf[s.Pos-2]) >= 0 {
				continue // :key
			}
			return kind(c)
		default:
			s.Pos++
			s.word(c)
			return word
		}
	}
	return end
}

// symbol reports whether a name may begin with c.
func symbol(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }

// keep appends to the text so far as it has room.
func (s *scanner) keep(b ...byte) {
	if len(s.text)+len(b) > s.most {
		s.cut = true
		return
	}
	s.text = append(s.text, b...)
}

// string reads a text up to its quote.
func (s *scanner) string(quote byte) {
	s.text = s.text[:0]
	for s.More() {
		rest := s.Buf[s.Pos:]
		i := 0
		for i < len(rest) && rest[i] != quote && rest[i] != '\\' && rest[i] != '\n' {
			i++
		}
		s.run(rest[:i])
		s.Pos += i
		if i == len(rest) {
			continue
		}
		s.Pos++
		switch rest[i] {
		case quote:
			return
		case '\n':
			s.line++
			if quote == '\'' { // an apostrophe, and no text
				return
			}
			s.keep('\n')
		default:
			s.escape()
		}
	}
}

// run keeps bytes that stand for themselves.
func (s *scanner) run(b []byte) {
	if room := s.most - len(s.text); len(b) > room {
		b, s.cut = b[:max(room, 0)], true
	}
	s.text = append(s.text, b...)
}

// escape reads what follows a backslash (RFC 8259 section 7).
func (s *scanner) escape() {
	if !s.More() {
		return
	}
	c := s.Buf[s.Pos]
	s.Pos++
	switch c {
	case 'n':
		s.keep('\n')
	case 't':
		s.keep('\t')
	case 'r', 'b', 'f', 'v', '0':
		s.keep(' ')
	case 'u':
		s.unicode(4)
	case 'x':
		s.unicode(2)
	case '\n':
		s.line++
	default:
		s.keep(c)
	}
}

// unicode reads a character by its code, and the second half of a pair.
func (s *scanner) unicode(digits int) {
	r := s.hex(digits)
	if utf16.IsSurrogate(r) && s.Peek() == '\\' {
		s.Pos++
		if s.Peek() == 'u' {
			s.Pos++
			r = utf16.DecodeRune(r, s.hex(4))
		}
	}
	s.keep(utf8.AppendRune(nil, r)...)
}

func (s *scanner) hex(digits int) rune {
	var b [4]byte
	n := 0
	for n < digits && s.More() {
		c := s.Buf[s.Pos]
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			break
		}
		b[n] = c
		n++
		s.Pos++
	}
	v, err := strconv.ParseUint(string(b[:n]), 16, 32)
	if err != nil {
		return utf8.RuneError
	}
	return rune(v)
}

// word reads what stands without quotes.
func (s *scanner) word(first byte) {
	s.text = append(s.text[:0], first)
	for s.More() {
		rest := s.Buf[s.Pos:]
		i := bytes.IndexAny(rest, "{}[]:,()=; \t\r\n\"'`")
		if i < 0 {
			i = len(rest)
		}
		s.run(rest[:i])
		if s.Pos += i; i < len(rest) {
			return
		}
	}
}

// remark reads a remark in the style of scripts, up to the end of its line or its own.
func (s *scanner) remark(sign byte) {
	s.text = s.text[:0]
	for s.More() {
		c := s.Buf[s.Pos]
		s.Pos++
		switch {
		case c == '\n':
			if s.line++; sign == '/' {
				return
			}
		case c == '*' && sign == '*' && s.Peek() == '/':
			s.Pos++
			return
		}
		s.keep(c)
	}
}
