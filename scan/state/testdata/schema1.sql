-- A state file as the first schema made it, with one result.
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
PRAGMA user_version = 1;
INSERT INTO run VALUES (1, 'old', 1774900000000000, 1774900001000000);
INSERT INTO target VALUES ('t', 1, 1, 1774900001000000);
INSERT INTO file VALUES (1, 't', '総務/名簿.xlsx', 5, 1775001600000000, 1775001600000000, 'r', 1, 1774900000000000, NULL, NULL, NULL,
	'{"id":77,"Items":[{"Format":"xlsx"}],"Distinct":{"high":2,"middle":0},"Scanned":"2026-04-01T00:00:00Z"}');
INSERT INTO person VALUES (1, 1, 11), (1, 1, 12);
