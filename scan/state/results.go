package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
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
		names, err := json.Marshal(targets)
		if err != nil {
			yield(nil, err)
			return
		}
		// CROSS JOIN fixes the order of the loops, so that nothing is sorted.
		rows, err := d.read.QueryContext(ctx, `
SELECT file.id, target.name, directory.path, file.name, file.size, file.mtime, ctime, identity, revision.name, scanned, bytes,
	first_seen, first_found, last_found, gone, coalesce(result.body, plain.body), result.id IS NULL, `+findingColumns+`
FROM target CROSS JOIN directory ON directory.target = target.id CROSS JOIN file ON file.directory = directory.id
	JOIN revision ON revision.id = file.revision
	LEFT JOIN result ON result.file = file.id AND until IS NULL LEFT JOIN plain ON plain.id = file.plain
	LEFT JOIN finding ON finding.file = file.id
WHERE `+condition(which)+` AND (?1 = 0 OR target.name IN (SELECT value FROM json_each(?2))) ORDER BY target.name, directory.path, file.name`,
			len(targets), string(names))
		if err != nil {
			yield(nil, d.wrap(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			res, err := read(rows)
			if !yield(res, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, d.wrap(err))
		}
	}
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
		return nil, err
	}
	r.Entry.Path = join(folder, name)
	var s stored
	if err := json.Unmarshal([]byte(body.String), &s); err != nil {
		return nil, fmt.Errorf("stored result of %s: %w", r.Entry.Path, err)
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
func (d *DB) Targets(ctx context.Context) ([]scan.TargetState, error) {
	rows, err := d.read.QueryContext(ctx, `
SELECT target.name, complete, completed, doubt, count(file.id), coalesce(sum(file.size), 0)
FROM target LEFT JOIN directory ON directory.target = target.id LEFT JOIN file ON file.directory = directory.id AND gone IS NULL
GROUP BY target.id ORDER BY target.name`)
	if err != nil {
		return nil, d.wrap(err)
	}
	defer rows.Close()
	var list []scan.TargetState
	for rows.Next() {
		var t scan.TargetState
		var completed sql.NullInt64
		if err := rows.Scan(&t.Name, &t.Complete, &completed, &t.Doubt, &t.Files, &t.Bytes); err != nil {
			return nil, err
		}
		t.Completed = moment(completed)
		list = append(list, t)
	}
	return list, rows.Err()
}
