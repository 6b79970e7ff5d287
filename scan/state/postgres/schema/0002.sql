-- Runs that several nodes share. Names and paths are bytes, as the servers have
-- them. All times are the database's, so the nodes' clocks do not matter.
CREATE TABLE shared_run (
	run      bigint      PRIMARY KEY REFERENCES run(id),
	version  text        NOT NULL,               -- of kagiban; nodes of another one stay away
	rules    text        NOT NULL,               -- all else that results depend on, and the hash key
	wanted   text        NOT NULL DEFAULT 'go',  -- go, pause, cancel
	began    timestamptz NOT NULL DEFAULT now(),
	ended    timestamptz                         -- NULL: it is under way
);
CREATE INDEX shared_run_open ON shared_run (run) WHERE ended IS NULL;
CREATE TABLE shared_target (
	id       bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	run      bigint  NOT NULL REFERENCES shared_run(run) ON DELETE CASCADE,
	name     bytea   NOT NULL,
	lane     text    NOT NULL,              -- queue: run, server and labels
	server   text    NOT NULL,              -- whose limits hold over all nodes
	slots    int     NOT NULL,              -- batches at a time on that server
	labels   text[]  NOT NULL,              -- of the nodes that may work on it; empty: all
	settings jsonb   NOT NULL,
	place    text    NOT NULL DEFAULT '',   -- which place it is; '': not known
	state    text    NOT NULL DEFAULT 'open', -- open, done, failed
	failures int     NOT NULL DEFAULT 0,    -- tries to reach it, one after the other
	error    text    NOT NULL DEFAULT '',
	folders  bigint  NOT NULL DEFAULT 0,    -- figures once it is done
	files    bigint  NOT NULL DEFAULT 0,
	bytes    bigint  NOT NULL DEFAULT 0,
	found    bigint  NOT NULL DEFAULT 0,
	problems bigint  NOT NULL DEFAULT 0,
	UNIQUE (run, name)
);
CREATE TABLE batch (
	id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	target   bigint      NOT NULL REFERENCES shared_target(id) ON DELETE CASCADE,
	folder   bytea       NOT NULL,
	page     int         NOT NULL,           -- 0: the folder is to be listed, else its files to be examined
	identity bigint      NOT NULL DEFAULT 0, -- of the folder on its server
	above    bigint[]    NOT NULL DEFAULT '{}',
	entries  bytea,                          -- the files
	size     int         NOT NULL DEFAULT 0, -- how many
	state    smallint    NOT NULL DEFAULT 0, -- 0 waiting, 1 leased, 2 done
	token    bigint      NOT NULL DEFAULT 1, -- another one with each lease that was lost
	until    timestamptz,                    -- of the lease
	node     bigint,
	job      bigint,                         -- River's, while it is leased
	losses   int         NOT NULL DEFAULT 0,
	files    bigint      NOT NULL DEFAULT 0, -- figures once it is done
	bytes    bigint      NOT NULL DEFAULT 0,
	found    bigint      NOT NULL DEFAULT 0,
	problems bigint      NOT NULL DEFAULT 0,
	UNIQUE (target, folder, page)
);
CREATE INDEX batch_waiting ON batch (target) WHERE state = 0;
CREATE INDEX batch_open ON batch (target) WHERE state < 2;
CREATE INDEX batch_leased ON batch (until) WHERE state = 1;
CREATE INDEX batch_identity ON batch (target, identity) WHERE identity <> 0;
CREATE TABLE node (
	id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name    text        NOT NULL,
	version text        NOT NULL,
	labels  text[]      NOT NULL,
	began   timestamptz NOT NULL DEFAULT now(),
	seen    timestamptz NOT NULL DEFAULT now(),
	state   text        NOT NULL DEFAULT 'active', -- active, draining, ended
	hungry  boolean     NOT NULL DEFAULT false,    -- there is work, and no slot for it
	batches int         NOT NULL DEFAULT 0,        -- under way
	files   bigint      NOT NULL DEFAULT 0,        -- examined
	says    text        NOT NULL DEFAULT ''        -- why it does not work on a run
);
CREATE TABLE slot (                          -- one for each batch at a time on a server
	server text        NOT NULL,
	number int         NOT NULL,
	node   bigint,
	until  timestamptz,
	PRIMARY KEY (server, number)
);
