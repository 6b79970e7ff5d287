package state

import (
	"context"
	"database/sql"
	"fmt"
)

// migrations lead from an empty database to the present schema, one step a
// version; PRAGMA user_version counts the steps taken. A released step is
// never edited: a change is a new one at the end.
func migrations() []string {
	return []string{`
CREATE TABLE run (
	id       INTEGER PRIMARY KEY,
	version  TEXT    NOT NULL,          -- of kagiban
	started  INTEGER NOT NULL,          -- unix microseconds, as all times here
	finished INTEGER                    -- NULL: under way, or killed
);
CREATE TABLE target (
	name     TEXT    PRIMARY KEY,
	run      INTEGER NOT NULL REFERENCES run(id), -- latest that walked it
	complete INTEGER NOT NULL,          -- did that run reach the end
	completed INTEGER                   -- when a run last did
) WITHOUT ROWID;
CREATE TABLE file (
	id          INTEGER PRIMARY KEY,
	target      TEXT    NOT NULL,
	path        TEXT    NOT NULL,
	size        INTEGER NOT NULL,
	mtime       INTEGER NOT NULL,
	ctime       INTEGER NOT NULL,
	revision    TEXT    NOT NULL,
	run         INTEGER NOT NULL,       -- latest that saw it
	first_seen  INTEGER NOT NULL,
	first_found INTEGER,
	last_found  INTEGER,
	gone        INTEGER,
	result      BLOB    NOT NULL,       -- scan.Result as JSON
	UNIQUE (target, path)
);
CREATE TABLE person (                   -- keyed hashes; the key is not in here
	file  INTEGER NOT NULL REFERENCES file(id) ON DELETE CASCADE,
	grade INTEGER NOT NULL,             -- 1 high, 2 middle
	hash  INTEGER NOT NULL,
	PRIMARY KEY (file, grade, hash)
) WITHOUT ROWID;
CREATE TABLE exception (
	id       INTEGER PRIMARY KEY,
	pattern  TEXT    NOT NULL,
	reason   TEXT    NOT NULL,
	approver TEXT    NOT NULL,
	created  INTEGER NOT NULL,
	expires  INTEGER NOT NULL,
	removed  INTEGER                    -- the ledger keeps what once was granted
);
`, `
ALTER TABLE file ADD COLUMN identity INTEGER NOT NULL DEFAULT 0; -- on its server; 0: unknown
CREATE INDEX file_identity ON file (identity) WHERE identity <> 0;
ALTER TABLE target ADD COLUMN mark TEXT;       -- folder in which the time was up; NULL: none
ALTER TABLE target ADD COLUMN mark_full INTEGER NOT NULL DEFAULT 0;
ALTER TABLE target ADD COLUMN cycle INTEGER;   -- run that began the walk which the mark goes on with
`, `
CREATE INDEX file_found ON file (target, path) WHERE last_found IS NOT NULL; -- a few of many
`}
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
	steps := migrations()
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return false, err
	}
	switch {
	case version > len(steps):
		return false, fmt.Errorf("it was made by a newer kagiban (schema %d, this one knows %d): use that version, or another --state file", version, len(steps))
	case version == len(steps):
		return false, nil
	}
	if _, err := tx.ExecContext(ctx, steps[version]); err != nil {
		return false, fmt.Errorf("schema step %d: %w", version+1, err)
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version+1)); err != nil {
		return false, err
	}
	return true, tx.Commit()
}
