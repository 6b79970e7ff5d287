package labeltext

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	"strings"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan/format/internal/charset"
	"github.com/kagiban/kagiban/scan/format/internal/records"
)

// ReadCards hands cards of persons (vCard 2.1 to 4.0, RFC 6350) and the entries of a
// calendar (RFC 5545) to a builder.
func ReadCards(text io.Reader, most int, b *records.Builder) (cut bool, err error) {
	l := newLines(text, most, true)
	for {
		line, ok := l.line()
		if !ok {
			break
		}
		if err := cardLine(line, b); err != nil {
			return l.cut, err
		}
	}
	if l.err != nil {
		return l.cut, l.err
	}
	return l.cut, b.End()
}

func cardLine(line []byte, b *records.Builder) error {
	name, value := property(line)
	params := bytes.Split(name, []byte(";"))
	key := bytes.ToUpper(params[0])
	if i := bytes.IndexByte(key, '.'); i >= 0 {
		key = key[i+1:] // a group
	}
	switch {
	case len(bytes.TrimSpace(line)) == 0:
		return nil
	case name == nil:
		return b.Line(line)
	case string(key) == "BEGIN":
		return b.Open(nil, false)
	case string(key) == "END":
		return b.Close()
	}
	for _, p := range params[1:] {
		if p = bytes.ToUpper(p); bytes.Contains(p, []byte("QUOTED-PRINTABLE")) {
			value = printable(value)
		}
	}
	return b.Value(key, []byte(components.Replace(string(value))))
}

// printable resolves what is quoted-printable (RFC 2045 section 6.7), which is
// never longer than it is written.
func printable(value []byte) []byte {
	plain := make([]byte, len(value))
	n, err := io.ReadFull(quotedprintable.NewReader(bytes.NewReader(value)), plain)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return value
	}
	if plain = plain[:n]; !utf8.Valid(plain) {
		if text := charset.Sample(plain); text != nil {
			return text
		}
	}
	return plain
}

// components parts what a value consists of: family and given name, the parts of an
// address.
var components = strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`, ";", " ")

// property parts a line at its first colon outside of quotes.
func property(line []byte) (name, value []byte) {
	quoted := false
	for i, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ':' && !quoted:
			return line[:i], line[i+1:]
		}
	}
	return nil, line
}

// IsCards reports whether a text begins as a card or a calendar does.
func IsCards(sample []byte) bool {
	s := bytes.ToUpper(bytes.TrimLeft(sample[:min(len(sample), 64)], "\ufeff \t\r\n"))
	return bytes.HasPrefix(s, []byte("BEGIN:VCARD")) || bytes.HasPrefix(s, []byte("BEGIN:VCALENDAR"))
}
