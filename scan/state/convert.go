package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/kagiban/kagiban/scan"
)

// convert does what a schema step cannot say in SQL.
func convert(ctx context.Context, tx *sql.Tx, version int) error {
	if version != 5 {
		return nil
	}
	s := newSession(ctx, &dialect{words: sqliteWords()}, tx, tx, &ids{})
	if _, err := s.exec("INSERT INTO target (name, run, complete, completed, mark, mark_full, cycle) SELECT name, run, complete, completed, mark, mark_full, cycle FROM old_target"); err != nil {
		return err
	}
	for last := int64(0); ; {
		batch, err := oldFiles(s, last)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			break
		}
		for _, f := range batch {
			if err := s.convertFile(f); err != nil {
				return fmt.Errorf("%s: %w", f.result.Entry.Path, err)
			}
			last = f.id
		}
	}
	for _, table := range []string{"old_person", "old_file", "old_target"} {
		if _, err := tx.ExecContext(ctx, "DROP TABLE "+table); err != nil {
			return err
		}
	}
	return nil
}

// An oldFile is a row of file as it was before schema 5.
type oldFile struct {
	id, run int64
	result  *scan.Result
	history [4]sql.NullInt64 // first seen, first found, last found, gone
}

// oldFiles reads some of the rows after one.
func oldFiles(s *session, last int64) ([]oldFile, error) {
	rows, err := s.tx.QueryContext(s.ctx, `
SELECT id, target, path, size, mtime, ctime, revision, run, first_seen, first_found, last_found, gone, identity, result FROM old_file WHERE id > ? ORDER BY id LIMIT 500`, last)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []oldFile
	for rows.Next() {
		f := oldFile{result: &scan.Result{}}
		var mtime, ctime sql.NullInt64
		var identity int64
		var body []byte
		e := &f.result.Entry
		h := &f.history
		if err := rows.Scan(&f.id, &e.Target, &e.Path, &e.Size, &mtime, &ctime, &f.result.Revision, &f.run, &h[0], &h[1], &h[2], &h[3], &identity, &body); err != nil {
			return nil, err
		}
		var old stored
		if err := json.Unmarshal(body, &old); err != nil {
			return nil, fmt.Errorf("stored result of %s: %w", e.Path, err)
		}
		old.into(f.result)
		if identity != 0 {
			e.ID = uint64(identity)
		}
		e.ModTime, e.ChangeTime = moment(mtime), moment(ctime)
		list = append(list, f)
	}
	return list, rows.Err()
}

// convertFile writes a file as it is stored now.
func (s *session) convertFile(f oldFile) error {
	persons, err := s.oldPersons(f.id)
	if err != nil {
		return err
	}
	defer persons.Close()
	sum, err := checksum(persons.All())
	if err != nil {
		return err
	}
	id, err := s.writeFile(f.run, f.result)
	if err != nil {
		return err
	}
	if _, err := s.exec("UPDATE file SET first_seen = ?, first_found = ?, last_found = ?, gone = ?, found = ? WHERE id = ?",
		f.history[0], f.history[1], f.history[2], f.history[3], f.history[2].Valid && sum != 0, id); err != nil {
		return err
	}
	return s.setResult(id, f.result, sum, func(result int64) error { return s.savePersons(result, persons.All()) })
}

// oldPersons reads the hashes of a file, one row each.
func (s *session) oldPersons(file int64) (*scan.Persons, error) {
	rows, err := s.tx.QueryContext(s.ctx, "SELECT grade, hash FROM old_person WHERE file = ?", file)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	persons := newPersonCount(false).sorted
	for rows.Next() {
		var grade int
		var hash int64
		if err := rows.Scan(&grade, &hash); err != nil {
			return nil, err
		}
		confidence := scan.ConfidenceMedium
		if grade == gradeHigh {
			confidence = scan.ConfidenceHigh
		}
		if err := persons.Add(scan.Person{Hash: uint64(hash), Grade: confidence}); err != nil {
			return nil, err
		}
	}
	return persons, rows.Err()
}
