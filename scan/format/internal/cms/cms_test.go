package cms

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

const samples = "../../../../testdata/formats/smime"

// der makes a value of definite length.
func der(tag byte, parts ...string) string {
	b := strings.Join(parts, "")
	switch n := len(b); {
	case n < 0x80:
		return string([]byte{tag, byte(n)}) + b
	default:
		return string([]byte{tag, 0x82, byte(n >> 8), byte(n)}) + b
	}
}

// open makes one whose end is marked.
func open(tag byte, parts ...string) string {
	return string([]byte{tag, 0x80}) + strings.Join(parts, "") + "\x00\x00"
}

func TestParse(t *testing.T) {
	data, signed, enveloped := string(pkcs7)+"\x01", string(pkcs7)+"\x02", string(pkcs7)+"\x03"
	fields := der(2, "\x01") + der(0x31)
	for _, c := range []struct {
		name, in, kind, content string
		ok                      bool
	}{
		{"signed", der(0x30, signed, der(0xA0, der(0x30, fields, der(0x30, data, der(0xA0, der(4, "text"))), der(0x31)))), Signed, "text", true},
		{"signed, without lengths", open(0x30, signed, open(0xA0, open(0x30, fields, open(0x30, data, open(0xA0, open(0x24, der(4, "te"), der(4, "xt")))), der(0x31)))), Signed, "text", true},
		{"pieces in pieces", der(0x30, data, der(0xA0, open(0x24, der(0x24, der(4, "t"), der(4, "ex")), der(4, "t")))), Data, "text", true},
		{"signature alone", der(0x30, signed, der(0xA0, der(0x30, fields, der(0x30, data), der(0x31)))), Signed, "", true},
		{"enveloped", der(0x30, enveloped, der(0xA0, der(0x30, fields, der(0x30, data, der(0x30), der(0x80, "chance"))))), Enveloped, "chance", true},
		{"enveloped, in pieces", open(0x30, enveloped, open(0xA0, open(0x30, fields, open(0x30, data, der(0x30), open(0xA0, der(4, "cha"), der(4, "nce")))))), Enveloped, "chance", true},
		{"of another kind", der(0x30, string(pkcs7)+"\x05", der(0xA0, der(0x30))), Other, "", true},
		{"cut", der(0x30, signed, der(0xA0, der(0x30, fields)))[:20], "", "", false},
		{"reaches out", "\x30\x10" + signed + "\xA0\x40", "", "", false},
		{"no octets", der(0x30, data, der(0xA0, der(0x0C, "text"))), Data, "", false},
	} {
		m, err := Parse(strings.NewReader(c.in), int64(len(c.in)))
		if (err == nil) != c.ok || err != nil && !errors.Is(err, scan.ErrMalformed) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil {
			continue
		}
		var text strings.Builder
		for _, s := range m.Content {
			text.WriteString(c.in[s.Off : s.Off+s.Size])
		}
		if m.Kind != c.kind || text.String() != c.content || m.End != int64(len(c.in)) || Kind([]byte(c.in)) != c.kind {
			t.Errorf("%s: %+v, %q", c.name, m, text.String())
		}
	}
	for _, head := range []string{"", "0", "\x30\x84\x00", "\x30\x03\x02\x01\x01", "0123456789"} {
		if kind := Kind([]byte(head)); kind != "" {
			t.Errorf("%q is taken for %s", head, kind)
		}
	}
}

func FuzzParse(f *testing.F) {
	names, err := filepath.Glob(filepath.Join(samples, "*.p7*"))
	if err != nil || len(names) == 0 {
		f.Fatal("no samples", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		at := int64(0)
		for _, s := range m.Content {
			if s.Off < at || s.Size < 0 || s.Off+s.Size > m.End {
				t.Fatalf("content %+v of %d bytes", m.Content, m.End)
			}
			at = s.Off + s.Size
		}
	})
}
