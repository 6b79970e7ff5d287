package queue

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/kagiban/kagiban/scan"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

// Times of leases. A batch is given to another node within lease, a beat and a
// look of the reaper after its node was lost: some eight seconds.
const (
	lease    = 6 * time.Second
	beat     = time.Second
	slotHeld = 10 * time.Second // a slot of a lost node is free after it
)

// A Database is the one in which a queue lies.
type Database interface {
	Connections() *pgxpool.Pool
	// Retry runs f until it succeeds, or fails for another reason than that the
	// database is away (Away), or has been away for too long.
	Retry(ctx context.Context, f func() error) error
	Away(err error) bool
	Names() *seal.Names
}

// A Queue is that of one database.
type Queue struct {
	db     Database
	pool   *pgxpool.Pool
	names  *seal.Names           // how names are stored here as in the state
	insert *river.Client[pgx.Tx] // works on nothing
}

// Open returns the queue of a Database.
func Open(database any) (*Queue, error) {
	db, ok := database.(Database)
	if !ok {
		return nil, errors.New("several nodes share a run only with a state in PostgreSQL; name one with --state postgres://…")
	}
	client, err := river.NewClient(riverpgxv5.New(db.Connections()), &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, scan.Errorf("queue: %w", err)
	}
	return &Queue{db: db, pool: db.Connections(), names: db.Names(), insert: client}, nil
}

// Away reports whether an error says that the database is away.
func (q *Queue) Away(err error) bool { return q.db.Away(err) }

// lasting runs f in a transaction, again while the database is away. It may be run
// again after it was committed.
func (q *Queue) lasting(ctx context.Context, f func(pgx.Tx) error) error {
	return q.db.Retry(ctx, func() error {
		return inTx(ctx, q.pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "SET LOCAL synchronous_commit = on"); err != nil {
				return err
			}
			return f(tx)
		})
	})
}

// Migrate makes River's tables. It takes several transactions: a value that was
// added to a type cannot be used before the end of its own.
func Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// jobArgs are what a job carries.
type jobArgs struct {
	Batch int64 `json:"batch"`
	Token int64 `json:"token"`
}

// Kind implements river.JobArgs.
func (jobArgs) Kind() string { return "batch" }

// attempts bounds how often a job is tried. What counts is Batch.losses and
// shared_target.failures; a job must not end before they do.
const attempts = 10_000

// enqueue adds a job for each batch, in the transaction that made them.
func (q *Queue) enqueue(ctx context.Context, tx pgx.Tx, lane string, batches []leased) error {
	if len(batches) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, len(batches))
	for i, b := range batches {
		params[i] = river.InsertManyParams{
			Args:       jobArgs{b.id, b.token},
			InsertOpts: &river.InsertOpts{Queue: lane, MaxAttempts: attempts},
		}
	}
	_, err := q.insert.InsertManyFastTx(ctx, tx, params)
	return err
}

// leased is a batch under a token.
type leased struct{ id, token int64 }

func inTx(ctx context.Context, pool *pgxpool.Pool, f func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, pool, f)
}
