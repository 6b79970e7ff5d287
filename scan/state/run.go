package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/postgres"
)

// A Run is one scan that writes to the state. It implements scan.Run,
// scan.Bookmarker and scan.Journal.
type Run struct {
	db      *DB
	id      int64
	folders folders
	journaling
	runMounts // of its targets
	tallier
	loss    scan.Loss // that a walk is believed
	writing sync.Mutex
	ids     ids       // of the writing side
	ask     *sql.Stmt // for one file, on the reading side
	joined  bool      // somebody else has begun it
	lease   *postgres.Lease
	release func(context.Context) error // gives back what lets this run write
}

var (
	_ scan.Run        = (*Run)(nil)
	_ scan.Bookmarker = (*Run)(nil)
	_ scan.Lease      = (*DB)(nil)
)

// Begin implements scan.Lease. The lease ends with the process that holds it.
func (d *DB) Begin(ctx context.Context, start scan.Start) (scan.Run, error) {
	r := newRun(d, start.Loss)
	if err := d.dialect.begin(ctx, r, start); err != nil {
		return nil, d.wrap(err)
	}
	err := d.sealing.before(ctx, r)
	if err == nil {
		err = r.prepare(ctx)
	}
	if err == nil {
		err = r.suspect(ctx)
	}
	if err != nil {
		return nil, errors.Join(d.wrap(err), r.release(ctx))
	}
	return r, nil
}

func newRun(d *DB, loss scan.Loss) *Run {
	r := &Run{db: d, loss: loss}
	r.tallier.run, r.journaling.run = r, r
	return r
}

// prepare prepares the one question that is asked for many files.
func (r *Run) prepare(ctx context.Context) (err error) {
	is := r.db.dialect.is
	r.ask, err = r.db.read.PrepareContext(ctx, `
SELECT file.id, size, mtime, ctime, revision.name, found
FROM target JOIN directory ON directory.target = target.id JOIN file ON file.directory = directory.id JOIN revision ON revision.id = file.revision
WHERE `+is("target.name", "?")+` AND `+is("directory.path", "?")+` AND `+is("file.name", "?"))
	return err
}

// End implements scan.Run. Results that were replaced longer ago than the
// retention are dropped.
func (r *Run) End(ctx context.Context) error {
	if r.joined {
		return r.ask.Close()
	}
	err := r.inSession(ctx, func(s *session) error {
		if err := s.dropPast(micros(time.Now().Add(-r.db.Retention))); err != nil {
			return err
		}
		return s.do("UPDATE run SET finished = ? WHERE id = ?", micros(time.Now()), r.id)
	})
	return errors.Join(err, r.ask.Close(), r.journal.end(), r.release(ctx))
}

// newCopy is how a state is begun that another one is copied to.
func newCopy() scan.Start { return scan.Start{Version: "copy"} }

// abandon gives back what a run holds without a word in the state.
func (r *Run) abandon(ctx context.Context) error {
	_, err := r.db.write.ExecContext(ctx, "DELETE FROM run WHERE id = ? AND version = ? AND finished IS NULL", r.id, newCopy().Version)
	return errors.Join(err, r.ask.Close(), r.journal.end(), r.release(ctx))
}

// inSession runs f in a transaction that writes down first what was met. If it
// fails, that is kept for the next one.
func (r *Run) inSession(ctx context.Context, f func(*session) error) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	m := r.folders.marked()
	err := r.db.inSession(ctx, r, &r.ids, func(s *session) error {
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
	if done == nil && r.db.native != nil && r.folders.keepAll(batch) {
		return nil // a transaction would cost more than all of its files
	}
	err := r.inSession(ctx, func(s *session) error {
		if err := errors.Join(r.saveAll(s, batch), markJoined(r, s)); err != nil || done == nil {
			return err
		}
		if err := s.flush(); err != nil {
			return err
		}
		return done.CompleteIn(ctx, s.completes())
	})
	if err != nil {
		return r.db.wrap(err)
	}
	return nil
}

func (r *Run) saveAll(s *session, batch []scan.Outcome) error {
	if bulk := s.dialect.save; bulk != nil {
		return bulk(r, s, batch)
	}
	for _, o := range batch {
		if err := r.saveOne(s, o); err != nil {
			return fmt.Errorf("%s: %w", o.Of().Path, err)
		}
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
	err = s.do("UPDATE file SET run = ?, gone = NULL, identity = ? WHERE id = ?", r.id, int64(e.ID), id)
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
	if folder.Path == "" {
		return s.do("UPDATE directory SET run = ?1 WHERE target = ?2", run, target)
	}
	return s.do("UPDATE directory SET run = ?1 WHERE target = ?2 AND (path = ?3 OR path > ?4 AND path < ?5)",
		run, target, folder.Path, folder.Path+"/", folder.Path+"0") // '0' is what follows '/'
}

// Finish implements scan.Store.
func (r *Run) Finish(ctx context.Context, target string, complete bool) error {
	now := micros(time.Now())
	var doubt error
	err := r.atTarget(ctx, target, func(s *session, id int64) (err error) {
		var completed any
		if complete {
			if doubt, err = (ending{s}).complete(r, id, target, now); err != nil {
				return err
			}
			if doubt == nil {
				completed = now
			}
		}
		return s.do("UPDATE target SET run = ?2, complete = ?3, completed = coalesce(?4, completed), doubt = ?5 WHERE id = ?1",
			id, r.id, completed != nil, completed, doubtCode(doubt))
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
func (s ending) complete(r *Run, id int64, target string, now int64) (doubt, err error) {
	if folder, elsewhere, err := r.changed(s.session, id, target); err != nil || elsewhere && r.loss != (scan.Loss{}) {
		return &scan.ElsewhereError{Target: target, Folder: folder}, err
	}
	// A walk that took several runs saw files in each of them.
	cycle := r.id
	if _, err := s.one("SELECT cycle FROM target WHERE id = ? AND cycle IS NOT NULL", []any{id}, &cycle); err != nil {
		return nil, err
	}
	if err := s.missed(id, cycle); err != nil {
		return nil, err
	}
	loss, err := s.loss(id)
	if err != nil {
		return nil, err
	}
	if r.loss.TooMuch(loss) {
		loss.Target = target
		return &loss, nil
	}
	if err := errors.Join(s.end(r.id, now), r.takeDown(s.session, id, target)); err != nil {
		return nil, err
	}
	if err := s.do("UPDATE target SET mark = NULL, cycle = NULL WHERE id = ?", id); err != nil {
		return nil, err
	}
	return nil, s.dropSuspects(target, id)
}

// dropSuspects forgets the suspects of a target that are not there any more.
func (s *session) dropSuspects(target string, id int64) error {
	var some int64
	if found, err := s.one("SELECT 1 FROM suspect WHERE target = ? LIMIT 1", []any{target}, &some); err != nil || !found {
		return err
	}
	return s.do(`
DELETE FROM suspect WHERE target = ?1 AND NOT EXISTS (
	SELECT 1 FROM directory JOIN file ON file.directory = directory.id
	WHERE directory.target = ?2 AND `+pathOf+` = suspect.path AND gone IS NULL)`, target, id)
}
