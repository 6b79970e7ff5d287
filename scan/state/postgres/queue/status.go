package queue

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// A RunStatus is how far a run is.
type RunStatus struct {
	Run     int64          `json:"run"`
	Version string         `json:"version"`
	Wanted  string         `json:"wanted"` // go, pause, cancel
	Began   time.Time      `json:"began"`
	Elapsed time.Duration  `json:"-"` // by the clock of the database
	Seconds int64          `json:"seconds"`
	Targets []TargetStatus `json:"targets"`
}

// A TargetStatus is how far a target is.
type TargetStatus struct {
	Name     string   `json:"target"`
	State    string   `json:"state"` // open, done, failed
	Error    string   `json:"error,omitempty"`
	Labels   []string `json:"labels,omitempty"`
	Folders  int64    `json:"folders"` // listed
	Waiting  int64    `json:"waiting"` // batches
	Leased   int64    `json:"leased"`
	Losses   int64    `json:"losses"` // batches of nodes that were lost
	Files    int64    `json:"files"`
	Left     int64    `json:"left"` // files that are known to be examined yet; those in folders not listed are not
	Bytes    int64    `json:"bytes"`
	Found    int64    `json:"found"`
	Problems int64    `json:"problems"`
}

// A NodeStatus is what a node is about.
type NodeStatus struct {
	Name    string   `json:"node"`
	Version string   `json:"version"`
	Labels  []string `json:"labels,omitempty"`
	State   string   `json:"state"` // active, draining, lost
	Batches int      `json:"batches"`
	Files   int64    `json:"files"`
	Silent  int64    `json:"silent_seconds"`
	Says    string   `json:"says,omitempty"`
}

// A Status is that of the runs under way and of the nodes.
type Status struct {
	Runs  []RunStatus  `json:"runs"`
	Nodes []NodeStatus `json:"nodes"`
}

// Status returns what is under way.
func (q *Queue) Status(ctx context.Context) (s Status, err error) {
	rows, err := q.pool.Query(ctx, "SELECT run, version, wanted, began, extract(epoch FROM now() - began)::bigint FROM shared_run WHERE ended IS NULL ORDER BY run")
	if err != nil {
		return s, err
	}
	s.Runs, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r RunStatus, err error) {
		err = row.Scan(&r.Run, &r.Version, &r.Wanted, &r.Began, &r.Seconds)
		r.Elapsed = time.Duration(r.Seconds) * time.Second
		return r, err
	})
	if err != nil {
		return s, err
	}
	for i := range s.Runs {
		if s.Runs[i].Targets, err = q.targets(ctx, s.Runs[i].Run); err != nil {
			return s, err
		}
	}
	s.Nodes, err = q.nodes(ctx)
	return s, err
}

func (q *Queue) targets(ctx context.Context, run int64) ([]TargetStatus, error) {
	rows, err := q.pool.Query(ctx, `
SELECT t.name, t.state, t.error, t.labels, t.folders + f.folders, f.waiting, f.leased, f.losses, t.files + f.files, f.due, t.bytes + f.bytes, t.found + f.found, t.problems + f.problems
FROM shared_target t CROSS JOIN LATERAL (
	SELECT count(*) FILTER (WHERE page = 0 AND state = 2) AS folders, count(*) FILTER (WHERE state = 0) AS waiting, count(*) FILTER (WHERE state = 1) AS leased,
		coalesce(sum(losses), 0)::bigint AS losses, coalesce(sum(files), 0)::bigint AS files, coalesce(sum(size) FILTER (WHERE state < 2 AND size > 0), 0)::bigint AS due,
		coalesce(sum(bytes), 0)::bigint AS bytes, coalesce(sum(found), 0)::bigint AS found, coalesce(sum(problems), 0)::bigint AS problems
	FROM batch WHERE batch.target = t.id) AS f
WHERE t.run = $1 ORDER BY t.id`, run)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t TargetStatus, err error) {
		var name []byte
		err = row.Scan(&name, &t.State, &t.Error, &t.Labels, &t.Folders, &t.Waiting, &t.Leased, &t.Losses, &t.Files, &t.Left, &t.Bytes, &t.Found, &t.Problems)
		t.Name, t.Error = q.names.Open(string(name)), q.names.Open(t.Error)
		return t, err
	})
}

func (q *Queue) nodes(ctx context.Context) ([]NodeStatus, error) {
	rows, err := q.pool.Query(ctx, `
SELECT name, version, labels, CASE WHEN seen < now() - $1::interval THEN 'lost' ELSE state END, batches, files, extract(epoch FROM now() - seen)::bigint, says
FROM node WHERE state <> 'ended' AND seen > now() - interval '1 hour' ORDER BY name, id`, slotHeld)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s NodeStatus, err error) {
		err = row.Scan(&s.Name, &s.Version, &s.Labels, &s.State, &s.Batches, &s.Files, &s.Silent, &s.Says)
		return s, err
	})
}
