package mailtext

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// Encoding returns the name of a transfer encoding without what mailers write
// behind it.
func Encoding(value string) string {
	word, _ := Params(value)
	return strings.Trim(word, `"' `)
}

// Decode undoes a transfer encoding (RFC 2045 section 6). An encoding that is not
// known is an error.
func Decode(encoding string, r io.Reader) (io.Reader, error) {
	switch encoding {
	case "", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "plain", "ascii", "us-ascii", "utf-8":
		return r, nil
	case "base64", "base-64", "b":
		return NewBase64(r), nil
	case "quoted-printable", "quotedprintable", "q", "qp":
		return &quoted{in: bufio.NewReader(r)}, nil
	case "x-uuencode", "uuencode", "x-uue", "uue":
		return NewUU(r), nil
	}
	return nil, fmt.Errorf("mail: transfer encoding %.40q: %w", encoding, scan.ErrUnsupported)
}

// NewBase64 decodes base64 whatever stands between its characters; pieces that
// were encoded one by one, each with an end of its own, are joined.
func NewBase64(r io.Reader) io.Reader { return &base64Reader{in: bufio.NewReader(r)} }

type base64Reader struct {
	in   *bufio.Reader
	left []byte
	out  [3]byte
}

func (b *base64Reader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(b.left) == 0 {
			if err := b.group(); err != nil {
				if n > 0 && err == io.EOF {
					return n, nil
				}
				return n, err
			}
		}
		k := copy(p[n:], b.left)
		b.left = b.left[k:]
		n += k
	}
	return n, nil
}

// group decodes four characters, or fewer before an end.
func (b *base64Reader) group() error {
	var quad [4]byte
	n := 0
	for n < 4 {
		c, err := b.in.ReadByte()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		switch {
		case c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/':
			quad[n] = c
			n++
			continue
		case c == '-':
			quad[n] = '+'
			n++
			continue
		case c == '_':
			quad[n] = '/'
			n++
			continue
		}
		if c == '=' && n > 1 {
			break
		}
	}
	if n < 2 {
		return io.EOF
	}
	k, err := base64.RawStdEncoding.Decode(b.out[:], quad[:n])
	if err != nil && k == 0 { // bits behind the end that are not zero
		return nil
	}
	b.left = b.out[:k]
	return nil
}

// quoted decodes quoted-printable (RFC 2045 section 6.7); what is no valid escape
// stays as it is.
type quoted struct {
	in   *bufio.Reader
	left []byte
}

func (q *quoted) Read(p []byte) (int, error) {
	for len(q.left) == 0 {
		line, err := q.in.ReadSlice('\n')
		if len(line) == 0 && err != nil {
			return 0, err
		}
		q.left = unquoted(q.left[:0], line)
		if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
			return 0, err
		}
	}
	n := copy(p, q.left)
	q.left = q.left[n:]
	return n, nil
}

func unquoted(dst, line []byte) []byte {
	text := bytes.TrimRight(line, " \t\r\n")
	end := line[len(text):]
	if bytes.HasSuffix(text, []byte("=")) && len(end) > 0 { // a soft break
		text, end = text[:len(text)-1], nil
	} else if i := bytes.IndexAny(end, "\r\n"); i > 0 {
		end = end[i:]
	}
	for i := 0; i < len(text); i++ {
		if text[i] == '=' && i+2 < len(text) && hexDigit(text[i+1]) >= 0 && hexDigit(text[i+2]) >= 0 {
			dst = append(dst, byte(hexDigit(text[i+1])<<4|hexDigit(text[i+2])))
			i += 2
			continue
		}
		dst = append(dst, text[i])
	}
	return append(dst, end...)
}

// NewUU decodes what uuencode wrote (POSIX.1-2017, uuencode), from the line
// "begin" to the line "end". Lines may have a prefix X, as in a shell archive.
func NewUU(r io.Reader) io.Reader { return &uuReader{in: bufio.NewReader(r)} }

type uuReader struct {
	in     *bufio.Reader
	begun  bool
	base64 bool
	prefix int
	left   []byte
}

var errNoBegin = errors.New("no begin line")

func (u *uuReader) Read(p []byte) (int, error) {
	for len(u.left) == 0 {
		line, err := u.in.ReadSlice('\n')
		if len(line) == 0 && err != nil {
			if err == io.EOF && !u.begun {
				return 0, fmt.Errorf("uuencode: %w: %w", errNoBegin, scan.ErrMalformed)
			}
			if err == io.EOF {
				return 0, fmt.Errorf("uuencode: no end line: %w", scan.ErrMalformed)
			}
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if !u.begun {
			u.prefix, u.base64, u.begun = Begin(line)
			continue
		}
		line = line[min(u.prefix, len(line)):]
		if string(line) == "end" || u.base64 && string(line) == "====" {
			return 0, io.EOF
		}
		if u.base64 {
			u.left, _ = base64.StdEncoding.AppendDecode(u.left[:0], line)
		} else {
			u.left = uuLine(u.left[:0], line)
		}
	}
	n := copy(p, u.left)
	u.left = u.left[n:]
	return n, nil
}

// Begin reports whether a line begins encoded data, how long the prefix of its
// lines is, and whether it is of the form with base64.
func Begin(line []byte) (prefix int, b64, ok bool) {
	if bytes.HasPrefix(line, []byte("Xbegin")) {
		prefix = 1
	}
	word, rest, found := bytes.Cut(line[prefix:], []byte(" "))
	b64 = string(word) == "begin-base64"
	if !found || string(word) != "begin" && !b64 || len(rest) < 5 || rest[3] != ' ' && rest[4] != ' ' {
		return 0, false, false
	}
	for _, c := range rest[:3] {
		if c < '0' || c > '7' {
			return 0, false, false
		}
	}
	return prefix, b64, true
}

func uuLine(dst, line []byte) []byte {
	if len(line) == 0 {
		return dst
	}
	at := func(i int) byte {
		if i < len(line) {
			return (line[i] - ' ') & 0x3F
		}
		return 0
	}
	n := int(at(0))
	for i := 1; n > 0; i, n = i+4, n-3 {
		three := [3]byte{at(i)<<2 | at(i+1)>>4, at(i+1)<<4 | at(i+2)>>2, at(i+2)<<6 | at(i+3)}
		dst = append(dst, three[:min(n, 3)]...)
	}
	return dst
}
