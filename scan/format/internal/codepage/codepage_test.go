package codepage_test

import (
	"testing"

	"github.com/kagiban/kagiban/scan/format/internal/codepage"
)

func TestAppend(t *testing.T) {
	for _, c := range []struct {
		page     int
		in, want string
	}{
		{932, "\x8ER\x93c 1234", "山田 1234"},
		{0, "\x8ER\x93c", "山田"}, // what is not known was written in Japan
		{1252, "M\xFCller", "Müller"},
		{936, "\xC9\xBD", "山"},
		{949, "\xBB\xEA", "산"},
		{51932, "\xBB\xB3\xC5\xC4", "山田"},
		{65001, "山田", "山田"},
		{1200, "\x71\x5C\x30\x75", "山田"},
		{437, "\x81", "ü"},
		{932, "ab\x80", "ab\u0080"},
	} {
		if got := string(codepage.New(c.page).Append([]byte("> "), []byte(c.in))); got != "> "+c.want {
			t.Errorf("code page %d: %q, want %q", c.page, got, c.want)
		}
	}
}
