package format_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

// TestEmbeddedDocumentsAreMembers: what is embedded in a compound file has a
// verdict of its own, and the limit of depth holds for it.
func TestEmbeddedDocumentsAreMembers(t *testing.T) {
	shallow := scan.DefaultLimits()
	shallow.Depth = 1
	for _, c := range []struct {
		file   string
		inner  string
		format string
		limits scan.Limits
		want   scan.Protection
		kinds  []scan.Kind
	}{
		{"xls/embedded-word-documents.xls", "MBD00000002", "doc", scan.DefaultLimits(), scan.Protection{Verdict: scan.VerdictPassword, Scheme: "rc4-40", Strength: scan.StrengthWeak}, nil},
		{"msg/message-in-message.msg", "元のメール/名簿.csv", "", shallow, scan.Protection{}, []scan.Kind{scan.KindLimit}},
	} {
		data, err := os.ReadFile(filepath.Join(fixtures, filepath.FromSlash(c.file)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := scantest.Run(t, t.Context(), format.List(), c.limits, &scantest.MemorySource{Files: map[string][]byte{"x": data}})
		if err != nil {
			t.Fatal(err)
		}
		items := got["x"].Result.Items
		i := slices.IndexFunc(items, func(item scan.Item) bool { return strings.Join(item.Inner, "/") == c.inner })
		if i < 0 {
			t.Errorf("%s: no item %s", c.file, c.inner)
			continue
		}
		var kinds []scan.Kind
		for _, p := range items[i].Problems {
			kinds = append(kinds, p.Kind)
		}
		if p := items[i].Protection; items[i].Format != c.format || p.Verdict != c.want.Verdict || p.Scheme != c.want.Scheme || p.Strength != c.want.Strength || !slices.Equal(kinds, c.kinds) {
			t.Errorf("%s: %s is %q %+v, problems %v", c.file, c.inner, items[i].Format, p, items[i].Problems)
		}
	}
}
