ALTER TABLE file ADD COLUMN identity INTEGER NOT NULL DEFAULT 0; -- on its server; 0: unknown
CREATE INDEX file_identity ON file (identity) WHERE identity <> 0;
ALTER TABLE target ADD COLUMN mark TEXT;       -- folder in which the time was up; NULL: none
ALTER TABLE target ADD COLUMN mark_full INTEGER NOT NULL DEFAULT 0;
ALTER TABLE target ADD COLUMN cycle INTEGER;   -- run that began the walk which the mark goes on with
