package state

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"iter"
	"sort"
	"sync"

	"github.com/kagiban/kagiban/scan"
)

// Holding implements scan.PersonIndex.
func (p past) Holding(ctx context.Context, hash uint64) ([]scan.Holding, error) {
	ask, err := p.asking(ctx)
	if err != nil {
		return nil, p.db.wrap(err)
	}
	rows, err := ask.QueryContext(ctx, upper(hash), ordered(hash))
	if err != nil {
		return nil, p.db.wrap(err)
	}
	defer rows.Close()
	var list []scan.Holding
	for rows.Next() {
		var h scan.Holding
		var since, until sql.NullInt64
		var packed sql.RawBytes
		if err := rows.Scan(&h.File, &h.Version, &since, &until, &packed); err != nil {
			return nil, p.db.wrap(err)
		}
		person, found, err := search(packed, hash)
		if err != nil {
			return nil, p.db.wrap(err)
		}
		if found {
			h.Grade, h.Class, h.Since, h.Until = person.Grade, person.Class, moment(since), moment(until)
			list = append(list, h)
		}
	}
	return list, rows.Err()
}

// asking is the statement of Holding, which is prepared once.
func (p past) asking(ctx context.Context) (*sql.Stmt, error) {
	p.asks.Lock()
	defer p.asks.Unlock()
	if p.asks.stmt != nil {
		return p.asks.stmt, nil
	}
	stmt, err := p.db.read.PrepareContext(ctx, p.db.dialect.holding)
	p.asks.stmt = stmt
	return stmt, err
}

// An asks holds a statement; closing the database closes it.
type asks struct {
	sync.Mutex
	stmt *sql.Stmt
}

// search looks for a person in a packed part, which is sorted.
func search(packed []byte, hash uint64) (p scan.Person, found bool, err error) {
	n := len(packed) / packedSize
	at := sort.Search(n, func(i int) bool { return binary.BigEndian.Uint64(packed[i*packedSize:]) >= hash })
	if len(packed)%packedSize != 0 {
		return p, false, errPacked
	}
	if at == n || binary.BigEndian.Uint64(packed[at*packedSize:]) != hash {
		return p, false, nil
	}
	for p, err = range unpack(packed[at*packedSize : (at+1)*packedSize]) {
	}
	return p, err == nil, err
}

// Revisions implements scan.PersonIndex.
func (p past) Revisions(ctx context.Context) (map[string]int64, error) {
	rows, err := p.db.read.QueryContext(ctx, "SELECT revision.name, count(*) FROM file JOIN revision ON revision.id = file.revision WHERE gone IS NULL GROUP BY revision.id")
	if err != nil {
		return nil, p.db.wrap(err)
	}
	defer rows.Close()
	counts := map[string]int64{}
	for rows.Next() {
		var name string
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			return nil, p.db.wrap(err)
		}
		counts[name] += n
	}
	return counts, rows.Err()
}

var _ scan.PersonIndex = (*DB)(nil)

var _ scan.HistoryReader = (*DB)(nil)

// Listed implements scan.HistoryReader.
func (p past) Listed(ctx context.Context, targets ...string) iter.Seq2[scan.Listed, error] {
	return func(yield func(scan.Listed, error) bool) {
		within, args := among(targets)
		leftOut, err := p.leftOut(ctx)
		if err != nil {
			yield(scan.Listed{}, p.db.wrap(err))
			return
		}
		// The second part are the places, sizes and times of former results.
		rows, err := p.db.read.QueryContext(ctx, `
SELECT file.id, target.name, directory.path, file.name, file.size, file.mtime, NULL, EXISTS (SELECT 1 FROM result WHERE result.file = file.id), plain, first_seen, gone
FROM target `+p.db.dialect.cross+` directory ON directory.target = target.id `+p.db.dialect.cross+` file ON file.directory = directory.id
WHERE `+within+`
UNION ALL
SELECT file.id, target.name, directory.path, file.name, result.size, result.mtime, result.path, TRUE, plain, first_seen, gone
FROM result JOIN file ON file.id = result.file JOIN directory ON directory.id = file.directory JOIN target ON target.id = directory.target
WHERE until IS NOT NULL AND `+within, args...)
		if err != nil {
			yield(scan.Listed{}, p.db.wrap(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var l scan.Listed
			var folder, name string
			var former sql.NullString
			var mtime, plain, firstSeen, gone sql.NullInt64
			if err := rows.Scan(&l.File, &l.Entry.Target, &folder, &name, &l.Entry.Size, &mtime, &former, &l.Noted, &plain, &firstSeen, &gone); err != nil {
				yield(l, p.db.wrap(err))
				return
			}
			l.LeftOut, l.FirstSeen, l.Gone = plain.Valid && leftOut[plain.Int64], moment(firstSeen), moment(gone)
			l.Noted = l.Noted || !plain.Valid // it has neither: what is lost of a damaged state is not clean
			l.Entry.Path, l.Entry.ModTime = join(folder, name), moment(mtime)
			if former.Valid {
				l.Entry.Path = former.String
			}
			if !yield(l, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(scan.Listed{}, p.db.wrap(err))
		}
	}
}

// leftOut are the plain results of files that a rule left out.
func (p past) leftOut(ctx context.Context) (map[int64]bool, error) {
	rows, err := p.db.read.QueryContext(ctx, "SELECT id, body FROM plain")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	set := map[int64]bool{}
	for rows.Next() {
		var id int64
		var body string
		if err := rows.Scan(&id, &body); err != nil {
			return nil, err
		}
		if r := versionOf(&scan.Result{}, body); r.Skipped != "" || r.Items[0].Skipped != "" || r.Members > 0 && r.Members == r.Omitted {
			set[id] = true
		}
	}
	return set, rows.Err()
}

// Versions implements scan.HistoryReader.
func (p past) Versions(ctx context.Context, file int64) ([]scan.Version, error) {
	base, plain, err := p.file(ctx, file)
	if err != nil || base == nil {
		return nil, err
	}
	rows, err := p.db.read.QueryContext(ctx, "SELECT id, since, until, coalesce(path, ''), size, mtime, body FROM result WHERE file = ? ORDER BY since, id", file)
	if err != nil {
		return nil, p.db.wrap(err)
	}
	defer rows.Close()
	var list []scan.Version
	from := base.History.FirstSeen
	for rows.Next() {
		var v scan.Version
		var since, until, mtime sql.NullInt64
		var path, body string
		size := int64(0)
		if err := rows.Scan(&v.Number, &since, &until, &path, &size, &mtime, &body); err != nil {
			return nil, p.db.wrap(err)
		}
		v.Since, v.Until = moment(since), moment(until)
		if v.Until.IsZero() {
			v.Until = base.History.Gone
		}
		v.Result = versionOf(base, body)
		if v.Result.Entry.Size, v.Result.Entry.ModTime = size, moment(mtime); path != "" {
			v.Result.Entry.Path = path
		}
		from = v.Until
		list = append(list, v)
	}
	if err := rows.Err(); err != nil {
		return nil, p.db.wrap(err)
	}
	if plain != nil {
		list = append(list, scan.Version{Result: plain, Since: from, Until: base.History.Gone})
	}
	return list, nil
}

// versionOf is a result as its body says it was.
func versionOf(base *scan.Result, body string) *scan.Result {
	r := &scan.Result{ID: base.ID, Entry: base.Entry, Revision: base.Revision, History: base.History}
	var s stored
	if json.Unmarshal([]byte(body), &s) != nil || len(s.Items) == 0 {
		left := unread(base.Entry, "what was learnt of this file cannot be read")
		left.ID, left.History = base.ID, base.History
		return left
	}
	s.into(r)
	return r
}

// file reads what is known of a file beside its results, and its result where
// that is plain; nil if there is no such file.
func (p past) file(ctx context.Context, file int64) (base, plain *scan.Result, err error) {
	base = &scan.Result{ID: file}
	var folder, name string
	var mtime, firstSeen, gone sql.NullInt64
	var body sql.NullString
	err = p.db.read.QueryRowContext(ctx, `
SELECT target.name, directory.path, file.name, size, mtime, first_seen, gone, plain.body
FROM file JOIN directory ON directory.id = file.directory JOIN target ON target.id = directory.target LEFT JOIN plain ON plain.id = file.plain
WHERE file.id = ?`, file).Scan(&base.Entry.Target, &folder, &name, &base.Entry.Size, &mtime, &firstSeen, &gone, &body)
	if err == sql.ErrNoRows {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, p.db.wrap(err)
	}
	base.Entry.Path, base.Entry.ModTime = join(folder, name), moment(mtime)
	base.History = scan.History{FirstSeen: moment(firstSeen), Gone: moment(gone)}
	if body.Valid {
		plain = versionOf(base, body.String)
		if len(plain.Items) == 1 {
			plain.Items[0].Size = base.Entry.Size
		}
		plain.Entry.ModTime = base.Entry.ModTime
	}
	return base, plain, nil
}
