-- A row for each write transaction of a run: where the connection was lost while it
-- was committed, and the server crashed, the row says what became of it. The number
-- of a transaction does not, since a server that crashed uses numbers again.
CREATE TABLE written (
	token bigint      PRIMARY KEY,
	at    timestamptz NOT NULL DEFAULT now()
);
