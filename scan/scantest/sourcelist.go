package scantest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
)

// sourceList goes down the tree folder by folder and meets what a walk meets.
func sourceList(t *testing.T, src scan.Source) {
	lister, ok := src.(scan.Lister)
	if !ok {
		t.Fatalf("%T lists no single folders", src)
	}
	want, wantGaps := WalkAll(t, src)
	files, gaps := map[string]scan.Entry{}, map[string]string{}
	below := []string{""}
	for len(below) > 0 {
		folder := below[0]
		below = below[1:]
		err := lister.List(t.Context(), folder, func(e scan.Entry, err error) error {
			switch {
			case err != nil:
				gaps[e.Path] = err.Error()
			case e.Folder:
				below = append(below, e.Path)
			default:
				files[e.Path] = e
			}
			return nil
		})
		if err != nil {
			gaps[folder] = err.Error()
		}
	}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Errorf("files (-walked +listed):\n%s", diff)
	}
	for path, err := range wantGaps {
		if gaps[path] == "" {
			t.Errorf("List does not tell %q: %v", path, err)
		}
	}
	if len(gaps) != len(wantGaps) {
		t.Errorf("List tells the gaps %v, want %v", gaps, wantGaps)
	}
}
