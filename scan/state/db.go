// Package state remembers results between runs, in an embedded SQLite database
// or in PostgreSQL. It is the only place with a database. Every report is a
// rendering of it.
//
// It holds masked samples and keyed hashes, and numbers in names are sealed, so
// that there is never a raw number in it; the key lives in a file of its own.
package state

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"time"

	"github.com/kagiban/kagiban/scan/state/internal/seal"
	"github.com/kagiban/kagiban/scan/state/postgres"
)

// A DB is an open state. It may be used from several goroutines, and several
// processes may read it while one scans.
type DB struct {
	records
	ledger
	past
	upkeep
	sharing
	sealing
	dialect dialect
	write   *sql.DB
	read    *sql.DB
	native  *postgres.Server // nil: it is a file
	names   *seal.Names      // how names with numbers are stored
	// Retention is how long a result is kept after another has replaced it:
	// what stood open at a time is known for so long.
	Retention time.Duration
}

// records are what is kept beside the results: events, figures and remarks.
type records struct{ db *DB }

// ledger is that of exceptions, and past what reaches back behind the latest
// results.
type (
	ledger struct{ db *DB }
	past   struct {
		db   *DB
		asks *asks
	}
)

// DefaultRetention is the Retention of a state that was just opened.
const DefaultRetention = 400 * 24 * time.Hour

// Options say how a state is opened that is not a file. The zero value does for
// a file.
type Options struct {
	postgres.Options
	// Folder is where files of this machine lie that belong to such a state: what
	// is under examination now. "": that of temporary files.
	Folder string
}

// Open opens a state: a file, which is made with its folder if it is not there,
// or the address of a database.
func Open(ctx context.Context, where string) (*DB, error) {
	return OpenWith(ctx, where, Options{Options: postgres.Options{Patience: postgres.DefaultPatience}})
}

// OpenWith is Open with options.
func OpenWith(ctx context.Context, where string, o Options) (*DB, error) {
	d := &DB{Retention: DefaultRetention, names: &seal.Names{}}
	d.records.db, d.ledger.db, d.upkeep.db, d.sharing.db, d.sealing.db, d.past = d, d, d, d, d, past{d, &asks{}}
	for _, kind := range dialects() {
		if !kind.is(where) {
			continue
		}
		if err := kind.open(ctx, d, where, o); err != nil {
			return nil, err
		}
		break
	}
	return d, nil
}

// Native is the database of a state that is no file; nil for a file.
func (d *DB) Native() *postgres.Server { return d.native }

// Close closes the state.
func (d *DB) Close() error { return d.dialect.close() }

// wrap names the state that an error is about.
func (d *DB) wrap(err error) error { return d.dialect.explain(err) }

// retry runs f, which only reads, again where the database is away for a while.
func (d *DB) retry(ctx context.Context, f func() error) error {
	if d.dialect.retry == nil {
		return f()
	}
	return d.dialect.retry(ctx, f)
}

// inTx runs f in a write transaction, that of a run if there is one.
func (d *DB) inTx(ctx context.Context, r *Run, f func(tx *sql.Tx, native any) error) error {
	return d.dialect.inTx(ctx, r, f)
}

var _ io.Closer = (*DB)(nil)

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func moment(n sql.NullInt64) time.Time {
	if !n.Valid || n.Int64 == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n.Int64).UTC()
}
