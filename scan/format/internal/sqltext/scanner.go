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
	"strconv"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan/format/internal/refill"
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

// A scanner reads tokens. What val holds is valid until the next one.
type scanner struct {
	refill.Window
	val  []byte
	most int
	cut  bool
}

// next returns the next token.
func (s *scanner) next() kind {
	for s.More() {
		c := s.Buf[s.Pos]
		s.Pos++
		switch {
		case c <= ' ':
			continue
		case c == '\'':
			s.quoted('\'')
			return text
		case c == '"' || c == '`':
			s.quoted(c)
			return name
		case c == '[' && (symbol(s.Peek()) || s.Peek() >= 0x80):
			s.val = s.val[:0]
			s.until(']')
			return name
		case c == '-' && s.Peek() == '-', c == '#':
			s.val = s.val[:0]
			s.until('\n')
			return remark
		case c == '/' && s.Peek() == '*':
			s.Pos++
			s.block()
			return remark
		case bytes.IndexByte([]byte("(),;=."), c) >= 0 && !(c == '.' && s.Peek()-'0' <= 9):
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
	for s.More() {
		rest := s.Buf[s.Pos:]
		i := bytes.IndexByte(rest, c)
		if i >= 0 {
			s.keep(rest[:i])
			s.Pos += i + 1
			return
		}
		s.keep(rest)
		s.Pos = len(s.Buf)
	}
}

// block keeps a remark up to its end.
func (s *scanner) block() {
	s.val = s.val[:0]
	for s.More() {
		rest := s.Buf[s.Pos:]
		i := bytes.IndexByte(rest, '*')
		if i < 0 {
			s.keep(rest)
			s.Pos = len(s.Buf)
			continue
		}
		s.keep(rest[:i])
		s.Pos += i + 1
		if s.Peek() == '/' {
			s.Pos++
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
	for s.More() {
		rest := s.Buf[s.Pos:]
		i := 0
		for i < len(rest) && rest[i] != quote && rest[i] != '\\' {
			i++
		}
		s.keep(rest[:i])
		s.Pos += i
		if i == len(rest) {
			continue
		}
		s.Pos++
		if rest[i] == '\\' {
			s.escape(quote)
			continue
		}
		if s.Peek() != quote {
			return
		}
		s.Pos++
		s.keep([]byte{quote})
	}
}

// escape reads what follows a backslash. In names only characters by their code are
// written with one, as HSQLDB does.
func (s *scanner) escape(quote byte) {
	if !s.Ahead(5) && !s.More() {
		return
	}
	c := s.Buf[s.Pos]
	if c == 'u' && s.Pos+5 <= len(s.Buf) {
		if v, err := strconv.ParseUint(string(s.Buf[s.Pos+1:s.Pos+5]), 16, 16); err == nil {
			s.Pos += 5
			s.keep(utf8.AppendRune(nil, rune(v)))
			return
		}
	}
	if quote != '\'' {
		s.keep([]byte{'\\'})
		return
	}
	if c == '\'' && s.Ahead(2) && (s.Buf[s.Pos+1] == ',' || s.Buf[s.Pos+1] == ')') {
		s.keep([]byte{'\\'})
		return
	}
	s.Pos++
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
	for s.More() {
		rest := s.Buf[s.Pos:]
		i := 0
		for i < len(rest) && rest[i] > ' ' && bytes.IndexByte([]byte("(),;='\"`"), rest[i]) < 0 && (rest[i] != '.' || digits(s.val) && digits(rest[:i])) {
			i++
		}
		s.keep(rest[:i])
		if s.Pos += i; i < len(rest) {
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
	if !s.More() {
		return nil, false
	}
	s.val = s.val[:0]
	s.until('\n')
	return bytes.TrimSuffix(s.val, []byte("\r")), true
}
