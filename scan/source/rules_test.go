package source_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// rulesOf are the rules by which a walk leaves something out, by path.
func rulesOf(t *testing.T, gaps map[string]error) map[string]string {
	t.Helper()
	rules := map[string]string{}
	for path, err := range gaps {
		var skip *scan.SkipError
		if !errors.As(err, &skip) {
			t.Errorf("%q: %v, want a rule", path, err)
			continue
		}
		rules[path] = skip.Rule
	}
	return rules
}

func TestRulesOfSources(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data"}}})
	dir := shareDir(t, s, "data")
	for _, name := range []string{"a.txt", "#recycle/b.txt", "総務/$RECYCLE.BIN/S-1-5-21/c.txt", ".Trash-1000/d.txt", ".snapshot/daily/a.txt", ".snapshot/weekly/a.txt", ".snapshot/kept.txt", "部/~snapshot/x/y.txt", "recycle/e.txt"} {
		write(t, filepath.Join(dir, name), "x", 0o644)
	}
	bins := map[string]string{"#recycle": "recycle-bin", "総務/$RECYCLE.BIN": "recycle-bin", ".Trash-1000": "recycle-bin"}
	for _, tt := range []struct {
		name, target string
		bins         bool
		files        int
		want         map[string]string
	}{
		{"local", dir, false, 6, bins},
		{"local with bins", dir, true, 9, map[string]string{}},
		{"smb", s.URL("data"), false, 3, map[string]string{".snapshot/daily": "snapshot", ".snapshot/weekly": "snapshot", "部/~snapshot/x": "snapshot", "#recycle": "recycle-bin", "総務/$RECYCLE.BIN": "recycle-bin", ".Trash-1000": "recycle-bin"}},
		{"smb with bins", s.URL("data"), true, 6, map[string]string{".snapshot/daily": "snapshot", ".snapshot/weekly": "snapshot", "部/~snapshot/x": "snapshot"}},
		{"a bin as the target", filepath.Join(dir, "#recycle"), false, 1, map[string]string{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opts := options(t, s)
			opts.RecycleBins = tt.bins
			files, gaps := scantest.WalkAll(t, open(t, tt.target, opts))
			if diff := cmp.Diff(tt.want, rulesOf(t, gaps)); diff != "" || len(files) != tt.files {
				t.Errorf("%d files, want %d; rules (-want +got):\n%s", len(files), tt.files, diff)
			}
		})
	}
}
