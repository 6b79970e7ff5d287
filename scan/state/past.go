package state

import (
	"context"
	"database/sql"

	"github.com/kagiban/kagiban/scan"
)

// Holding implements scan.PersonIndex.
func (p past) Holding(ctx context.Context, hash uint64) ([]scan.Holding, error) {
	rows, err := p.db.read.QueryContext(ctx, `
SELECT result.file, since, until, (SELECT packed FROM persons WHERE persons.result = result.id AND first <= ?2 ORDER BY part DESC LIMIT 1)
FROM person JOIN result ON result.id = person.result WHERE person.hash = ?1 ORDER BY result.file, since`, upper(hash), ordered(hash))
	if err != nil {
		return nil, p.db.wrap(err)
	}
	defer rows.Close()
	var list []scan.Holding
	for rows.Next() {
		var h scan.Holding
		var since, until sql.NullInt64
		var packed sql.RawBytes
		if err := rows.Scan(&h.File, &since, &until, &packed); err != nil {
			return nil, p.db.wrap(err)
		}
		for person, err := range unpack(packed) {
			if err != nil {
				return nil, p.db.wrap(err)
			}
			if person.Hash == hash {
				h.Grade, h.Class, h.Since, h.Until = person.Grade, person.Class, moment(since), moment(until)
				list = append(list, h)
			}
		}
	}
	return list, rows.Err()
}

var _ scan.PersonIndex = (*DB)(nil)
