package state

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/postgres"
)

// A server is a state in PostgreSQL.
type server struct{ *postgres.Server }

func openServer(ctx context.Context, d *DB, where string, o Options) error {
	opened, err := postgres.Open(ctx, where, o.Options, d.names)
	if err != nil {
		return err
	}
	s := server{opened}
	folder := o.Folder
	if folder == "" {
		folder = filepath.Join(os.TempDir(), fmt.Sprintf("kagiban-%d", os.Getuid()))
	}
	name := sha256.Sum256([]byte(s.Where()))
	d.dialect, d.write, d.read, d.native = s.dialect(), s.DB, s.DB, s.Server
	d.dialect.journal = journalPlace{prefix: filepath.Join(folder, fmt.Sprintf("state-%x", name[:6]))}
	return nil
}

func (s server) dialect() dialect {
	return dialect{
		words: postgresWords(), inTx: s.inTx, retry: s.Retry, begin: s.begin, explain: s.Explain, close: s.Close,
		bulk: bulk{
			later: later, flush: flushTx, shared: s.shared, save: saveMany, mark: markMany, settle: settleMany, members: memberArrays,
			persons: copyPersonsIn, copied: copiedPersons, dropPast: dropPastMany,
		},
		care: care{check: s.check, compact: s.compact, backup: s.backup, schema: s.Schema, size: s.size, key: s.key},
	}
}

func postgresWords() words {
	return words{
		cross: "JOIN", status: "CAST(basis AS json) ->> 'status'",
		holding: `
SELECT result.file, result.id, since, coalesce(until, gone), packed
FROM persons JOIN result ON result.id = persons.result JOIN file ON file.id = result.file
WHERE halves @> ARRAY[CAST(CAST(?1 AS bigint) - CASE WHEN CAST(?1 AS bigint) > 2147483647 THEN 4294967296 ELSE 0 END AS integer)] AND persons.first <= ?2
ORDER BY result.file, since`,
		is: func(column, placeholder string) string {
			return "text_key(" + column + ") = text_key(" + placeholder + ")"
		},
		temp: func(name, columns string) string {
			return "CREATE TEMP TABLE " + name + " (" + strings.ReplaceAll(columns, "INTEGER", "bigint") + ") ON COMMIT DROP"
		},
		measure: func(name string) string { return "ANALYZE " + name },
	}
}

func (s server) inTx(ctx context.Context, r *Run, f func(*sql.Tx, any) error) error {
	var lease *postgres.Lease
	if r != nil {
		lease = r.lease
	}
	return s.InTx(ctx, lease, func(tx *sql.Tx, native *postgres.Tx) error { return f(tx, native) })
}

func (s server) begin(ctx context.Context, r *Run, start scan.Start) (err error) {
	r.id, r.lease, err = s.Run(ctx, start.Version, micros(time.Now()), start.Targets)
	r.release = func(ctx context.Context) error { return r.lease.End(ctx) }
	return err
}

// shared reads or adds a row in a transaction of its own: two processes that add
// the same ones in another order do not wait for each other.
func (s server) shared(ctx context.Context, query string, args []any, id *int64) (found bool, err error) {
	err = s.Retry(ctx, func() error { return s.DB.QueryRowContext(ctx, query, args...).Scan(id) })
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// nativeOf is the transaction of the driver.
func nativeOf(s *transaction) (*postgres.Tx, error) {
	native, ok := s.native.(*postgres.Tx)
	if !ok {
		return nil, scan.Errorf("a transaction of type %T", s.native)
	}
	return native, nil
}

func later(s *transaction, query string, args []any) error {
	native, err := nativeOf(s)
	if err != nil {
		return err
	}
	return native.Later(s.ctx, query, args)
}

func flushTx(s *transaction) error {
	native, err := nativeOf(s)
	if err != nil {
		return err
	}
	return native.Flush(s.ctx)
}

func markMany(s *session, run int64, m marks) error {
	if len(m.folders) > 0 {
		if err := s.do("UPDATE directory SET run = ?1 WHERE id = ANY(?2)", run, m.folders); err != nil {
			return err
		}
	}
	if len(m.files) == 0 {
		return nil
	}
	return s.do("UPDATE file SET run = ?1 WHERE id = ANY(?2)", run, m.files)
}

// membersAtOnce are sent in one statement.
const membersAtOnce = 10_000

func memberArrays(ctx context.Context, tx *sql.Tx, members iter.Seq2[scan.GroupMember, error]) error {
	var groups []string
	var files []int64
	var middle []bool
	flush := func() error {
		_, err := tx.ExecContext(ctx, "INSERT INTO member SELECT * FROM unnest(?::text[], ?::bigint[], ?::boolean[])", groups, files, middle)
		groups, files, middle = groups[:0], files[:0], middle[:0]
		return err
	}
	for m, err := range members {
		if err != nil {
			return err
		}
		groups, files, middle = append(groups, m.Group), append(files, m.File), append(middle, m.Medium)
		if len(files) == membersAtOnce {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// dropPastMany leaves out what another run is dropping.
func dropPastMany(s *session, before int64) error {
	for {
		n, err := s.exec("DELETE FROM result WHERE id IN (SELECT id FROM result WHERE until < ? LIMIT 10000 FOR UPDATE SKIP LOCKED)", before)
		if err != nil || n == 0 {
			return err
		}
	}
}

func copiedPersons(s *session, result, of int64) error {
	return s.do("INSERT INTO persons (result, part, first, packed, halves) SELECT CAST(?1 AS bigint), part, first, packed, halves FROM persons WHERE result = ?2", result, of)
}

func (s server) size(ctx context.Context) (bytes int64) {
	_ = s.DB.QueryRowContext(ctx, "SELECT pg_database_size(current_database())").Scan(&bytes) // 0: not known
	return bytes
}

// compact has the room of rows that are gone used again. What is not the role's
// own is left out by the server, with a warning to its log.
func (s server) compact(ctx context.Context) error {
	if _, err := s.DB.ExecContext(ctx, "VACUUM (ANALYZE)"); err != nil {
		return s.Explain(err)
	}
	return nil
}

// An ElsewhereBackup says that a state is copied by the means of its database.
type ElsewhereBackup struct{ Command string }

func (e *ElsewhereBackup) Error() string { return e.Text().String() }

// Text implements scan.Spoken.
func (e *ElsewhereBackup) Text() scan.Text {
	return scan.Say("this state is in a database, which is copied by its own means: %s", e.Command)
}

func (s server) backup(_ context.Context, path string) error {
	return &ElsewhereBackup{fmt.Sprintf("pg_dump --format=custom --file='%s' '%s'", strings.ReplaceAll(path, "'", `'\''`), s.Where())}
}

// ErrOtherKey says that the hashes of a state were made under another key.
var ErrOtherKey = errors.New("the numbers in this state are hashed under another key, so that no person would be known again: name the key file of the machine that scanned into it first with --key-file")

const keySetting = "key-fingerprint"

func (s server) key(ctx context.Context, fingerprint string, another bool) error {
	var known string
	ask := func() error {
		return s.Retry(ctx, func() error {
			return s.DB.QueryRowContext(ctx, "SELECT value FROM setting WHERE name = ?", keySetting).Scan(&known)
		})
	}
	err := ask()
	if errors.Is(err, sql.ErrNoRows) {
		if _, err = s.DB.ExecContext(ctx, "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", keySetting, fingerprint); postgres.Denied(err) {
			return nil // nobody has scanned into it yet, and this role never will
		}
		if err == nil {
			err = ask()
		}
	}
	switch {
	case err != nil:
		return s.Explain(err)
	case known != fingerprint && another:
		_, err = s.DB.ExecContext(ctx, "UPDATE setting SET value = ? WHERE name = ?", fingerprint, keySetting)
		return err
	case known != fingerprint:
		return scan.Errorf("%w (its fingerprint is %s, and that of this key is %s)", ErrOtherKey, known, fingerprint)
	}
	return nil
}

// references are what the check of the state looks for: rows that refer to what is
// not there.
var references = []string{
	"FROM directory WHERE NOT EXISTS (SELECT 1 FROM target WHERE target.id = directory.target)",
	"FROM file WHERE NOT EXISTS (SELECT 1 FROM directory WHERE directory.id = file.directory)",
	"FROM file WHERE NOT EXISTS (SELECT 1 FROM revision WHERE revision.id = file.revision)",
	"FROM file WHERE plain IS NOT NULL AND NOT EXISTS (SELECT 1 FROM plain WHERE plain.id = file.plain)",
	"FROM file WHERE plain IS NULL AND NOT EXISTS (SELECT 1 FROM result WHERE result.file = file.id)",
}

func (s server) check(ctx context.Context, h *Health) error {
	var err error
	if h.Schema, err = s.Schema(ctx); err != nil {
		return err
	}
	if err := h.bear(s.DB.QueryRowContext(ctx, "SELECT count(*) FROM run WHERE finished IS NULL AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.run = run.id AND until > clock_timestamp())").Scan(&h.Unending)); err != nil {
		return err
	}
	for _, what := range references {
		var orphans int64
		if err := h.bear(s.DB.QueryRowContext(ctx, "SELECT count(*) "+what).Scan(&orphans)); err != nil {
			return err
		}
		if orphans > 0 {
			h.Damage = append(h.Damage, scan.Say("%d rows refer to what is not there: %s", orphans, what).String())
		}
	}
	var odd int64
	if err := h.bear(s.DB.QueryRowContext(ctx, "SELECT count(*) FROM persons WHERE cardinality(halves) * ? <> length(packed)", packedSize).Scan(&odd)); err != nil {
		return err
	}
	if odd > 0 {
		h.Damage = append(h.Damage, scan.Say("%d parts of lists of persons cannot be looked up", odd).String())
	}
	return nil
}
