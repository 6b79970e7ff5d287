// Package postgres is what the store needs of PostgreSQL: connections on which
// its queries mean what they mean to the embedded database, the schema, leases of
// runs, and transactions that outlive a lost connection. It alone knows the
// driver.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// Options say how a database is used.
type Options struct {
	Password string        // "": that of the environment or of ~/.pgpass
	Insecure bool          // another machine may be reached without TLS
	Patience time.Duration // how long a lost database is waited for
}

// DefaultPatience is the usual one.
const DefaultPatience = 10 * time.Minute

// A Server is an open database.
type Server struct {
	DB       *sql.DB       // whose connections are those of Pool
	Pool     *pgxpool.Pool // for what database/sql cannot do
	where    string        // without a password
	role     string
	patience time.Duration
}

// oldest is the first version with what is used here: pg_current_xact_id.
const oldest = 130000

// Open connects to a database and brings it to the present schema where that is
// allowed.
func Open(ctx context.Context, where string, o Options) (*Server, error) {
	config, err := parse(where, o)
	if err != nil {
		return nil, err
	}
	s := &Server{where: Short(where), role: config.ConnConfig.User, patience: o.Patience}
	if s.Pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, s.Explain(err)
	}
	s.DB = sql.OpenDB(connector{stdlib.GetPoolConnector(s.Pool), &placeholders{}})
	s.DB.SetMaxIdleConns(0) // the pool keeps them
	if err := errors.Join(s.suits(ctx)); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(s.Explain(err), s.Close())
	}
	return s, nil
}

// suits looks whether the server is one that the store can be kept on.
func (s *Server) suits(ctx context.Context) error {
	var version int
	var encoding string
	err := s.DB.QueryRowContext(ctx, "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')").Scan(&version, &encoding)
	switch {
	case err != nil:
		return s.Explain(err)
	case version < oldest:
		return fmt.Errorf("%s: its server is PostgreSQL %d, and 13 or newer is needed", s.where, version/10000)
	case !strings.EqualFold(encoding, "UTF8"):
		return fmt.Errorf("%s: its encoding is %s; make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0", s.where, encoding)
	}
	return nil
}

// Where is the address of the database without role and password.
func (s *Server) Where() string { return s.where }

// Close closes all connections.
func (s *Server) Close() error {
	err := s.DB.Close()
	s.Pool.Close()
	return err
}
