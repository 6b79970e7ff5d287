package source_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

// ticketLife is how long a ticket lasts, and ticketPace (files per second) makes
// a run of the sample last half as long again: the ticket ends in its middle.
// The server ends the session with it (NETWORK_SESSION_EXPIRED, MS-ERREF 2.3.1).
const (
	ticketLife = 10 * time.Second
	ticketPace = 20
)

// ticketOffice serves the sample where tickets soon end.
func ticketOffice(t *testing.T) (*samba.Server, *samba.KDC, map[string]judged) {
	t.Helper()
	s, k := kerberos(t, ticketLife)
	dir := shareDir(t, s, "data")
	if err := os.RemoveAll(filepath.Join(dir, "年金")); err != nil {
		t.Fatal(err)
	}
	return s, k, furnish(t, dir)
}

// With a password or a keytab the source logs on anew, and the run is complete
// in one go. Bound: the pace, 15 s, and a run; 60 s.
func TestSMBRunTicketEndsAndIsRenewed(t *testing.T) {
	for _, by := range []string{"password", "keytab"} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			s, k, clean := ticketOffice(t)
			w := &wire{}
			opts := options(t, s)
			opts.Kerberos.Conf, opts.Auth, opts.Dial = k.Conf, source.AuthKerberos, w.dial
			opts.Sessions, opts.Pacer = 1, source.NewPacer(source.Pace{Files: ticketPace})
			if by == "keytab" {
				opts.Kerberos.Keytab = filepath.Join(t.TempDir(), "keytab")
				if err := k.Keytab(t.Context(), s.User, opts.Kerberos.Keytab); err != nil {
					t.Fatal(err)
				}
			}
			d := newDrill(t, s, opts)
			sum := d.run(time.Minute)
			if err := sum.Targets[0].Err; err != nil {
				t.Errorf("the run is incomplete: %v", err)
			}
			// One for each ticket: two, and more where the machine is slow.
			if n := w.dials.Load(); n < 2 || n > 2+int64(sum.Elapsed/ticketLife) {
				t.Errorf("%d connections were made in %v, want one for each ticket", n, sum.Elapsed)
			}
			d.isClean(sum, clean)
		})
	}
}

// A cache that nobody renews cannot be gone on with. The run ends with what to
// do; done, the next run completes it. Bound: the pace, 15 s, and a run; 60 s.
func TestSMBRunTicketOfCacheEnds(t *testing.T) {
	t.Parallel()
	s, k, clean := ticketOffice(t)
	cache := filepath.Join(t.TempDir(), "cache")
	kinit := func() {
		if err := k.Cache(t.Context(), s.User, s.Password, cache); err != nil {
			t.Fatal(err)
		}
	}
	kinit()
	opts := source.Options{Stall: 20 * time.Second, Kerberos: source.Kerberos{Cache: cache, Conf: k.Conf}, Pacer: source.NewPacer(source.Pace{Files: ticketPace})}
	d := newDrill(t, s, opts)
	d.target = strings.Replace(d.target, s.User+"@", "", 1)
	sum := d.run(time.Minute)
	err := sum.Targets[0].Err
	var target *source.TargetError
	if !errors.As(err, &target) || !strings.Contains(target.Reason.String(), "ticket") || !strings.Contains(target.Remedy.String(), "kinit") {
		t.Errorf("the target ends with %v, want a TargetError that says to run kinit", err)
	}
	if first := d.lostNothing(sum, clean); len(first) < 30 || len(first) >= len(clean) {
		t.Errorf("%d of %d files were told: the ticket did not end in the middle", len(first), len(clean))
	}
	kinit()
	d.opts.Pacer = nil
	d.becomesClean(time.Minute, clean)
}
