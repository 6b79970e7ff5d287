-- What held of a file over time is asked for by the file.
CREATE INDEX result_file ON result (file);
