package format_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

// namesOnly notes the names of members.
type namesOnly struct{ names []string }

func (n *namesOnly) Row(scan.Row) error { return nil }
func (n *namesOnly) Problem(error)      {}
func (n *namesOnly) Member(m scan.Member) error {
	n.names = append(n.names, m.Name)
	return nil
}

// Names come out as their maker meant them, also where the second byte of a
// character is a backslash (表, ソ and 能 in CP932).
func TestNamesOfMembers(t *testing.T) {
	for file, want := range map[string][]string{
		"zip/names-with-backslash-bytes.zip": {"表/ソート能力.csv"},
		"lzh/names-with-backslash-bytes.lzh": {"表/ソート能力.csv"},
		"rar/rar4-name-in-cp932.rar":         {"表/名簿.csv"},
		"iso/joliet.iso":                     {"readme.txt", "年金 名簿/受給者一覧 平成27年度.csv"},
		"iso/rock-ridge.iso":                 {"long.csv", "readme.txt", "年金 名簿/受給者一覧 平成27年度.csv"},
		"iso/udf-alone.iso":                  {"long.csv", "readme.txt", "年金 名簿/受給者一覧 平成27年度.csv"},
		"pdf/attached-list.pdf":              {"名簿.csv"},
	} {
		data, err := os.ReadFile(filepath.Join(fixtures, file))
		if err != nil {
			t.Fatal(err)
		}
		f, err := scantest.NewFile(t.Context(), file, bytes.NewReader(data), int64(len(data)), scan.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		var got namesOnly
		for _, known := range format.List() {
			if !known.Match(f) {
				continue
			}
			open := known.Open
			if known.Isolated != nil {
				open = known.Isolated
			}
			doc, err := open(t.Context(), f)
			if err == nil {
				err = doc.Content(context.Background(), &got)
			}
			if err != nil {
				t.Errorf("%s: %v", file, err)
			}
			break
		}
		slices.Sort(got.names)
		if diff := cmp.Diff(want, got.names); diff != "" {
			t.Errorf("%s: names (-want +got):\n%s", file, diff)
		}
	}
}
