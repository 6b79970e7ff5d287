package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

// Numbers in names are sealed by the connections (scan/state/internal/seal), and
// here once in what a version stored that did not do that, or did it by other rules.

// sealing is the part of a state that sees to that.
type sealing struct{ db *DB }

// UseKey sets the key under which numbers in names are sealed and opened. Without
// it they are read masked, and a name that holds one is not found.
func (s sealing) UseKey(key []byte) error { return s.db.names.Use(key) }

const sealSetting = "names-sealed"

// mark is the setting that tells how names are sealed.
func (s sealing) mark(ctx context.Context) (mark string, err error) {
	err = s.db.retry(ctx, func() error {
		return s.db.read.QueryRowContext(ctx, "SELECT value FROM setting WHERE name = ?", sealSetting).Scan(&mark)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return mark, err
}

// ErrNoKey says that names in a state are sealed under a key which is not there.
var ErrNoKey = errors.New("numbers in names of files are sealed in it under a key that is not the one at hand; name the key file of its scans with --key-file")

// accepts refuses texts with numbers, which people enter, while the key is not at hand
// under which the names are sealed: they would stand there as they are, or sealed so
// that nobody opens them.
func (s sealing) accepts(ctx context.Context, texts ...string) error {
	if !slices.ContainsFunc(texts, func(text string) bool { return len(scan.NumbersIn(text)) > 0 }) {
		return nil
	}
	known, err := s.mark(ctx)
	if err == nil && known != "" && known != s.db.names.Mark() {
		err = ErrNoKey
	}
	return err
}

// before seals what is stored as it was, at the beginning of a run and before it
// writes anything. What was sealed under another key, which is lost, stays sealed.
func (s sealing) before(ctx context.Context, r *Run) error {
	d := s.db
	mark := d.names.Mark()
	known, err := s.mark(ctx)
	if err != nil || mark == "" || known == mark {
		return err
	}
	if d.dialect.scrub != nil {
		done, err := d.dialect.scrub(ctx)
		if err != nil {
			return err
		}
		defer done()
	}
	for _, t := range copiedTables() {
		if err := s.table(ctx, r, t); damaged(err) {
			return nil // what is readable is of use as it is; the next run tries again
		} else if err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	return d.inSession(ctx, r, &ids{}, func(s *session) error {
		return s.do("INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2", sealSetting, mark)
	})
}

// sealedAtOnce is how many rows are read at a time.
const sealedAtOnce = 20_000

// A resealing is a text as it is to be stored.
type resealing struct {
	column      string
	id          sql.NullInt64
	was, sealed string
}

// table seals the texts of one table. A table without a number has few rows.
func (s sealing) table(ctx context.Context, r *Run, t copiedTable) error {
	row := t.row()
	for last, more := int64(-1), true; more; {
		query := "SELECT " + strings.Join(row.names, ", ") + " FROM " + t.name
		args := []any{}
		if t.number != "" {
			query += fmt.Sprintf(" WHERE %[1]s > ? ORDER BY %[1]s LIMIT %[2]d", t.number, sealedAtOnce)
			args = append(args, last)
		}
		var list []resealing
		var n int
		err := s.db.retry(ctx, func() (err error) {
			list, n, last, err = s.unsealed(ctx, query, args, t, row, last)
			return err
		})
		if err != nil {
			return err
		}
		if err := s.reseal(ctx, r, t, list); err != nil {
			return err
		}
		more = t.number != "" && n == sealedAtOnce
	}
	return nil
}

// unsealed reads rows and returns the texts in them that are stored in another way
// than they are read.
func (s sealing) unsealed(ctx context.Context, query string, args []any, t copiedTable, row *tableRow, last int64) (list []resealing, n int, at int64, err error) {
	rows, err := s.db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, 0, last, err
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		if err := rows.Scan(row.into...); err != nil {
			return nil, 0, last, err
		}
		values := row.values()
		var id sql.NullInt64
		if t.number != "" {
			id.Int64, id.Valid = values[0].(int64)
			last = id.Int64
		}
		for i, value := range values {
			text, ok := value.(string)
			if !ok {
				continue
			}
			sealed, ok := s.db.names.Stored(row.typed(i, text)).(string)
			if ok && sealed != text {
				list = append(list, resealing{row.names[i], id, text, sealed})
			}
		}
	}
	return list, n, last, rows.Err()
}

// reseal writes texts; those that are sealed already do not change.
func (s sealing) reseal(ctx context.Context, r *Run, t copiedTable, list []resealing) error {
	if len(list) == 0 {
		return nil
	}
	return s.db.inSession(ctx, r, &ids{}, func(s *session) error {
		for _, one := range list {
			query, args := fmt.Sprintf("UPDATE %s SET %[2]s = ? WHERE %[2]s = ?", t.name, one.column), []any{seal.Raw(one.sealed), seal.Raw(one.was)}
			if one.id.Valid {
				query, args = query+" AND "+t.number+" = ?", append(args, one.id.Int64)
			}
			if err := s.do(query, args...); err != nil {
				return err
			}
		}
		return nil
	})
}
