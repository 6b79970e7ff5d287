package source_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// A share whose server calls all of its files offline: what is there all the
// same is read, and what is not is counted, with its size and its owner.
func TestSMBRunOffline(t *testing.T) {
	dir := openDir(t)
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir, Lines: []string{"vfs objects = offline"}}}})
	write(t, filepath.Join(dir, "here.txt"), strings.Repeat("text ", 1000), 0o644)
	write(t, filepath.Join(dir, "部", "empty.txt"), "", 0o644)
	write(t, filepath.Join(dir, "部", "tape.dat"), "", 0o644)
	if err := os.Truncate(filepath.Join(dir, "部", "tape.dat"), 3<<20); err != nil { // no storage holds it
		t.Fatal(err)
	}
	d := newDrill(t, s, options(t, s))
	sum := d.run(time.Minute)
	if sum.Files != 3 || sum.Targets[0].Err != nil {
		t.Errorf("%d files, %v; want 3", sum.Files, sum.Targets[0].Err)
	}
	want := map[string]judged{
		"here.txt":    {Status: scan.StatusClean},
		"部/empty.txt": {Status: scan.StatusClean},
		"部/tape.dat":  {Status: scan.StatusSkipped, Reason: scan.RuleOffline},
	}
	if diff := cmp.Diff(want, d.judged()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for res, err := range d.db.Results(t.Context(), scan.Present) {
		if err != nil {
			t.Fatal(err)
		}
		if e := res.Entry; filepath.Base(e.Path) == "tape.dat" && (e.Size != 3<<20 || !strings.HasSuffix(e.Owner, "root")) {
			t.Errorf("size %d, owner %q; want 3 MiB of root", e.Size, e.Owner)
		}
	}
}
