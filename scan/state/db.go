// Package state remembers results between runs in an embedded SQLite database.
// It is the only place with a database. Every report is a rendering of it.
//
// It holds masked samples and keyed hashes, never a raw number; the key lives
// in a file of its own.
package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // driver "sqlite"
)

// A DB is an open state file. It may be used from several goroutines, and
// several processes may read it while one scans.
type DB struct {
	records
	ledger
	past
	path  string
	write *sql.DB // one connection: the one writer
	read  *sql.DB
	lock  *lease // held while a run is under way
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

// Open opens the state file and makes it, with its folder, if it is not there.
func Open(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("state folder: %w", err)
	}
	// SQLite would make it readable for all.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("state file: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("state file: %w", err)
	}
	d := &DB{path: path, lock: newLease(path), Retention: DefaultRetention}
	d.records.db, d.ledger.db, d.past = d, d, past{d, &asks{}}
	if d.write, err = connect(path, 1, "immediate"); err == nil {
		d.read, err = connect(path, 4, "deferred")
	}
	if err == nil {
		err = migrate(ctx, d.write)
	}
	if err != nil {
		_ = d.Close() // nothing was written yet
		return nil, d.wrap(err)
	}
	return d, nil
}

func connect(path string, conns int, lock string) (*sql.DB, error) {
	pragmas := url.Values{"_pragma": {
		"journal_mode(WAL)",
		"synchronous(NORMAL)", // a power cut may cost the latest batch, which is then scanned again
		"busy_timeout(10000)",
		"foreign_keys(ON)",
		"temp_store(FILE)",
		"cache_size(-8192)",
	}, "_txlock": {lock}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+pragmas.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	return db, nil
}

// Close closes the state file.
func (d *DB) Close() error {
	var errs []error
	for _, db := range []*sql.DB{d.read, d.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, d.lock.Close())...)
}

// inTx runs f in a write transaction.
func (d *DB) inTx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return tx.Commit()
}

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
