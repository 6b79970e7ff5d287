package queue

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kagiban/kagiban/scan"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// A NodeConfig is what a node is.
type NodeConfig struct {
	Name    string
	Version string // of kagiban
	Rules   string // all else that results depend on
	Labels  []string
	Batches int // at a time; 0: four
	// PollOnly does without notifications, which poolers of connections break.
	PollOnly bool
	// Takes says whether the node may work on a target now; nil: on all. Settings
	// are those that the run was started with.
	Takes func(target string, settings []byte) bool
	// Idle, if not nil, is called when there was nothing to do for the moment.
	Idle func(open int)
	// Files returns how many files the node has examined.
	Files func() int64
	// Notice is called with what is worth a line in a log.
	Notice func(text scan.Text, about ...any)
}

// A Node works on the batches of a queue. It implements scan.Queue.
type Node struct {
	queue  *Queue
	cfg    NodeConfig
	id     int64
	client *river.Client[pgx.Tx]
	do     func(context.Context, scan.Batch) error

	mu       sync.Mutex
	has      map[leased]*batch
	lanes    *lanes
	draining bool
	heard    time.Time // when the database last answered
}

var _ scan.Queue = (*Node)(nil)

// NewNode makes a node of the queue.
func (q *Queue) NewNode(cfg NodeConfig) *Node {
	if cfg.Batches <= 0 {
		cfg.Batches = 4
	}
	if cfg.Notice == nil {
		cfg.Notice = func(scan.Text, ...any) {}
	}
	n := &Node{queue: q, cfg: cfg, has: map[leased]*batch{}}
	n.lanes = &lanes{Node: n, all: map[string]*lane{}, greedy: map[string]bool{}}
	return n
}

// jobTime bounds a job only so that River can rescue what nobody else has: leases
// are what counts.
const jobTime = 7 * 24 * time.Hour

// Serve implements scan.Queue. When the context ends, the batches under way are
// put back.
func (n *Node) Serve(ctx context.Context, do func(context.Context, scan.Batch) error) error {
	n.do = do
	if err := n.queue.db.Retry(ctx, func() error { return n.register(ctx) }); err != nil {
		return err
	}
	err := n.queue.db.Retry(ctx, func() (err error) {
		if n.client, err = n.fetcher(); err != nil {
			return err
		}
		return n.client.Start(context.WithoutCancel(ctx))
	})
	if err != nil {
		return scan.Errorf("queue: %w", err)
	}
	n.live(ctx)
	return n.leave(context.WithoutCancel(ctx))
}

// fetcher is the client of River that calls worker.
func (n *Node) fetcher() (*river.Client[pgx.Tx], error) {
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &worker{node: n}); err != nil {
		return nil, err
	}
	return river.NewClient(riverpgxv5.New(n.queue.pool), &river.Config{
		Logger: slog.New(slog.DiscardHandler), Workers: workers, JobTimeout: jobTime, RescueStuckJobsAfter: jobTime + time.Hour,
		Queues:              map[string]river.QueueConfig{"none": {MaxWorkers: 1}}, // River wants one; nothing is put there
		FetchPollInterval:   500 * time.Millisecond,
		FetchCooldown:       20 * time.Millisecond,
		ReindexerIndexNames: []string{}, // a node owns no index
		PollOnly:            n.cfg.PollOnly, CompletedJobRetentionPeriod: time.Minute, DiscardedJobRetentionPeriod: time.Hour,
	})
}

// Drain takes no further batches; Serve goes on with those under way.
func (n *Node) Drain() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.draining = true
}

// Busy returns how many batches are under way.
func (n *Node) Busy() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.has)
}

// Pulse returns for how long the database has not answered the node, and how many
// batches are under way.
func (n *Node) Pulse() (silent time.Duration, batches int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.heard.IsZero() {
		silent = time.Since(n.heard)
	}
	return silent, len(n.has)
}

func (n *Node) register(ctx context.Context) error {
	labels := n.cfg.Labels
	if labels == nil {
		labels = []string{}
	}
	return n.queue.pool.QueryRow(ctx, "INSERT INTO node (name, version, labels) VALUES ($1, $2, $3) RETURNING id", n.cfg.Name, n.cfg.Version, labels).Scan(&n.id)
}

// live beats until the context ends.
func (n *Node) live(ctx context.Context) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	silent := time.Time{}
	for {
		// What a beat waits for must not be longer than what it keeps alive.
		bounded, cancel := context.WithTimeout(ctx, lease)
		err := n.beat(bounded)
		cancel()
		if err == nil {
			n.mu.Lock()
			n.heard = time.Now()
			n.mu.Unlock()
		}
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && silent.IsZero():
			silent = time.Now()
			n.cfg.Notice(scan.Say("the database does not answer; batches under way go on"), "reason", err)
		case err == nil && !silent.IsZero():
			n.cfg.Notice(scan.Say("the database answers again"), "after", time.Since(silent).Round(time.Second).String())
			silent = time.Time{}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// beat says that the node lives, renews what it has, and looks for work.
func (n *Node) beat(ctx context.Context) error {
	if err := n.renew(ctx); err != nil {
		return err
	}
	if err := n.queue.reap(ctx); err != nil {
		return err
	}
	return n.lanes.choose(ctx)
}

// renew renews the leases of the batches under way. What was taken away is cancelled.
func (n *Node) renew(ctx context.Context) error {
	n.mu.Lock()
	var ids, tokens []int64
	for key := range n.has {
		ids, tokens = append(ids, key.id), append(tokens, key.token)
	}
	state, hungry, says := "active", n.lanes.hungry, n.lanes.says
	if n.draining {
		state = "draining"
	}
	n.mu.Unlock()
	var files int64
	if n.cfg.Files != nil {
		files = n.cfg.Files()
	}
	kept := map[leased]bool{}
	var slots map[slot]bool
	err := inTx(ctx, n.queue.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE node SET seen = now(), state = $2, hungry = $3, batches = $4, files = $5, says = $6 WHERE id = $1",
			n.id, state, hungry, len(ids), files, says); err != nil {
			return err
		}
		var err error
		if slots, err = n.lanes.renewSlots(ctx, tx); err != nil {
			return err
		}
		// A run that is cancelled takes its batches away, too.
		rows, err := tx.Query(ctx, `
UPDATE batch SET until = now() + $3 FROM unnest($1::bigint[], $2::bigint[]) AS mine(id, token), shared_target t, shared_run r
WHERE batch.id = mine.id AND batch.token = mine.token AND batch.state = 1 AND t.id = batch.target AND r.run = t.run AND r.wanted <> 'cancel' AND r.ended IS NULL
RETURNING batch.id, batch.token`, ids, tokens, lease)
		if err != nil {
			return err
		}
		var b leased
		_, err = pgx.ForEachRow(rows, []any{&b.id, &b.token}, func() error { kept[b] = true; return nil })
		return err
	})
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lanes.keepSlots(slots)
	for i := range ids {
		key := leased{ids[i], tokens[i]}
		if b := n.has[key]; b != nil && !kept[key] {
			b.cancel(scan.ErrTaken)
		}
	}
	return nil
}

// leave puts back what is under way and says that the node is gone.
func (n *Node) leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	err := n.client.StopAndCancel(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = errors.New("queue: batches under way did not end in time; another node takes them over")
	}
	return errors.Join(err, inTx(ctx, n.queue.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE slot SET node = NULL, until = NULL WHERE node = $1", n.id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE node SET state = 'ended', batches = 0, hungry = false, seen = now() WHERE id = $1", n.id)
		return err
	}))
}
