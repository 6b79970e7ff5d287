// Package postgres is what the store needs of PostgreSQL: connections on which
// its queries mean what they mean to the embedded database, the schema, leases of
// runs, and transactions that outlive a lost connection. It alone knows the
// driver.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
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
	names    *seal.Names
	where    string // without a password
	role     string
	patience time.Duration
}

// oldest is the first version with what is used here: pg_current_xact_id.
const oldest = 130000

// Open connects to a database and brings it to the present schema where that is
// allowed.
func Open(ctx context.Context, where string, o Options, names *seal.Names) (*Server, error) {
	config, err := parse(where, o)
	if err != nil {
		return nil, err
	}
	s := &Server{names: names, where: Short(where), role: config.ConnConfig.User, patience: o.Patience}
	if s.Pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, s.Explain(err)
	}
	s.DB = sql.OpenDB(connector{stdlib.GetPoolConnector(s.Pool), &placeholders{}, names})
	s.DB.SetMaxIdleConns(0) // the pool keeps them
	err = s.startable(ctx, func() error {
		if err := s.suits(ctx); err != nil {
			return err
		}
		return s.migrate(ctx)
	})
	if err != nil {
		return nil, errors.Join(s.Explain(err), s.Close())
	}
	return s, nil
}

// startTakes bounds how long a server that is being started or stopped is waited
// for at the beginning. One that cannot be reached at all is not waited for: the
// address may be wrong.
const startTakes = 30 * time.Second

// startable runs f until the server has started.
func (s *Server) startable(ctx context.Context, f func() error) error {
	end := time.Now().Add(min(startTakes, s.patience))
	for {
		err := f()
		switch sqlState(err) {
		case adminShutdown, crashShutdown, notYet:
		default:
			return err
		}
		if !time.Now().Before(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// suits looks whether the server is one that the store can be kept on.
func (s *Server) suits(ctx context.Context) error {
	var version int
	var encoding string
	err := s.DB.QueryRowContext(ctx, "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')").Scan(&version, &encoding)
	switch {
	case err != nil:
		return err
	case version < oldest:
		return scan.Errorf("its server is PostgreSQL %d, and 13 or newer is needed", version/10000)
	case !strings.EqualFold(encoding, "UTF8"):
		return scan.Errorf("its encoding is %s; make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0", encoding)
	}
	return nil
}

// Where is the address of the database without role and password.
func (s *Server) Where() string { return s.where }

// Connections is the pool.
func (s *Server) Connections() *pgxpool.Pool { return s.Pool }

// Names says how names with numbers are stored.
func (s *Server) Names() *seal.Names { return s.names }

// Away reports whether an error says that the database is away, or that others
// were in the way: the same may succeed later.
func (s *Server) Away(err error) bool { return lost(err) }

// Close closes all connections.
func (s *Server) Close() error {
	err := s.DB.Close()
	s.Pool.Close()
	return err
}
