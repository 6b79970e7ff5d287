package charset

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// whole returns how much of a block can be decoded without the next one: whole
// lines, else what ends with a byte that is no part of a longer character in any
// encoding (below 0x30), else all of it.
func whole(b []byte) int {
	if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
		return i + 1
	}
	for i := len(b) - 1; i >= len(b)/2; i-- {
		if b[i] < 0x30 && b[i] != 0x1B && b[i] != '$' && b[i] != '(' {
			return i + 1
		}
	}
	return len(b)
}

// decode returns a region as UTF-8. It is valid until the next one.
func (t *Reader) decode(b []byte) []byte {
	if t.binary || t.plain(b) {
		return b
	}
	t.room = t.room[:0]
	run, from, at := ASCII, 0, 0
	for at < len(b) {
		end := len(b)
		if i := bytes.IndexByte(b[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		c := t.line(b[at:end])
		if run == ASCII {
			run = c
		} else if c != ASCII && c != run {
			t.append(b[from:at], run)
			run, from = c, at
		}
		at = end
	}
	t.append(b[from:], run)
	return t.room
}

// plain reports whether a region is UTF-8 as it stands.
func (t *Reader) plain(b []byte) bool {
	if bytes.IndexByte(b, 0x1B) >= 0 && escape(b) || bytes.IndexByte(b, 0) >= 0 {
		return false
	}
	if ascii(b) {
		return true
	}
	return t.charset == UTF8 && utf8.Valid(b)
}

// line returns the encoding of one line. Those after it are more likely in it too.
func (t *Reader) line(b []byte) Charset {
	if ascii(b) {
		if bytes.IndexByte(b, 0x1B) >= 0 && escape(b) {
			return ISO2022JP
		}
		return ASCII
	}
	prior := UTF8
	if t.charset == CP932 || t.charset == EUCJP {
		prior = t.charset
	}
	t.charset = best(b, prior, t.settled)
	t.settled = true
	return t.charset
}

// append decodes a run of lines in one encoding. NULs become blanks: they fill up
// fields, and nobody sees them.
func (t *Reader) append(b []byte, c Charset) {
	if bytes.IndexByte(b, 0) >= 0 {
		b = bytes.ReplaceAll(b, []byte{0}, []byte{' '})
	}
	if c == CP932 {
		if room, ok := decodeCP932(t.room, b); ok {
			t.room = room
			return
		}
	}
	if enc := c.Encoding(); enc == nil || !t.decodeAll(b, enc.NewDecoder()) {
		t.room = append(t.room, b...)
	}
}

// decodeAll appends text decoded; false, and nothing, if it cannot be.
func (t *Reader) decodeAll(b []byte, d *encoding.Decoder) bool {
	from := len(t.room)
	for {
		t.room = slices.Grow(t.room, len(b)*3/2+utf8.UTFMax)
		n, used, err := d.Transform(t.room[len(t.room):cap(t.room)], b, true)
		t.room, b = t.room[:len(t.room)+n], b[used:]
		switch {
		case err == nil:
			return true
		case err != transform.ErrShortDst:
			t.room = t.room[:from]
			return false
		}
	}
}
