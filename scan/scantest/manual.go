package scantest

import (
	"os"
	"strings"
	"testing"
)

// ManualTable compares what stands in a file between the marks <!-- mark --> and
// <!-- /mark --> with text, and with update puts text there.
func ManualTable(t testing.TB, path, mark, text string, update bool) {
	t.Helper()
	begin, end := "<!-- "+mark+" -->\n", "<!-- /"+mark+" -->"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(page), begin)
	have, after, ok2 := strings.Cut(rest, end)
	switch {
	case !ok1 || !ok2:
		t.Fatalf("%s has no marks for %s", path, mark)
	case have == text:
	case !update:
		t.Errorf("%s tells of another %s. Now it is:\n%s", path, mark, text)
	default:
		if err := os.WriteFile(path, []byte(before+begin+text+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
