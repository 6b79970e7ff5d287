CREATE INDEX file_found ON file (target, path) WHERE last_found IS NOT NULL; -- a few of many
