package source_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

// inTheMiddle calls f once, when a third of the sample is done.
func inTheMiddle(t *testing.T, f func() error) func(engine.Progress) { return atFile(t, 100, f) }

// atFile calls f once, when n files are done.
func atFile(t *testing.T, n int, f func() error) func(engine.Progress) {
	done := false
	return func(p engine.Progress) {
		if int(p.Files) == n && !done { // it is called again while nothing moves
			done = true
			if err := f(); err != nil {
				t.Errorf("making trouble: %v", err)
			}
		}
	}
}

// The server is killed in the middle of the run and started again for the
// next. Bound: patience with a server that may be restarting, which is a part
// of the stall time, for the walk and once more for who comes after it; 30 s.
func TestSMBRunServerKilled(t *testing.T) {
	t.Parallel()
	dir, clean := office(t)
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir}}})
	d := newDrill(t, s, options(t, s))
	d.during = inTheMiddle(t, s.Kill)
	sum := d.run(30 * time.Second)
	if err := sum.Targets[0].Err; !errors.Is(err, source.ErrUnreachable) {
		t.Errorf("the target ends with %v, want ErrUnreachable", err)
	}
	d.lostNothing(sum, clean)
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.becomesClean(time.Minute, clean)
}

// The server is killed and comes back within the run, which then is complete
// in one go. Bound: a run, and the two seconds of the restart; 60 s.
func TestSMBRunServerRestarts(t *testing.T) {
	t.Parallel()
	dir, clean := office(t)
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir}}})
	d := newDrill(t, s, options(t, s))
	back := make(chan error, 1)
	d.during = inTheMiddle(t, func() error {
		err := s.Kill()
		time.AfterFunc(2*time.Second, func() { back <- s.Restart(t.Context()) })
		return err
	})
	sum := d.run(time.Minute)
	if err := <-back; err != nil {
		t.Fatal(err)
	}
	if err := sum.Targets[0].Err; err != nil {
		t.Errorf("the run is incomplete: %v", err)
	}
	d.isClean(sum, clean)
}

// The processes that serve us stop answering, with their connections open, and
// the server takes new ones: the run goes on over these and is complete.
// Bound: a stall, the end of which all who wait meet together, and a run; 60 s.
func TestSMBRunSessionsHang(t *testing.T) {
	t.Parallel()
	dir, clean := office(t)
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir}}})
	opts := options(t, s)
	opts.Stall = 5 * time.Second
	d := newDrill(t, s, opts)
	d.during = inTheMiddle(t, func() error { return s.Freeze(false) })
	sum := d.run(time.Minute)
	if err := sum.Targets[0].Err; err != nil {
		t.Errorf("the run is incomplete: %v", err)
	}
	d.isClean(sum, clean)
	if err := s.Thaw(); err != nil {
		t.Fatal(err)
	}
}

// The whole server hangs; its system still takes connections. The run ends,
// and the next, with the server awake, completes it. Bound: a stall each for a
// logon that may be under way, for the sessions, and for the logon that is tried
// after them; then the server is left alone. With a stall of 5 s, 40 s.
func TestSMBRunServerHangs(t *testing.T) {
	t.Parallel()
	dir, clean := office(t)
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir}}})
	opts := options(t, s)
	opts.Stall = 5 * time.Second
	d := newDrill(t, s, opts)
	d.during = inTheMiddle(t, func() error { return s.Freeze(true) })
	sum := d.run(40 * time.Second)
	if err := sum.Targets[0].Err; !errors.Is(err, scan.ErrStalled) {
		t.Errorf("the target ends with %v, want ErrStalled", err)
	}
	d.lostNothing(sum, clean)
	if err := s.Thaw(); err != nil {
		t.Fatal(err)
	}
	d.becomesClean(time.Minute, clean)
}
