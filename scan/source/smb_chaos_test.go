package source_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// A fault is what befalls a run, by a kind and a seed.
type fault struct {
	kind   string
	signed bool // of use only where the server signs
	wire   func(rnd *rand.Rand, all int64) *chaosWire
	during func(d *drill, s *samba.Server, rnd *rand.Rand, dir string) func() error
}

// at is a point in the bytes that a run receives.
func at(rnd *rand.Rand, all int64) int64 { return 1 + rnd.Int64N(all*9/10) }

func flip(rnd *rand.Rand) func(*chaosConn, []byte) ([]byte, error) {
	return func(_ *chaosConn, p []byte) ([]byte, error) {
		p[rnd.IntN(len(p))] ^= 1 << rnd.IntN(8)
		return p, nil
	}
}

func wireFaults() []fault {
	answer := func(befall func(rnd *rand.Rand) func(*chaosConn, []byte) ([]byte, error)) func(*rand.Rand, int64) *chaosWire {
		return func(rnd *rand.Rand, all int64) *chaosWire {
			return &chaosWire{answers: true, at: at(rnd, all), befall: befall(rnd)}
		}
	}
	return []fault{
		{kind: "connection reset", wire: answer(func(*rand.Rand) func(*chaosConn, []byte) ([]byte, error) { return (*chaosConn).reset })},
		{kind: "connection reset, again and again", wire: func(rnd *rand.Rand, all int64) *chaosWire {
			return &chaosWire{answers: true, at: all / (8 + rnd.Int64N(20)), often: 30, befall: (*chaosConn).reset}
		}},
		{kind: "server out of reach for a moment", wire: func(rnd *rand.Rand, all int64) *chaosWire {
			w := &chaosWire{answers: true, at: at(rnd, all)}
			w.befall = func(c *chaosConn, p []byte) ([]byte, error) {
				w.down.Store(time.Now().Add(time.Duration(200+rnd.IntN(1500)) * time.Millisecond).UnixNano())
				return c.reset(p)
			}
			return w
		}},
		{kind: "answers cease", wire: answer(func(*rand.Rand) func(*chaosConn, []byte) ([]byte, error) { return (*chaosConn).hang })},
		{kind: "answers come byte by byte", wire: answer(func(rnd *rand.Rand) func(*chaosConn, []byte) ([]byte, error) {
			return func(c *chaosConn, p []byte) ([]byte, error) { c.pace.Store(20_000); return p, nil }
		})},
		{kind: "answer damaged", signed: true, wire: answer(flip)},
		{kind: "answer cut short", signed: true, wire: answer(func(rnd *rand.Rand) func(*chaosConn, []byte) ([]byte, error) {
			return func(_ *chaosConn, p []byte) ([]byte, error) { return p[:rnd.IntN(len(p))], nil }
		})},
		{kind: "answer with more in it", signed: true, wire: answer(func(rnd *rand.Rand) func(*chaosConn, []byte) ([]byte, error) {
			return func(_ *chaosConn, p []byte) ([]byte, error) {
				n := rnd.IntN(len(p))
				return append(append(append([]byte{}, p[:n]...), make([]byte, 1+rnd.IntN(100))...), p[n:]...), nil
			}
		})},
		{kind: "request damaged", signed: true, wire: func(rnd *rand.Rand, all int64) *chaosWire {
			return &chaosWire{at: at(rnd, all/25), befall: flip(rnd)} // requests are short
		}},
	}
}

func serverFaults() []fault {
	once := func(f func(d *drill, s *samba.Server, rnd *rand.Rand, dir string) error) func(*drill, *samba.Server, *rand.Rand, string) func() error {
		return func(d *drill, s *samba.Server, rnd *rand.Rand, dir string) func() error {
			return func() error { return f(d, s, rnd, dir) }
		}
	}
	return []fault{
		{kind: "server's processes killed", during: once(func(_ *drill, s *samba.Server, _ *rand.Rand, _ string) error { return s.DropClients() })},
		{kind: "server killed and started again", during: once(func(d *drill, s *samba.Server, rnd *rand.Rand, _ string) error {
			err := s.Kill()
			d.after(time.Duration(100+rnd.IntN(1500))*time.Millisecond, func() error { return s.Restart(d.t.Context()) })
			return err
		})},
		{kind: "sessions frozen", during: once(func(d *drill, s *samba.Server, _ *rand.Rand, _ string) error {
			d.after(time.Second, s.Thaw)
			return s.Freeze(false)
		})},
		{kind: "share taken away and put back", during: once(func(d *drill, s *samba.Server, _ *rand.Rand, _ string) error {
			d.after(300*time.Millisecond, func() error { return s.PutBack(d.t.Context()) })
			return s.RemoveShare(d.t.Context(), "data")
		})},
		{kind: "files change while they are read", during: changeFiles},
	}
}

// after does something in a while, and the end of the round waits for it.
func (d *drill) after(wait time.Duration, f func() error) {
	done := make(chan error, 1)
	time.AfterFunc(wait, func() { done <- f() })
	d.pending = append(d.pending, done)
}

func (d *drill) settle() {
	for _, done := range d.pending {
		if err := <-done; err != nil {
			d.t.Errorf("making trouble: %v", err)
		}
	}
	d.pending = nil
}

// changeFiles deletes, truncates, lengthens and replaces files of its own for as
// long as the run goes on.
func changeFiles(d *drill, _ *samba.Server, rnd *rand.Rand, dir string) func() error {
	line := "1234-567890,佐藤一郎,東京都港区\n"
	name := func(i int) string { return filepath.Join(dir, "動く", fmt.Sprintf("%02d.csv", i)) }
	for i := range 12 {
		write(d.t, name(i), "基礎年金番号,氏名,住所\n"+strings.Repeat(line, 20_000), 0o644)
	}
	return func() error {
		stop := make(chan struct{})
		done := make(chan error, 1)
		seed := rnd.Uint64()
		go func() {
			pprof.SetGoroutineLabels(context.Background()) // it is none of the run's
			rnd := rand.New(rand.NewPCG(seed, 1))
			for n := 0; ; n++ {
				select {
				case <-stop:
					done <- nil
					return
				case <-time.After(10 * time.Millisecond):
				}
				path := name(rnd.IntN(12))
				switch rnd.IntN(4) {
				case 0:
					_ = os.Remove(path)
				case 1:
					_ = os.Truncate(path, rnd.Int64N(100_000))
				case 2:
					if f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0); err == nil {
						_, _ = f.WriteString(strings.Repeat(line, 1+rnd.IntN(3000)))
						_ = f.Close()
					}
				case 3:
					_ = os.WriteFile(path+"~", []byte(strings.Repeat("text\n", 1+rnd.IntN(30_000))), 0o644)
					_ = os.Rename(path+"~", path)
				}
			}
		}()
		d.ending = append(d.ending, func() error { close(stop); return <-done })
		return nil
	}
}

// A tally counts the rounds of one kind.
type tally struct{ rounds, finished, incomplete, lost, doubled, wronglyClean, wrong, crashed int }

// chaosRounds is how many rounds there are of each kind; make chaos has more.
func chaosRounds() int {
	if n, err := strconv.Atoi(os.Getenv("KAGIBAN_CHAOS")); err == nil {
		return n
	}
	return 1
}

// TestSMBChaos lets faults of each kind befall runs at random points, by a seed.
// A run has to end; what it says has to be so; the one after it, which nothing
// befalls, makes the state equal to one that nothing ever befell.
func TestSMBChaos(t *testing.T) {
	t.Parallel()
	seed := uint64(1)
	if s, err := strconv.ParseUint(os.Getenv("KAGIBAN_CHAOS_SEED"), 10, 64); err == nil {
		seed = s
	}
	dir, clean := office(t)
	faults := append(wireFaults(), serverFaults()...)
	sums := make([]tally, len(faults))
	for i, f := range faults {
		for round := range chaosRounds() {
			t.Run(fmt.Sprintf("%s/%d", f.kind, round), func(t *testing.T) {
				rnd := rand.New(rand.NewPCG(seed, uint64(i)<<32|uint64(round)))
				sums[i].round(t, f, rnd, dir, clean)
			})
		}
	}
	t.Logf("seed %d\n%s", seed, chaosTable(faults, sums))
}

func (sum *tally) round(t *testing.T, f fault, rnd *rand.Rand, dir string, clean map[string]judged) {
	s := serve(t, samba.Config{Signing: f.signed || rnd.IntN(2) == 0, Shares: []samba.Share{{Name: "data", Dir: dir}, {Name: "other"}}})
	opts := options(t, s)
	opts.Stall = 4 * time.Second
	d := newDrill(t, s, opts)
	const received = 10 << 20 // by a run over the sample, about
	var w *chaosWire
	if f.wire != nil {
		w = f.wire(rnd, received)
		d.opts.Dial = w.dial
	} else {
		d.during = atFile(t, 1+rnd.IntN(len(clean)*9/10), f.during(d, s, rnd, dir))
	}
	sum.rounds++
	first := d.run(time.Minute)
	d.settle()
	for _, end := range d.ending {
		if err := end(); err != nil {
			t.Error(err)
		}
	}
	if w != nil && w.struck.Load() == 0 {
		t.Logf("nothing befell the run: %d bytes passed, %d were waited for", w.passed.Load(), w.at)
	}
	sum.finished++
	if first.Targets[0].Err != nil {
		sum.incomplete++
	}
	sum.compare(t, d, first.Targets[0].Err == nil, clean)
	d.opts.Dial = (&net.Dialer{}).DialContext
	if second := d.run(time.Minute); second.Targets[0].Err != nil {
		t.Errorf("the run after it is incomplete: %v", second.Targets[0].Err)
	}
	want := clean
	if _, err := os.Stat(filepath.Join(dir, "動く")); err == nil {
		fresh := newDrill(t, s, d.opts)
		fresh.run(time.Minute)
		want = fresh.judged()
		if err := os.RemoveAll(filepath.Join(dir, "動く")); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, d.judged()); diff != "" {
		sum.wrong++
		t.Errorf("the state differs from one that nothing befell (-want +got):\n%s", diff)
	}
}

// compare counts what a run that something befell says wrongly.
func (sum *tally) compare(t *testing.T, d *drill, complete bool, clean map[string]judged) {
	seen := map[string]int{}
	for res, err := range d.db.Results(t.Context(), scan.Present) {
		if err != nil {
			t.Fatal(err)
		}
		seen[res.Entry.Path]++
	}
	got := d.judged()
	for path, want := range clean {
		is, ok := got[path]
		switch {
		case !ok && complete && !covered(got, path):
			sum.lost++
			t.Errorf("%q is lost", path)
		case ok && is.Status == scan.StatusClean && want.Status != scan.StatusClean:
			sum.wronglyClean++
			t.Errorf("%q is clean, should be %+v", path, want)
		case ok && is != want && is.Status != scan.StatusUnchecked:
			sum.wrong++
			t.Errorf("%q is %+v, should be %+v", path, is, want)
		case is.Reason == string(scan.KindCrashed) && want.Reason != is.Reason:
			sum.crashed++
			t.Errorf("%q crashed", path)
		}
		if seen[path] > 1 {
			sum.doubled++
			t.Errorf("%q is there %d times", path, seen[path])
		}
	}
	if n := d.gone(); n != 0 && !strings.Contains(t.Name(), "files_change") {
		sum.lost += n
		t.Errorf("%d files are said to be deleted, and none was", n)
	}
}

func chaosTable(faults []fault, sums []tally) string {
	var b strings.Builder
	row := func(name string, s tally) {
		fmt.Fprintf(&b, "| %-36s | %6d | %8d | %10d | %4d | %7d | %13d | %5d | %7d |\n",
			name, s.rounds, s.finished, s.incomplete, s.lost, s.doubled, s.wronglyClean, s.wrong, s.crashed)
	}
	b.WriteString("| fault                                | rounds | finished | incomplete | lost | doubled | wrongly clean | wrong | crashed |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	var all tally
	for i, f := range faults {
		s := sums[i]
		row(f.kind, s)
		all = tally{all.rounds + s.rounds, all.finished + s.finished, all.incomplete + s.incomplete, all.lost + s.lost, all.doubled + s.doubled,
			all.wronglyClean + s.wronglyClean, all.wrong + s.wrong, all.crashed + s.crashed}
	}
	row("all", all)
	return b.String()
}
