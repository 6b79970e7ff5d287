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
func (r *Run) moved(ctx context.Context, q querier, e scan.Entry, current func(string) bool) (id int64, ok bool, err error) {
	if e.ID == 0 || e.ChangeTime.IsZero() {
		return 0, false, nil
	}
	rows, err := q.QueryContext(ctx, `
SELECT id, path, revision FROM file WHERE identity = ? AND identity <> 0 AND target = ? AND size = ? AND mtime = ? AND ctime = ? LIMIT ?`,
		int64(e.ID), e.Target, e.Size, micros(e.ModTime), micros(e.ChangeTime), candidates)
	if err != nil {
		return 0, false, fmt.Errorf("state file %s: %w", r.db.path, err)
	}
	defer rows.Close()
	for rows.Next() {
		var former, revision string
		if err := rows.Scan(&id, &former, &revision); err != nil {
			return 0, false, err
		}
		if path.Base(former) == path.Base(e.Path) && current(revision) {
			return id, true, nil
		}
	}
	return 0, false, rows.Err()
}

// copyMoved gives a file the result, the history and the persons that it had
// under its former path. That path is gone if the walk does not meet it.
func (r *Run) copyMoved(ctx context.Context, tx *sql.Tx, e scan.Entry) error {
	former, ok, err := r.moved(ctx, tx, e, func(string) bool { return true })
	if err != nil {
		return err
	}
	if !ok { // the row was replaced since it was asked for, by another file at the former path
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
