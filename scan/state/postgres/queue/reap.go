package queue

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// reapLock is the lock under which one process at a time looks for lost batches.
const reapLock = 0x6b616769

// A lost batch is one whose lease ran out.
type lost struct {
	leased
	target int64
	lane   string
	folder []byte
	page   int
	losses int
	size   int
	body   []byte
	job    *int64
}

// reap gives the batches of lost nodes to others: another token, another job.
func (q *Queue) reap(ctx context.Context) error {
	return inTx(ctx, q.pool, func(tx pgx.Tx) error {
		var first bool
		if err := tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock($1)", reapLock).Scan(&first); err != nil || !first {
			return err
		}
		list, err := overdue(ctx, tx)
		if err != nil {
			return err
		}
		var jobs []int64
		again := map[string][]leased{}
		for _, l := range list {
			if l.job != nil {
				jobs = append(jobs, *l.job)
			}
			if l.losses >= splitAfter && l.size > 1 {
				if err := q.split(ctx, tx, l); err != nil {
					return err
				}
				continue
			}
			again[l.lane] = append(again[l.lane], l.leased)
		}
		// The old jobs end here, whatever the nodes that have them still do.
		if _, err := tx.Exec(ctx, "UPDATE river_job SET state = 'discarded', finalized_at = now() WHERE id = ANY($1) AND finalized_at IS NULL", jobs); err != nil {
			return err
		}
		if err := stranded(ctx, tx, again); err != nil {
			return err
		}
		for lane, batches := range again {
			if err := q.enqueue(ctx, tx, lane, batches); err != nil {
				return err
			}
		}
		return nil
	})
}

// stranded adds the batches that wait although their jobs do not: a node was lost
// after it had got the job and before it leased the batch, or the end of a job was
// not taken down. Jobs that turn out to be of no use do no harm.
func stranded(ctx context.Context, tx pgx.Tx, again map[string][]leased) error {
	rows, err := tx.Query(ctx, `
WITH held AS (
	UPDATE river_job SET state = 'discarded', finalized_at = now() WHERE id IN (
		SELECT j.id FROM river_job j JOIN batch b ON b.id = (j.args ->> 'batch')::bigint AND b.token = (j.args ->> 'token')::bigint
		WHERE j.state = 'running' AND j.kind = 'batch' AND j.attempted_at < now() - $1::interval AND b.state = 0 LIMIT 1000 FOR UPDATE OF j SKIP LOCKED)
	RETURNING (args ->> 'batch')::bigint AS batch)
SELECT t.lane, b.id, b.token FROM held JOIN batch b ON b.id = held.batch JOIN shared_target t ON t.id = b.target
UNION
SELECT t.lane, b.id, b.token FROM shared_target t JOIN shared_run r ON r.run = t.run JOIN batch b ON b.target = t.id AND b.state = 0
WHERE r.ended IS NULL AND t.state = 'open' AND NOT EXISTS (
	SELECT 1 FROM river_job j WHERE j.queue = t.lane AND j.state IN ('available', 'pending', 'retryable', 'running', 'scheduled'))`, 2*lease)
	if err != nil {
		return err
	}
	var lane string
	var b leased
	_, err = pgx.ForEachRow(rows, []any{&lane, &b.id, &b.token}, func() error {
		again[lane] = append(again[lane], b)
		return nil
	})
	return err
}

// overdue frees the batches whose lease ran out. Where the database itself was
// away no node could renew one, so they have time for it after its start.
func overdue(ctx context.Context, tx pgx.Tx) ([]lost, error) {
	rows, err := tx.Query(ctx, `
UPDATE batch SET state = 0, token = token + 1, losses = losses + 1, node = NULL, until = NULL FROM shared_target t
WHERE batch.state = 1 AND batch.until < now() AND now() > pg_postmaster_start_time() + $1 AND t.id = batch.target AND batch.id IN (
	SELECT id FROM batch WHERE state = 1 AND until < now() ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED)
RETURNING batch.id, token, t.id, t.lane, folder, page, losses, size, entries, job`, 2*lease)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l lost, err error) {
		err = row.Scan(&l.id, &l.token, &l.target, &l.lane, &l.folder, &l.page, &l.losses, &l.size, &l.body, &l.job)
		return l, err
	})
}

// split makes smaller batches of one over which nodes were lost again and again,
// so that one file does not take the others with it.
func (q *Queue) split(ctx context.Context, tx pgx.Tx, l lost) error {
	files, err := decode("", l.body, q.names.Open)
	if err != nil {
		return err
	}
	add := newBatches(l.target, q.names)
	for part := (len(files) + splitInto - 1) / splitInto; len(files) > 0; {
		some := files[:min(part, len(files))]
		files = files[len(some):]
		if err := add.files(q.names.Open(string(l.folder)), some, splitAfter-1); err != nil {
			return err
		}
	}
	if err := add.insert(ctx, tx, q, l.lane); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE batch SET state = 2, entries = NULL WHERE id = $1", l.id)
	return err
}
