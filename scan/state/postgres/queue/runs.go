package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kagiban/kagiban/scan"
)

// A Spec is how a shared run begins.
type Spec struct {
	Run     int64
	Version string
	Rules   string
	Targets []Target
}

// A Target is one of a run.
type Target struct {
	Name     string
	Server   string // whose limits hold over all nodes
	Slots    int    // batches at a time on that server
	Labels   []string
	Settings []byte // JSON
}

// lane names the queue of a target: those of one run, server and labels share one.
func (t Target) lane(run int64) string {
	labels := slices.Sorted(slices.Values(t.Labels))
	sum := sha256.Sum256([]byte(t.Server + "\x00" + strings.Join(labels, "\x00")))
	return fmt.Sprintf("r%d-%s", run, hex.EncodeToString(sum[:8]))
}

// Start shares a run out: the root of each target is its first batch.
func (q *Queue) Start(ctx context.Context, s Spec) error {
	return q.lasting(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "INSERT INTO shared_run (run, version, rules) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", s.Run, s.Version, s.Rules)
		if err != nil || tag.RowsAffected() == 0 { // it was committed when the connection was lost
			return err
		}
		for _, t := range s.Targets {
			if t.Labels == nil {
				t.Labels = []string{}
			}
			var id int64
			err := tx.QueryRow(ctx, `
INSERT INTO shared_target (run, name, lane, server, slots, labels, settings) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
				s.Run, []byte(q.names.Seal(t.Name)), t.lane(s.Run), t.Server, max(t.Slots, 1), t.Labels, q.names.SealJSON(string(t.Settings))).Scan(&id)
			if err != nil {
				return err
			}
			root := newBatches(id, q.names)
			root.add("", 0, 0, nil, nil, 0, 0)
			if err := root.insert(ctx, tx, q, t.lane(s.Run)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Under returns the run under way that has one of the targets, 0 if there is none,
// and the names of its targets.
func (q *Queue) Under(ctx context.Context, targets []string) (run int64, names []string, err error) {
	err = q.db.Retry(ctx, func() error {
		run, names, err = q.under(ctx, targets)
		return err
	})
	return run, names, err
}

func (q *Queue) under(ctx context.Context, targets []string) (run int64, names []string, err error) {
	var wanted [][]byte
	for _, t := range targets {
		wanted = append(wanted, []byte(q.names.Seal(t)))
	}
	rows, err := q.pool.Query(ctx, `
SELECT t.run, t.name FROM shared_target t JOIN shared_run r ON r.run = t.run
WHERE r.ended IS NULL AND r.run = (SELECT min(t2.run) FROM shared_target t2 JOIN shared_run r2 ON r2.run = t2.run WHERE r2.ended IS NULL AND t2.name = ANY($1))`, wanted)
	if err != nil {
		return 0, nil, err
	}
	var name []byte
	_, err = pgx.ForEachRow(rows, []any{&run, &name}, func() error { names = append(names, q.names.Open(string(name))); return nil })
	return run, names, err
}

// A TargetEnd is a target of which nothing is left to do.
type TargetEnd struct {
	Name   string
	Mounts scan.Mounts // those it reaches into
	Files  int64
	Failed string // why it was not walked to its end; "" if it was
}

// Ended returns the targets of a run of which nothing is left to be done and that
// were not concluded yet, and whether all are concluded.
func (q *Queue) Ended(ctx context.Context, run int64) (list []TargetEnd, all bool, err error) {
	rows, err := q.pool.Query(ctx, `
SELECT t.name, t.place, t.state, t.error, r.wanted, coalesce((SELECT sum(files) FROM batch WHERE batch.target = t.id), 0)::bigint
FROM shared_target t JOIN shared_run r ON r.run = t.run
WHERE t.run = $1 AND t.state <> 'done' AND (t.state = 'failed' OR r.wanted = 'cancel' OR NOT EXISTS (SELECT 1 FROM batch WHERE batch.target = t.id AND batch.state < 2))`, run)
	if err != nil {
		return nil, false, err
	}
	var name []byte
	var e TargetEnd
	var mounts, state, failure, wanted string
	_, err = pgx.ForEachRow(rows, []any{&name, &mounts, &state, &failure, &wanted, &e.Files}, func() error {
		e.Name, e.Failed, e.Mounts = q.names.Open(string(name)), "", scan.Mounts{}
		if mounts != "" {
			if err := json.Unmarshal([]byte(q.names.Open(mounts)), &e.Mounts); err != nil {
				return fmt.Errorf("mounts of %s: %w", e.Name, err)
			}
		}
		switch {
		case wanted == "cancel":
			e.Failed = "the run was cancelled"
		case state == "failed":
			e.Failed = q.names.Open(failure)
		}
		list = append(list, e)
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	var targets int
	err = q.pool.QueryRow(ctx, "SELECT count(*)::int, coalesce(bool_and(state = 'done'), false) FROM shared_target WHERE run = $1", run).Scan(&targets, &all)
	if err == nil && targets == 0 {
		err = scan.Errorf("run %d: %w: the database has lost it", run, ErrNoRun) // it was set not to wait for its disk, and crashed
	}
	return list, all, err
}

// Concluded takes down that a target was concluded in the state, and why it was not
// walked to its end, "" if it was. Its batches go, their figures stay.
func (q *Queue) Concluded(ctx context.Context, run int64, target, failed string) error {
	return inTx(ctx, q.pool, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `
UPDATE shared_target t SET state = 'done', error = $3, folders = f.folders, files = f.files, bytes = f.bytes, found = f.found, problems = f.problems
FROM (SELECT count(*) FILTER (WHERE page = 0 AND b.state = 2) AS folders, coalesce(sum(b.files), 0) AS files, coalesce(sum(b.bytes), 0) AS bytes,
	coalesce(sum(b.found), 0) AS found, coalesce(sum(b.problems), 0) AS problems
	FROM batch b JOIN shared_target mine ON mine.id = b.target WHERE mine.run = $1 AND mine.name = $2) AS f
WHERE t.run = $1 AND t.name = $2 AND t.state <> 'done' RETURNING t.id`, run, []byte(q.names.Seal(target)), q.names.Seal(failed)).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) { // it was committed when the connection was lost
			return nil
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "DELETE FROM batch WHERE target = $1", id)
		return err
	})
}

// Summary returns the targets of a run that were concluded.
func (q *Queue) Summary(ctx context.Context, run int64) (list []TargetEnd, err error) {
	err = q.db.Retry(ctx, func() error {
		list, err = q.summary(ctx, run)
		return err
	})
	return list, err
}

func (q *Queue) summary(ctx context.Context, run int64) ([]TargetEnd, error) {
	rows, err := q.pool.Query(ctx, "SELECT name, files, error FROM shared_target WHERE run = $1 AND state = 'done' ORDER BY id", run)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (e TargetEnd, err error) {
		var name []byte
		err = row.Scan(&name, &e.Files, &e.Failed)
		e.Name, e.Failed = q.names.Open(string(name)), q.names.Open(e.Failed)
		return e, err
	})
}

// End ends a shared run, and drops those that ended longer ago than keep.
func (q *Queue) End(ctx context.Context, run int64, keep time.Duration) error {
	return q.lasting(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE shared_run SET ended = now() WHERE run = $1", run); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM river_job WHERE queue LIKE $1 AND state NOT IN ('running')", fmt.Sprintf("r%d-%%", run)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM shared_run WHERE ended < now() - $1::interval", keep); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "DELETE FROM node WHERE seen < now() - $1::interval", 24*time.Hour)
		return err
	})
}

// Identify takes down what a target of a run reaches into, beside those that
// other nodes have met.
func (q *Queue) Identify(ctx context.Context, run int64, target string, met scan.Mounts) error {
	text, err := json.Marshal(met)
	if err != nil {
		return err
	}
	_, err = q.pool.Exec(ctx, `
UPDATE shared_target SET place = (coalesce(nullif(place, ''), '{}')::jsonb || $3::text::jsonb)::text WHERE run = $1 AND name = $2`, run, []byte(q.names.Seal(target)), q.names.SealJSON(string(text)))
	return err
}

// Wanted are the states that a run can be asked for.
const (
	Go     = "go"
	Pause  = "pause"
	Cancel = "cancel"
)

// ErrNoRun says that there is no such run under way.
var ErrNoRun = errors.New("there is no such run under way")

// Control asks for a state of a run under way; 0 is the only one that is.
func (q *Queue) Control(ctx context.Context, run int64, wanted string) (int64, error) {
	rows, err := q.pool.Query(ctx, "SELECT run FROM shared_run WHERE ended IS NULL AND ($1::bigint = 0 OR run = $1) ORDER BY run", run)
	if err != nil {
		return 0, err
	}
	open, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	switch {
	case err != nil:
		return 0, err
	case len(open) == 0:
		return 0, ErrNoRun
	case len(open) > 1:
		return 0, scan.Errorf("runs %v are under way; name one of them", open)
	}
	_, err = q.pool.Exec(ctx, "UPDATE shared_run SET wanted = $2 WHERE run = $1 AND wanted <> 'cancel'", open[0], wanted)
	return open[0], err
}
