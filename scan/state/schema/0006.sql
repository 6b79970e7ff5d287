-- Findings have numbers of their own, which stay when a file moves, and a life
-- whose moves are events; people's remarks and the figures of each run are kept.
ALTER TABLE event RENAME TO old_event;
DROP INDEX event_file;
CREATE TABLE finding (
	number INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again
	file   INTEGER UNIQUE REFERENCES file(id) ON DELETE SET NULL,
	stage  TEXT    NOT NULL,
	how    TEXT    NOT NULL,
	since  INTEGER NOT NULL,
	first  INTEGER NOT NULL,
	last   INTEGER NOT NULL,
	basis  TEXT    NOT NULL            -- JSON: what the latest judgement rests on
);
CREATE TABLE event (                    -- what became of findings; rows are only added
	id      INTEGER PRIMARY KEY,
	finding INTEGER NOT NULL REFERENCES finding(number),
	run     INTEGER NOT NULL REFERENCES run(id),
	at      INTEGER NOT NULL,
	kind    TEXT    NOT NULL,
	stage   TEXT    NOT NULL,           -- after it
	status  TEXT    NOT NULL,           -- as judged then
	why     TEXT    NOT NULL,
	detail  TEXT    NOT NULL
);
CREATE INDEX event_finding ON event (finding);
CREATE INDEX event_at ON event (at);
-- Reports have shown the numbers of files until now: they stay.
INSERT INTO finding (number, file, stage, how, since, first, last, basis)
	SELECT id, id, iif(found AND gone IS NULL, 'open', 'closed'),
		iif(gone IS NOT NULL, 'deleted', iif(found, '', 'removed')),
		coalesce(gone, last_found), first_found, last_found,
		json_object('status', iif(found AND gone IS NULL, 'violation', ''), 'size', size,
			'mtime', strftime('%Y-%m-%dT%H:%M:%fZ', mtime / 1000000.0, 'unixepoch'), 'revision', '', 'records', 0, 'persons', 0)
	FROM file WHERE last_found IS NOT NULL;
INSERT INTO event (finding, run, at, kind, stage, status, why, detail)
	SELECT finding.number, old_event.run, old_event.at,
		CASE old_event.kind WHEN 'found' THEN 'found' WHEN 'returned' THEN 'reopened' ELSE 'closed' END,
		CASE old_event.kind WHEN 'found' THEN 'new' WHEN 'returned' THEN 'recurred' ELSE 'closed' END, '',
		CASE old_event.kind WHEN 'returned' THEN 'returned' WHEN 'gone' THEN 'deleted' WHEN 'cleared' THEN 'removed' ELSE '' END, ''
	FROM old_event JOIN finding ON finding.file = old_event.file ORDER BY old_event.id;
DROP TABLE old_event;
DELETE FROM sqlite_sequence WHERE name = 'finding';
INSERT INTO sqlite_sequence (name, seq) SELECT 'finding', coalesce(max(id), 0) FROM file;
CREATE TABLE remark (                   -- what people said of findings; rows are only added
	id      INTEGER PRIMARY KEY,
	finding INTEGER NOT NULL REFERENCES finding(number),
	field   TEXT    NOT NULL,
	value   TEXT    NOT NULL,
	who     TEXT    NOT NULL,
	at      INTEGER NOT NULL,
	basis   TEXT    NOT NULL            -- JSON: what the file was when it was said
);
CREATE INDEX remark_finding ON remark (finding, field);
CREATE TABLE import (                   -- files of remarks that were taken in
	sha256 TEXT    PRIMARY KEY,
	name   TEXT    NOT NULL,
	who    TEXT    NOT NULL,
	at     INTEGER NOT NULL
);
CREATE TABLE tally (                    -- the figures that a run ended with
	run     INTEGER NOT NULL REFERENCES run(id),
	scope   TEXT    NOT NULL,           -- JSON: names of the targets that were reported
	status  TEXT    NOT NULL,
	files   INTEGER NOT NULL,
	records INTEGER NOT NULL,
	persons INTEGER NOT NULL,
	PRIMARY KEY (run, status)
);
ALTER TABLE exception ADD COLUMN decision TEXT NOT NULL DEFAULT '';  -- number of the decision
ALTER TABLE exception ADD COLUMN added_by TEXT NOT NULL DEFAULT '';
ALTER TABLE exception ADD COLUMN removed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE exception ADD COLUMN removal TEXT NOT NULL DEFAULT '';   -- why it was removed
ALTER TABLE target ADD COLUMN place TEXT;                            -- of the place that was walked; NULL: not known
ALTER TABLE target ADD COLUMN doubt TEXT NOT NULL DEFAULT '';        -- why the latest walk proves nothing; '': it does
