// Package sqltext reads the rows that statements of SQL write: INSERT and REPLACE,
// UPDATE, and the COPY of PostgreSQL; the columns are those of the statement or of
// the CREATE TABLE before it. Whatever else stands in the text comes as lines.
// (ISO/IEC 9075-2 sections 14.11, 14.14 and 11.3; the manuals of MySQL 8.4 section
// 15.2.7 and of PostgreSQL 17, COPY, for what programs write.)
//
// Read it in this order: scanner.go (tokens), sqltext.go (statements), table.go (the
// columns and rows of a table), copy.go (COPY), match.go (what is such a text).
package sqltext

import (
	"bytes"
	"io"
	"strconv"
	"unicode/utf8"
)

type kind byte

// The kinds of tokens; signs are themselves.
const (
	end    kind = 0
	text   kind = 's' // between apostrophes
	name   kind = 'n' // between double quotes, grave accents or brackets
	word   kind = 'w' // a key word, a name or a number
	remark kind = 'r'
)

const bufferSize = 64 << 10

// A scanner reads tokens. What val holds is valid until the next one.
type scanner struct {
	r    io.Reader
	buf  []byte
	pos  int
	eof  bool
	err  error
	val  []byte
	most int
	cut  bool
}

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

// ahead makes sure that n bytes are at hand, and reports whether they are.
func (s *scanner) ahead(n int) bool {
	for s.pos+n > len(s.buf) && !s.eof {
		s.buf = s.buf[:copy(s.buf, s.buf[s.pos:])]
		s.pos = 0
		have := len(s.buf)
		k, err := s.r.Read(s.buf[have:cap(s.buf)])
		s.buf = s.buf[:have+k]
		if err != nil {
			s.eof = true
			if err != io.EOF {
				s.err = err
			}
		}
	}
	return s.pos+n <= len(s.buf)
}

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
		s.pos++
		switch {
		case c <= ' ':
			continue
		case c == '\'':
			s.quoted('\'')
			return text
		case c == '"' || c == '`':
			s.quoted(c)
			return name
		case c == '[' && (symbol(s.peek()) || s.peek() >= 0x80):
			s.val = s.val[:0]
			s.until(']')
			return name
		case c == '-' && s.peek() == '-', c == '#':
			s.val = s.val[:0]
			s.until('\n')
			return remark
		case c == '/' && s.peek() == '*':
			s.pos++
			s.block()
			return remark
		case bytes.IndexByte([]byte("(),;=."), c) >= 0 && !(c == '.' && s.peek()-'0' <= 9):
			return kind(c)
		}
		s.word(c)
		return word
	}
	return end
}

func symbol(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }

func (s *scanner) keep(b []byte) {
	if room := s.most - len(s.val); len(b) > room {
		b, s.cut = b[:max(room, 0)], true
	}
	s.val = append(s.val, b...)
}

// until keeps what stands before a byte and passes over it.
func (s *scanner) until(c byte) {
	for s.more() {
		rest := s.buf[s.pos:]
		i := bytes.IndexByte(rest, c)
		if i >= 0 {
			s.keep(rest[:i])
			s.pos += i + 1
			return
		}
		s.keep(rest)
		s.pos = len(s.buf)
	}
}

// block keeps a remark up to its end.
func (s *scanner) block() {
	s.val = s.val[:0]
	for s.more() {
		rest := s.buf[s.pos:]
		i := bytes.IndexByte(rest, '*')
		if i < 0 {
			s.keep(rest)
			s.pos = len(s.buf)
			continue
		}
		s.keep(rest[:i])
		s.pos += i + 1
		if s.peek() == '/' {
			s.pos++
			return
		}
		s.keep([]byte{'*'})
	}
}

// quoted keeps a text up to its quote. A quote in it is doubled, or has a backslash
// before it as MySQL writes it; a backslash before the end of a value is one of a
// program that writes none.
func (s *scanner) quoted(quote byte) {
	s.val = s.val[:0]
	for s.more() {
		rest := s.buf[s.pos:]
		i := 0
		for i < len(rest) && rest[i] != quote && rest[i] != '\\' {
			i++
		}
		s.keep(rest[:i])
		s.pos += i
		if i == len(rest) {
			continue
		}
		s.pos++
		if rest[i] == '\\' {
			s.escape(quote)
			continue
		}
		if s.peek() != quote {
			return
		}
		s.pos++
		s.keep([]byte{quote})
	}
}

// escape reads what follows a backslash. In names only characters by their code are
// written with one, as HSQLDB does.
func (s *scanner) escape(quote byte) {
	if !s.ahead(5) && !s.more() {
		return
	}
	c := s.buf[s.pos]
	if c == 'u' && s.pos+5 <= len(s.buf) {
		if v, err := strconv.ParseUint(string(s.buf[s.pos+1:s.pos+5]), 16, 16); err == nil {
			s.pos += 5
			s.keep(utf8.AppendRune(nil, rune(v)))
			return
		}
	}
	if quote != '\'' {
		s.keep([]byte{'\\'})
		return
	}
	if c == '\'' && s.ahead(2) && (s.buf[s.pos+1] == ',' || s.buf[s.pos+1] == ')') {
		s.keep([]byte{'\\'})
		return
	}
	s.pos++
	switch c {
	case 'n':
		c = '\n'
	case 't':
		c = '\t'
	case 'r', '0', 'b', 'Z':
		c = ' '
	}
	s.keep([]byte{c})
}

// word keeps what stands from its first byte up to a sign or a blank.
func (s *scanner) word(first byte) {
	s.val = append(s.val[:0], first)
	for s.more() {
		rest := s.buf[s.pos:]
		i := 0
		for i < len(rest) && rest[i] > ' ' && bytes.IndexByte([]byte("(),;='\"`"), rest[i]) < 0 && (rest[i] != '.' || digits(s.val) && digits(rest[:i])) {
			i++
		}
		s.keep(rest[:i])
		if s.pos += i; i < len(rest) {
			return
		}
	}
}

// digits reports whether a word is a number so far: a dot belongs to it then.
func digits(b []byte) bool {
	for _, c := range b {
		if c-'0' > 9 && c != '-' && c != '+' {
			return false
		}
	}
	return true
}

// rawLine returns the rest of a line.
func (s *scanner) rawLine() ([]byte, bool) {
	if !s.more() {
		return nil, false
	}
	s.val = s.val[:0]
	s.until('\n')
	return bytes.TrimSuffix(s.val, []byte("\r")), true
}
