package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/kagiban/kagiban/scan/state/internal/seal"
	"github.com/kagiban/kagiban/scan/state/postgres"
)

// A transaction prepares each of its statements once.
type transaction struct {
	ctx     context.Context // as short as a call
	tx      *sql.Tx
	native  any // the transaction of the driver
	dialect *dialect
	stmts   map[string]*sql.Stmt
}

// A session is one write transaction of a run.
type session struct{ refers }

// refers looks up rows that others refer to, once in the life of ids.
type refers struct {
	*transaction
	ids *ids
}

func newSession(ctx context.Context, d *dialect, tx *sql.Tx, native any, ids *ids) *session {
	return &session{refers{&transaction{ctx, tx, native, d, map[string]*sql.Stmt{}}, ids}}
}

// inSession runs f in a write transaction, of a run if there is one; if it fails
// nothing is written.
func (d *DB) inSession(ctx context.Context, r *Run, ids *ids, f func(*session) error) error {
	err := d.inTx(ctx, r, func(tx *sql.Tx, native any) error {
		s := newSession(ctx, &d.dialect, tx, native, ids)
		if err := f(s); err != nil {
			return err
		}
		return s.flush()
	})
	if err != nil {
		ids.forget() // some may have been of rows that were rolled back
	}
	return err
}

// completes is what a scan.Completion gets.
func (s *transaction) completes() any {
	if t, ok := s.native.(*postgres.Tx); ok {
		return t.Tx
	}
	return s.native
}

// do runs a statement whose result is of no interest, maybe with others later.
func (s *transaction) do(query string, args ...any) error {
	if s.dialect.later != nil {
		return s.dialect.later(s, query, args)
	}
	_, err := s.exec(query, args...)
	return err
}

// flush runs what was kept for later.
func (s *transaction) flush() error {
	if s.dialect.flush == nil {
		return nil
	}
	return s.dialect.flush(s)
}

func (s *transaction) prepare(query string) (*sql.Stmt, error) {
	if err := s.flush(); err != nil {
		return nil, err
	}
	if stmt := s.stmts[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := s.tx.PrepareContext(s.ctx, query)
	if err == nil {
		s.stmts[query] = stmt
	}
	return stmt, err
}

func (s *transaction) exec(query string, args ...any) (changed int64, err error) {
	stmt, err := s.prepare(query)
	if err != nil {
		return 0, err
	}
	done, err := stmt.ExecContext(s.ctx, args...)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// one reads one row; found is false if there is none.
func (s *transaction) one(query string, args []any, into ...any) (found bool, err error) {
	stmt, err := s.prepare(query)
	if err != nil {
		return false, err
	}
	err = stmt.QueryRowContext(s.ctx, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// insert adds a row and returns its number; the query ends in RETURNING id.
func (s *transaction) insert(query string, args ...any) (id int64, err error) {
	_, err = s.one(query, args, &id)
	return id, err
}

// idsKept bounds the numbers that are remembered of each kind.
const idsKept = 20_000

// ids are the numbers of rows that many others refer to.
type ids struct {
	targets, directories, revisions, plains map[string]int64
}

func (i *ids) forget() { *i = ids{} }

// of returns the number of a row, which is looked for by the first of its values
// and added if need be.
func (s *refers) of(known *map[string]int64, key, look, add string, keys int, args ...any) (int64, error) {
	if id, ok := (*known)[key]; ok {
		return id, nil
	}
	var id int64
	found := false
	var err error
	for range 2 { // the second time where somebody else has added it
		if found, err = s.shared(look, args[:keys], &id); found || err != nil {
			break
		}
		if found, err = s.shared(add+" ON CONFLICT DO NOTHING RETURNING id", args, &id); found || err != nil {
			break
		}
	}
	if err != nil {
		return 0, err
	}
	if !found {
		return 0, fmt.Errorf("a row that was just added is not there: %s", look)
	}
	keepID(known, key, id)
	return id, nil
}

func keepID(known *map[string]int64, key string, id int64) {
	if *known == nil || len(*known) >= idsKept {
		*known = map[string]int64{}
	}
	(*known)[key] = id
}

// shared asks for a row that many refer to.
func (s *refers) shared(query string, args []any, id *int64) (found bool, err error) {
	if s.dialect.shared != nil {
		return s.dialect.shared(s.ctx, query, args, id)
	}
	return s.one(query, args, id)
}

func (s *refers) target(name string, run int64) (int64, error) {
	return s.of(&s.ids.targets, name, "SELECT id FROM target WHERE "+s.dialect.is("name", "?1")+"",
		"INSERT INTO target (name, run, complete) VALUES (?1, ?2, FALSE)", 1, name, run)
}

func directoryKey(target int64, path string) string { return fmt.Sprint(target, " ", path) }

func (s *refers) directory(target int64, path string) (int64, error) {
	return s.of(&s.ids.directories, directoryKey(target, path), "SELECT id FROM directory WHERE target = ?1 AND "+s.dialect.is("path", "?2"),
		"INSERT INTO directory (target, path) VALUES (?1, ?2)", 2, target, path)
}

func (s *refers) revision(name string) (int64, error) {
	return s.of(&s.ids.revisions, name, "SELECT id FROM revision WHERE "+s.dialect.is("name", "?1"),
		"INSERT INTO revision (name) VALUES (?1)", 1, name)
}

func (s *refers) plain(body seal.JSON) (int64, error) {
	return s.of(&s.ids.plains, string(body), "SELECT id FROM plain WHERE "+s.dialect.is("body", "?1"),
		"INSERT INTO plain (body) VALUES (?1)", 1, body)
}

// split returns the folder of a path below its target, and the name in it.
func split(path string) (folder, name string) {
	i := strings.LastIndexByte(path, '/')
	return path[:max(i, 0)], path[i+1:]
}

// join is the inverse of split.
func join(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}
