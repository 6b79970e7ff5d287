package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

// A connector hands connections of the pool to database/sql.
type connector struct {
	pool driver.Connector
	*placeholders
	names *seal.Names
}

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	got, err := c.pool.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := got.(*stdlib.Conn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a connection of type %T", got), got.Close())
	}
	return &conn{Conn: inner, placeholders: c.placeholders, names: c.names}, nil
}

// Driver implements driver.Connector.
func (c connector) Driver() driver.Driver { return c.pool.Driver() }

// A conn is one connection, on which the store's queries mean what they mean to
// the embedded database.
type conn struct {
	*stdlib.Conn
	*placeholders
	names *seal.Names
	tx    pgx.Tx // the latest one that was begun
}

// CheckNamedValue implements driver.NamedValueChecker: numbers in names are sealed,
// and names become texts that PostgreSQL takes.
func (c *conn) CheckNamedValue(v *driver.NamedValue) error {
	switch value := c.names.Stored(v.Value).(type) {
	case nil, int64, bool, []byte, []int64, []int32, []bool, []*int64, [][]byte: // as they are
	case string:
		v.Value = escape(value)
	case []string:
		out := make([]string, len(value))
		for i, s := range value {
			out[i] = escape(s)
		}
		v.Value = out
	default:
		plain, err := driver.DefaultParameterConverter.ConvertValue(value)
		if err != nil {
			return err
		}
		if text, ok := plain.(string); ok {
			plain = escape(c.names.Seal(text))
		}
		v.Value = plain
	}
	return nil
}

// ExecContext implements driver.ExecerContext.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.Conn.ExecContext(ctx, c.of(query), args)
}

// QueryContext implements driver.QueryerContext.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	got, err := c.Conn.QueryContext(ctx, c.of(query), args)
	if err != nil {
		return nil, err
	}
	return rows{got, c.names}, nil
}

// PrepareContext implements driver.ConnPrepareContext. Nothing is prepared here:
// pgx does it, in the way that the address of the database asks for.
func (c *conn) PrepareContext(_ context.Context, query string) (driver.Stmt, error) {
	return &statement{c, query}, nil
}

// Prepare implements driver.Conn.
func (c *conn) Prepare(query string) (driver.Stmt, error) { return &statement{c, query}, nil }

// BeginTx implements driver.ConnBeginTx. Whatever the server has for a default,
// a statement sees what others have committed before it.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if c.Conn.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	how := pgx.TxOptions{IsoLevel: pgx.ReadCommitted, AccessMode: pgx.ReadWrite}
	if opts.ReadOnly {
		how = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	}
	tx, err := c.Conn.Conn().BeginTx(ctx, how)
	if err != nil {
		return nil, err
	}
	c.tx = tx
	return transaction{context.WithoutCancel(ctx), tx}, nil
}

// endingTakes bounds how long the end of a transaction is waited for on a
// connection that may be dead.
const endingTakes = time.Minute

// A transaction is ended also where what it was begun for is cancelled.
type transaction struct {
	ctx context.Context
	tx  pgx.Tx
}

func (t transaction) Commit() error   { return t.end(t.tx.Commit) }
func (t transaction) Rollback() error { return t.end(t.tx.Rollback) }

func (t transaction) end(how func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(t.ctx, endingTakes)
	defer cancel()
	return how(ctx)
}

// A statement is the text of one.
type statement struct {
	conn  *conn
	query string
}

func (s *statement) Close() error  { return nil }
func (s *statement) NumInput() int { return -1 }

// CheckNamedValue implements driver.NamedValueChecker.
func (s *statement) CheckNamedValue(v *driver.NamedValue) error { return s.conn.CheckNamedValue(v) }

// ExecContext implements driver.StmtExecContext.
func (s *statement) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.conn.ExecContext(ctx, s.query, args)
}

// QueryContext implements driver.StmtQueryContext.
func (s *statement) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.QueryContext(ctx, s.query, args)
}

var errNoContext = errors.New("statements are run with a context")

// Exec implements driver.Stmt.
func (s *statement) Exec([]driver.Value) (driver.Result, error) { return nil, errNoContext }

// Query implements driver.Stmt.
func (s *statement) Query([]driver.Value) (driver.Rows, error) { return nil, errNoContext }

// rows hand names back as they were.
type rows struct {
	driver.Rows
	names *seal.Names
}

func (r rows) Next(dest []driver.Value) error {
	err := r.Rows.Next(dest)
	for i, v := range dest {
		if s, ok := v.(string); ok {
			dest[i] = r.names.Open(unescape(s))
		}
	}
	return err
}
