package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/axiomhq/hyperloglog"
	"github.com/kagiban/kagiban/scan"
)

// The grades of table person.
const (
	gradeHigh   = 1
	gradeMiddle = 2
)

// Which files Results yields.
type Which int

// Present are the files that the latest walks met; Gone those that were there
// once and that a complete walk did not meet any more. Found and FoundGone are
// the few of them in which numbers in the open were ever found.
const (
	Present Which = iota
	Gone
	Found
	FoundGone
)

func (w Which) condition() string {
	return []string{"gone IS NULL", "gone IS NOT NULL", "gone IS NULL AND last_found IS NOT NULL", "gone IS NOT NULL AND last_found IS NOT NULL"}[w]
}

// Results yields the files of the given targets (of all, if none is given) in
// the order of target and path. Hashes is nil in them; see Distinct.
func (d *DB) Results(ctx context.Context, which Which, targets ...string) iter.Seq2[*scan.Result, error] {
	names, err := json.Marshal(targets)
	return func(yield func(*scan.Result, error) bool) {
		if err != nil {
			yield(nil, err)
			return
		}
		rows, err := d.read.QueryContext(ctx, `
SELECT id, target, path, size, mtime, ctime, revision, first_seen, first_found, last_found, gone, result
FROM file WHERE `+which.condition()+` AND (?1 = 0 OR target IN (SELECT value FROM json_each(?2))) ORDER BY target, path`, len(targets), string(names))
		if err != nil {
			yield(nil, fmt.Errorf("state file %s: %w", d.path, err))
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
			yield(nil, fmt.Errorf("state file %s: %w", d.path, err))
		}
	}
}

func read(rows *sql.Rows) (*scan.Result, error) {
	r := &scan.Result{}
	var mtime, ctime, firstSeen, firstFound, lastFound, gone sql.NullInt64
	var body []byte
	err := rows.Scan(&r.ID, &r.Entry.Target, &r.Entry.Path, &r.Entry.Size, &mtime, &ctime, &r.Revision, &firstSeen, &firstFound, &lastFound, &gone, &body)
	if err != nil {
		return nil, err
	}
	var s stored
	if err := json.Unmarshal(body, &s); err != nil {
		return nil, fmt.Errorf("stored result of %s: %w", r.Entry.Path, err)
	}
	s.into(r)
	r.Entry.ModTime, r.Entry.ChangeTime = moment(mtime), moment(ctime)
	r.History = scan.History{FirstSeen: moment(firstSeen), FirstFound: moment(firstFound), LastFound: moment(lastFound), Gone: moment(gone)}
	return r, nil
}

// A Member puts a file (scan.Result.ID) into a group whose different persons
// are wanted.
type Member struct {
	Group string
	File  int64
}

// A Count is a number of different persons. Up to ten million it is exact;
// beyond, it is an estimate with a standard error of SketchError.
type Count struct {
	N        int64
	Estimate bool
}

const (
	exactPersons = 10_000_000
	// SketchError is the standard error of an estimate: 1.04 / sqrt(2^16).
	SketchError = 0.0041
)

// Distinct counts different persons in each group of files: with middle, of
// both confidences, else of high confidence only. A person in two files of a
// group counts once.
func (d *DB) Distinct(ctx context.Context, members iter.Seq2[Member, error], middle bool) (map[string]Count, error) {
	return d.distinct(ctx, members, middle, exactPersons)
}

// distinct counts exactly the groups whose files hold so many persons at most,
// each file by itself.
func (d *DB) distinct(ctx context.Context, members iter.Seq2[Member, error], middle bool, exact int64) (map[string]Count, error) {
	conn, err := d.read.Conn(ctx) // temporary tables belong to a connection
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "CREATE TEMP TABLE IF NOT EXISTS member (grp TEXT, file INTEGER); DELETE FROM member"); err != nil {
		return nil, err
	}
	if err := fill(ctx, conn, members); err != nil {
		return nil, err
	}
	top := gradeHigh
	if middle {
		top = gradeMiddle
	}
	counts := map[string]Count{}
	sizes, err := grouped(ctx, conn, "SELECT grp, count(*) FROM member JOIN person USING (file) WHERE grade <= ? GROUP BY grp", top)
	if err != nil {
		return nil, err
	}
	large := false
	for _, size := range sizes {
		large = large || size > exact
	}
	if !large {
		all, err := grouped(ctx, conn, "SELECT grp, count(DISTINCT hash) FROM member JOIN person USING (file) WHERE grade <= ? GROUP BY grp", top)
		for group, n := range all {
			counts[group] = Count{N: n}
		}
		return counts, err
	}
	for group, size := range sizes {
		if size > exact {
			if counts[group], err = sketch(ctx, conn, group, top); err != nil {
				return nil, err
			}
			continue
		}
		one, err := grouped(ctx, conn, "SELECT grp, count(DISTINCT hash) FROM member JOIN person USING (file) WHERE grade <= ? AND grp = ? GROUP BY grp", top, group)
		if err != nil {
			return nil, err
		}
		counts[group] = Count{N: one[group]}
	}
	return counts, nil
}

// grouped reads pairs of a group and a number.
func grouped(ctx context.Context, conn *sql.Conn, query string, args ...any) (map[string]int64, error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[string]int64{}
	for rows.Next() {
		var group string
		var n int64
		if err := rows.Scan(&group, &n); err != nil {
			return nil, err
		}
		counts[group] = n
	}
	return counts, rows.Err()
}

// sketch estimates one group by a HyperLogLog sketch of 64 KiB, in the time of
// one pass and without sorting.
func sketch(ctx context.Context, conn *sql.Conn, group string, top int) (Count, error) {
	rows, err := conn.QueryContext(ctx, "SELECT hash FROM member JOIN person USING (file) WHERE grade <= ? AND grp = ?", top, group)
	if err != nil {
		return Count{}, err
	}
	defer rows.Close()
	s := hyperloglog.New16()
	for rows.Next() {
		var hash int64
		if err := rows.Scan(&hash); err != nil {
			return Count{}, err
		}
		s.InsertHash(uint64(hash))
	}
	return Count{N: int64(s.Estimate()), Estimate: true}, rows.Err()
}

func fill(ctx context.Context, conn *sql.Conn, members iter.Seq2[Member, error]) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for m, err := range members {
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO member VALUES (?, ?)", m.Group, m.File); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// A TargetState is what is known of the walks of a target.
type TargetState struct {
	Name      string
	Complete  bool      // the latest walk reached its end
	Completed time.Time // when one last did, UTC
	Files     int64     // present
	Bytes     int64
}

// Targets lists the targets that were ever walked, by name.
func (d *DB) Targets(ctx context.Context) ([]TargetState, error) {
	rows, err := d.read.QueryContext(ctx, `
SELECT name, complete, completed, (SELECT count(*) FROM file WHERE target = name AND gone IS NULL),
       (SELECT coalesce(sum(size), 0) FROM file WHERE target = name AND gone IS NULL)
FROM target ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("state file %s: %w", d.path, err)
	}
	defer rows.Close()
	var list []TargetState
	for rows.Next() {
		var t TargetState
		var completed sql.NullInt64
		if err := rows.Scan(&t.Name, &t.Complete, &completed, &t.Files, &t.Bytes); err != nil {
			return nil, err
		}
		t.Completed = moment(completed)
		list = append(list, t)
	}
	return list, rows.Err()
}
