package state_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/pgserver"
	"github.com/kagiban/kagiban/scan/scantest/storekit"
	"github.com/kagiban/kagiban/scan/state"
	"github.com/kagiban/kagiban/scan/state/postgres"
)

// on runs SQL in the database of an address.
func on(t testing.TB, url, statements string) string {
	t.Helper()
	name, _, _ := strings.Cut(url[strings.LastIndexByte(url, '/')+1:], "?")
	got, err := cluster.Server(t).SQL(context.Background(), name, statements)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func clean(i int) *scan.Result {
	return storekit.Clean(fmt.Sprintf("部%d/%d.txt", i/10, i), time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC))
}

// Runs on different targets go side by side, two on one do not, and whoever is
// refused learns who is in the way. A run that was taken for dead writes nothing.
func TestServerLease(t *testing.T) {
	url := database(t)
	one, two := openServer(t, url, state.Options{}), openServer(t, url, state.Options{})
	begin := func(db *state.DB, targets ...string) (scan.Run, error) {
		return db.Begin(t.Context(), scan.Start{Version: "test", Targets: targets})
	}
	a, err := begin(one, "a", "b")
	if err != nil {
		t.Fatal(err)
	}
	c, err := begin(two, "c")
	if err != nil {
		t.Fatalf("another target: %v", err)
	}
	for _, targets := range [][]string{{"b"}, {"d", "c"}, {}} {
		if _, err := begin(two, targets...); !errors.Is(err, scan.ErrBusy) || !strings.Contains(err.Error(), "process") || !strings.Contains(err.Error(), "since 20") {
			t.Errorf("%v: %v, want ErrBusy with who and since when", targets, err)
		}
	}
	if err := errors.Join(a.Save(t.Context(), []scan.Outcome{clean(1)}, nil), c.Save(t.Context(), []scan.Outcome{clean(2)}, nil), c.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	on(t, url, "UPDATE lease SET until = now() - interval '1 second'") // its process froze
	taker, err := begin(two, "b")
	if err != nil {
		t.Fatalf("the lease of a dead run: %v", err)
	}
	if err := a.Save(t.Context(), []scan.Outcome{clean(3)}, nil); !errors.Is(err, postgres.ErrLeaseLost) {
		t.Errorf("a run that was taken over saves: %v", err)
	}
	if err := a.Finish(t.Context(), "t", true); !errors.Is(err, postgres.ErrLeaseLost) {
		t.Errorf("a run that was taken over finishes: %v", err)
	}
	if got := len(list(t, one, scan.Present)); got != 2 {
		t.Errorf("%d files are there, want 2", got)
	}
	if err := taker.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := begin(one)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := begin(two, "z"); !errors.Is(err, scan.ErrBusy) {
		t.Errorf("beside a run on all targets: %v", err)
	}
	if err := all.End(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// job completes by a row of the same transaction.
type job struct {
	fail error
	runs int
}

func (j *job) CompleteIn(ctx context.Context, tx any) error {
	j.runs++
	own, ok := tx.(pgx.Tx)
	if !ok {
		return fmt.Errorf("a transaction of type %T", tx)
	}
	if _, err := own.Exec(ctx, "INSERT INTO done VALUES ($1)", j.runs); err != nil {
		return err
	}
	return j.fail
}

// A completion gets the transaction of the driver, and ends with the results or
// not at all.
func TestServerCompletion(t *testing.T) {
	url := database(t)
	db := openServer(t, url, state.Options{})
	on(t, url, "CREATE TABLE done (n int)")
	run := begin(t, db)
	failed := errors.New("it was given to another")
	if err := run.Save(t.Context(), []scan.Outcome{clean(1)}, &job{fail: failed}); !errors.Is(err, failed) {
		t.Errorf("Save = %v", err)
	}
	if got := on(t, url, "SELECT (SELECT count(*) FROM done) + (SELECT count(*) FROM file)"); got != "0" {
		t.Errorf("%s rows stay after a completion that failed", got)
	}
	if err := errors.Join(run.Save(t.Context(), []scan.Outcome{clean(1)}, &job{}), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	if got := on(t, url, "SELECT (SELECT count(*) FROM done), (SELECT count(*) FROM file)"); got != "1|1" {
		t.Errorf("done and files: %s", got)
	}
}

// While connections are cut, again and again and at any moment, runs of several
// processes go on: nothing is lost, nothing comes twice, and each completion was
// carried out once.
func TestServerConnectionsCut(t *testing.T) {
	url := database(t)
	on(t, url, "CREATE TABLE done (n int)")
	const runs, batches, files = 3, 8, 10
	ctx, stop := context.WithCancel(t.Context())
	var cutter, group sync.WaitGroup
	cuts := 0
	cutter.Go(func() {
		for ctx.Err() == nil && cuts < 20 { // then they have the time that they need, however slow the machine
			if on(t, url, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()") != "0" {
				cuts++
			}
			time.Sleep(80 * time.Millisecond)
		}
	})
	open := func() *state.DB {
		for {
			db, err := state.OpenWith(t.Context(), url, state.Options{Folder: t.TempDir(), Options: postgres.Options{Patience: 10 * time.Minute}})
			if err == nil || t.Context().Err() != nil {
				return db
			}
		}
	}
	for r := range runs {
		group.Go(func() {
			db := open()
			defer db.Close()
			target := fmt.Sprint("t", r)
			run, err := db.Begin(t.Context(), scan.Start{Version: "test", Targets: []string{target}})
			if err != nil {
				t.Error(err)
				return
			}
			for b := range batches {
				var batch []scan.Outcome
				for f := range files {
					res := storekit.Found(fmt.Sprintf("%d/%d", b, f), time.Unix(1e9, 0), []uint64{uint64(f)}, nil)
					res.Entry.Target = target
					if _, err := run.Known(t.Context(), res.Entry, func(string) bool { return true }); err != nil {
						t.Error(err)
					}
					batch = append(batch, res)
				}
				if err := run.Save(t.Context(), batch, &job{}); err != nil {
					t.Error(err)
				}
			}
			if err := errors.Join(run.Finish(t.Context(), target, true), run.End(t.Context())); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	stop()
	cutter.Wait()
	db := openServer(t, url, state.Options{})
	if got := len(list(t, db, scan.Present)); got != runs*batches*files {
		t.Errorf("%d files, want %d", got, runs*batches*files)
	}
	if got := on(t, url, "SELECT count(*) FROM done"); got != fmt.Sprint(runs*batches) {
		t.Errorf("%s completions, want %d", got, runs*batches)
	}
	if h, err := db.Check(t.Context()); err != nil || len(h.Damage) > 0 || h.Unending > 0 {
		t.Errorf("%+v, %v", h, err)
	}
	if cuts == 0 {
		t.Error("no connection was cut")
	}
	t.Logf("connections were cut %d times", cuts)
}

// A server that is restarted in the middle is waited for; one that does not come
// back ends the run with what to do.
func TestServerAway(t *testing.T) {
	pgserver.Require(t)
	s, err := pgserver.Start(t.Context(), pgserver.Config{Sync: true}) // what was committed outlives a crash
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	open := func(patience time.Duration) (*state.DB, error) {
		return state.OpenWith(t.Context(), s.URL(pgserver.Owner, "postgres"), state.Options{Folder: t.TempDir(), Options: postgres.Options{Patience: patience}})
	}
	db, err := open(time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	run := begin(t, db)
	if err := errors.Join(run.Save(t.Context(), []scan.Outcome{clean(1)}, nil), s.Halt()); err != nil {
		t.Fatal(err)
	}
	saved := make(chan error)
	go func() { saved <- run.Save(t.Context(), []scan.Outcome{clean(2)}, nil) }()
	select {
	case err := <-saved:
		t.Fatalf("saved without a server: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	if err := s.Go(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(<-saved, run.Finish(t.Context(), "t", false), run.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	if got := len(list(t, db, scan.Present)); got != 2 {
		t.Errorf("%d files", got)
	}
	short, err := open(50 * time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer short.Close()
	run = begin(t, short)
	if err := s.Halt(); err != nil {
		t.Fatal(err)
	}
	if err := run.Save(t.Context(), []scan.Outcome{clean(3)}, nil); err == nil || !strings.Contains(err.Error(), "run the same command again") {
		t.Errorf("Save = %v", err)
	}
	if _, err := open(0); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("Open without a server = %v", err)
	}
}

// A server that is being stopped and started is waited for at the beginning too.
func TestServerOpensWhileConnectionsAreCut(t *testing.T) {
	url := database(t)
	openServer(t, url, state.Options{}) // makes the tables
	var cutter sync.WaitGroup
	done := make(chan struct{})
	cutter.Go(func() {
		defer close(done)
		for range 20 {
			on(t, url, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		}
	})
	for cut := true; cut; {
		select {
		case <-done:
			cut = false
		default:
		}
		db, err := state.OpenWith(t.Context(), url, state.Options{Folder: t.TempDir(), Options: postgres.Options{Patience: time.Minute}})
		if err != nil {
			t.Error(err)
			break
		}
		if _, err := db.Targets(t.Context()); err != nil {
			t.Error(err)
		}
		_ = db.Close() // of connections that may be cut
	}
	cutter.Wait()
}
