package state

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/postgres"
)

// A state file can be damaged: by a disk, by a copy that was made of it while it
// was written to, by hand. What is readable stays of use. What is not is told as
// what it is, with what to do about it, and never as clean.

// ErrDamaged says that the state file, or a part of it, cannot be read.
var ErrDamaged = errors.New("the state is damaged")

// Remedy is what to do about a damaged state.
const Remedy = "see kagiban state check for what is lost; put the latest copy of kagiban state backup in its place, or scan again with --full; " +
	"if it cannot be opened at all, move it away and scan again (keep the key file: it is not damaged with the state)"

// damaged reports whether a database finds its files, or a part of them, not to be
// what they should be.
func damaged(err error) bool {
	return errors.Is(err, ErrDamaged) || damagedFile(err) || postgres.Damaged(err)
}

// unread is the result of a file of which the state knows no more than that it is
// there: it is unchecked until it has been examined again.
func unread(e scan.Entry, what string) *scan.Result {
	return &scan.Result{
		Entry: e, Revision: scan.RevisionAgain, Scanned: time.Unix(0, 0).UTC(),
		Items: []scan.Item{{Size: e.Size, Problems: []scan.Problem{{Kind: scan.KindUnreadable, Detail: fmt.Sprintf("%v: %s; %s", ErrDamaged, what, Remedy)}}}},
	}
}

// isUnread reports whether a result is one that unread made.
func isUnread(r *scan.Result) bool {
	p := r.Items[0].Problems
	return r.Revision == scan.RevisionAgain && len(p) == 1 && strings.HasPrefix(p[0].Detail, ErrDamaged.Error())
}

// rescued yields what is still readable of the files of a query that came to a
// damaged page: by their numbers in steps, where a step that fails is halved.
// Seen are those that were yielded before. At last it yields a folder for what
// is lost. False: the consumer wants no more.
func rescued(ctx context.Context, d *DB, query string, args []any, seen *idSet, yield func(*scan.Result, error) bool) bool {
	var least, last int64
	if err := d.read.QueryRowContext(ctx, "SELECT min(id), max(id) FROM file").Scan(&least, &last); err != nil {
		least, last = 1, seen.most
	}
	// A damaged number may be anything; a row takes at least some 60 bytes.
	size := d.dialect.size(ctx)
	least, last = max(least, 1), min(last, max(seen.most, size/60)+rescueBeyond)
	lost := int64(0)
	const step = 512
	type span struct{ from, to int64 }
	for from := least; from <= last; from += step {
		for todo := []span{{from, min(last, from+step-1)}}; len(todo) > 0; {
			part := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			more, err := rescueSpan(ctx, d, query, args, part.from, part.to, seen, yield)
			switch {
			case !more:
				return false
			case ctx.Err() != nil:
				return yield(nil, ctx.Err())
			case err == nil:
			case part.from == part.to:
				lost++
			default:
				middle := (part.from + part.to) / 2
				todo = append(todo, span{middle + 1, part.to}, span{part.from, middle})
			}
		}
	}
	e := scan.Entry{Path: "?", Folder: true}
	return yield(unread(e, fmt.Sprintf("up to %d files are not known any more", lost)), nil)
}

// rescueBeyond is how far behind the last known number files are looked for.
const rescueBeyond = 1 << 14

func rescueSpan(ctx context.Context, d *DB, query string, args []any, from, to int64, seen *idSet, yield func(*scan.Result, error) bool) (more bool, err error) {
	rows, err := d.read.QueryContext(ctx, query+fmt.Sprintf(" AND file.id BETWEEN ?%d AND ?%d", len(args)+1, len(args)+2), append(args[:len(args):len(args)], from, to)...)
	if err != nil {
		return true, err
	}
	defer rows.Close()
	for rows.Next() {
		res, err := read(rows)
		if err != nil {
			return true, err
		}
		if seen.add(res.ID) && !yield(res, nil) {
			return false, nil
		}
	}
	return true, rows.Err()
}

// unlisted yields a folder for files that a damaged index has left out of a list: the
// table has more than were listed, and a check finds damage, so that it is no other
// process which adds some.
func (d *DB) unlisted(ctx context.Context, within string, args []any, listed int64, yield func(*scan.Result, error) bool) {
	if d.dialect.scanned == "" {
		return
	}
	query := "SELECT count(*) FROM " + d.dialect.scanned
	if len(args) > 0 {
		query += " CROSS JOIN directory ON directory.id = file.directory CROSS JOIN target ON target.id = directory.target"
	} else {
		within = "TRUE"
	}
	var n int64
	err := d.read.QueryRowContext(ctx, query+" WHERE gone IS NULL AND "+within, args...).Scan(&n)
	if err != nil && !damaged(err) {
		yield(nil, d.wrap(err))
		return
	}
	if err == nil && n <= listed {
		return
	}
	var h Health
	if bad := d.dialect.check(ctx, &h); bad == nil && len(h.Damage) == 0 {
		return
	}
	yield(unread(scan.Entry{Path: "?", Folder: true}, fmt.Sprintf("up to %d files are not known any more", max(n-listed, 1))), nil)
}

// An idSet is a set of row numbers, a bit each.
type idSet struct {
	bits []uint64
	most int64
	n    int64 // of them
}

// add reports whether an id is new.
func (s *idSet) add(id int64) bool {
	if id < 0 {
		return true
	}
	word, bit := id/64, uint64(1)<<(id%64)
	if need := int(word) + 1 - len(s.bits); need > 0 {
		s.bits = append(s.bits, make([]uint64, need)...)
	}
	s.most = max(s.most, id)
	isNew := s.bits[word]&bit == 0
	s.bits[word] |= bit
	if isNew {
		s.n++
	}
	return isNew
}
