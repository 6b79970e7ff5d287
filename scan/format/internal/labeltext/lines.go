// Package labeltext reads text whose lines are a label and its value as records:
// blocks of labels, INI files, LDIF (RFC 2849) and vCard with its kin (RFC 6350,
// RFC 5545). A block ends with an empty line, with a line of a section, or where a
// label comes again. A line that is none of these comes as a line.
//
// Read it in this order: lines.go (lines, folded and not), blocks.go (blocks and INI),
// ldif.go, vcard.go.
package labeltext

import (
	"bufio"
	"bytes"
	"io"
)

// A lines reads one line after another, of a bounded length.
type lines struct {
	in   *bufio.Reader
	most int
	cut  bool
	fold bool // a line that begins with a blank goes on with the one before
	buf  []byte
	next []byte // the line after, if it was read
	has  bool
	eof  bool
	err  error
}

func newLines(text io.Reader, most int, fold bool) *lines {
	return &lines{in: bufio.NewReaderSize(text, 64<<10), most: most, fold: fold}
}

// raw reads one line as it stands.
func (l *lines) raw(dst []byte) ([]byte, bool) {
	if l.eof {
		return dst, false
	}
	from := len(dst)
	for {
		piece, err := l.in.ReadSlice('\n')
		if room := l.most - (len(dst) - from); len(piece) > room {
			piece, l.cut = piece[:max(room, 0)], true
		}
		dst = append(dst, piece...)
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil {
			l.eof = true
			if err != io.EOF {
				l.err = err
			}
			return bytes.TrimRight(dst, "\r\n"), len(dst) > from
		}
		return bytes.TrimRight(dst, "\r\n"), true
	}
}

// line returns the next line with those that go on with it.
func (l *lines) line() ([]byte, bool) {
	if l.has {
		l.buf, l.has = append(l.buf[:0], l.next...), false
	} else {
		var ok bool
		if l.buf, ok = l.raw(l.buf[:0]); !ok {
			return nil, false
		}
	}
	if !l.fold {
		return l.buf, true
	}
	for {
		var ok bool
		if l.next, ok = l.raw(l.next[:0]); !ok {
			return l.buf, true
		}
		switch {
		case len(l.next) > 0 && (l.next[0] == ' ' || l.next[0] == '\t'):
			if len(l.buf) < l.most {
				l.buf = append(l.buf, l.next[1:]...)
			}
		case bytes.HasSuffix(l.buf, []byte("=")) && bytes.Contains(l.buf, []byte("QUOTED-PRINTABLE")):
			l.buf = append(l.buf[:len(l.buf)-1], l.next...)
		default:
			l.has = true
			return l.buf, true
		}
	}
}
