package seal

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

func keyed(t *testing.T, fill byte) *Names {
	t.Helper()
	n := &Names{}
	if err := n.Use(bytes.Repeat([]byte{fill}, 32)); err != nil {
		t.Fatal(err)
	}
	return n
}

var hostile = []string{
	"総務/山田_3412-567890.xlsx", "３４１２－５６７８９０", "3412567890/3412 567890/x", "3412-567890-1150",
	begin, middle + "3412-567890" + end, begin + "****" + middle + "abc" + end, "\xf4\x8f\xb43412567890", "\xf4\x8f\xb4", "\xff3412-567890\x00",
	`\\server\share\3412567890`, "smb://fs01/3412.567890/",
}

var harmless = []string{"", "a/b.txt", "20250131123456.log", "list 2025-01-31.csv", "123456789", "\U0010FE00", "名簿 12345678901"}

// tags tell masked numbers apart.
var tags = regexp.MustCompile(`~[A-Za-z]{6}`)

func TestSealAndOpen(t *testing.T) {
	n, other, none := keyed(t, 1), keyed(t, 2), &Names{}
	for _, name := range hostile {
		sealed := n.Seal(name)
		if sealed == name || len(scan.NumbersIn(sealed)) > 0 {
			t.Errorf("%q is stored as %q", name, sealed)
		}
		if sealed != n.Seal(name) {
			t.Errorf("%q has two forms", name)
		}
		if got := n.Open(sealed); got != name {
			t.Errorf("%q comes back as %q", name, got)
		}
		for _, without := range []*Names{other, none} {
			if got := without.Open(sealed); len(scan.NumbersIn(got)) > 0 || strings.Contains(got, lead) {
				t.Errorf("%q is shown as %q without its key", name, got)
			}
		}
	}
	for _, name := range harmless {
		if got := n.Seal(name); got != name || n.Open(name) != name {
			t.Errorf("%q is stored as %q", name, got)
		}
	}
	masked := func(number string) string { return none.Open(n.Seal("総務/山田_" + number + ".xlsx")) }
	if got, want := tags.ReplaceAllString(masked("3412-567890"), ""), "総務/山田_****-****90.xlsx"; got != want {
		t.Errorf("without a key %q, want %q", got, want)
	}
	if one, again, other := masked("3412-567890"), masked("3412-567890"), masked("3499-567890"); one != again || one == other {
		t.Error("without a key a number does not look like itself, or like another one")
	}
	if none.Seal("3412-567890") != "3412-567890" || none.Mark() != "" || n.Mark() == other.Mark() {
		t.Error("without a key something is sealed, or two keys have one mark")
	}
}

// TestFoldersAreSealedAlone says that a path is sealed part by part: what is below a
// folder is found by what it begins with.
func TestFoldersAreSealedAlone(t *testing.T) {
	n := keyed(t, 1)
	for _, a := range append(hostile, harmless...) {
		for _, b := range append(hostile, harmless...) {
			if got, want := n.Seal(a+"/"+b), n.Seal(a)+"/"+n.Seal(b); got != want {
				t.Errorf("%q below %q is stored as %q, want %q", b, a, got, want)
			}
		}
	}
}

func TestSealJSON(t *testing.T) {
	n, none := keyed(t, 1), &Names{}
	type body struct {
		Name  string
		Names []string
		Size  int64
	}
	for _, name := range append(hostile, `"`, `\3412567890"`, "\x013412-567890", "</script>3412-567890") {
		text, err := json.Marshal(body{name, []string{name}, 3412567890})
		if err != nil {
			t.Fatal(err)
		}
		var want, got, masked body
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		sealed := n.SealJSON(string(text))
		if err := json.Unmarshal([]byte(n.Open(sealed)), &got); err != nil || got.Name != want.Name || got.Names[0] != want.Names[0] || got.Size != want.Size {
			t.Errorf("%q is stored as %s and comes back as %+v: %v", name, sealed, got, err)
		}
		if err := json.Unmarshal([]byte(none.Open(sealed)), &masked); err != nil || masked.Size != want.Size || len(scan.NumbersIn(masked.Name)) > 0 {
			t.Errorf("%q is shown as %+v without a key: %v", name, masked, err)
		}
		if !json.Valid([]byte(sealed)) {
			t.Errorf("%s is no JSON", sealed)
		}
	}
}

func FuzzSeal(f *testing.F) {
	for _, s := range append(hostile, harmless...) {
		f.Add(s)
	}
	n := &Names{}
	if err := n.Use(make([]byte, 32)); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name string) {
		sealed := n.Seal(name)
		if got := n.Open(sealed); got != name {
			t.Errorf("%q is stored as %q and comes back as %q", name, sealed, got)
		}
		if len(scan.NumbersIn(sealed)) > 0 {
			t.Errorf("%q is stored as %q", name, sealed)
		}
		if text, err := json.Marshal(name); err == nil {
			if got := n.Open(n.SealJSON(string(text))); got != string(text) {
				var a, b string
				if json.Unmarshal([]byte(got), &a) != nil || json.Unmarshal(text, &b) != nil || a != b {
					t.Errorf("%s comes back as %s", text, got)
				}
			}
		}
	})
}
