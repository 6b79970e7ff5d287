package state

import (
	"context"
	"database/sql"
	"iter"

	"github.com/axiomhq/hyperloglog"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/internal/spool"
)

const (
	exactPersons = 10_000_000
	// SketchError is the standard error of an estimate: 1.04 / sqrt(2^16).
	SketchError = 0.0041
	// sortMemory is how much of the hashes that are being sorted stays in memory.
	sortMemory = 8 << 20
)

var _ scan.PersonCounter = (*DB)(nil)

// Distinct implements scan.PersonCounter. Up to ten million hashes in the files
// of a group the number is exact.
func (d *DB) Distinct(ctx context.Context, members iter.Seq2[scan.GroupMember, error]) (map[string]scan.PersonCount, error) {
	return d.distinct(ctx, members, exactPersons)
}

// distinct counts exactly the groups whose files hold so many persons at most,
// each file by itself.
func (d *DB) distinct(ctx context.Context, members iter.Seq2[scan.GroupMember, error], exact int64) (map[string]scan.PersonCount, error) {
	conn, err := d.read.Conn(ctx) // temporary tables belong to a connection
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "CREATE TEMP TABLE IF NOT EXISTS member (grp TEXT, file INTEGER, middle INTEGER); DELETE FROM member"); err != nil {
		return nil, err
	}
	if err := fill(ctx, conn, members); err != nil {
		return nil, err
	}
	const ofGroups = " FROM member JOIN result ON result.file = member.file AND until IS NULL JOIN persons ON persons.result = result.id"
	sizes, err := groupSizes(ctx, conn, "SELECT grp, sum(length(packed))"+ofGroups+" GROUP BY grp")
	if damaged(err) { // how much there is cannot be seen beforehand
		sizes, err = groupSizes(ctx, conn, "SELECT grp, 0 FROM member GROUP BY grp")
	}
	if err != nil {
		return nil, err
	}
	counts := map[string]scan.PersonCount{}
	for group, size := range sizes {
		c := newPersonCount(size/packedSize > exact)
		adding := c.addAll(ctx, conn, "SELECT packed, middle"+ofGroups+" WHERE grp = ?", group)
		if adding != nil && !damaged(adding) {
			return nil, adding
		}
		n, err := c.count()
		if err != nil {
			return nil, err
		}
		n.Estimate = n.Estimate || adding != nil // what is readable
		if n.N > 0 {
			counts[group] = n
		}
	}
	return counts, nil
}

// A personCount counts one group: by sorting, or by a HyperLogLog sketch of
// 64 KiB in the time of one pass.
type personCount struct {
	sorted *scan.Persons
	sketch *hyperloglog.Sketch // nil: sorted
}

func newPersonCount(estimate bool) *personCount {
	if estimate {
		return &personCount{sketch: hyperloglog.New16()}
	}
	return &personCount{sorted: scan.NewPersonsOn(func() scan.Scratch { return spool.New(sortMemory) })}
}

func (c *personCount) addAll(ctx context.Context, conn *sql.Conn, query, group string) error {
	rows, err := conn.QueryContext(ctx, query, group)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var packed sql.RawBytes
		var middle bool
		if err := rows.Scan(&packed, &middle); err != nil {
			return err
		}
		for p, err := range unpack(packed) {
			if err == nil && (middle || p.Grade == scan.ConfidenceHigh) {
				err = c.add(p.Hash)
			}
			if err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

func (c *personCount) add(hash uint64) error {
	if c.sketch != nil {
		c.sketch.InsertHash(hash)
		return nil
	}
	return c.sorted.Add(scan.Person{Hash: hash, Grade: scan.ConfidenceHigh})
}

func (c *personCount) count() (scan.PersonCount, error) {
	if c.sketch != nil {
		return scan.PersonCount{N: int64(c.sketch.Estimate()), Estimate: true}, nil
	}
	defer c.sorted.Close()
	d, err := c.sorted.Distinct()
	return scan.PersonCount{N: d.High}, err
}

// groupSizes reads pairs of a group and a number.
func groupSizes(ctx context.Context, conn *sql.Conn, query string) (map[string]int64, error) {
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	sizes := map[string]int64{}
	for rows.Next() {
		var group string
		var n int64
		if err := rows.Scan(&group, &n); err != nil {
			return nil, err
		}
		sizes[group] = n
	}
	return sizes, rows.Err()
}

func fill(ctx context.Context, conn *sql.Conn, members iter.Seq2[scan.GroupMember, error]) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for m, err := range members {
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO member VALUES (?, ?, ?)", m.Group, m.File, m.Medium); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, "CREATE INDEX IF NOT EXISTS temp.member_group ON member (grp)"); err != nil {
		return err
	}
	return tx.Commit()
}
