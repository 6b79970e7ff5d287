package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A Run is one scan that writes to the state. It implements scan.Run,
// scan.Bookmarker and scan.Journal.
type Run struct {
	db      *DB
	id      int64
	journal *journal
	folders folders
	places  // of its targets
	tallier
	loss scan.Loss // that a walk is believed
	ids  ids       // of the writing side
	ask  *sql.Stmt // for one file, on the reading side
}

var (
	_ scan.Run        = (*Run)(nil)
	_ scan.Bookmarker = (*Run)(nil)
	_ scan.Lease      = (*DB)(nil)
)

// Begin implements scan.Lease. The lease is a lock on a file beside the state:
// it ends with the process that holds it.
func (d *DB) Begin(ctx context.Context, start scan.Start) (scan.Run, error) {
	ok, err := d.lock.TryLock()
	if err != nil {
		return nil, d.wrap(err)
	}
	if !ok {
		return nil, d.wrap(scan.ErrBusy)
	}
	r := &Run{db: d, loss: start.Loss}
	r.tallier.run = r
	if err := r.begin(ctx, start.Version); err != nil {
		return nil, errors.Join(d.wrap(err), d.lock.Unlock())
	}
	return r, nil
}

func (r *Run) begin(ctx context.Context, version string) error {
	res, err := r.db.write.ExecContext(ctx, "INSERT INTO run (version, started) VALUES (?, ?)", version, micros(time.Now()))
	if err != nil {
		return err
	}
	if r.id, err = res.LastInsertId(); err != nil {
		return err
	}
	r.ask, err = r.db.read.PrepareContext(ctx, `
SELECT file.id, size, mtime, ctime, revision.name, found
FROM target JOIN directory ON directory.target = target.id JOIN file ON file.directory = directory.id JOIN revision ON revision.id = file.revision
WHERE target.name = ? AND directory.path = ? AND file.name = ?`)
	if err != nil {
		return err
	}
	return r.suspect(ctx)
}

// End implements scan.Run. Results that were replaced longer ago than the
// retention are dropped.
func (r *Run) End(ctx context.Context) error {
	err := r.inSession(ctx, func(s *session) error {
		if err := s.dropPast(micros(time.Now().Add(-r.db.Retention))); err != nil {
			return err
		}
		_, err := s.exec("UPDATE run SET finished = ? WHERE id = ?", micros(time.Now()), r.id)
		return err
	})
	return errors.Join(err, r.ask.Close(), r.journal.end(), r.db.lock.Unlock())
}

// inSession runs f in a transaction that writes down first what was met. If it
// fails, that is kept for the next one.
func (r *Run) inSession(ctx context.Context, f func(*session) error) error {
	m := r.folders.marked()
	err := r.db.inSession(ctx, &r.ids, func(s *session) error {
		if err := m.write(s, r.id); err != nil {
			return err
		}
		return f(s)
	})
	if err == nil {
		r.folders.written(m)
	}
	return err
}

// atTarget runs f in a transaction on a target, when its walk stops.
func (r *Run) atTarget(ctx context.Context, target string, f func(s *session, id int64) error) error {
	r.folders.leaveAll()
	return r.inSession(ctx, func(s *session) error {
		id, err := s.target(target, r.id)
		if err != nil {
			return err
		}
		return f(s, id)
	})
}

// Save implements scan.Store.
func (r *Run) Save(ctx context.Context, batch []scan.Outcome, done scan.Completion) error {
	err := r.inSession(ctx, func(s *session) error {
		for _, o := range batch {
			if err := r.saveOne(s, o); err != nil {
				return fmt.Errorf("%s: %w", o.Of().Path, err)
			}
		}
		if done != nil {
			return done.CompleteIn(ctx, s.tx)
		}
		return nil
	})
	if err != nil {
		return r.db.wrap(err)
	}
	return nil
}

func (r *Run) saveOne(s *session, o scan.Outcome) error {
	switch o := o.(type) {
	case *scan.Result:
		return r.saveResult(s, o)
	case *scan.LeftOut:
		return r.saveResult(s, o.Result())
	case *scan.Kept:
		return r.keep(s, o.Entry)
	case *scan.AccessRefreshed:
		if err := r.keep(s, o.Entry); err != nil {
			return err
		}
		return s.setAccess(o)
	}
	return fmt.Errorf("an outcome of type %T", o)
}

func (r *Run) saveResult(s *session, res *scan.Result) error {
	if err := s.saveFile(r.id, res); err != nil {
		return err
	}
	r.folders.saved(res.Entry)
	if res.Entry.Folder && res.Skipped == "" {
		return s.keepBelow(r.id, res.Entry)
	}
	return nil
}

// keep marks a file as met.
func (r *Run) keep(s *session, e scan.Entry) error {
	if r.folders.keep(e) {
		return nil
	}
	target, err := s.target(e.Target, r.id)
	if err != nil {
		return err
	}
	path, name := split(e.Path)
	directory, err := s.directory(target, path)
	if err != nil {
		return err
	}
	id, known, err := s.fileRow(directory, name)
	if err != nil {
		return err
	}
	if !known {
		return r.copyMoved(s, e, directory, name)
	}
	_, err = s.exec("UPDATE file SET run = ?, gone = NULL, identity = ? WHERE id = ?", r.id, int64(e.ID), id)
	if err == nil {
		r.folders.saved(e)
	}
	return err
}

// keepBelow marks what was known below a folder that could not be listed as
// seen: nobody knows whether it is still there, so it must not count as gone.
// What the walk meets there all the same replaces it.
func (s *session) keepBelow(run int64, folder scan.Entry) error {
	target, err := s.target(folder.Target, run)
	if err != nil {
		return err
	}
	_, err = s.exec(`
UPDATE directory SET run = ?1 WHERE target = ?2 AND (?3 = '' OR path = ?3 OR path > ?3 || '/' AND path < ?3 || '0')`, // '0' is what follows '/'
		run, target, folder.Path)
	return err
}

// Finish implements scan.Store.
func (r *Run) Finish(ctx context.Context, target string, complete bool) error {
	now := micros(time.Now())
	var doubt error
	err := r.atTarget(ctx, target, func(s *session, id int64) (err error) {
		var completed any
		if complete {
			if doubt, err = r.complete(s, id, target, now); err != nil {
				return err
			}
			if doubt == nil {
				completed = now
			}
		}
		_, err = s.exec("UPDATE target SET run = ?2, complete = ?3, completed = coalesce(?4, completed), doubt = ?5 WHERE id = ?1",
			id, r.id, completed != nil, completed, doubtCode(doubt))
		return err
	})
	return errors.Join(err, doubt)
}

// doubtCode is how a doubt is stored.
func doubtCode(err error) string {
	var loss *scan.LossError
	switch {
	case errors.As(err, &loss):
		return scan.DoubtLoss
	case err != nil:
		return scan.DoubtIdentity
	}
	return ""
}

// complete concludes what only a walk that reached its end can say. Where too
// much is missing it concludes nothing and returns the doubt.
func (r *Run) complete(s *session, id int64, target string, now int64) (doubt, err error) {
	if elsewhere, err := r.changed(s, id, target); err != nil || elsewhere && r.loss != (scan.Loss{}) {
		return &scan.ElsewhereError{Target: target}, err
	}
	e := ending{s}
	// A walk that took several runs saw files in each of them.
	cycle := r.id
	if _, err := s.one("SELECT cycle FROM target WHERE id = ? AND cycle IS NOT NULL", []any{id}, &cycle); err != nil {
		return nil, err
	}
	if err := e.missed(id, cycle); err != nil {
		return nil, err
	}
	loss, err := e.loss(id)
	if err != nil {
		return nil, err
	}
	if r.loss.TooMuch(loss) {
		loss.Target = target
		return &loss, nil
	}
	if err := errors.Join(e.end(r.id, now), r.place(s, id, target)); err != nil {
		return nil, err
	}
	if _, err := s.exec("UPDATE target SET mark = NULL, cycle = NULL WHERE id = ?", id); err != nil {
		return nil, err
	}
	_, err = s.exec(`
DELETE FROM suspect WHERE target = ?1 AND NOT EXISTS (
	SELECT 1 FROM directory JOIN file ON file.directory = directory.id
	WHERE directory.target = ?2 AND iif(directory.path = '', file.name, directory.path || '/' || file.name) = suspect.path AND gone IS NULL)`, target, id)
	return nil, err
}
