package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"iter"

	"github.com/kagiban/kagiban/scan"
)

var _ scan.ResultReader = (*DB)(nil)

// conditions of scan.Which.
func condition(w scan.Which) string {
	return []string{"gone IS NULL", "gone IS NOT NULL", "gone IS NULL AND last_found IS NOT NULL", "gone IS NOT NULL AND last_found IS NOT NULL",
		"(finding.number IS NOT NULL OR result.id IS NOT NULL AND gone IS NULL)"}[w]
}

// Results implements scan.ResultReader.
func (d *DB) Results(ctx context.Context, which scan.Which, targets ...string) iter.Seq2[*scan.Result, error] {
	return func(yield func(*scan.Result, error) bool) {
		within, args := among(targets)
		// The order of the loops is fixed, so that the embedded database sorts nothing.
		query := `
SELECT file.id, target.name, directory.path, file.name, file.size, file.mtime, ctime, identity, coalesce(revision.name, ''), scanned, bytes,
	first_seen, first_found, last_found, gone, coalesce(result.body, plain.body), result.id IS NULL, ` + findingColumns + `
FROM target ` + d.dialect.cross + ` directory ON directory.target = target.id ` + d.dialect.cross + ` file ON file.directory = directory.id
	LEFT JOIN revision ON revision.id = file.revision
	LEFT JOIN result ON result.file = file.id AND until IS NULL LEFT JOIN plain ON plain.id = file.plain
	LEFT JOIN finding ON finding.file = file.id
WHERE ` + condition(which) + ` AND ` + within
		seen := &idSet{}
		more, err := inOrder(ctx, d, query+" ORDER BY target.name, directory.path, file.name", args, seen, yield)
		switch {
		case !more:
		case err == nil:
			if which == scan.Present && ctx.Err() == nil {
				d.unlisted(ctx, within, args, seen.n, yield)
			}
		case damaged(err):
			rescued(ctx, d, query, args, seen, yield)
		default:
			yield(nil, d.wrap(err))
		}
	}
}

// inOrder yields the results of a query. More is false if the consumer wants no
// more.
func inOrder(ctx context.Context, d *DB, query string, args []any, seen *idSet, yield func(*scan.Result, error) bool) (more bool, err error) {
	rows, err := d.read.QueryContext(ctx, query, args...)
	if err != nil {
		return true, err
	}
	defer rows.Close()
	for rows.Next() {
		res, err := read(rows)
		if err != nil {
			return true, err
		}
		seen.add(res.ID)
		if !yield(res, nil) {
			return false, nil
		}
	}
	return true, rows.Err()
}

func read(rows *sql.Rows) (*scan.Result, error) {
	r := &scan.Result{}
	var folder, name string
	var mtime, ctime, scanned, firstSeen, firstFound, lastFound, gone sql.NullInt64
	var identity, bytes int64
	var body sql.NullString
	var plain bool
	var finding findingRow
	err := rows.Scan(append([]any{&r.ID, &r.Entry.Target, &folder, &name, &r.Entry.Size, &mtime, &ctime, &identity, &r.Revision, &scanned, &bytes,
		&firstSeen, &firstFound, &lastFound, &gone, &body, &plain}, finding.into()...)...)
	if err != nil {
		return nil, scan.Errorf("%w: %w", ErrDamaged, err)
	}
	r.Entry.Path = join(folder, name)
	if r.Revision == "" {
		r.Revision = scan.RevisionAgain
	}
	var s stored
	if json.Unmarshal([]byte(body.String), &s) != nil || len(s.Items) == 0 {
		r.Entry.ModTime, r.Entry.ChangeTime = moment(mtime), moment(ctime)
		left := unread(r.Entry, "what was learnt of this file cannot be read")
		left.ID = r.ID
		left.History = scan.History{FirstSeen: moment(firstSeen), FirstFound: moment(firstFound), LastFound: moment(lastFound), Gone: moment(gone)}
		return left, nil
	}
	if s.ID, s.Scanned, s.Bytes = uint64(identity), moment(scanned), bytes; plain && len(s.Items) == 1 {
		s.Items[0].Size = r.Entry.Size
	}
	s.into(r)
	r.Entry.ModTime, r.Entry.ChangeTime = moment(mtime), moment(ctime)
	r.History = scan.History{FirstSeen: moment(firstSeen), FirstFound: moment(firstFound), LastFound: moment(lastFound), Gone: moment(gone)}
	r.Finding, err = finding.finding()
	return r, err
}

// Targets implements scan.ResultReader.
func (d *DB) Targets(ctx context.Context) (list []scan.TargetState, err error) {
	err = d.retry(ctx, func() error {
		list, err = d.targets(ctx)
		return err
	})
	return list, err
}

func (d *DB) targets(ctx context.Context) ([]scan.TargetState, error) {
	rows, err := d.read.QueryContext(ctx, `
SELECT target.name, complete, completed, doubt, count(file.id), coalesce(sum(file.size), 0)
FROM target LEFT JOIN directory ON directory.target = target.id LEFT JOIN file ON file.directory = directory.id AND gone IS NULL
GROUP BY target.id ORDER BY target.name`)
	if damaged(err) {
		return targetNames(ctx, d)
	}
	if err != nil {
		return nil, d.wrap(err)
	}
	defer rows.Close()
	var list []scan.TargetState
	for rows.Next() {
		var t scan.TargetState
		var completed sql.NullInt64
		if err := rows.Scan(&t.Name, &t.Complete, &completed, &t.Doubt, &t.Files, &t.Bytes); err != nil {
			return nil, d.wrap(err)
		}
		t.Completed = moment(completed)
		list = append(list, t)
	}
	if err := rows.Err(); damaged(err) {
		return targetNames(ctx, d)
	} else if err != nil {
		return nil, d.wrap(err)
	}
	return list, nil
}

// targetNames lists the targets of a state in which the files cannot be counted.
// None of them is known to be complete.
func targetNames(ctx context.Context, d *DB) ([]scan.TargetState, error) {
	rows, err := d.read.QueryContext(ctx, "SELECT name FROM target ORDER BY name")
	if err != nil {
		return nil, d.wrap(err)
	}
	defer rows.Close()
	var list []scan.TargetState
	for rows.Next() {
		var t scan.TargetState
		if err := rows.Scan(&t.Name); err != nil {
			return nil, d.wrap(err)
		}
		list = append(list, t)
	}
	if err := rows.Err(); err != nil {
		return nil, d.wrap(err)
	}
	return list, nil
}
