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

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

// A stateFile is a state in an SQLite database.
type stateFile struct {
	path  string
	write *sql.DB // one connection: the one writer
	read  *sql.DB
	lock  *lease // held while a run is under way
}

// openFile opens a state file.
func openFile(ctx context.Context, d *DB, path string, _ Options) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return scan.Errorf("state folder: %w", err)
	}
	// SQLite would make it readable for all.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return scan.Errorf("state file: %w", err)
	}
	if err := f.Close(); err != nil {
		return scan.Errorf("state file: %w", err)
	}
	s := &stateFile{path: path, lock: newLease(path)}
	if s.write, err = connect(path, 1, "immediate", d.names); err == nil {
		s.read, err = connect(path, 4, "deferred", d.names)
	}
	if err == nil {
		err = migrate(ctx, s.write)
	}
	if err != nil {
		_ = s.close() // nothing was written yet
		return s.explain(err)
	}
	d.dialect, d.write, d.read = s.dialect(), s.write, s.read
	return nil
}

func (s *stateFile) dialect() dialect {
	return dialect{
		words: sqliteWords(), inTx: s.inTx, begin: s.begin, journal: journalPlace{path: s.path + ".work"}, scrub: s.scrub, explain: s.explain, close: s.close,
		care: care{check: s.check, compact: s.compact, backup: s.backup, schema: s.schema, size: s.size},
	}
}

func sqliteWords() words {
	return words{
		cross: "CROSS JOIN", scanned: "file NOT INDEXED", status: "basis ->> 'status'",
		holding: `
SELECT result.file, result.id, since, coalesce(until, gone), (SELECT packed FROM persons WHERE persons.result = result.id AND first <= ?2 ORDER BY part DESC LIMIT 1)
FROM person JOIN result ON result.id = person.result JOIN file ON file.id = result.file WHERE person.hash = ?1 ORDER BY result.file, since`,
		is:      func(column, placeholder string) string { return column + " = " + placeholder },
		temp:    func(name, columns string) string { return "CREATE TEMP TABLE " + name + " (" + columns + ")" },
		measure: func(string) string { return "" },
	}
}

func connect(path string, conns int, lock string, names *seal.Names) (*sql.DB, error) {
	pragmas := url.Values{"_pragma": {
		"journal_mode(WAL)",
		"synchronous(NORMAL)", // a power cut may cost the latest batch, which is then scanned again
		"busy_timeout(10000)",
		"foreign_keys(ON)",
		"temp_store(FILE)",
		"cache_size(-8192)",
	}, "_txlock": {lock}}
	db := sql.OpenDB(fileConnector{"file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas.Encode(), names, &sqlite.Driver{}})
	db.SetMaxOpenConns(conns)
	return db, nil
}

func (s *stateFile) close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, s.lock.Close())...)
}

func (s *stateFile) inTx(ctx context.Context, _ *Run, f func(*sql.Tx, any) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx, tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return tx.Commit()
}

// begin takes the lease, a lock on a file beside the state, which ends with the
// process that holds it.
func (s *stateFile) begin(ctx context.Context, r *Run, start scan.Start) error {
	ok, err := s.lock.TryLock()
	if err != nil {
		return err
	}
	if !ok {
		return scan.ErrBusy
	}
	r.release = func(context.Context) error { return s.lock.Unlock() }
	if err := s.write.QueryRowContext(ctx, "INSERT INTO run (version, started) VALUES (?, ?) RETURNING id", start.Version, micros(time.Now())).Scan(&r.id); err != nil {
		return errors.Join(err, s.lock.Unlock())
	}
	return nil
}

// scrub overwrites what is replaced, in the file and at last in its journal.
func (s *stateFile) scrub(ctx context.Context) (done func(), err error) {
	if _, err := s.write.ExecContext(ctx, "PRAGMA secure_delete = ON"); err != nil {
		return nil, err
	}
	return func() {
		// Neither is needed for what follows.
		_, _ = s.write.ExecContext(ctx, "PRAGMA secure_delete = OFF")
		_, _ = s.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	}, nil
}

// explain names the file that an error is about, and the remedy where it is damaged.
func (s *stateFile) explain(err error) error {
	if damaged(err) && !errors.Is(err, ErrDamaged) {
		return scan.Errorf("state file %s: %w (%w): %v", s.path, ErrDamaged, err, scan.Say(Remedy))
	}
	if e := (*sqlite.Error)(nil); errors.As(err, &e) && e.Code()&0xFF == sqlite3.SQLITE_FULL {
		return scan.Errorf("state file %s: there is no room left for it (%w); make room and run the same command again: what was saved is kept", s.path, err)
	}
	if e := (*sqlite.Error)(nil); errors.As(err, &e) && e.Code()&0xFF == sqlite3.SQLITE_IOERR { // what the system said is not told
		return scan.Errorf("state file %s: its disk fails, or the quota of its user is used up (%w); see to that and run the same command again: what was saved is kept", s.path, err)
	}
	return scan.Errorf("state file %s: %w", s.path, err)
}

// damagedFile reports whether SQLite finds a file, or a page of it, not to be what
// it should be.
func damagedFile(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xFF { // extended codes have it in their lower byte
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB,
		sqlite3.SQLITE_TOOBIG: // no value was ever written that is longer than values may be
		return true
	}
	return false
}

func (s *stateFile) size(context.Context) int64 {
	info, err := os.Stat(s.path)
	if err != nil {
		return 0
	}
	return info.Size()
}

func (s *stateFile) schema(ctx context.Context) (version int, err error) {
	err = s.read.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	return version, err
}

// compact also joins the journal.
func (s *stateFile) compact(ctx context.Context) error {
	ok, err := s.lock.TryLock()
	if err != nil {
		return s.explain(err)
	}
	if !ok {
		return s.explain(scan.ErrBusy)
	}
	_, err = s.write.ExecContext(ctx, "VACUUM")
	if err == nil {
		_, err = s.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	}
	if err != nil {
		err = s.explain(err)
	}
	return errors.Join(err, s.lock.Unlock())
}

// check asks SQLite for the structure and the references.
func (s *stateFile) check(ctx context.Context, h *Health) error {
	rows, err := s.read.QueryContext(ctx, fmt.Sprintf("PRAGMA integrity_check(%d)", damageShown))
	if err != nil {
		if err = h.bear(err); err == nil {
			err = errHopeless
		}
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if text != "ok" {
			h.Damage = append(h.Damage, text)
		}
	}
	if err := h.bear(rows.Err()); err != nil {
		return err
	}
	var page, free, schema, orphans int64
	for _, q := range []struct {
		query string
		into  *int64
	}{
		{"PRAGMA page_size", &page},
		{"PRAGMA freelist_count", &free},
		{"PRAGMA user_version", &schema},
		{"SELECT count(*) FROM run WHERE finished IS NULL", &h.Unending},
		{"SELECT count(*) FROM pragma_foreign_key_check", &orphans},
	} {
		if err := h.bear(s.read.QueryRowContext(ctx, q.query).Scan(q.into)); err != nil {
			return err
		}
	}
	if h.Schema, h.Free = int(schema), page*free; orphans > 0 {
		h.Damage = append(h.Damage, scan.Say("%d rows refer to what is not there", orphans).String())
	}
	return nil
}
