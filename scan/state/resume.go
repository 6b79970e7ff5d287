package state

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// candidates bounds the files of one identity that are looked at: hard links,
// and numbers that a server used again.
const candidates = 16

// moved finds the stored result of a file under its former path. It has to
// agree in identity, size, name, and both times. A rename of the file itself
// sets its change time, so this is for files whose folder was moved; it holds
// for hard links too, whose other path is still there.
func moved(ctx context.Context, d *dialect, q querier, e scan.Entry, current func(string) bool) (id int64, reuse scan.Reuse, err error) {
	if e.ID == 0 || e.ChangeTime.IsZero() {
		return 0, scan.ReuseNone, nil
	}
	_, name := split(e.Path)
	rows, err := q.QueryContext(ctx, `
SELECT file.id, file.name, revision.name, found
FROM file JOIN directory ON directory.id = file.directory JOIN target ON target.id = directory.target JOIN revision ON revision.id = file.revision
WHERE identity = ? AND identity <> 0 AND `+d.is("target.name", "?")+` AND size = ? AND mtime = ? AND ctime = ? LIMIT ?`,
		int64(e.ID), e.Target, e.Size, micros(e.ModTime), micros(e.ChangeTime), candidates)
	if err != nil {
		return 0, scan.ReuseNone, err
	}
	defer rows.Close()
	for rows.Next() {
		var former, revision string
		var found bool
		if err := rows.Scan(&id, &former, &revision, &found); err != nil {
			return 0, scan.ReuseNone, err
		}
		if former != name || !current(revision) {
			continue
		}
		if found {
			return id, scan.RefreshAccess, nil
		}
		return id, scan.Unchanged, nil
	}
	return 0, scan.ReuseNone, rows.Err()
}

// copyMoved adds a file with the result, the history and the persons that it
// had under its former path, for which see missed.
func (r *Run) copyMoved(s *session, e scan.Entry, directory int64, name string) error {
	if err := s.flush(); err != nil {
		return err
	}
	former, reuse, err := moved(s.ctx, s.dialect, s.tx, e, func(string) bool { return true })
	if err != nil {
		return err
	}
	if reuse == scan.ReuseNone { // the row was replaced since it was asked for, by another file at the former path
		lost := scan.Problem{Kind: scan.KindUnreadable, Detail: "its former result was replaced during the run; the next run examines it"}
		return r.saveResult(s, &scan.Result{Entry: e, Items: []scan.Item{{Size: e.Size, Problems: []scan.Problem{lost}}}, Scanned: time.Now().UTC()})
	}
	id, err := s.insert(`
INSERT INTO file (directory, name, size, mtime, ctime, identity, revision, plain, scanned, bytes, found, run, first_seen, first_found, last_found)
SELECT CAST(? AS BIGINT), CAST(? AS TEXT), size, mtime, ctime, identity, revision, plain, scanned, bytes, found, CAST(? AS BIGINT), first_seen, first_found, last_found FROM file WHERE id = ?
RETURNING id`, directory, name, r.id, former)
	if err != nil {
		return err
	}
	var held int64
	holds, err := s.one("SELECT id FROM result WHERE file = ? AND until IS NULL", []any{former}, &held)
	if err != nil || !holds {
		return err
	}
	result, err := s.insert(`
INSERT INTO result (file, since, size, mtime, found, persons, body) SELECT CAST(? AS BIGINT), CAST(? AS BIGINT), size, mtime, found, persons, body FROM result WHERE id = ? RETURNING id`, id, micros(time.Now()), held)
	if err != nil {
		return err
	}
	return s.copyPersons(result, held)
}

// An ending concludes a complete walk.
type ending struct{ *session }

// missed finds the files that a complete walk did not meet, in the temporary
// table missed, and those of them that it met under another path, in moved: such
// a file was renamed, or its folder was. Identity, size and modification time show
// it; a server uses the number of a deleted file for another one.
func (s ending) missed(target, cycle int64) error {
	return s.steps(
		step{"DROP TABLE IF EXISTS missed", nil},
		step{"DROP TABLE IF EXISTS moved", nil},
		step{s.dialect.temp("missed", "id INTEGER PRIMARY KEY"), nil},
		step{`
INSERT INTO missed SELECT file.id FROM directory JOIN file ON file.directory = directory.id
WHERE directory.target = ?1 AND directory.run < ?2 AND gone IS NULL AND file.run < ?2`, []any{target, cycle}},
		step{s.dialect.measure("missed"), nil},
		step{s.dialect.temp("moved", "former INTEGER PRIMARY KEY, present INTEGER"), nil},
		step{`
INSERT INTO moved
SELECT former.id, max(file.id)
FROM missed ` + s.dialect.cross + ` file AS former ON former.id = missed.id
` + s.dialect.cross + ` file ON file.identity = former.identity AND file.size = former.size AND file.mtime = former.mtime
JOIN directory ON directory.id = file.directory
WHERE former.identity <> 0 AND file.identity <> 0 AND directory.target = ?1 AND file.gone IS NULL AND (file.run >= ?2 OR directory.run >= ?2)
	AND NOT EXISTS (SELECT 1 FROM missed AS other WHERE other.id = file.id)
GROUP BY former.id`, []any{target, cycle}},
		step{s.dialect.measure("moved"), nil})
}

// loss counts the files that are known of a target and those that were missed.
func (s ending) loss(target int64) (l scan.LossError, err error) {
	_, err = s.one(`
SELECT (SELECT count(*) FROM directory JOIN file ON file.directory = directory.id WHERE directory.target = ? AND gone IS NULL) - (SELECT count(*) FROM moved),
	(SELECT count(*) FROM missed) - (SELECT count(*) FROM moved)`, []any{target}, &l.Known, &l.Missing)
	return l, err
}

// end ends the presence of what was missed. What was moved is neither gone, which
// would count as put right, nor new: it keeps its history and the former path is
// dropped.
func (s ending) end(run, now int64) error {
	err := s.steps(step{`
UPDATE file SET first_seen = CASE WHEN was.seen < first_seen THEN was.seen ELSE first_seen END,
	first_found = CASE WHEN first_found IS NULL OR was.found < first_found THEN coalesce(was.found, first_found) ELSE first_found END, last_found = coalesce(last_found, was.last)
FROM (SELECT present, min(first_seen) AS seen, min(first_found) AS found, max(last_found) AS last
	FROM moved JOIN file ON file.id = former GROUP BY present) AS was
WHERE file.id = was.present`, nil})
	if err == nil {
		err = s.moveFindings(run, now)
	}
	if err != nil {
		return err
	}
	return s.steps(
		// What held under the former path ended when the file was met again.
		step{`
UPDATE result SET file = moved.present, until = coalesce(until, ?1), path = coalesce(result.path, ` + pathOf + `)
FROM moved JOIN file ON file.id = moved.former JOIN directory ON directory.id = file.directory
WHERE result.file = moved.former`, []any{now}},
		step{"DELETE FROM file WHERE id IN (SELECT former FROM moved)", nil},
		step{"UPDATE file SET gone = ? WHERE id IN (SELECT id FROM missed)", []any{now}})
}

// A step is a statement that names tables which are made on the way, so that it
// cannot be prepared before.
type step struct {
	query string
	args  []any
}

func (s ending) steps(list ...step) error {
	if err := s.flush(); err != nil {
		return err
	}
	for _, one := range list {
		if one.query == "" {
			continue
		}
		if _, err := s.tx.ExecContext(s.ctx, one.query, one.args...); err != nil {
			return err
		}
	}
	return nil
}

// dropPast deletes the results that ended before a moment.
func (s *session) dropPast(before int64) error {
	if drop := s.dialect.dropPast; drop != nil {
		return drop(s, before)
	}
	for {
		var id int64
		found, err := s.one("SELECT id FROM result WHERE until < ? LIMIT 1", []any{before}, &id)
		if err != nil || !found {
			return err
		}
		if err := s.dropResult(id); err != nil {
			return err
		}
	}
}

// Bookmark implements scan.Bookmarker.
func (r *Run) Bookmark(ctx context.Context, target string) (scan.Bookmark, error) {
	var folder sql.NullString
	var full bool
	err := r.db.retry(ctx, func() error {
		return r.db.read.QueryRowContext(ctx, "SELECT mark, mark_full FROM target WHERE "+r.db.dialect.is("name", "?"), target).Scan(&folder, &full)
	})
	if errors.Is(err, sql.ErrNoRows) || err == nil && !folder.Valid {
		return scan.Bookmark{}, nil
	}
	if err != nil {
		return scan.Bookmark{}, r.db.wrap(err)
	}
	return scan.Bookmark{Folder: folder.String, Full: full}, nil
}

// SetBookmark implements scan.Bookmarker.
func (r *Run) SetBookmark(ctx context.Context, target string, b scan.Bookmark) error {
	var folder any
	if b != (scan.Bookmark{}) {
		folder = b.Folder
	}
	return r.atTarget(ctx, target, func(s *session, id int64) error {
		return s.do("UPDATE target SET mark = CAST(?2 AS TEXT), mark_full = ?3, cycle = CASE WHEN CAST(?2 AS TEXT) IS NULL THEN NULL ELSE coalesce(cycle, ?4) END WHERE id = ?1", id, folder, b.Full, r.id)
	})
}
