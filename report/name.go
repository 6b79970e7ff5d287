package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible makes a name safe to show to people: whatever a terminal, a browser
// or a spreadsheet program would obey instead of showing it (controls, changes
// of direction, invisible characters, line ends) is written as [U+202E].
// Invalid UTF-8 becomes U+FFFD. Only jsonl has names as they are.
func visible(name string) string {
	name = strings.ToValidUTF8(name, string(utf8.RuneError))
	if strings.IndexFunc(name, obeyed) < 0 {
		return name
	}
	var b strings.Builder
	for _, r := range name {
		if obeyed(r) {
			fmt.Fprintf(&b, "[U+%04X]", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// obeyed is true of the characters that change how others are shown, or hide.
func obeyed(r rune) bool {
	switch {
	case r < 0x7f:
		return r < ' '
	case r >= 0xfff0 && r <= 0xfffb, r&0xfffe == 0xfffe: // specials, noncharacters
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0
}
