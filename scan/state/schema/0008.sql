CREATE TABLE setting (                  -- of the whole state
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;
