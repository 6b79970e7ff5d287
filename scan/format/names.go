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
	return strings.ReplaceAll(japaneseText(raw), `\`, "/")
}

// japaneseText reads short text that names no encoding.
func japaneseText(raw string) string {
	if !utf8.ValidString(raw) {
		if dec, err := japanese.ShiftJIS.NewDecoder().String(raw); err == nil {
			raw = dec
		}
	}
	return strings.ToValidUTF8(raw, "\uFFFD")
}
