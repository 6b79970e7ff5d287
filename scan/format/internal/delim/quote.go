package delim

import "bytes"

// A grammar is how fields are parted and quoted. RFC 4180 section 2 doubles a
// quote in a quoted field; some programs put a backslash before it.
type grammar struct {
	delim  byte // 0: none
	quote  byte
	escape bool // a backslash before a quote makes it a part of the field
}

// A quoting follows a record from byte to byte and knows where quoted fields begin
// and end.
type quoting struct {
	grammar
	state   quotingState
	escaped bool
	fields  int // delimiters outside of quoted fields
}

type quotingState uint8

const (
	fieldStart quotingState = iota
	unquoted                // in a field without quotes, or behind a quoted text
	quoted
	maybeClosed // a quote in a quoted field: its end, or the first of two
)

// pass goes over some bytes.
func (q *quoting) pass(b []byte) {
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch q.state {
		case quoted:
			n := q.nextQuote(b[i:])
			if n < 0 {
				return
			}
			i += n
			q.state = maybeClosed
			continue
		case maybeClosed:
			if c == q.quote {
				q.state = quoted
				continue
			}
			q.state = unquoted
		case fieldStart:
			if c == q.quote {
				q.state = quoted
				continue
			}
			q.state = unquoted
		}
		n := bytes.IndexByte(b[i:], q.delim)
		if n < 0 {
			return
		}
		i += n
		q.fields++
		q.state = fieldStart
	}
}

// nextQuote finds the next quote that is not escaped. A backslash at the end of
// the bytes is remembered.
func (q *quoting) nextQuote(b []byte) int {
	if !q.escape {
		return bytes.IndexByte(b, q.quote)
	}
	for i, c := range b {
		switch {
		case q.escaped:
			q.escaped = false
		case c == '\\':
			q.escaped = true
		case c == q.quote:
			return i
		}
	}
	return -1
}

// closing finds the quote that closes the field which begins with one.
func (g *grammar) closing(field []byte) int {
	for i := 1; i < len(field); i++ {
		switch c := field[i]; {
		case c == '\\' && g.escape:
			i++
		case c != g.quote:
		case i+1 < len(field) && field[i+1] == g.quote:
			i++
		default:
			return i
		}
	}
	return -1
}

// unquote appends what a quoted field says to dst, without its outer quotes.
func (g *grammar) unquote(dst, field []byte) []byte {
	for i := 0; i < len(field); i++ {
		c := field[i]
		if i+1 < len(field) && field[i+1] == g.quote && (c == g.quote || c == '\\' && g.escape) {
			i++
			c = g.quote
		}
		dst = append(dst, c)
	}
	return dst
}

// plainField reports whether a field between its quotes says just what it reads.
func (g *grammar) plainField(field []byte) bool { return bytes.IndexByte(field, g.quote) < 0 }
