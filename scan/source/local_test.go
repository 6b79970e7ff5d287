package source

import (
	"testing"
	"unicode/utf8"
)

func TestNamesThatAreNotUTF8LeadBack(t *testing.T) {
	for _, name := range []string{
		"名簿.xlsx", "\x96\xbc\x95\xeb.xlsx", `a\x41`, `\x5C`, "\\\xff", "\\x\xff", "\\x4\xff", `\x`, `\xZZ`, `C:\xampp\xab`, "",
	} {
		shown := showName(name)
		if !utf8.ValidString(shown) {
			t.Errorf("showName(%q) = %q, not UTF-8", name, shown)
		}
		if got := hideName(shown); got != name {
			t.Errorf("hideName(showName(%q)) = %q, by way of %q", name, got, shown)
		}
	}
	if got := showName("名簿.xlsx"); got != "名簿.xlsx" {
		t.Errorf("showName changed an ordinary name to %q", got)
	}
}

func FuzzNames(f *testing.F) {
	f.Add("\x96\xbc.xlsx")
	f.Add(`\x5C\x5`)
	f.Fuzz(func(t *testing.T, name string) {
		if got := hideName(showName(name)); got != name {
			t.Errorf("hideName(showName(%q)) = %q", name, got)
		}
		if shown := showName(name); !utf8.ValidString(shown) {
			t.Errorf("showName(%q) = %q, not UTF-8", name, shown)
		}
	})
}
