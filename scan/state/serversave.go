package state

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
	"github.com/kagiban/kagiban/scan/state/postgres"
)

// A way to a server and back costs as much as a hundred rows, so a batch is saved
// by a handful of statements with arrays.

// saveMany saves a batch. An outcome of a file that came before in it follows in
// a further round.
func saveMany(r *Run, s *session, batch []scan.Outcome) error {
	m := &many{run: r, s: s, met: map[string]bool{}}
	for _, o := range batch {
		e := o.Of()
		key := folderKey(e.Target, e.Path)
		if m.met[key] {
			if err := m.write(); err != nil {
				return err
			}
		}
		m.met[key] = true
		switch o := o.(type) {
		case *scan.Result:
			m.results = append(m.results, o)
		case *scan.LeftOut:
			m.results = append(m.results, o.Result())
		case *scan.Kept:
			if !r.folders.keep(e) {
				m.kept = append(m.kept, e)
			}
		case *scan.AccessRefreshed:
			if !r.folders.keep(e) {
				m.kept = append(m.kept, e)
			}
			m.access = append(m.access, o)
		default:
			return fmt.Errorf("an outcome of type %T", o)
		}
	}
	return m.write()
}

// many is a part of a batch in which each file comes once.
type many struct {
	run     *Run
	s       *session
	met     map[string]bool
	results []*scan.Result
	kept    []scan.Entry
	access  []*scan.AccessRefreshed
}

func (m *many) write() error {
	err := m.writeResults()
	if err == nil {
		err = m.writeKept()
	}
	for _, o := range m.access {
		if err == nil {
			err = m.s.setAccess(o)
		}
	}
	m.met, m.results, m.kept, m.access = map[string]bool{}, nil, nil, nil
	return err
}

// rowOf is a file by the numbers of what it refers to.
type rowOf struct {
	directory, revision int64
	plain               *int64
	name                string
	result              *scan.Result
	file                int64
	persons             int64 // checksum
}

// rows looks up what the results refer to, in the order in which they are written:
// two processes that write the same files do not wait for each other in a circle.
func (m *many) rows() ([]*rowOf, error) {
	list := make([]*rowOf, 0, len(m.results))
	for _, res := range m.results {
		row := &rowOf{result: res}
		target, err := m.s.target(res.Entry.Target, m.run.id)
		if err != nil {
			return nil, err
		}
		var folder string
		folder, row.name = split(res.Entry.Path)
		if row.directory, err = m.s.directory(target, folder); err != nil {
			return nil, err
		}
		if row.revision, err = m.s.revision(res.Revision); err != nil {
			return nil, err
		}
		if isPlain(res) {
			body, err := plainBody(res)
			if err != nil {
				return nil, err
			}
			id, err := m.s.plain(body)
			if err != nil {
				return nil, err
			}
			row.plain = &id
		}
		if res.Hashes != nil {
			if row.persons, err = checksum(res.Hashes.All()); err != nil {
				return nil, err
			}
		}
		list = append(list, row)
	}
	slices.SortFunc(list, func(a, b *rowOf) int {
		if a.directory != b.directory {
			return int(min(max(a.directory-b.directory, -1), 1))
		}
		return strings.Compare(a.name, b.name)
	})
	return list, nil
}

func (m *many) writeResults() error {
	if len(m.results) == 0 {
		return nil
	}
	rows, err := m.rows()
	if err != nil {
		return err
	}
	if err := m.writeFiles(rows); err != nil {
		return err
	}
	if err := m.setResults(rows); err != nil {
		return err
	}
	for _, row := range rows {
		res := row.result
		m.run.folders.saved(res.Entry)
		if res.Entry.Folder && res.Skipped == "" {
			if err := m.s.keepBelow(m.run.id, res.Entry); err != nil {
				return err
			}
		}
	}
	return nil
}

const upsertFiles = `
INSERT INTO file (directory, name, size, mtime, ctime, identity, revision, plain, scanned, bytes, found, run, first_seen, first_found, last_found)
SELECT directory, name, size, mtime, ctime, identity, revision, plain, scanned, bytes, found, CAST(?1 AS bigint), scanned, CASE WHEN found THEN scanned END, CASE WHEN found THEN scanned END
FROM unnest(?2::bigint[], ?3::text[], ?4::bigint[], ?5::bigint[], ?6::bigint[], ?7::bigint[], ?8::bigint[], ?9::bigint[], ?10::bigint[], ?11::bigint[], ?12::boolean[])
	AS new (directory, name, size, mtime, ctime, identity, revision, plain, scanned, bytes, found)
ON CONFLICT (directory, text_key(name)) DO UPDATE SET size = excluded.size, mtime = excluded.mtime, ctime = excluded.ctime, identity = excluded.identity,
	revision = excluded.revision, plain = excluded.plain, scanned = excluded.scanned, bytes = excluded.bytes, found = excluded.found, run = excluded.run,
	gone = NULL, first_found = coalesce(file.first_found, excluded.first_found), last_found = coalesce(excluded.last_found, file.last_found)
RETURNING id, directory, name`

// writeFiles writes the rows of the files and learns their numbers.
func (m *many) writeFiles(rows []*rowOf) error {
	n := len(rows)
	ints := make([][]int64, 9) // directory, size, mtime, ctime, identity, revision, scanned, bytes
	names, plains, found := make([]string, n), make([]*int64, n), make([]bool, n)
	for i := range ints {
		ints[i] = make([]int64, n)
	}
	type place struct {
		directory int64
		name      string
	}
	at := make(map[place]*rowOf, n)
	for i, row := range rows {
		res := row.result
		for j, v := range []int64{row.directory, res.Entry.Size, micros(res.Entry.ModTime), micros(res.Entry.ChangeTime), int64(res.Entry.ID), row.revision, micros(res.Scanned), res.Bytes} {
			ints[j][i] = v
		}
		names[i], plains[i], found[i] = row.name, row.plain, res.Distinct != (scan.Distinct{})
		at[place{row.directory, row.name}] = row
	}
	if err := m.s.flush(); err != nil {
		return err
	}
	got, err := m.s.tx.QueryContext(m.s.ctx, upsertFiles, m.run.id, ints[0], names, ints[1], ints[2], ints[3], ints[4], ints[5], plains, ints[6], ints[7], found)
	if err != nil {
		return err
	}
	defer got.Close()
	for got.Next() {
		var id int64
		var p place
		if err := got.Scan(&id, &p.directory, &p.name); err != nil {
			return err
		}
		row := at[p]
		if row == nil {
			return fmt.Errorf("file %q was not written", p.name)
		}
		row.file = id
	}
	return got.Err()
}

// held is a result that holds.
type held struct {
	id, persons int64
	body        string
}

// heldOf reads those of files.
func (m *many) heldOf(rows []*rowOf) (map[int64]held, error) {
	files := make([]int64, len(rows))
	for i, row := range rows {
		files[i] = row.file
	}
	if err := m.s.flush(); err != nil {
		return nil, err
	}
	got, err := m.s.tx.QueryContext(m.s.ctx, "SELECT file, id, persons, body FROM result WHERE file = ANY(?) AND until IS NULL", files)
	if err != nil {
		return nil, err
	}
	defer got.Close()
	known := map[int64]held{}
	for got.Next() {
		var file int64
		var h held
		if err := got.Scan(&file, &h.id, &h.persons, &h.body); err != nil {
			return nil, err
		}
		known[file] = h
	}
	return known, got.Err()
}

// setResults makes the results those that hold, as session.setResult does for one.
func (m *many) setResults(rows []*rowOf) error {
	known, err := m.heldOf(rows)
	if err != nil {
		return err
	}
	var fresh []*rowOf
	var bodies []seal.JSON
	for _, row := range rows {
		was, holds := known[row.file]
		now, isNew, err := m.renew(row, was, holds)
		if err != nil {
			return err
		}
		if isNew {
			fresh, bodies = append(fresh, row), append(bodies, now)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return m.addResults(fresh, bodies)
}

// renew ends or goes on with what held of a file; isNew says that now is a result
// to be added.
func (m *many) renew(row *rowOf, was held, holds bool) (now seal.JSON, isNew bool, err error) {
	res := row.result
	at := micros(res.Scanned)
	if row.plain != nil {
		if holds {
			err = m.s.do("UPDATE result SET until = ? WHERE id = ?", at, was.id)
		}
		return "", false, err
	}
	if now, err = toStored(res).body(); err != nil {
		return "", false, err
	}
	if holds && was.persons == row.persons && sameContent(was.body, string(now)) {
		return "", false, m.s.do("UPDATE result SET body = ?, size = ?, mtime = ? WHERE id = ?", now, res.Entry.Size, micros(res.Entry.ModTime), was.id)
	}
	if holds {
		err = m.s.do("UPDATE result SET until = ? WHERE id = ?", at, was.id)
	}
	return now, true, err
}

// addResults adds results with their persons.
func (m *many) addResults(rows []*rowOf, bodies []seal.JSON) error {
	n := len(rows)
	files, since, sizes, mtimes, sums, found := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]bool, n)
	for i, row := range rows {
		res := row.result
		files[i], since[i], sizes[i], mtimes[i] = row.file, micros(res.Scanned), res.Entry.Size, micros(res.Entry.ModTime)
		sums[i], found[i] = row.persons, res.Distinct != (scan.Distinct{})
	}
	if err := m.s.flush(); err != nil {
		return err
	}
	got, err := m.s.tx.QueryContext(m.s.ctx, `
INSERT INTO result (file, since, size, mtime, found, persons, body)
SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::boolean[], ?::bigint[], ?::text[])
RETURNING id, file`, files, since, sizes, mtimes, found, sums, bodies)
	if err != nil {
		return err
	}
	defer got.Close()
	ids := make(map[int64]int64, n) // of results, by file
	for got.Next() {
		var id, file int64
		if err := got.Scan(&id, &file); err != nil {
			return err
		}
		ids[file] = id
	}
	if err := got.Err(); err != nil {
		return err
	}
	native, err := nativeOf(m.s.transaction)
	if err != nil {
		return err
	}
	next, stop := iter.Pull2(func(yield func(postgres.Part, error) bool) {
		for _, row := range rows {
			if row.persons == 0 {
				continue
			}
			for p, err := range parts(ids[row.file], row.result.Hashes.All()) {
				if !yield(p, err) || err != nil {
					return
				}
			}
		}
	})
	defer stop()
	return copyParts(m.s, native, next)
}
