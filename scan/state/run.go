package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A Run is one scan that writes to the state. It implements scan.Store.
type Run struct {
	db      *DB
	id      int64
	journal *journal
	statements
}

// The statements that are made for each file or person.
type statements struct {
	ask                   *sql.Stmt // on the reading side
	keep, save, forget    *sql.Stmt // on the writing side, as the next
	addPerson, addPersons *sql.Stmt // one, and personsAtOnce of them
}

// hasFindings says of a row of file whether its result holds numbers in the
// open; last_found stays when they are gone.
const hasFindings = "last_found IS NOT NULL AND EXISTS (SELECT 1 FROM person WHERE person.file = file.id)"

func (s *statements) prepare(ctx context.Context, db *DB) error {
	for _, p := range []struct {
		stmt  **sql.Stmt
		on    *sql.DB
		query string
	}{
		{&s.ask, db.read, "SELECT size, mtime, ctime, revision, " + hasFindings + " FROM file WHERE target = ? AND path = ?"},
		{&s.keep, db.write, "UPDATE file SET run = ?, gone = NULL, identity = ? WHERE target = ? AND path = ?"},
		{&s.save, db.write, `
INSERT INTO file (target, path, size, mtime, ctime, revision, run, first_seen, first_found, last_found, result, identity)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11)
ON CONFLICT (target, path) DO UPDATE SET
	size = ?3, mtime = ?4, ctime = ?5, revision = ?6, run = ?7, gone = NULL, result = ?10, identity = ?11,
	first_found = coalesce(first_found, ?9), last_found = coalesce(?9, last_found)
RETURNING id`},
		{&s.forget, db.write, "DELETE FROM person WHERE file = ?"},
		{&s.addPerson, db.write, "INSERT INTO person (file, grade, hash) VALUES (?, ?, ?)"},
		{&s.addPersons, db.write, "INSERT INTO person (file, grade, hash) VALUES (?, ?, ?)" + strings.Repeat(", (?, ?, ?)", personsAtOnce-1)},
	} {
		var err error
		if *p.stmt, err = p.on.PrepareContext(ctx, p.query); err != nil {
			return errors.Join(fmt.Errorf("state file %s: %w", db.path, err), s.close())
		}
	}
	return nil
}

func (s *statements) close() error {
	var errs []error
	for _, stmt := range []*sql.Stmt{s.ask, s.keep, s.save, s.forget, s.addPerson, s.addPersons} {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	return errors.Join(errs...)
}

var (
	_ scan.Store      = (*Run)(nil)
	_ scan.Bookmarker = (*Run)(nil)
)

// Begin starts a run. ErrBusy if another one is under way on this file.
func (d *DB) Begin(ctx context.Context, version string) (*Run, error) {
	ok, err := d.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("state file %s: %w", d.path, err)
	}
	if !ok {
		return nil, fmt.Errorf("state file %s: %w", d.path, ErrBusy)
	}
	res, err := d.write.ExecContext(ctx, "INSERT INTO run (version, started) VALUES (?, ?)", version, micros(time.Now()))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("state file %s: %w", d.path, err), d.lock.Unlock())
	}
	r := &Run{db: d}
	if r.id, err = res.LastInsertId(); err == nil {
		err = r.prepare(ctx, d)
	}
	if err == nil {
		err = r.suspect(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("state file %s: %w", d.path, err), d.lock.Unlock())
	}
	return r, nil
}

// End marks the run as finished and lets the next one begin.
func (r *Run) End(ctx context.Context) error {
	_, err := r.db.write.ExecContext(ctx, "UPDATE run SET finished = ? WHERE id = ?", micros(time.Now()), r.id)
	return errors.Join(err, r.close(), r.journal.end(), r.db.lock.Unlock())
}

// Unchanged implements scan.Store.
func (r *Run) Unchanged(ctx context.Context, e scan.Entry, current func(string) bool) (scan.Known, error) {
	var revision string
	var size, mtime, ctime int64
	var found bool
	err := r.ask.QueryRowContext(ctx, e.Target, e.Path).Scan(&size, &mtime, &ctime, &revision, &found)
	if errors.Is(err, sql.ErrNoRows) {
		_, known, err := r.moved(ctx, r.db.read, e, current)
		return known, err
	}
	if err != nil {
		return scan.ToExamine, fmt.Errorf("state file %s: %w", r.db.path, err)
	}
	if size != e.Size || mtime != micros(e.ModTime) || ctime != micros(e.ChangeTime) || !current(revision) {
		return scan.ToExamine, nil
	}
	return known(found), nil
}

func known(found bool) scan.Known {
	if found {
		return scan.SameFound
	}
	return scan.Same
}

// Save implements scan.Store.
func (r *Run) Save(ctx context.Context, batch []*scan.Result) error {
	return r.db.inTx(ctx, func(tx *sql.Tx) error {
		for _, res := range batch {
			save := r.saveOne
			if res.Kept {
				save = r.keepOne
			}
			if err := save(ctx, tx, res); err != nil {
				return fmt.Errorf("%s: %w", res.Entry.Path, err)
			}
		}
		return nil
	})
}

func (r *Run) keepOne(ctx context.Context, tx *sql.Tx, res *scan.Result) error {
	done, err := tx.StmtContext(ctx, r.keep).ExecContext(ctx, r.id, int64(res.Entry.ID), res.Entry.Target, res.Entry.Path)
	if err != nil {
		return err
	}
	n, err := done.RowsAffected()
	if err == nil && n == 0 {
		err = r.copyMoved(ctx, tx, res.Entry)
	}
	if err != nil || !res.Asked {
		return err
	}
	return r.setAccess(ctx, tx, res)
}

// setAccess replaces what is stored of who may read a file.
func (r *Run) setAccess(ctx context.Context, tx *sql.Tx, res *scan.Result) error {
	var body []byte
	var s stored
	if err := tx.QueryRowContext(ctx, "SELECT result FROM file WHERE target = ? AND path = ?", res.Entry.Target, res.Entry.Path).Scan(&body); err != nil {
		return err
	}
	if err := json.Unmarshal(body, &s); err != nil {
		return err
	}
	if s.Access = toAccess(res.Access); res.Entry.Owner != "" {
		s.Owner = res.Entry.Owner
	}
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE file SET result = ? WHERE target = ? AND path = ?", body, res.Entry.Target, res.Entry.Path)
	return err
}

func (r *Run) saveOne(ctx context.Context, tx *sql.Tx, res *scan.Result) error {
	body, err := json.Marshal(toStored(res))
	if err != nil {
		return err
	}
	var found any
	if res.Distinct != (scan.Distinct{}) {
		found = micros(res.Scanned)
	}
	e := res.Entry
	var id int64
	err = tx.StmtContext(ctx, r.save).QueryRowContext(ctx,
		e.Target, e.Path, e.Size, micros(e.ModTime), micros(e.ChangeTime), res.Revision, r.id, micros(res.Scanned), found, body, int64(e.ID)).Scan(&id)
	if err != nil {
		return err
	}
	if e.Folder && res.Skipped == "" {
		if err := r.keepBelow(ctx, tx, e); err != nil {
			return err
		}
	}
	return r.savePersons(ctx, tx, id, res.Hashes)
}

// keepBelow marks what was known below a folder that could not be listed as
// seen: nobody knows whether it is still there, so it must not count as gone.
// What the walk meets there all the same replaces it.
func (r *Run) keepBelow(ctx context.Context, tx *sql.Tx, folder scan.Entry) error {
	_, err := tx.ExecContext(ctx, `
UPDATE file SET run = ?1 WHERE target = ?2 AND gone IS NULL
	AND (?3 = '' OR path > ?3 || '/' AND path < ?3 || '0')`, // '0' is what follows '/'
		r.id, folder.Target, folder.Path)
	return err
}

// savePersons replaces the hashes of a file.
func (r *Run) savePersons(ctx context.Context, tx *sql.Tx, id int64, persons *scan.Persons) error {
	if _, err := tx.StmtContext(ctx, r.forget).ExecContext(ctx, id); err != nil || persons == nil {
		return err
	}
	one, many := tx.StmtContext(ctx, r.addPerson), tx.StmtContext(ctx, r.addPersons)
	return errors.Join(insertPersons(ctx, one, many, id, gradeHigh, persons.High()), insertPersons(ctx, one, many, id, gradeMiddle, persons.Middle()))
}

// personsAtOnce is how many hashes one statement adds: a file may have hundreds
// of thousands, and a run that is stopped waits for them.
const personsAtOnce = 200

// insertPersons adds the hashes of one grade.
func insertPersons(ctx context.Context, one, many *sql.Stmt, id int64, grade int, hashes iter.Seq2[uint64, error]) error {
	var rows []any
	for hash, err := range hashes {
		if err != nil {
			return err
		}
		if rows = append(rows, id, grade, int64(hash)); len(rows) < 3*personsAtOnce {
			continue
		}
		if _, err := many.ExecContext(ctx, rows...); err != nil {
			return err
		}
		rows = rows[:0]
	}
	for ; len(rows) > 0; rows = rows[3:] {
		if _, err := one.ExecContext(ctx, rows[:3]...); err != nil {
			return err
		}
	}
	return nil
}

// Finish implements scan.Store.
func (r *Run) Finish(ctx context.Context, target string, complete bool) error {
	now := micros(time.Now())
	return r.db.inTx(ctx, func(tx *sql.Tx) error {
		var completed any
		if complete {
			completed = now
			// A walk that took several runs saw files in each of them.
			cycle := r.id
			err := tx.QueryRowContext(ctx, "SELECT cycle FROM target WHERE name = ? AND cycle IS NOT NULL", target).Scan(&cycle)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			if err := r.missed(ctx, tx, target, cycle, now); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE target SET mark = NULL, cycle = NULL WHERE name = ?", target); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `DELETE FROM suspect WHERE target = ?
				AND NOT EXISTS (SELECT 1 FROM file WHERE file.target = suspect.target AND file.path = suspect.path AND gone IS NULL)`, target); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `
INSERT INTO target (name, run, complete, completed) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (name) DO UPDATE SET run = ?2, complete = ?3, completed = coalesce(?4, completed)`, target, r.id, complete, completed)
		return err
	})
}
