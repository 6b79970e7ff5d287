package queue

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kagiban/kagiban/scan"
	"github.com/riverqueue/river"
)

// A worker is what River calls with a job.
type worker struct {
	river.WorkerDefaults[jobArgs]
	node *Node
}

// Pauses before a batch is tried again.
const (
	pauseOutside = time.Minute      // its target is not to be worked on now
	pauseFailed  = 10 * time.Second // its target was not reached, or the store failed
)

// failuresMost is how often in a row a target is not reached before it is given up.
const failuresMost = 6

// Work implements river.Worker: it leases the batch, does it, and sees to what
// became of it. A job whose batch is another's, or done, has no further use.
func (w *worker) Work(ctx context.Context, job *river.Job[jobArgs]) error {
	n := w.node
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	b, err := n.lease(ctx, job)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case errors.Is(err, errOutside):
		return river.JobSnooze(pauseOutside)
	case err != nil:
		return river.JobSnooze(pauseFailed)
	}
	b.cancel = cancel
	key := leased{b.task.Batch, b.token}
	n.mu.Lock()
	n.has[key] = b
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.has, key)
	}()
	err = n.do(ctx, b)
	switch {
	case err == nil:
		n.queue.reached(context.WithoutCancel(ctx), b)
		return nil
	case errors.Is(err, scan.ErrTaken), errors.Is(context.Cause(ctx), scan.ErrTaken):
		return nil
	}
	return n.putBack(context.WithoutCancel(ctx), b, err)
}

var errOutside = errors.New("outside of its window")

// lease takes the batch of a job.
func (n *Node) lease(ctx context.Context, job *river.Job[jobArgs]) (*batch, error) {
	b := &batch{queue: n.queue, token: job.Args.Token, job: job}
	b.task.Batch = job.Args.Batch
	var name, folder, entries, settings []byte
	var above []int64
	var slots, size int
	err := n.queue.pool.QueryRow(ctx, `
SELECT t.run, t.id, t.name, t.lane, t.slots, t.settings, folder, above, entries, size, losses
FROM batch JOIN shared_target t ON t.id = batch.target JOIN shared_run r ON r.run = t.run
WHERE batch.id = $1 AND token = $2 AND batch.state = 0 AND t.state = 'open' AND r.wanted <> 'cancel' AND r.ended IS NULL`, job.Args.Batch, job.Args.Token).
		Scan(&b.task.Run, &b.target, &name, &b.lane, &slots, &settings, &folder, &above, &entries, &size, &b.task.Losses)
	if err != nil {
		return nil, err
	}
	settings = []byte(n.queue.names.Open(string(settings)))
	b.task.Target, b.task.Folder, b.task.Settings = n.queue.names.Open(string(name)), n.queue.names.Open(string(folder)), settings
	if !n.takes(b.task.Target, settings) {
		return nil, errOutside
	}
	for _, id := range above {
		b.task.Above = append(b.task.Above, uint64(id))
	}
	if entries != nil {
		if b.task.Files, err = decode(b.task.Target, entries, n.queue.names.Open); err != nil {
			return nil, err
		}
	}
	b.task.Looped = size == looped
	b.task.Condemned = b.task.Losses >= condemnAfter && len(b.task.Files) <= 1
	b.task.Share = n.lanes.share(b.lane, slots)
	tag, err := n.queue.pool.Exec(ctx, "UPDATE batch SET state = 1, node = $3, job = $4, until = now() + $5 WHERE id = $1 AND token = $2 AND state = 0",
		b.task.Batch, b.token, n.id, job.ID, lease)
	if err == nil && tag.RowsAffected() == 0 {
		err = pgx.ErrNoRows
	}
	if err == nil && b.task.Losses > 0 && b.task.Files == nil {
		// What was shared out of the folder before is found again.
		_, err = n.queue.pool.Exec(ctx, "DELETE FROM batch WHERE target = $1 AND folder = $2 AND page > 0 AND state = 0", b.target, folder)
	}
	return b, err
}

func (n *Node) takes(target string, settings []byte) bool {
	return n.cfg.Takes == nil || n.cfg.Takes(target, settings)
}

// reached takes down that the target of a batch can be reached, where it could not.
func (q *Queue) reached(ctx context.Context, b *batch) {
	// The batch is done whatever becomes of this.
	_, _ = q.pool.Exec(ctx, "UPDATE shared_target SET failures = 0 WHERE id = $1 AND failures > 0", b.target)
}

// putBack frees a batch that could not be done. Of a target that cannot be reached
// this counts; after failuresMost it is given up.
func (n *Node) putBack(ctx context.Context, b *batch, cause error) error {
	ctx, cancel := context.WithTimeout(ctx, lease)
	defer cancel()
	var list *scan.ListError
	unreached := errors.As(cause, &list)
	err := inTx(ctx, n.queue.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "UPDATE batch SET state = 0, node = NULL, until = NULL WHERE id = $1 AND token = $2 AND state = 1", b.task.Batch, b.token)
		if err != nil || tag.RowsAffected() == 0 || !unreached {
			return err
		}
		_, err = tx.Exec(ctx, `
UPDATE shared_target SET failures = failures + 1, error = $2, state = CASE WHEN failures + 1 >= $3 THEN 'failed' ELSE state END WHERE id = $1`,
			b.target, n.queue.names.Seal(list.Error()), failuresMost)
		return err
	})
	if unreached {
		n.cfg.Notice(scan.Say("a target is not reached"), "target", b.task.Target, "reason", error(list))
	} else if ctx.Err() == nil {
		n.cfg.Notice(scan.Say("a batch is put back"), "run", b.task.Run, "batch", b.task.Batch, "target", b.task.Target, "folder", b.task.Folder, "reason", cause)
	}
	if err != nil {
		return nil // the lease runs out, and the reaper makes another job
	}
	return river.JobSnooze(pauseFailed)
}
