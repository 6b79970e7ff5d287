package state

import (
	"context"
	"database/sql"
	"errors"

	"github.com/kagiban/kagiban/scan"
)

var _ scan.ExceptionLedger = (*DB)(nil)

// AddException implements scan.ExceptionLedger.
func (l ledger) AddException(ctx context.Context, e scan.Exception) (int64, error) {
	if err := l.db.accepts(ctx, e.Pattern, e.Reason, e.Decision, e.Approver, e.AddedBy); err != nil {
		return 0, l.db.wrap(err)
	}
	var id int64
	err := l.db.write.QueryRowContext(ctx, "INSERT INTO exception (pattern, reason, decision, approver, added_by, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
		e.Pattern, e.Reason, e.Decision, e.Approver, e.AddedBy, micros(e.Created), micros(e.Expires)).Scan(&id)
	if err != nil {
		return 0, l.db.wrap(err)
	}
	return id, nil
}

// RemoveException implements scan.ExceptionLedger.
func (l ledger) RemoveException(ctx context.Context, id int64, r scan.Removal) error {
	if err := l.db.accepts(ctx, r.By, r.Reason); err != nil {
		return l.db.wrap(err)
	}
	res, err := l.db.write.ExecContext(ctx, "UPDATE exception SET removed = ?, removed_by = ?, removal = ? WHERE id = ? AND removed IS NULL", micros(r.At), r.By, r.Reason, id)
	if err != nil {
		return l.db.wrap(err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(scan.ErrNoException, err)
	}
	return nil
}

// Exceptions implements scan.ExceptionLedger.
func (l ledger) Exceptions(ctx context.Context) ([]scan.Exception, error) {
	rows, err := l.db.read.QueryContext(ctx, "SELECT id, pattern, reason, decision, approver, added_by, created, expires, removed, removed_by, removal FROM exception ORDER BY id")
	if err != nil {
		return nil, l.db.wrap(err)
	}
	defer rows.Close()
	var list []scan.Exception
	for rows.Next() {
		var e scan.Exception
		var created, expires, removed sql.NullInt64
		if err := rows.Scan(&e.ID, &e.Pattern, &e.Reason, &e.Decision, &e.Approver, &e.AddedBy, &created, &expires, &removed, &e.Removal.By, &e.Removal.Reason); err != nil {
			return nil, l.db.wrap(err)
		}
		e.Created, e.Expires, e.Removal.At = moment(created), moment(expires), moment(removed)
		list = append(list, e)
	}
	if err := rows.Err(); err != nil {
		return nil, l.db.wrap(err)
	}
	return list, nil
}
