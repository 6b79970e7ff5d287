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
