package state

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

var _ scan.RemarkBook = (*DB)(nil)

// AddRemarks implements scan.RemarkBook.
func (k *records) AddRemarks(ctx context.Context, i scan.Import, remarks []scan.Remark) error {
	texts := []string{i.Name, i.Who}
	for _, r := range remarks {
		texts = append(texts, r.Value, r.Who)
	}
	if err := k.db.accepts(ctx, texts...); err != nil {
		return k.db.wrap(err)
	}
	err := k.db.inSession(ctx, nil, &ids{}, func(t *session) error {
		added, err := t.exec("INSERT INTO import (sha256, name, who, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", i.SHA256, i.Name, i.Who, micros(i.At))
		if err == nil && added == 0 {
			err = scan.ErrImported
		}
		if err != nil {
			return err
		}
		for _, r := range remarks {
			basis, err := json.Marshal(storedBasis(r.Basis))
			if err != nil {
				return err
			}
			if err := t.do("INSERT INTO remark (finding, field, value, who, at, basis) VALUES (?, ?, ?, ?, ?, ?)",
				r.Finding, r.Field, r.Value, r.Who, micros(r.At), seal.JSON(basis)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return k.db.wrap(err)
	}
	return nil
}

// Remarks implements scan.RemarkBook.
func (k *records) Remarks(ctx context.Context) ([]scan.Remark, error) {
	rows, err := k.db.read.QueryContext(ctx, `
SELECT finding, field, value, who, at, basis FROM remark
WHERE id IN (SELECT max(id) FROM remark GROUP BY finding, field) ORDER BY finding, field`)
	if err != nil {
		return nil, k.db.wrap(err)
	}
	defer rows.Close()
	var list []scan.Remark
	for rows.Next() {
		var r scan.Remark
		var at sql.NullInt64
		var basis string
		if err := rows.Scan(&r.Finding, &r.Field, &r.Value, &r.Who, &at, &basis); err != nil {
			return nil, k.db.wrap(err)
		}
		var b storedBasis
		if err := json.Unmarshal([]byte(basis), &b); err != nil {
			return nil, k.db.wrap(err)
		}
		r.At, r.Basis = moment(at), scan.Basis(b)
		list = append(list, r)
	}
	return list, rows.Err()
}
