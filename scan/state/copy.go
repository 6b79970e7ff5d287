package state

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc64"
	"iter"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
	"github.com/kagiban/kagiban/scan/state/postgres"
)

// ErrNotEmpty says that a state which another one should be copied to has
// something in it.
var ErrNotEmpty = errors.New("there is something in it already; name an empty one")

// A copiedTable is one of those that both databases have, so ordered that rows
// come after those that they refer to.
type copiedTable struct {
	name    string
	columns string // name and kind: i number, b truth, t text, j JSON, x bytes
	number  string // column that counts upwards; "": none
}

// copiedTables are all that is remembered. What only one of the databases has is
// made from them: where a hash may be, and leases, which end with their run.
func copiedTables() []copiedTable {
	return []copiedTable{
		{"run", "id i, version t, started i, finished i", "id"},
		{"target", "id i, name t, run i, complete b, completed i, mark t, mark_full b, cycle i, place j, doubt t", "id"},
		{"directory", "id i, target i, path t, run i", "id"},
		{"revision", "id i, name t", "id"},
		{"plain", "id i, body j", "id"},
		{"file", "id i, directory i, name t, size i, mtime i, ctime i, identity i, revision i, plain i, scanned i, bytes i, found b, run i, first_seen i, first_found i, last_found i, gone i", "id"},
		{"result", "id i, file i, since i, until i, path t, size i, mtime i, found b, persons i, body j", "id"},
		{"persons", "result i, part i, first i, packed x", ""},
		{"suspect", "target t, path t, size i, mtime i, alone i", ""},
		{"finding", "number i, file i, stage t, how t, since i, first i, last i, basis j", "number"},
		{"event", "id i, finding i, run i, at i, kind t, stage t, status t, why t, detail t", "id"},
		{"remark", "id i, finding i, field t, value t, who t, at i, basis j", "id"},
		{"import", "sha256 t, name t, who t, at i", ""},
		{"tally", "run i, scope j, status t, files i, records i, persons i", ""},
		{"exception", "id i, pattern t, reason t, approver t, created i, expires i, removed i, decision t, added_by t, removed_by t, removal t", "id"},
	}
}

// A tableRow reads the rows of a table by what they hold.
type tableRow struct {
	names []string
	kinds []string
	into  []any
}

func (t copiedTable) row() *tableRow {
	r := &tableRow{}
	for column := range strings.SplitSeq(t.columns, ", ") {
		name, kind, _ := strings.Cut(column, " ")
		r.names, r.kinds = append(r.names, name), append(r.kinds, kind)
		r.into = append(r.into, map[string]any{"i": &sql.NullInt64{}, "b": &sql.NullBool{}, "t": &sql.NullString{}, "j": &sql.NullString{}, "x": &[]byte{}}[kind])
	}
	return r
}

// values are those of the row that was read last; nil where there is none.
func (r *tableRow) values() []any {
	out := make([]any, len(r.into))
	for i, v := range r.into {
		switch v := v.(type) {
		case *sql.NullInt64:
			if v.Valid {
				out[i] = v.Int64
			}
		case *sql.NullBool:
			if v.Valid {
				out[i] = v.Bool
			}
		case *sql.NullString:
			if v.Valid {
				out[i] = v.String
			}
		case *[]byte:
			out[i] = *v
		}
	}
	return out
}

// typed is a text of a column as it is handed to a database.
func (r *tableRow) typed(column int, text string) any {
	if r.kinds[column] == "j" {
		return seal.JSON(text)
	}
	return text
}

// toStore are the values of a row as they are handed to a database.
func (r *tableRow) toStore(values []any) []any {
	out := slices.Clone(values)
	for i := range r.kinds {
		if text, ok := out[i].(string); ok {
			out[i] = r.typed(i, text)
		}
	}
	return out
}

// A tableSum tells whether two tables hold the same rows, in whatever order.
type tableSum struct {
	rows int64
	sum  uint64
}

func (s *tableSum) add(table *crc64.Table, values []any) {
	var b []byte
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			b = append(b, 'n')
		case int64:
			b = binary.BigEndian.AppendUint64(append(b, 'i'), uint64(v))
		case bool:
			b = append(b, 'b')
			if v {
				b = append(b, 1)
			}
		case string:
			b = append(binary.BigEndian.AppendUint64(append(b, 't'), uint64(len(v))), v...)
		case []byte:
			b = append(binary.BigEndian.AppendUint64(append(b, 'x'), uint64(len(v))), v...)
		}
	}
	s.rows++
	s.sum += crc64.Checksum(b, table)
}

// A copying is the copy of one state to another.
type copying struct {
	ctx  context.Context // as short as a call
	from *sql.Tx
	to   *session
	crc  *crc64.Table
}

// Copy writes all that is remembered in one state to another, which is empty, in
// one transaction, and looks whether it arrived. It returns how many rows of each
// table there are.
func Copy(ctx context.Context, from, to *DB) (rows map[string]int64, err error) {
	lease, err := to.Begin(ctx, newCopy())
	if err != nil {
		return nil, err
	}
	run, ok := lease.(*Run)
	if !ok {
		return nil, scan.Errorf("a run of type %T", lease)
	}
	defer func() { err = errors.Join(err, run.abandon(ctx)) }()
	err = to.inSession(ctx, run, &ids{}, func(s *session) error {
		tx, err := from.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: from.native != nil})
		if err != nil {
			return from.wrap(err)
		}
		defer tx.Rollback() // nothing was written
		c := &copying{ctx, tx, s, crc64.MakeTable(crc64.ECMA)}
		if err := c.empty(run.id); err != nil {
			return err
		}
		if rows, err = c.all(from, to); err == nil && from.names.Shut() {
			err = from.wrap(ErrNoKey)
		}
		return err
	})
	if err != nil {
		return nil, to.wrap(err)
	}
	return rows, nil
}

// empty looks whether there is nothing but the run that copies, and removes that.
func (c *copying) empty(run int64) error {
	for _, t := range copiedTables() {
		var n int64
		if _, err := c.to.one("SELECT count(*) FROM "+t.name, nil, &n); err != nil {
			return err
		}
		if n > 0 && (t.name != "run" || n > 1) {
			return ErrNotEmpty
		}
	}
	_, err := c.to.exec("DELETE FROM run WHERE id = ?", run)
	return err
}

func (c *copying) all(from, to *DB) (map[string]int64, error) {
	rows := map[string]int64{}
	for _, t := range copiedTables() {
		sent, err := c.table(t)
		if err != nil {
			return nil, scan.Errorf("table %s: %w", t.name, err)
		}
		if err := c.to.flush(); err != nil {
			return nil, err
		}
		arrived, err := c.sum(c.to.tx, t)
		if err != nil {
			return nil, scan.Errorf("table %s: %w", t.name, err)
		}
		if arrived != sent {
			return nil, scan.Errorf("table %s: %d rows were read and %d arrived, or they differ", t.name, sent.rows, arrived.rows)
		}
		rows[t.name] = sent.rows
	}
	last, err := c.lastFinding(from)
	if err != nil {
		return nil, err
	}
	return rows, c.count(to, last)
}

// sum reads a table.
func (c *copying) sum(tx *sql.Tx, t copiedTable) (sum tableSum, err error) {
	for values, err := range c.each(tx, t) {
		if err != nil {
			return sum, err
		}
		sum.add(c.crc, values)
	}
	return sum, nil
}

// each yields the rows of a table.
func (c *copying) each(tx *sql.Tx, t copiedTable) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		row := t.row()
		rows, err := tx.QueryContext(c.ctx, "SELECT "+strings.Join(row.names, ", ")+" FROM "+t.name)
		if err != nil {
			yield(nil, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			err := rows.Scan(row.into...)
			if !yield(row.values(), err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// table copies one.
func (c *copying) table(t copiedTable) (sum tableSum, err error) {
	next, stop := iter.Pull2(c.each(c.from, t))
	defer stop()
	row := t.row()
	names := row.names
	summed := func() ([]any, error) {
		values, err, more := next()
		if err != nil || !more {
			return nil, err
		}
		sum.add(c.crc, values)
		return row.toStore(values), nil
	}
	if native, ok := c.to.native.(*postgres.Tx); ok {
		if t.name == "persons" {
			names = append(names, "halves")
			inner := summed
			summed = func() ([]any, error) {
				values, err := inner()
				if err != nil || values == nil {
					return values, err
				}
				halves, err := halvesOf(values[3])
				return append(values, halves), err
			}
		}
		err = native.CopyRows(c.ctx, t.name, names, summed)
		return sum, err
	}
	insert := "INSERT INTO " + t.name + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Repeat("?, ", len(names)-1) + "?)"
	for {
		values, err := summed()
		if err != nil || values == nil {
			return sum, err
		}
		if _, err := c.to.exec(insert, values...); err != nil {
			return sum, err
		}
		if t.name == "persons" {
			if err := c.index(values); err != nil {
				return sum, err
			}
		}
	}
}

// index adds where the hashes of a part are to be found, to a file.
func (c *copying) index(values []any) error {
	packed, _ := values[3].([]byte)
	for p, err := range unpack(packed) {
		if err != nil {
			return err
		}
		if _, err := c.to.exec("INSERT INTO person (hash, result) VALUES (?, ?) ON CONFLICT DO NOTHING", upper(p.Hash), values[0]); err != nil {
			return err
		}
	}
	return nil
}

// halvesOf are the upper halves of the hashes of a part.
func halvesOf(value any) ([]int32, error) {
	packed, _ := value.([]byte)
	halves := make([]int32, 0, len(packed)/packedSize)
	for p, err := range unpack(packed) {
		if err != nil {
			return nil, err
		}
		halves = append(halves, int32(uint32(upper(p.Hash))))
	}
	return halves, nil
}

// lastFinding is the highest number that a finding ever had.
func (c *copying) lastFinding(from *DB) (int64, error) {
	query := "SELECT max(seq) FROM sqlite_sequence WHERE name = 'finding'"
	if from.native != nil {
		query = "SELECT pg_sequence_last_value(pg_get_serial_sequence('finding', 'number')::regclass)"
	}
	var last sql.NullInt64
	err := c.from.QueryRowContext(c.ctx, query).Scan(&last)
	return last.Int64, err
}

// count has numbers go on where they were, those of findings after the last that
// there ever was.
func (c *copying) count(to *DB, lastFinding int64) error {
	if to.native == nil {
		if _, err := c.to.exec("DELETE FROM sqlite_sequence WHERE name = 'finding'"); err != nil {
			return err
		}
		_, err := c.to.exec("INSERT INTO sqlite_sequence (name, seq) VALUES ('finding', ?)", lastFinding)
		return err
	}
	for _, t := range copiedTables() {
		if t.number == "" {
			continue
		}
		least := int64(0)
		if t.name == "finding" {
			least = lastFinding
		}
		var set sql.NullInt64
		if _, err := c.to.one(fmt.Sprintf("SELECT setval(pg_get_serial_sequence('%[1]s', '%[2]s'), greatest(max(%[2]s), ?::bigint, 1)) FROM %[1]s", t.name, t.number), []any{least}, &set); err != nil {
			return err
		}
	}
	return nil
}
