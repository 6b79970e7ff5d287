package source_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

// The share is taken away in the middle of the run, and put back for the next.
// Bound: nothing is waited for, 30 s.
func TestSMBRunShareTakenAway(t *testing.T) {
	t.Parallel()
	dir, clean := office(t)
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir}, {Name: "other"}}})
	d := newDrill(t, s, options(t, s))
	d.during = inTheMiddle(t, func() error { return s.RemoveShare(t.Context(), "data") })
	sum := d.run(30 * time.Second)
	err := sum.Targets[0].Err
	var target *source.TargetError
	if !errors.As(err, &target) || !errors.Is(err, source.ErrNoShare) || target.Remedy.Empty() {
		t.Errorf("the target ends with %v, want a TargetError that is ErrNoShare", err)
	}
	first := d.lostNothing(sum, clean)
	if len(first) < 30 || len(first) >= len(clean) {
		t.Errorf("%d of %d files were told: the share did not go away in the middle", len(first), len(clean))
	}
	if err := s.PutBack(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.becomesClean(time.Minute, clean)
}

// A folder that was read and one night cannot be listed, for whatever reason,
// is told, and nothing below it is taken for deleted: what was found there
// stays found. Bound: a run, 60 s.
func TestSMBRunFolderClosedForANight(t *testing.T) {
	t.Parallel()
	dir, clean := office(t)
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir, AsUser: true}}})
	d := newDrill(t, s, options(t, s))
	d.isClean(d.run(time.Minute), clean)

	const closed = "年金給付課"
	if err := os.Chmod(filepath.Join(dir, closed), 0); err != nil {
		t.Fatal(err)
	}
	sum := d.run(time.Minute)
	if err := sum.Targets[0].Err; err != nil {
		t.Errorf("the run is incomplete: %v", err)
	}
	if n := d.gone(); n != 0 {
		t.Errorf("%d files are said to be deleted, and none was", n)
	}
	got := d.judged()
	if want := (judged{Status: scan.StatusUnchecked, Reason: string(scan.KindDenied), Partial: true}); got[closed] != want {
		t.Errorf("the folder is told as %+v, want %+v", got[closed], want)
	}
	delete(got, closed)
	if diff := cmp.Diff(clean, got); diff != "" {
		t.Errorf("what was known of the files changed (-before +after):\n%s", diff)
	}
	below := 0
	for path := range clean {
		if strings.HasPrefix(path, closed+"/") {
			below++
		}
	}
	if below == 0 || int(sum.Files) != len(clean)-below+1 {
		t.Errorf("the run saw %d files, want %d less %d and the folder", sum.Files, len(clean), below)
	}

	if err := os.Chmod(filepath.Join(dir, closed), 0o755); err != nil {
		t.Fatal(err)
	}
	d.becomesClean(time.Minute, clean)
}
