package format

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A strayReader passes XML on as it is read and hands aside what is in no element:
// text before the first tag and behind the last, and comments. Readers of parts
// pass over these.
type strayReader struct {
	r     io.Reader
	aside func([]byte)

	began   bool   // a tag was seen
	comment bool   // one is open
	text    []byte // of it, or what stands before the first tag
	carry   []byte // the end of the piece before, in which a mark may begin
	tail    []byte // what is behind the last tag so far
	ended   bool
	wide    wideText
}

// strayMax bounds what is kept of one text.
const strayMax = 1 << 20

// isXML reports whether a part is XML by its name.
func isXML(name string) bool {
	lower := strings.ToLower(name)
	for _, ext := range []string{".xml", ".rels", ".vml", ".rdf"} {
		if strings.HasSuffix(lower, ext) {
			return true
		}
	}
	return false
}

func (s *strayReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.look(s.wide.narrow(p[:n]))
	if err == io.EOF && !s.ended {
		s.ended = true
		switch {
		case s.comment:
			s.keep(s.carry)
			s.aside(s.text)
		case !s.began:
			s.aside(s.text)
		default:
			s.aside(s.tail)
		}
	}
	return n, err
}

func (s *strayReader) look(b []byte) {
	if !s.began {
		i := bytes.IndexByte(b, '<')
		if i < 0 {
			s.keep(b)
			return
		}
		s.keep(b[:i])
		if text := bytes.Trim(s.text, "\xEF\xBB\xBF\xFE\xFF\x00 \t\r\n"); len(text) > 0 {
			s.aside(text)
		}
		s.began, s.text = true, s.text[:0]
		b = b[i:]
	}
	if i := bytes.LastIndexByte(b, '>'); i >= 0 {
		s.tail = append(s.tail[:0], b[i+1:]...)
	} else if len(s.tail) < strayMax {
		s.tail = append(s.tail, b...)
	}
	if len(s.carry) > 0 {
		b = append(s.carry, b...)
	}
	rest := s.comments(b)
	s.carry = append([]byte(nil), rest...)
}

// comments hands on the comments of a piece, and returns its end, in which another
// mark may begin.
func (s *strayReader) comments(b []byte) []byte {
	const open, end = "<!--", "-->"
	for {
		if s.comment {
			i := bytes.Index(b, []byte(end))
			if i < 0 {
				n := max(len(b)-len(end)+1, 0)
				s.keep(b[:n])
				return b[n:]
			}
			s.keep(b[:i])
			s.aside(s.text)
			s.comment, s.text, b = false, s.text[:0], b[i+len(end):]
			continue
		}
		i := bytes.IndexByte(b, '!') // seldom in XML, unlike the other characters
		if i < 0 {
			if bytes.HasSuffix(b, []byte("<")) {
				return b[len(b)-1:]
			}
			return nil
		}
		from := max(i-1, 0)
		switch {
		case len(b)-from < len(open) && bytes.HasPrefix([]byte(open), b[from:]):
			return b[from:]
		case bytes.HasPrefix(b[from:], []byte(open)):
			s.comment, b = true, b[from+len(open):]
		default:
			b = b[i+1:]
		}
	}
}

func (s *strayReader) keep(b []byte) {
	s.text = append(s.text, b[:min(len(b), max(strayMax-len(s.text), 0))]...)
}

// wideText makes UTF-8 of XML in UTF-16, piece by piece, and leaves other text as it is.
type wideText struct {
	known  bool
	order  binary.ByteOrder // nil: not wide
	before []byte           // half a character, or the first byte of the text
}

func (w *wideText) narrow(b []byte) []byte {
	if w.known && w.order == nil {
		return b
	}
	if b = append(w.before, b...); !w.known {
		if len(b) < 2 {
			w.before = b
			return nil
		}
		w.known, w.before = true, nil
		switch string(b[:2]) { // the mark of the order, or the first sign of XML
		case "\xFF\xFE", "<\x00":
			w.order = binary.LittleEndian
		case "\xFE\xFF", "\x00<":
			w.order = binary.BigEndian
		default:
			return b
		}
	}
	out := make([]byte, 0, len(b))
	for ; len(b) >= 2; b = b[2:] {
		u := rune(w.order.Uint16(b))
		if utf16.IsSurrogate(u) && len(b) >= 4 {
			u = utf16.DecodeRune(u, rune(w.order.Uint16(b[2:])))
			b = b[2:]
		}
		out = utf8.AppendRune(out, u)
	}
	w.before = bytes.Clone(b)
	return out
}
