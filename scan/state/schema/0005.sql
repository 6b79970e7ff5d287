-- Directories are rows of their own: a walk that met all that is known in one
-- marks one row. A file that is clean is a narrow row; what else was learnt is a
-- result with the time in which it held, and its persons are packed.
ALTER TABLE target RENAME TO old_target;
ALTER TABLE file RENAME TO old_file;
ALTER TABLE person RENAME TO old_person;
DROP INDEX file_identity;
DROP INDEX file_found;
CREATE TABLE target (
	id        INTEGER PRIMARY KEY,
	name      TEXT    NOT NULL UNIQUE,
	run       INTEGER NOT NULL REFERENCES run(id), -- latest that walked it
	complete  INTEGER NOT NULL,         -- did that run reach the end
	completed INTEGER,                  -- when a run last did; NULL: never
	mark      TEXT,                     -- folder in which the time was up; NULL: none
	mark_full INTEGER NOT NULL DEFAULT 0,
	cycle     INTEGER                   -- run that began the walk which the mark goes on with
);
CREATE TABLE directory (
	id     INTEGER PRIMARY KEY,
	target INTEGER NOT NULL REFERENCES target(id),
	path   TEXT    NOT NULL,            -- below the target; '' is the target itself
	run    INTEGER NOT NULL DEFAULT 0,  -- latest that saw all that is known in it
	UNIQUE (target, path)
);
CREATE TABLE revision (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
);
CREATE TABLE plain (                    -- results that many files share
	id   INTEGER PRIMARY KEY,
	body TEXT NOT NULL UNIQUE           -- JSON; size, times and bytes are those of the file
);
CREATE TABLE file (
	id          INTEGER PRIMARY KEY,
	directory   INTEGER NOT NULL REFERENCES directory(id),
	name        TEXT    NOT NULL,
	size        INTEGER NOT NULL,
	mtime       INTEGER NOT NULL,
	ctime       INTEGER NOT NULL,
	identity    INTEGER NOT NULL,       -- on its server; 0: unknown
	revision    INTEGER NOT NULL REFERENCES revision(id),
	plain       INTEGER REFERENCES plain(id), -- NULL: it has a result of its own
	scanned     INTEGER NOT NULL,
	bytes       INTEGER NOT NULL,       -- read from the source
	found       INTEGER NOT NULL,       -- numbers in the open now
	run         INTEGER NOT NULL,       -- latest that saw it by itself; see directory.run
	first_seen  INTEGER NOT NULL,
	first_found INTEGER,
	last_found  INTEGER,
	gone        INTEGER,
	UNIQUE (directory, name)
);
CREATE INDEX file_identity ON file (identity) WHERE identity <> 0;
CREATE INDEX file_found ON file (directory, name) WHERE last_found IS NOT NULL; -- a few of many
CREATE TABLE result (                   -- what is not plain, and for how long it held
	id      INTEGER PRIMARY KEY,
	file    INTEGER NOT NULL REFERENCES file(id) ON DELETE CASCADE,
	since   INTEGER NOT NULL,           -- examination that first found it so
	until   INTEGER,                    -- the one that found otherwise; NULL: it holds, or held when the file went
	path    TEXT,                       -- where the file lay, if it was moved since
	size    INTEGER NOT NULL,
	mtime   INTEGER NOT NULL,
	found   INTEGER NOT NULL,           -- numbers in the open
	persons INTEGER NOT NULL,           -- checksum of the packed persons; 0: none
	body    TEXT    NOT NULL            -- JSON
);
CREATE UNIQUE INDEX result_holds ON result (file) WHERE until IS NULL;
CREATE INDEX result_past ON result (until) WHERE until IS NOT NULL;
CREATE TABLE persons (                  -- keyed hashes; the key is not in here
	result INTEGER NOT NULL REFERENCES result(id) ON DELETE CASCADE,
	part   INTEGER NOT NULL,            -- long lists come in parts, ascending
	first  INTEGER NOT NULL,            -- smallest hash of the part, as packed
	packed BLOB    NOT NULL,            -- ten bytes a person: hash, grade, class, place
	PRIMARY KEY (result, part)
);
CREATE TABLE person (                   -- where a hash may be: its upper half
	hash   INTEGER NOT NULL,
	result INTEGER NOT NULL,
	PRIMARY KEY (hash, result)
) WITHOUT ROWID;
CREATE TABLE event (                    -- what became of findings; rows are only added
	id   INTEGER PRIMARY KEY,
	file INTEGER NOT NULL,
	run  INTEGER NOT NULL REFERENCES run(id),
	at   INTEGER NOT NULL,
	kind TEXT    NOT NULL               -- found, cleared, gone, returned
);
CREATE INDEX event_file ON event (file);
