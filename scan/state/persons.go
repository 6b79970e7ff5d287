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
	tx, err := d.read.BeginTx(ctx, nil) // temporary tables belong to a connection
	if err != nil {
		return nil, d.wrap(err)
	}
	defer tx.Rollback() // which drops the table
	if err := d.fill(ctx, tx, members); err != nil {
		return nil, err
	}
	const ofGroups = " FROM member JOIN result ON result.file = member.file AND until IS NULL JOIN persons ON persons.result = result.id"
	sizes, err := groupSizes(ctx, tx, "SELECT grp, sum(length(packed))"+ofGroups+" GROUP BY grp")
	if damaged(err) { // how much there is cannot be seen beforehand
		sizes, err = groupSizes(ctx, tx, "SELECT grp, 0 FROM member GROUP BY grp")
	}
	if err != nil {
		return nil, err
	}
	counts := map[string]scan.PersonCount{}
	for group, size := range sizes {
		c := newPersonCount(size/packedSize > exact)
		adding := c.addAll(ctx, tx, "SELECT packed, middle"+ofGroups+" WHERE grp = ?", group)
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

func (c *personCount) addAll(ctx context.Context, tx *sql.Tx, query, group string) error {
	rows, err := tx.QueryContext(ctx, query, group)
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
func groupSizes(ctx context.Context, tx *sql.Tx, query string) (map[string]int64, error) {
	rows, err := tx.QueryContext(ctx, query)
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

// fill makes the table of the members of groups.
func (d *DB) fill(ctx context.Context, tx *sql.Tx, members iter.Seq2[scan.GroupMember, error]) error {
	if _, err := tx.ExecContext(ctx, d.dialect.temp("member", "grp TEXT, file INTEGER, middle BOOLEAN")); err != nil {
		return d.wrap(err)
	}
	add := addMembers
	if d.dialect.members != nil {
		add = d.dialect.members
	}
	if err := add(ctx, tx, members); err != nil {
		return err
	}
	for _, query := range []string{"CREATE INDEX member_group ON member (grp)", d.dialect.measure("member")} {
		if query == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, query); err != nil {
			return d.wrap(err)
		}
	}
	return nil
}

func addMembers(ctx context.Context, tx *sql.Tx, members iter.Seq2[scan.GroupMember, error]) error {
	for m, err := range members {
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO member VALUES (?, ?, ?)", m.Group, m.File, m.Medium); err != nil {
			return err
		}
	}
	return nil
}
