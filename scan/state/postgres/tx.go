package postgres

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// ErrLeaseLost says that another run has taken over what a run held.
var ErrLeaseLost = errors.New("this run was taken for dead and another one has its targets; it writes nothing any more; run the same command again when the other has ended")

// InTx runs f in a write transaction, of which tx is the one of database/sql and
// native the one of the driver. It is run again, from its beginning, if the
// connection is lost or others were in the way, for as long as the patience
// lasts. If the connection is lost while the transaction is committed, the server
// is asked what became of it: nothing is done twice. The lease must hold, if it is
// one.
func (s *Server) InTx(ctx context.Context, lease *Lease, f func(tx *sql.Tx, native *Tx) error) error {
	return s.Retry(ctx, func() error { return s.once(ctx, lease, f) })
}

// Retry runs f until it succeeds, or fails for another reason than the connection,
// or the patience is at an end.
func (s *Server) Retry(ctx context.Context, f func() error) error {
	end := time.Now().Add(s.patience)
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		err := f()
		if err == nil || ctx.Err() != nil || !lost(err) {
			return err
		}
		if !time.Now().Before(end) {
			return scan.Errorf("not reached within %v; run the same command again: what was saved is kept: %w", s.patience, err)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait/2 + rand.N(wait)):
		}
	}
}

// once tries it once.
func (s *Server) once(ctx context.Context, lease *Lease, f func(*sql.Tx, *Tx) error) error {
	c, err := s.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	tx, err := c.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after Commit it does nothing
	native := &Tx{server: s}
	if err := c.Raw(func(driverConn any) error {
		own, ok := driverConn.(*conn)
		if !ok {
			return scan.Errorf("a connection of type %T", driverConn)
		}
		native.Tx, native.conn = own.tx, own
		return nil
	}); err != nil {
		return err
	}
	w, err := lease.check(ctx, tx)
	if err == nil {
		err = f(tx, native)
	}
	if err != nil {
		if native.Tx.Conn().IsClosed() && ctx.Err() == nil && !lost(err) {
			err = scan.Errorf("%w: %w", errClosed, err)
		}
		return err
	}
	err = tx.Commit()
	if err != nil && (sqlState(err) == "" || lost(err)) {
		return s.became(ctx, w, err)
	}
	return err
}

// errClosed is an error of which lost knows.
var errClosed = scan.Errorf("the connection was lost: %w", sql.ErrConnDone)

// A writing is what a write transaction is known by.
type writing struct {
	number string // as long as the server that gave it runs
	server string // when that was started
	token  int64  // in the table written
}

// became finds out what became of a transaction whose commit failed with the
// connection. As long as the server runs, it knows the number. One that crashed
// meanwhile may have used the number again, for a transaction of another; nothing
// of before is under way in it any more, and the row of the transaction is there or
// not.
func (s *Server) became(ctx context.Context, w writing, failed error) error {
	return s.Retry(context.WithoutCancel(ctx), func() error {
		var status sql.NullString
		var written bool
		err := s.DB.QueryRowContext(context.WithoutCancel(ctx), `
SELECT CASE WHEN pg_postmaster_start_time()::text = ?1 THEN pg_xact_status(?2::xid8) END, EXISTS (SELECT 1 FROM written WHERE token = ?3)`, w.server, w.number, w.token).
			Scan(&status, &written)
		switch {
		case err != nil:
			return err
		case written, status.String == "committed": // the row may not have been visible yet
			return nil
		case status.String == "in progress":
			return scan.Errorf("a transaction is being committed: %w", errClosed)
		}
		return failed
	})
}
