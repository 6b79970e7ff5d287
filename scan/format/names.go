package format

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
)

// japaneseName makes a name of an archive readable: UTF-8 as it is, else CP932,
// which old tools in Japan write. Decoding comes before the separators are
// looked at, since the second byte of a character may be a backslash.
func japaneseName(raw string) string {
	name := raw
	if !utf8.ValidString(raw) {
		if dec, err := japanese.ShiftJIS.NewDecoder().String(raw); err == nil {
			name = dec
		}
	}
	return strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), `\`, "/")
}
