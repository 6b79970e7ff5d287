package state

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

// fileRow looks up the number of a file.
func (s *session) fileRow(directory int64, name string) (id int64, known bool, err error) {
	known, err = s.one("SELECT id FROM file WHERE directory = ? AND "+s.dialect.is("name", "?"), []any{directory, name}, &id)
	return id, known, err
}

// saveFile stores a result that was just made.
func (s *session) saveFile(run int64, res *scan.Result) error {
	persons := res.Hashes
	if persons == nil {
		persons = scan.NewPersons()
	}
	sum, err := checksum(persons.All())
	if err != nil {
		return err
	}
	id, err := s.writeFile(run, res)
	if err != nil {
		return err
	}
	return s.setResult(id, res, sum, func(result int64) error { return s.savePersons(result, persons.All()) })
}

// writeFile writes the row of a file and returns its number.
func (s *session) writeFile(run int64, res *scan.Result) (id int64, err error) {
	e := res.Entry
	target, err := s.target(e.Target, run)
	if err != nil {
		return 0, err
	}
	folder, name := split(e.Path)
	directory, err := s.directory(target, folder)
	if err != nil {
		return 0, err
	}
	revision, err := s.revision(res.Revision)
	if err != nil {
		return 0, err
	}
	var plain any
	if isPlain(res) {
		body, err := plainBody(res)
		if err != nil {
			return 0, err
		}
		if plain, err = s.plain(body); err != nil {
			return 0, err
		}
	}
	before, known, err := s.fileRow(directory, name)
	if err != nil {
		return 0, err
	}
	found := res.Distinct != (scan.Distinct{})
	var foundAt any
	if found {
		foundAt = micros(res.Scanned)
	}
	args := []any{directory, name, e.Size, micros(e.ModTime), micros(e.ChangeTime), int64(e.ID), revision, plain, micros(res.Scanned), res.Bytes, found, run, foundAt}
	if known {
		err = s.do(`
UPDATE file SET size = ?3, mtime = ?4, ctime = ?5, identity = ?6, revision = ?7, plain = ?8, scanned = ?9, bytes = ?10, found = ?11, run = ?12,
	gone = NULL, first_found = coalesce(first_found, ?13), last_found = coalesce(?13, last_found)
WHERE directory = ?1 AND `+s.dialect.is("name", "?2"), args...)
		return before, err
	}
	id, err = s.insert(`
INSERT INTO file (directory, name, size, mtime, ctime, identity, revision, plain, scanned, bytes, found, run, first_seen, first_found, last_found)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?9, ?13, ?13) RETURNING id`, args...)
	return id, err
}

// isPlain says that a result is one of those that most files share: clean, or
// left out by a rule.
func isPlain(r *scan.Result) bool {
	if len(r.Items) != 1 || r.Distinct != (scan.Distinct{}) || r.Access != nil {
		return false
	}
	item := r.Items[0]
	return len(item.Problems) == 0 && len(item.Inner) == 0 && !item.Protection.Verdict.Closed() && item.Protection.Verdict != scan.VerdictPartial &&
		item.Size == r.Entry.Size && reflect.ValueOf(item.Findings).IsZero()
}

// plainBody is the JSON of a plain result without what the row of its file holds.
func plainBody(r *scan.Result) (seal.JSON, error) {
	s := toStored(r)
	s.Items[0].Size = 0
	return s.body()
}

// body is the JSON of a result without what the row of its file holds.
func (s stored) body() (seal.JSON, error) {
	s.ID, s.Scanned, s.Bytes = 0, time.Time{}, 0
	text, err := json.Marshal(s)
	return seal.JSON(text), err
}

// setResult makes res the result that holds of a file. One that differs ends
// the time of the one before; one that says the same goes on with it.
func (s *session) setResult(file int64, res *scan.Result, persons int64, addPersons func(result int64) error) error {
	var held int64
	var body string
	var sum int64
	holds, err := s.one("SELECT id, persons, body FROM result WHERE file = ? AND until IS NULL", []any{file}, &held, &sum, &body)
	if err != nil {
		return err
	}
	at := micros(res.Scanned)
	if isPlain(res) {
		if !holds {
			return nil
		}
		return s.do("UPDATE result SET until = ? WHERE id = ?", at, held)
	}
	now, err := toStored(res).body()
	if err != nil {
		return err
	}
	if holds && sum == persons && sameContent(body, string(now)) {
		return s.do("UPDATE result SET body = ?, size = ?, mtime = ? WHERE id = ?", now, res.Entry.Size, micros(res.Entry.ModTime), held)
	}
	if holds {
		if err := s.do("UPDATE result SET until = ? WHERE id = ?", at, held); err != nil {
			return err
		}
	}
	id, err := s.insert("INSERT INTO result (file, since, size, mtime, found, persons, body) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
		file, at, res.Entry.Size, micros(res.Entry.ModTime), res.Distinct != (scan.Distinct{}), persons, now)
	if err != nil {
		return err
	}
	return addPersons(id)
}

// setAccess replaces what is stored of who may read a file. What is plain holds
// nothing that anybody could read.
func (s *session) setAccess(o *scan.AccessRefreshed) error {
	path, name := split(o.Entry.Path)
	var id int64
	var body string
	found, err := s.one(`
SELECT result.id, body FROM target JOIN directory ON directory.target = target.id JOIN file ON file.directory = directory.id
	JOIN result ON result.file = file.id AND until IS NULL
WHERE `+s.dialect.is("target.name", "?")+` AND `+s.dialect.is("directory.path", "?")+` AND `+s.dialect.is("file.name", "?"), []any{o.Entry.Target, path, name}, &id, &body)
	if err != nil || !found {
		return err
	}
	var now stored
	if err := json.Unmarshal([]byte(body), &now); err != nil {
		return err
	}
	if now.Access = toAccess(o.Access); o.Entry.Owner != "" {
		now.Owner = o.Entry.Owner
	}
	renewed, err := now.body()
	if err != nil {
		return err
	}
	return s.do("UPDATE result SET body = ? WHERE id = ?", renewed, id)
}

// sameContent compares two bodies but for who may read the file, which is not
// of its content.
func sameContent(a, b string) bool {
	if a == b {
		return true
	}
	var x, y stored
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	x.Access, y.Access, x.Owner, y.Owner = nil, nil, "", ""
	return reflect.DeepEqual(x, y)
}
