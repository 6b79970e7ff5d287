package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// A transaction prepares each of its statements once.
type transaction struct {
	ctx   context.Context // as short as a call
	tx    *sql.Tx
	stmts map[string]*sql.Stmt
}

// A session is one write transaction of a run. Rows that others refer to are
// looked up once in the life of ids.
type session struct {
	transaction
	ids *ids
}

func newSession(ctx context.Context, tx *sql.Tx, ids *ids) *session {
	return &session{transaction{ctx, tx, map[string]*sql.Stmt{}}, ids}
}

// inSession runs f in a write transaction; if it fails nothing is written.
func (d *DB) inSession(ctx context.Context, ids *ids, f func(*session) error) error {
	err := d.inTx(ctx, func(tx *sql.Tx) error {
		return f(newSession(ctx, tx, ids))
	})
	if err != nil {
		ids.forget() // some may have been of rows that were rolled back
	}
	return err
}

func (s *transaction) prepare(query string) (*sql.Stmt, error) {
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

// of returns the number of a row, which is looked for and added if need be.
func (s *session) of(known *map[string]int64, key, look, add string, args ...any) (int64, error) {
	if id, ok := (*known)[key]; ok {
		return id, nil
	}
	var id int64
	found, err := s.one(look, args, &id)
	if err == nil && !found {
		id, err = s.insert(add, args...)
	}
	if err != nil {
		return 0, err
	}
	if *known == nil || len(*known) >= idsKept {
		*known = map[string]int64{}
	}
	(*known)[key] = id
	return id, nil
}

func (s *session) target(name string, run int64) (int64, error) {
	return s.of(&s.ids.targets, name, "SELECT id FROM target WHERE name = ?1",
		"INSERT INTO target (name, run, complete) VALUES (?1, ?2, 0) RETURNING id", name, run)
}

func (s *session) directory(target int64, path string) (int64, error) {
	return s.of(&s.ids.directories, fmt.Sprint(target, " ", path), "SELECT id FROM directory WHERE target = ?1 AND path = ?2",
		"INSERT INTO directory (target, path) VALUES (?1, ?2) RETURNING id", target, path)
}

func (s *session) revision(name string) (int64, error) {
	return s.of(&s.ids.revisions, name, "SELECT id FROM revision WHERE name = ?1",
		"INSERT INTO revision (name) VALUES (?1) RETURNING id", name)
}

func (s *session) plain(body string) (int64, error) {
	return s.of(&s.ids.plains, body, "SELECT id FROM plain WHERE body = ?1",
		"INSERT INTO plain (body) VALUES (?1) RETURNING id", body)
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
