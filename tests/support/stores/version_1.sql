-- The tables as version 1 of the store made them.
CREATE TABLE model (
  key INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, revision TEXT NOT NULL, dimension INTEGER NOT NULL,
  UNIQUE (name, revision)
) STRICT;
CREATE TABLE generation (
  number INTEGER PRIMARY KEY, model INTEGER NOT NULL REFERENCES model, committed TEXT NOT NULL
) STRICT;
CREATE TABLE article (               -- one row a version; the long columns last, so that the others are read fast
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  born INTEGER NOT NULL, died INTEGER,
  id TEXT NOT NULL, hash TEXT NOT NULL,
  origin TEXT NOT NULL,              -- the file (or feed) it came from
  instant REAL,                      -- of `published`; NULL: undated
  published TEXT, updated TEXT, source TEXT, url TEXT, title TEXT NOT NULL,
  key_points TEXT NOT NULL,          -- JSON list
  sentences BLOB NOT NULL,           -- uint32 pairs (start, end)
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX article_version ON article (id, born);
CREATE INDEX article_instant ON article (instant);
CREATE INDEX article_life ON article (source, died, born);
CREATE INDEX article_origin ON article (origin) WHERE died IS NULL;
CREATE INDEX article_born ON article (born);
CREATE INDEX article_died ON article (died) WHERE died IS NOT NULL;
CREATE TABLE passage (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  article INTEGER NOT NULL REFERENCES article, model INTEGER NOT NULL REFERENCES model,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  hash BLOB NOT NULL,                -- of the text that is embedded
  vector BLOB                        -- float16, little endian; NULL: not embedded yet
) STRICT;
CREATE INDEX passage_article ON passage (article);
CREATE INDEX passage_pending ON passage (key) WHERE vector IS NULL;
CREATE TABLE file (                  -- what was last read of each file, so that it is not read again
  name TEXT PRIMARY KEY, folder TEXT NOT NULL,
  size INTEGER NOT NULL, modified_ns INTEGER NOT NULL,  -- -1, -1: to be read again in any case
  failures TEXT NOT NULL             -- JSON list of [where, reason]
) STRICT;
CREATE TABLE last_reload (one INTEGER PRIMARY KEY CHECK (one = 1), ended TEXT NOT NULL, failures TEXT NOT NULL) STRICT;
