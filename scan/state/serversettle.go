package state

import (
	"encoding/json"
	"fmt"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

// settleMany stores what became of findings: new ones by one statement, which
// tells their numbers, and the rest in one go.
func settleMany(s *session, run int64, moves []scan.Move) error {
	numbers, err := s.addFindings(moves)
	if err != nil {
		return err
	}
	for _, m := range moves {
		if m.Finding.Number != 0 {
			if err := s.settle(run, m); err != nil {
				return fmt.Errorf("finding %d: %w", m.Finding.Number, err)
			}
			continue
		}
		for _, e := range m.Events {
			if err := s.event(numbers[m.Finding.File], run, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// addFindings adds the new ones and returns their numbers by file.
func (s *session) addFindings(moves []scan.Move) (map[int64]int64, error) {
	var files, since, first, last []int64
	var stages, hows []string
	var bases []seal.JSON
	for _, m := range moves {
		f := m.Finding
		if f.Number != 0 {
			continue
		}
		basis, err := json.Marshal(storedBasis(f.Basis))
		if err != nil {
			return nil, err
		}
		files, since, first, last = append(files, f.File), append(since, micros(f.Since)), append(first, micros(f.First)), append(last, micros(f.Last))
		stages, hows, bases = append(stages, string(f.Stage)), append(hows, f.How), append(bases, seal.JSON(basis))
	}
	if len(files) == 0 {
		return nil, nil
	}
	if err := s.flush(); err != nil {
		return nil, err
	}
	rows, err := s.tx.QueryContext(s.ctx, `
INSERT INTO finding (file, stage, how, since, first, last, basis)
SELECT file, stage, how, since, first, last, basis
FROM unnest(?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[]) WITH ORDINALITY AS new (file, stage, how, since, first, last, basis, at)
ORDER BY at RETURNING number, file`, files, stages, hows, since, first, last, bases)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	numbers := make(map[int64]int64, len(files))
	for rows.Next() {
		var number, file int64
		if err := rows.Scan(&number, &file); err != nil {
			return nil, err
		}
		numbers[file] = number
	}
	return numbers, rows.Err()
}
