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
)

// A kind is what a token is; signs are themselves.
type kind byte

const (
	end    kind = 0
	quoted kind = 's'
	word   kind = 'w' // a number, a literal or a name
	remark kind = 'r'
)

const bufferSize = 64 << 10

// A scanner reads tokens. What text holds is valid until the next one.
type scanner struct {
	r    io.Reader
	buf  []byte
	pos  int
	eof  bool
	err  error
	text []byte
	most int  // bytes of a text that are kept
	cut  bool // one was longer
	call bool // the text is the named arguments of a call
	line int
}

func newScanner(r io.Reader, most int) *scanner {
	return &scanner{r: r, buf: make([]byte, 0, bufferSize), most: most, line: 1}
}

// more reads on and reports whether there is a byte at hand.
func (s *scanner) more() bool {
	for s.pos >= len(s.buf) {
		if s.eof {
			return false
		}
		n, err := s.r.Read(s.buf[:cap(s.buf)])
		s.buf, s.pos = s.buf[:n], 0
		if err != nil {
			s.eof = true
			if err != io.EOF {
				s.err = err
			}
		}
	}
	return true
}

// peek returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if !s.more() {
		return 0
	}
	return s.buf[s.pos]
}

// next returns the next token.
func (s *scanner) next() kind {
	for s.more() {
		c := s.buf[s.pos]
		switch {
		case c == '\n':
			s.line++
			s.pos++
		case c <= ' ':
			s.pos++
		case c == '"' || c == '\'' || c == '`':
			s.pos++
			s.string(c)
			return quoted
		case c == '/':
			s.pos++
			if n := s.peek(); n == '/' || n == '*' {
				s.pos++
				s.remark(n)
				return remark
			}
			s.word(c)
			return word
		case bytes.IndexByte([]byte("{}[]:,()=;"), c) >= 0:
			s.pos++
			switch {
			case s.call && c == ')':
				return '}'
			case s.call && c == '=' && s.peek() != '>':
				return ':'
			}
			if c == '=' && s.peek() == '>' { // as Ruby and PHP write it
				s.pos++
				return ':'
			}
			if c == ':' && s.pos < len(s.buf) && symbol(s.buf[s.pos]) && s.pos > 1 && bytes.IndexByte([]byte("{, "), s.buf[s.pos-2]) >= 0 {
				continue // :key
			}
			return kind(c)
		default:
			s.pos++
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
	for s.more() {
		rest := s.buf[s.pos:]
		i := 0
		for i < len(rest) && rest[i] != quote && rest[i] != '\\' && rest[i] != '\n' {
			i++
		}
		s.run(rest[:i])
		s.pos += i
		if i == len(rest) {
			continue
		}
		s.pos++
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
	if !s.more() {
		return
	}
	c := s.buf[s.pos]
	s.pos++
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
	if utf16.IsSurrogate(r) && s.peek() == '\\' {
		s.pos++
		if s.peek() == 'u' {
			s.pos++
			r = utf16.DecodeRune(r, s.hex(4))
		}
	}
	s.keep(utf8.AppendRune(nil, r)...)
}

func (s *scanner) hex(digits int) rune {
	var b [4]byte
	n := 0
	for n < digits && s.more() {
		c := s.buf[s.pos]
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			break
		}
		b[n] = c
		n++
		s.pos++
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
	for s.more() {
		rest := s.buf[s.pos:]
		i := bytes.IndexAny(rest, "{}[]:,()=; \t\r\n\"'`")
		if i < 0 {
			i = len(rest)
		}
		s.run(rest[:i])
		if s.pos += i; i < len(rest) {
			return
		}
	}
}

// remark reads a remark in the style of scripts, up to the end of its line or its own.
func (s *scanner) remark(sign byte) {
	s.text = s.text[:0]
	for s.more() {
		c := s.buf[s.pos]
		s.pos++
		switch {
		case c == '\n':
			if s.line++; sign == '/' {
				return
			}
		case c == '*' && sign == '*' && s.peek() == '/':
			s.pos++
			return
		}
		s.keep(c)
	}
}
