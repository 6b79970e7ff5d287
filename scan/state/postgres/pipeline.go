package postgres

import (
	"context"
	"database/sql/driver"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// A Tx is a transaction of the driver, by what the store needs of it beside
// database/sql.
type Tx struct {
	pgx.Tx
	server *Server
	conn   *conn
	queue  []statementText
}

type statementText struct {
	query string
	args  []any
}

// queued is how many statements are sent at once.
const queued = 500

// Later keeps a statement whose result is of no interest until Flush.
func (t *Tx) Later(ctx context.Context, query string, args []any) error {
	t.queue = append(t.queue, statementText{query, args})
	if len(t.queue) < queued {
		return nil
	}
	return t.Flush(ctx)
}

// Flush sends what was kept, all on one way to the server.
func (t *Tx) Flush(ctx context.Context) error {
	if len(t.queue) == 0 {
		return nil
	}
	var batch pgx.Batch
	for _, s := range t.queue {
		args, err := t.conn.values(s.args)
		if err != nil {
			return err
		}
		batch.Queue(t.conn.of(s.query), args...)
	}
	t.queue = t.queue[:0]
	return t.SendBatch(ctx, &batch).Close()
}

// values are arguments as the server takes them.
func (c *conn) values(args []any) ([]any, error) {
	out := make([]any, len(args))
	for i, a := range args {
		v := driver.NamedValue{Value: a}
		if err := c.CheckNamedValue(&v); err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		out[i] = v.Value
	}
	return out, nil
}

// A Part is some of the persons of a result, packed.
type Part struct {
	Result int64
	Number int
	First  int64
	Packed []byte
	Halves []int32
}

// CopyParts stores parts. Next returns false after the last one.
func (t *Tx) CopyParts(ctx context.Context, next func() (Part, bool, error)) error {
	if err := t.Flush(ctx); err != nil {
		return err
	}
	_, err := t.CopyFrom(ctx, pgx.Identifier{"persons"}, []string{"result", "part", "first", "packed", "halves"}, pgx.CopyFromFunc(func() ([]any, error) {
		p, more, err := next()
		if err != nil || !more {
			return nil, err
		}
		return []any{p.Result, int32(p.Number), p.First, p.Packed, p.Halves}, nil
	}))
	return err
}

// CopyRows stores rows of a table. Next returns nil after the last one.
func (t *Tx) CopyRows(ctx context.Context, table string, columns []string, next func() ([]any, error)) error {
	if err := t.Flush(ctx); err != nil {
		return err
	}
	_, err := t.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		values, err := next()
		if err != nil || values == nil {
			return nil, err
		}
		return t.conn.values(values)
	}))
	return err
}
