package state

import (
	"context"
	"database/sql"
	"embed"
	"fmt"

	"github.com/kagiban/kagiban/scan"
)

// steps lead from an empty database to the present schema, one file a version;
// PRAGMA user_version counts the steps taken. A released step is never edited:
// a change is a new one at the end.
//
//go:embed schema/*.sql
var steps embed.FS

// migrations returns the steps in their order.
func migrations() ([]string, error) {
	files, err := steps.ReadDir("schema") // sorted by name
	if err != nil {
		return nil, err
	}
	var list []string
	for _, f := range files {
		text, err := steps.ReadFile("schema/" + f.Name())
		if err != nil {
			return nil, err
		}
		list = append(list, string(text))
	}
	return list, nil
}

// migrate brings the database to the present schema, each step in a
// transaction of its own. Another process may be doing the same.
func migrate(ctx context.Context, db *sql.DB) error {
	for {
		more, err := migrateStep(ctx, db)
		if err != nil || !more {
			return err
		}
	}
}

func migrateStep(ctx context.Context, db *sql.DB) (more bool, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback() // after Commit it does nothing
	steps, err := migrations()
	if err != nil {
		return false, err
	}
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return false, err
	}
	switch {
	case version > len(steps):
		return false, scan.Errorf("it was made by a newer kagiban (schema %d, this one knows %d): use that version, or another --state file", version, len(steps))
	case version == len(steps):
		return false, nil
	}
	if _, err := tx.ExecContext(ctx, steps[version]); err != nil {
		return false, scan.Errorf("schema step %d: %w", version+1, err)
	}
	if err := convert(ctx, tx, version+1); err != nil {
		return false, scan.Errorf("schema step %d: %w", version+1, err)
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version+1)); err != nil {
		return false, err
	}
	return true, tx.Commit()
}
