package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/postgres/queue"
)

// steps lead from an empty database to the present schema, one file a version. A
// released step is never edited: a change is a new one at the end.
//
//go:embed schema/*.sql
var steps embed.FS

// before returns what is done before a step, on other connections, since it takes
// several transactions; nil for most. It may be done again after a failure.
func before(version int) func(context.Context, *pgxpool.Pool) error {
	if version == 2 {
		return queue.Migrate
	}
	return nil
}

func migrations() ([]string, error) {
	files, err := steps.ReadDir("schema") // sorted by name
	if err != nil {
		return nil, err
	}
	var list []string
	for _, f := range files {
		text, err := steps.ReadFile("schema/" + f.Name())
		if err != nil {
			return nil, err
		}
		list = append(list, string(text))
	}
	return list, nil
}

// migrating is the lock under which the schema is changed, of all processes one
// at a time; it ends with its transaction.
const migrating = 0x6b616769_0001

// migrate brings the database to the present schema, all steps in one
// transaction.
func (s *Server) migrate(ctx context.Context) error {
	list, err := migrations()
	if err != nil {
		return err
	}
	have, err := s.Schema(ctx)
	if err != nil {
		return err
	}
	if have == len(list) {
		return nil
	}
	if have > len(list) {
		return s.newer(have, len(list))
	}
	err = pgx.BeginTxFunc(ctx, s.Pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		return s.step(ctx, tx, list)
	})
	if e := sqlState(err); e == insufficientPrivilege || e == readOnly {
		if have == 0 {
			return scan.Errorf("this database has no tables of kagiban yet, and role %s may not make them: run kagiban state migrate as its owner (%w)", s.role, err)
		}
		return scan.Errorf("schema %d of this database is older than this kagiban (%d), and role %s may not change it: run kagiban state migrate as its owner (%w)", have, len(list), s.role, err)
	}
	return err
}

// step takes the steps that are missing, under the lock.
func (s *Server) step(ctx context.Context, tx pgx.Tx, list []string) error {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(migrating)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)"); err != nil {
		return err
	}
	have := 0
	err := tx.QueryRow(ctx, "SELECT version FROM schema_version").Scan(&have)
	none := errors.Is(err, pgx.ErrNoRows)
	if err != nil && !none {
		return err
	}
	if have > len(list) {
		return s.newer(have, len(list))
	}
	for i := have; i < len(list); i++ {
		if first := before(i + 1); first != nil {
			if err := first(ctx, s.Pool); err != nil {
				return scan.Errorf("schema step %d: %w", i+1, err)
			}
		}
		// The simple protocol takes several statements at once.
		if _, err := tx.Conn().PgConn().Exec(ctx, list[i]).ReadAll(); err != nil {
			return scan.Errorf("schema step %d: %w", i+1, err)
		}
	}
	if none {
		_, err = tx.Exec(ctx, "INSERT INTO schema_version (version) VALUES ($1)", len(list))
	} else {
		_, err = tx.Exec(ctx, "UPDATE schema_version SET version = $1", len(list))
	}
	return err
}

func (s *Server) newer(have, known int) error {
	return scan.Errorf("it was made by a newer kagiban (schema %d, this one knows %d): use that version, or another --state", have, known)
}

// Schema is the version of the schema; 0: there is none yet.
func (s *Server) Schema(ctx context.Context) (int, error) {
	var there sql.NullString
	if err := s.Pool.QueryRow(ctx, "SELECT to_regclass('schema_version')::text").Scan(&there); err != nil || !there.Valid {
		return 0, err
	}
	version := 0
	err := s.Pool.QueryRow(ctx, "SELECT version FROM schema_version").Scan(&version)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return version, err
}
