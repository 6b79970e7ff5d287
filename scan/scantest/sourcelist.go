package scantest

import (
	"slices"
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
	var down func(folder string, above []uint64)
	down = func(folder string, above []uint64) {
		var below []scan.Entry
		err := lister.List(t.Context(), folder, func(e scan.Entry, err error) error {
			switch {
			case err != nil:
				gaps[e.Path] = err.Error()
			case e.Folder:
				below = append(below, e)
			default:
				files[e.Path] = e
			}
			return nil
		})
		if err != nil {
			gaps[folder] = err.Error()
		}
		for _, e := range below {
			if e.ID != 0 && slices.Contains(above, e.ID) {
				gaps[e.Path] = "it is also one of the folders above it"
				continue
			}
			down(e.Path, append(slices.Clone(above), e.ID))
		}
	}
	down("", nil)
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
