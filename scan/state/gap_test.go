package state_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
)

// What lies below a folder that could not be listed is not gone, whatever else
// is. Its neighbours by name are no part of it.
func TestFolderThatCouldNotBeListedKeepsItsFiles(t *testing.T) {
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	before := []string{"a", "部", "部 2/x", "部!/x", "部/1", "部/2/3", "部/￿", "部.txt", "部0", "部署/1"}
	for _, tt := range []struct {
		name, gap, rule string
		gone            string
	}{
		{"folder", "部", "", "a,部 2/x,部!/x,部.txt,部0,部署/1"},
		{"folder left out by a rule", "部", scan.RuleLoop, "a,部 2/x,部!/x,部.txt,部/1,部/2/3,部/￿,部0,部署/1"},
		{"folder in a folder", "部/2", "", "a,部,部 2/x,部!/x,部.txt,部/1,部/￿,部0,部署/1"},
		{"the rest of the target itself", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := open(t, filepath.Join(t.TempDir(), "state.db"))
			run := begin(t, db)
			for _, p := range before {
				if err := run.Save(t.Context(), []*scan.Result{found(p, at, nil, nil)}); err != nil {
					t.Fatal(err)
				}
			}
			if err := errors.Join(run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
				t.Fatal(err)
			}
			run = begin(t, db)
			gap := found(tt.gap, at, nil, nil)
			gap.Entry.Folder, gap.Skipped = true, tt.rule
			if err := errors.Join(run.Save(t.Context(), []*scan.Result{gap}), run.Finish(t.Context(), "t", true), run.End(t.Context())); err != nil {
				t.Fatal(err)
			}
			var gone []string
			for _, r := range list(t, db, state.Gone) {
				gone = append(gone, r.Entry.Path)
			}
			if got := strings.Join(gone, ","); got != tt.gone {
				t.Errorf("gone are %q, want %q", got, tt.gone)
			}
		})
	}
}
