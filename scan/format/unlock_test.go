package format_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

// TestDeclaredPasswords tries a list on the fixtures whose password is known:
// the right one among wrong ones opens, is noted and nowhere quoted.
func TestDeclaredPasswords(t *testing.T) {
	const root = "../../testdata/formats/"
	for _, name := range []string{"zip", "ooxml-encrypted", "xls", "7z", "pdf"} {
		tried := 0
		for _, fx := range scantest.Fixtures(t, root+name) {
			if fx.Password == "" || !slices.Contains([]string{"password", "partial"}, fx.Verdict) {
				continue
			}
			tried++
			t.Run(fx.Name, func(t *testing.T) {
				data, err := os.ReadFile(filepath.Join(root, name, fx.Name))
				if err != nil {
					t.Fatal(err)
				}
				if rows, r := readWith(t, data, "wrong", "also wrong"); slices.Contains(r.Items[0].Protection.Notes, scan.NoteGuessable) || leaks(rows, fx) {
					t.Errorf("a wrong password opened it: %+v", r.Items[0])
				}
				rows, r := readWith(t, data, "wrong", fx.Password)
				if !slices.Contains(r.Items[0].Protection.Notes, scan.NoteGuessable) || r.Items[0].Protection.Verdict.String() != fx.Verdict {
					t.Errorf("protection %+v, want the verdict %s with the note %s", r.Items[0].Protection, fx.Verdict, scan.NoteGuessable)
				}
				if len(rows) == 0 {
					t.Error("nothing of its content was read")
				}
				for _, item := range r.Items {
					if len(item.Problems) > 0 {
						t.Errorf("%v: problems %v", item.Inner, item.Problems)
					}
				}
				if strings.Contains(r.Revision, fx.Password) {
					t.Error("the password stands in the revision")
				}
			})
		}
		if tried == 0 {
			t.Errorf("%s has no fixture with a password", name)
		}
	}
}

// leaks reports whether something of a protected file came out. What stands
// before the mark of a pdf is not protected.
func leaks(rows cells, fx scantest.Fixture) bool {
	return len(rows) > 0 && fx.Verdict == "password" && !strings.HasPrefix(fx.Name, "something-before")
}

// readWith reads a file with a list of declared passwords.
func readWith(t *testing.T, data []byte, passwords ...string) (cells, *scan.Result) {
	t.Helper()
	seen := cells{}
	var k scantest.MemoryStore
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"file": data}}}
	_, err := engine.Run(t.Context(), engine.Config{
		Targets: []engine.Target{m.Target("memory")}, Formats: format.List(), Detector: copier{seen}, Store: &k,
		Limits: scan.DefaultLimits(), Workers: 1, Passwords: passwords, Isolator: scantest.Isolator(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen, k.Kept[0]
}
