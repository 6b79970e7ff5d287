package source_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// Names that unix allows and SMB has no way to ask for. A server that does not
// change them lists files that nobody can open through it: they are not gone,
// and none is taken for another.
func TestSMBNamesThatCannotBeAskedFor(t *testing.T) {
	for _, tt := range []struct {
		name  string
		lines []string
		wrong bool
	}{
		{"as they are", []string{"mangled names = no"}, true},
		{"as they are, with modules for names", []string{"mangled names = no", "vfs objects = catia fruit streams_xattr"}, true},
		{"mangled", nil, false},
		{"mapped as Macs do", []string{"vfs objects = catia fruit streams_xattr", "fruit:encoding = native", "fruit:metadata = stream"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Lines: tt.lines}}})
			dir := shareDir(t, s, "data")
			odd := []string{"a\"b.txt", "c*d.txt", "e:f.txt", "g<h>.txt", "i?j.txt", `k\l.txt`, "m|n.txt", "o\x1bp.txt", "日本:語.txt", "dir:x/in.txt"}
			for _, name := range append([]string{"plain.txt", "k/l.txt", "e"}, odd...) {
				write(t, filepath.Join(dir, name), name, 0o644)
			}
			src := open(t, s.URL("data"), options(t, s))
			files, gaps := scantest.WalkAll(t, src)
			said := map[string]bool{}
			for path, err := range gaps {
				if !errors.Is(err, scan.ErrUnsupported) {
					t.Errorf("%q: %v, want ErrUnsupported", path, err)
				}
			}
			for path, e := range files {
				blob, err := src.Open(t.Context(), e)
				if err != nil {
					if scan.ProblemOf(err).Kind != scan.KindUnsupported {
						t.Errorf("%q: %v, want ErrUnsupported", path, err)
					}
					continue
				}
				content := make([]byte, blob.Size())
				if _, err := blob.ReadAt(content, 0); err != nil || blob.Close() != nil {
					t.Fatal(err)
				}
				if said[string(content)] {
					t.Errorf("%q was read twice, the second time as %q", content, path)
				}
				said[string(content)] = true
			}
			if want := 13; len(files)+len(gaps) != want || !tt.wrong && len(said) != want || tt.wrong && len(said) != 3 {
				t.Errorf("%d files, %d gaps, %d contents read", len(files), len(gaps), len(said))
			}
		})
	}
}
