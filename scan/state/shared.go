package state

import (
	"context"
	"errors"

	"github.com/kagiban/kagiban/scan"
)

// A run that several machines share is begun, or taken over, by one of them, which
// holds the lease and concludes it; the others join it and only save.

var (
	_ scan.Sharer    = (*DB)(nil)
	_ scan.SharedRun = (*Run)(nil)
)

// sharing is how several processes have a part in a run.
type sharing struct{ db *DB }

var errNotShared = errors.New("only one machine at a time scans into a file")

// Pool implements scan.Sharer; nil if the state is a file.
func (d sharing) Pool() any {
	if d.db.native == nil {
		return nil
	}
	return d.db.native.Pool
}

// Join implements scan.Sharer. The run holds no lease and its End ends nothing:
// who began it answers for both.
func (d sharing) Join(ctx context.Context, run int64) (scan.SharedRun, error) {
	if d.db.native == nil {
		return nil, d.db.wrap(errNotShared)
	}
	r := newRun(d.db, scan.Loss{})
	r.id, r.joined = run, true
	r.release = func(context.Context) error { return nil }
	if err := r.prepare(ctx); err != nil {
		return nil, d.db.wrap(err)
	}
	return r, nil
}

// Resume implements scan.Sharer.
func (d sharing) Resume(ctx context.Context, run int64, start scan.Start) (scan.SharedRun, error) {
	if d.db.native == nil {
		return nil, d.db.wrap(errNotShared)
	}
	r := newRun(d.db, start.Loss)
	var err error
	if r.lease, err = d.db.native.Resume(ctx, run, start.Targets); err != nil {
		return nil, d.db.wrap(err)
	}
	r.id, r.release = run, r.lease.End
	if err = r.prepare(ctx); err == nil {
		err = r.suspect(ctx)
	}
	if err != nil {
		return nil, errors.Join(d.db.wrap(err), r.release(ctx))
	}
	return r, nil
}

// Number implements scan.SharedRun.
func (r *Run) Number() int64 { return r.id }

// Leave implements scan.SharedRun.
func (r *Run) Leave(ctx context.Context) error {
	if r.joined {
		return r.ask.Close()
	}
	return errors.Join(r.ask.Close(), r.journal.end(), r.release(ctx))
}

// markJoined marks what a batch met of a joined run in the transaction of the batch,
// since the next one may be another machine's.
func markJoined(r *Run, s *session) error {
	if !r.joined {
		return nil
	}
	r.folders.leaveAll()
	return r.folders.take().write(s, r.id)
}
