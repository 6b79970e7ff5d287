package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// candidates bounds the files of one identity that are looked at: hard links,
// and numbers that a server gave again.
const candidates = 16

// moved finds the stored result of a file under its former path. It has to
// agree in identity, size, name, and both times. A rename of the file itself
// sets its change time, so this is for files whose folder was moved; it holds
// for hard links too, whose other path is still there.
func (r *Run) moved(ctx context.Context, q querier, e scan.Entry, current func(string) bool) (id int64, is scan.Known, err error) {
	if e.ID == 0 || e.ChangeTime.IsZero() {
		return 0, scan.ToExamine, nil
	}
	rows, err := q.QueryContext(ctx, `
SELECT id, path, revision, `+hasFindings+` FROM file WHERE identity = ? AND identity <> 0 AND target = ? AND size = ? AND mtime = ? AND ctime = ? LIMIT ?`,
		int64(e.ID), e.Target, e.Size, micros(e.ModTime), micros(e.ChangeTime), candidates)
	if err != nil {
		return 0, scan.ToExamine, fmt.Errorf("state file %s: %w", r.db.path, err)
	}
	defer rows.Close()
	for rows.Next() {
		var former, revision string
		var found bool
		if err := rows.Scan(&id, &former, &revision, &found); err != nil {
			return 0, scan.ToExamine, err
		}
		if path.Base(former) == path.Base(e.Path) && current(revision) {
			return id, known(found), nil
		}
	}
	return 0, scan.ToExamine, rows.Err()
}

// copyMoved gives a file the result, the history and the persons that it had
// under its former path, for which see missed.
func (r *Run) copyMoved(ctx context.Context, tx *sql.Tx, e scan.Entry) error {
	former, is, err := r.moved(ctx, tx, e, func(string) bool { return true })
	if err != nil {
		return err
	}
	if is == scan.ToExamine { // the row was replaced since it was asked for, by another file at the former path
		lost := scan.Problem{Kind: scan.KindUnreadable, Detail: "its former result was replaced during the run; the next run examines it"}
		return r.saveOne(ctx, tx, &scan.Result{Entry: e, Items: []scan.Item{{Size: e.Size, Problems: []scan.Problem{lost}}}, Scanned: time.Now().UTC()})
	}
	var id int64
	err = tx.QueryRowContext(ctx, `
INSERT INTO file (target, path, size, mtime, ctime, revision, run, first_seen, first_found, last_found, result, identity)
SELECT target, ?, size, mtime, ctime, revision, ?, first_seen, first_found, last_found, result, identity FROM file WHERE id = ?
RETURNING id`, e.Path, r.id, former).Scan(&id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO person (file, grade, hash) SELECT ?, grade, hash FROM person WHERE file = ?", id, former)
	return err
}

// missed ends the presence of the files that a complete walk did not meet. One
// that it met under another path was renamed, or its folder was: it is neither
// gone, which would count as put right, nor new, so it keeps its history and
// the former path is dropped. Identity, size and modification time tell it; a
// server gives the number of a deleted file to another one.
func (r *Run) missed(ctx context.Context, tx *sql.Tx, target string, cycle, now int64) error {
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"CREATE TEMP TABLE missed AS SELECT id FROM file WHERE target = ? AND gone IS NULL AND run < ?", []any{target, cycle}},
		{`
CREATE TEMP TABLE moved AS
SELECT former.id AS former, max(file.id) AS present
FROM missed CROSS JOIN file AS former ON former.id = missed.id
CROSS JOIN file ON file.identity = former.identity AND file.target = former.target AND file.size = former.size AND file.mtime = former.mtime
WHERE former.identity <> 0 AND file.identity <> 0 AND file.gone IS NULL AND file.run >= ?
GROUP BY former.id`, []any{cycle}},
		{`
UPDATE file SET first_seen = min(first_seen, was.seen),
	first_found = coalesce(min(first_found, was.found), first_found, was.found), last_found = coalesce(last_found, was.last)
FROM (SELECT present, min(first_seen) AS seen, min(first_found) AS found, max(last_found) AS last
	FROM moved JOIN file ON file.id = former GROUP BY present) AS was
WHERE file.id = was.present`, nil},
		{"DELETE FROM file WHERE id IN (SELECT former FROM moved)", nil},
		{"UPDATE file SET gone = ? WHERE id IN (SELECT id FROM missed)", []any{now}},
		{"DROP TABLE missed", nil},
		{"DROP TABLE moved", nil},
	} {
		if _, err := tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// Bookmark implements scan.Bookmarker.
func (r *Run) Bookmark(ctx context.Context, target string) (scan.Bookmark, error) {
	var folder sql.NullString
	var full bool
	err := r.db.read.QueryRowContext(ctx, "SELECT mark, mark_full FROM target WHERE name = ?", target).Scan(&folder, &full)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !folder.Valid {
		return scan.Bookmark{}, nil
	}
	if err != nil {
		return scan.Bookmark{}, fmt.Errorf("state file %s: %w", r.db.path, err)
	}
	return scan.Bookmark{Folder: folder.String, Full: full}, nil
}

// SetBookmark implements scan.Bookmarker.
func (r *Run) SetBookmark(ctx context.Context, target string, b scan.Bookmark) error {
	var folder any
	if b != (scan.Bookmark{}) {
		folder = b.Folder
	}
	_, err := r.db.write.ExecContext(ctx, `
INSERT INTO target (name, run, complete, mark, mark_full, cycle) VALUES (?1, ?2, 0, ?3, ?4, iif(?3 IS NULL, NULL, ?2))
ON CONFLICT (name) DO UPDATE SET mark = ?3, mark_full = ?4, cycle = iif(?3 IS NULL, NULL, coalesce(cycle, ?2))`,
		target, r.id, folder, b.Full)
	if err != nil {
		return fmt.Errorf("state file %s: %w", r.db.path, err)
	}
	return nil
}
