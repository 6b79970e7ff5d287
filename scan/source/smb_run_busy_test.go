package source_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// busyFile is a file of the sample with findings.
const busyFile = "年金給付課/平成25年度/SHFD0006.CSV"

// Somebody has a file open and shares it with nobody during the first run. It
// is told with its owner, and examined by the next. Bound: nothing is waited
// for but a second try at the end, 60 s.
func TestSMBRunLockedFile(t *testing.T) {
	t.Parallel()
	dir, clean := office(t)
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir, Writers: true}}})
	release := hold(t, s, "data", busyFile, shareWithNobody)
	d := newDrill(t, s, options(t, s))
	d.others = 1
	sum := d.run(time.Minute)
	if err := sum.Targets[0].Err; err != nil {
		t.Errorf("a locked file makes the target incomplete: %v", err)
	}
	got := d.lostNothing(sum, clean)
	if want := (judged{Status: scan.StatusUnchecked, Reason: string(scan.KindLocked), Partial: true}); got[busyFile] != want {
		t.Errorf("the locked file is %+v, want %+v", got[busyFile], want)
	}
	want := unchecked(clean)
	want[string(scan.KindLocked)]++
	if diff := cmp.Diff(want, unchecked(got)); diff != "" {
		t.Errorf("unchecked by reason (-want +got):\n%s", diff)
	}
	for res, err := range d.db.Results(t.Context(), scan.Present) {
		if err != nil {
			t.Fatal(err)
		}
		if res.Entry.Path == busyFile && res.Entry.Owner != `Unix User\root` {
			t.Errorf("the locked file has the owner %q: nobody can be asked to close it", res.Entry.Owner)
		}
	}
	release()
	d.others = 0
	d.becomesClean(time.Minute, clean)
}

// Somebody caches a file and does not answer when the server asks for it back:
// Samba waits for 35 s and then opens it for us. The run has the file in the
// end, and all others, over the same connection, long before.
// Bound: the 35 s and a run, 75 s.
func TestSMBRunOplockBreakUnanswered(t *testing.T) {
	t.Parallel()
	dir, clean := office(t)
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir, Writers: true}}})
	release := hold(t, s, "data", busyFile, grab)
	opts := options(t, s)
	opts.Stall, opts.Sessions = 0, 1 // the usual patience
	d := newDrill(t, s, opts)
	d.others = 1
	var others, last time.Duration
	d.during = func(p engine.Progress) {
		switch n := int(p.Files); { // it is called again while nothing moves
		case n == len(clean)-1 && others == 0:
			others = p.Elapsed
		case n == len(clean) && last == 0:
			last = p.Elapsed
		}
	}
	sum := d.run(75 * time.Second)
	if err := sum.Targets[0].Err; err != nil {
		t.Errorf("the run is incomplete: %v", err)
	}
	d.isClean(sum, clean)
	t.Logf("all files but one after %v, the last after %v", others, last)
	if last < 30*time.Second {
		t.Errorf("the last file was done after %v: the break was not waited for", last)
	}
	if others > last/2 {
		t.Errorf("the others were done after %v: they waited for the one", others)
	}
	release()
	d.others = 0
	d.nothingIsLeft()
}
