package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

var (
	_ scan.TallyBook = (*DB)(nil)
	_ scan.Tallier   = (*tallier)(nil)
)

// A tallier writes the figures of a run.
type tallier struct{ run *Run }

// Tally implements scan.Tallier.
func (t *tallier) Tally(ctx context.Context, tally scan.Tally) error {
	scope, err := json.Marshal(tally.Targets)
	if err != nil {
		return err
	}
	return t.run.inSession(ctx, func(s *session) error {
		for status, sum := range tally.Sums {
			if err := s.do(`
INSERT INTO tally (run, scope, status, files, records, persons) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (run, status) DO UPDATE SET scope = excluded.scope, files = excluded.files, records = excluded.records, persons = excluded.persons`,
				t.run.id, seal.JSON(scope), status, sum.Files, sum.Records, sum.Persons); err != nil {
				return err
			}
		}
		return nil
	})
}

// Tallies implements scan.TallyBook.
func (k *records) Tallies(ctx context.Context) ([]scan.Tally, error) {
	rows, err := k.db.read.QueryContext(ctx, "SELECT run.id, finished, scope, status, files, records, persons FROM tally JOIN run ON run.id = tally.run ORDER BY run.id")
	if err != nil {
		return nil, k.db.wrap(err)
	}
	defer rows.Close()
	var list []scan.Tally
	for rows.Next() {
		var run int64
		var at sql.NullInt64
		var scope string
		var status scan.Status
		var sum scan.TallySum
		if err := rows.Scan(&run, &at, &scope, &status, &sum.Files, &sum.Records, &sum.Persons); err != nil {
			return nil, k.db.wrap(err)
		}
		if n := len(list); n == 0 || list[n-1].Run != run {
			t := scan.Tally{Run: run, At: moment(at), Sums: map[scan.Status]scan.TallySum{}}
			if t.At.IsZero() {
				t.At = time.Now().UTC() // of a run that is about to end
			}
			if err := json.Unmarshal([]byte(scope), &t.Targets); err != nil {
				return nil, k.db.wrap(err)
			}
			list = append(list, t)
		}
		list[len(list)-1].Sums[status] = sum
	}
	return list, rows.Err()
}
