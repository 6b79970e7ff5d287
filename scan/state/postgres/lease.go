package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// How long a lease holds after its latest renewal, by the clock of the server.
const (
	leaseHolds  = 30 * time.Second
	leaseRenews = 10 * time.Second
)

// leasing is the lock under which leases are taken; it ends with its transaction.
const leasing = 0x6b616769_0002

// A Lease is what a run has of its targets while it lives. A nil one holds always.
type Lease struct {
	server *Server
	token  int64
	rows   int // a target each

	stop context.CancelFunc
	done sync.WaitGroup
}

// Run starts a run: its number, and the lease of its targets, or of all if there
// is none. scan.ErrBusy if another run has one of them.
func (s *Server) Run(ctx context.Context, version string, started int64, targets []string) (run int64, l *Lease, err error) {
	return s.hold(ctx, targets, func(tx *sql.Tx) (run int64, err error) {
		err = tx.QueryRowContext(ctx, "INSERT INTO run (version, started) VALUES (?, ?) RETURNING id", version, started).Scan(&run)
		return run, err
	})
}

// Resume takes the lease of the targets of a run that did not end.
func (s *Server) Resume(ctx context.Context, run int64, targets []string) (*Lease, error) {
	_, l, err := s.hold(ctx, targets, func(tx *sql.Tx) (int64, error) {
		var id int64
		err := tx.QueryRowContext(ctx, "SELECT id FROM run WHERE id = ? AND finished IS NULL", run).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			err = scan.Errorf("run %d is not under way any more; see kagiban status --runs", run)
		}
		return id, err
	})
	return l, err
}

// hold takes the lease of targets for the run that which returns.
func (s *Server) hold(ctx context.Context, targets []string, which func(*sql.Tx) (int64, error)) (run int64, l *Lease, err error) {
	if len(targets) == 0 {
		targets = []string{""}
	}
	l = &Lease{server: s, token: rand.Int64(), rows: len(targets)}
	err = s.Retry(ctx, func() error {
		tx, err := s.DB.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() // after Commit it does nothing
		if run, err = l.take(ctx, tx, targets, which); err != nil {
			return err
		}
		return tx.Commit()
	})
	if err != nil {
		return 0, nil, err
	}
	l.keep(ctx)
	return run, l, nil
}

func (l *Lease) take(ctx context.Context, tx *sql.Tx, targets []string, which func(*sql.Tx) (int64, error)) (run int64, err error) {
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", int64(leasing)); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM written WHERE at < now() - interval '1 day'"); err != nil {
		return 0, err
	}
	// Waits for the transaction that a run may have under way, which keeps its lease.
	if _, err := tx.ExecContext(ctx, "DELETE FROM lease WHERE until < clock_timestamp()"); err != nil {
		return 0, err
	}
	var target, holder string
	var since time.Time
	err = tx.QueryRowContext(ctx, "SELECT target, holder, since FROM lease WHERE target = ANY(?1) OR target = '' OR ?2 ORDER BY since LIMIT 1", targets, targets[0] == "").Scan(&target, &holder, &since)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return 0, err
	case target == "":
		return 0, scan.Errorf("%w: %s, since %s", scan.ErrBusy, holder, since.Local().Format("2006-01-02 15:04:05"))
	default:
		return 0, scan.Errorf("%w: %s scans %s since %s", scan.ErrBusy, holder, target, since.Local().Format("2006-01-02 15:04:05"))
	}
	if run, err = which(tx); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
INSERT INTO lease (token, target, run, holder, since, until)
SELECT ?1, target, ?2, ?3, clock_timestamp(), clock_timestamp() + make_interval(secs => ?4) FROM unnest(?5::text[]) AS target`,
		l.token, run, holderName(), leaseHolds.Seconds(), targets)
	return run, err
}

// holderName is who holds a lease, for people.
func holderName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	return fmt.Sprintf("%s (process %d)", host, os.Getpid())
}

// keep renews the lease until it is ended.
func (l *Lease) keep(ctx context.Context) {
	ctx, l.stop = context.WithCancel(context.WithoutCancel(ctx))
	l.done.Go(func() {
		tick := time.NewTicker(leaseRenews)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				// One that fails is tried again with the next tick; what is lost is found
				// by the transactions.
				_, _ = l.server.DB.ExecContext(ctx, "UPDATE lease SET until = clock_timestamp() + make_interval(secs => ?1) WHERE token = ?2", leaseHolds.Seconds(), l.token)
			}
		}
	})
}

// check looks whether the lease holds, and keeps others from taking it before the
// end of the transaction, by which it may be known afterwards.
func (l *Lease) check(ctx context.Context, tx *sql.Tx) (w writing, err error) {
	token, want := int64(0), 0
	if l != nil {
		token, want = l.token, l.rows
	}
	var held int
	// A transaction that a crash of the server undoes after it was committed would
	// take marks with it, and what was met would count as gone.
	var durable string
	w.token = rand.Int64()
	err = tx.QueryRowContext(ctx, `
WITH held AS (SELECT target FROM lease WHERE token = ?1 FOR KEY SHARE), mark AS (INSERT INTO written (token) VALUES (?2) RETURNING token)
SELECT pg_current_xact_id()::text, pg_postmaster_start_time()::text, (SELECT count(*) FROM held), set_config('synchronous_commit', 'on', true) FROM mark`, token, w.token).
		Scan(&w.number, &w.server, &held, &durable)
	if err == nil && held < want {
		err = ErrLeaseLost
	}
	return w, err
}

// End gives the lease back.
func (l *Lease) End(ctx context.Context) error {
	if l == nil {
		return nil
	}
	l.stop()
	l.done.Wait()
	_, err := l.server.DB.ExecContext(ctx, "DELETE FROM lease WHERE token = ?", l.token)
	return err
}
