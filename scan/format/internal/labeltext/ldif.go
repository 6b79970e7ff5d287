package labeltext

import (
	"bytes"
	"encoding/base64"
	"io"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan/format/internal/records"
)

// ReadLDIF hands the entries of a directory to a builder (RFC 2849).
func ReadLDIF(text io.Reader, most int, b *records.Builder) (cut bool, err error) {
	l := newLines(text, most, true)
	for {
		line, ok := l.line()
		if !ok {
			break
		}
		if err := ldifLine(line, b); err != nil {
			return l.cut, err
		}
	}
	if l.err != nil {
		return l.cut, l.err
	}
	return l.cut, b.End()
}

func ldifLine(line []byte, b *records.Builder) error {
	name, value, ok := bytes.Cut(line, []byte(":"))
	switch {
	case len(bytes.TrimSpace(line)) == 0:
		return closeAll(b)
	case line[0] == '#' || !ok || len(name) == 0:
		return b.Line(line)
	}
	if b.Depth() == 0 {
		if err := b.Open(nil, false); err != nil {
			return err
		}
	}
	name, _, _ = bytes.Cut(name, []byte(";")) // options of the attribute
	if len(value) > 0 && value[0] == ':' {
		if plain, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(value[1:]))); err == nil && utf8.Valid(plain) {
			return b.Value(name, plain)
		}
		value = value[1:]
	}
	return b.Value(name, bytes.TrimSpace(value))
}

// IsLDIF reports whether a text begins as an entry of a directory does.
func IsLDIF(sample []byte) bool {
	for line := range bytes.Lines(sample) {
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0, line[0] == '#', bytes.HasPrefix(line, []byte("version:")):
			continue
		}
		return bytes.HasPrefix(line, []byte("dn:")) && bytes.Contains(line, []byte("=")) || bytes.HasPrefix(line, []byte("dn::"))
	}
	return false
}
