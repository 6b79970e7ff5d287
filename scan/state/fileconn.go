package state

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/kagiban/kagiban/scan/state/internal/seal"
	"modernc.org/sqlite"
)

// A fileConnector opens connections to a state file on which names are sealed on
// their way in and opened on their way out, as on those to a server.
type fileConnector struct {
	dsn    string
	names  *seal.Names
	driver *sqlite.Driver
}

// Connect implements driver.Connector.
func (c fileConnector) Connect(context.Context) (driver.Conn, error) {
	got, err := c.driver.Open(c.dsn)
	if err != nil {
		return nil, err
	}
	inner, ok := got.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a connection of type %T", got), got.Close())
	}
	return &fileConn{inner, c.names}, nil
}

// Driver implements driver.Connector.
func (c fileConnector) Driver() driver.Driver { return c.driver }

// sqliteConn is a connection of the driver by what is used of it.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

type fileConn struct {
	sqliteConn
	names *seal.Names
}

// CheckNamedValue implements driver.NamedValueChecker.
func (c *fileConn) CheckNamedValue(v *driver.NamedValue) error {
	value, err := driver.DefaultParameterConverter.ConvertValue(c.names.Stored(v.Value))
	if _, ok := v.Value.(driver.Valuer); ok && err == nil {
		value = c.names.Stored(value)
	}
	v.Value = value
	return err
}

// QueryContext implements driver.QueryerContext.
func (c *fileConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.opened(c.sqliteConn.QueryContext(ctx, query, args))
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *fileConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	return c.prepared(c.sqliteConn.PrepareContext(ctx, query))
}

// Prepare implements driver.Conn.
func (c *fileConn) Prepare(query string) (driver.Stmt, error) {
	return c.prepared(c.sqliteConn.Prepare(query))
}

func (c *fileConn) prepared(got driver.Stmt, err error) (driver.Stmt, error) {
	if err != nil {
		return nil, err
	}
	inner, ok := got.(sqliteStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a statement of type %T", got), got.Close())
	}
	return &fileStmt{inner, c}, nil
}

func (c *fileConn) opened(got driver.Rows, err error) (driver.Rows, error) {
	if err != nil {
		return nil, err
	}
	return fileRows{got, c.names}, nil
}

type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type fileStmt struct {
	sqliteStmt
	conn *fileConn
}

// QueryContext implements driver.StmtQueryContext.
func (s *fileStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.opened(s.sqliteStmt.QueryContext(ctx, args))
}

type fileRows struct {
	driver.Rows
	names *seal.Names
}

// Next implements driver.Rows.
func (r fileRows) Next(dest []driver.Value) error {
	err := r.Rows.Next(dest)
	for i, v := range dest {
		if s, ok := v.(string); ok {
			dest[i] = r.names.Open(s)
		}
	}
	return err
}
