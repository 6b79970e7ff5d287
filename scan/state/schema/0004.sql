CREATE TABLE suspect (                  -- under examination when a run died, and not examined since
	target TEXT    NOT NULL,
	path   TEXT    NOT NULL,
	size   INTEGER NOT NULL,
	mtime  INTEGER NOT NULL,
	alone  INTEGER NOT NULL,            -- nothing else was
	PRIMARY KEY (target, path)
) WITHOUT ROWID;
