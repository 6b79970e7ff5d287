package rawtext_test

import (
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
	"github.com/kagiban/kagiban/scan/scantest"
)

// wide is UTF-16LE.
func wide(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

func TestScan(t *testing.T) {
	for _, c := range []struct {
		name, in string
		kinds    rawtext.Kinds
		want     string
	}{
		{"ascii", "\x00\x01abcd\x02xyz\x031234-567890", rawtext.ASCII, " 1: 0=abcd\n 2: 0=1234-567890"},
		{"code page 932", "\x00\x8ER\x93c\x00", rawtext.Japanese, " 1: 0=山田"},
		{"wide at an even place", "\x00\x01" + wide("山田太郎") + "\x00\x00", rawtext.Wide, " 1: 0=山田太郎"},
		{"wide at an odd place", "\x01" + wide("山田太郎") + "\x00\x00", rawtext.Wide, " 1: 0=山田太郎"},
		{"to the end", "\x00" + wide("1234-567890"), rawtext.Wide, " 1: 0=1234-567890"},
		{"none", "\x00\x01\x02abc\x03", rawtext.ASCII, ""},
	} {
		out := &scantest.Recorder{}
		err := rawtext.Scan(strings.NewReader(c.in), grid.New(scantest.FileOf(t, "x", nil), out), c.kinds)
		out.End(err).Want(t, c.name, c.want)
	}
}
