"""The tables of the store, and the version by which an older or newer file is told."""

from __future__ import annotations

import sqlite3

from retrieval.text.addresses import own_address
from retrieval.text.shingles import bands

SCHEMA_VERSION = 3
_SCHEMA = """
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
  origin TEXT NOT NULL,              -- the file it came from; what arrived otherwise begins with "/"
  instant REAL,                      -- of `published`; NULL: undated
  published TEXT, updated TEXT, source TEXT, url TEXT, title TEXT NOT NULL,
  summary_only INTEGER NOT NULL DEFAULT 0,
  canonical TEXT,                    -- the folded address by which it is recognised; NULL: it has none of its own
  copy_of TEXT,                      -- id of the article whose text it carries; a copy has no passages
  seen TEXT,                         -- when this version was read; NULL: before that was recorded
  pruned INTEGER NOT NULL DEFAULT 0, -- too old to be kept: deleted once no question can reach it
  key_points TEXT NOT NULL,          -- JSON list
  sentences BLOB NOT NULL,           -- uint32 pairs (start, end)
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX article_version ON article (id, born);
CREATE INDEX article_instant ON article (instant);
CREATE INDEX article_origin ON article (origin) WHERE died IS NULL;
CREATE INDEX article_born ON article (born);
CREATE INDEX article_died ON article (died) WHERE died IS NOT NULL;
CREATE INDEX article_life ON article (source, died, born, copy_of, instant);
CREATE INDEX article_pruned ON article (died) WHERE pruned;
CREATE INDEX article_canonical ON article (canonical);
CREATE INDEX article_copy ON article (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX article_arrived ON article (coalesce(instant, CAST(strftime('%s', seen) AS REAL)))
  WHERE died IS NULL AND substr(origin, 1, 1) = '/';
CREATE TABLE band (                  -- by which near-identical texts are found (see duplicates.py)
  number INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES article, PRIMARY KEY (number, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX band_article ON band (article);
CREATE TABLE withdrawn (             -- articles that are not to come back
  id TEXT PRIMARY KEY, canonical TEXT, reason TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE INDEX withdrawn_canonical ON withdrawn (canonical);
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
"""

_SINCE_VERSION_1 = """
ALTER TABLE article ADD COLUMN summary_only INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN canonical TEXT;
ALTER TABLE article ADD COLUMN copy_of TEXT;
ALTER TABLE article ADD COLUMN seen TEXT;
ALTER TABLE article ADD COLUMN pruned INTEGER NOT NULL DEFAULT 0;
DROP INDEX article_life;
"""
_NEW_IN_2 = "CREATE INDEX article_life"  # from here on up to the passages, nothing names what was there before
_UPGRADED_AT_A_TIME = 256  # articles: all of their texts need not fit into memory


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty file, within the caller's transaction."""
    _run(connection, _SCHEMA)


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring the tables of an earlier version to the present one, within the caller's transaction."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 2:
        start = _SCHEMA.index(_NEW_IN_2)
        _run(connection, "DROP INDEX article_life;\n" + _SCHEMA[start : _SCHEMA.index("\n", start)])
        return
    _run(connection, _SINCE_VERSION_1)
    _run(connection, _SCHEMA[_SCHEMA.index(_NEW_IN_2) : _SCHEMA.index("CREATE TABLE passage")])
    after = 0
    while rows := connection.execute(
        "SELECT key, url, body, died FROM article WHERE key > ? ORDER BY key LIMIT ?", (after, _UPGRADED_AT_A_TIME)
    ).fetchall():
        for key, url, body, died in rows:
            recognisable(connection, key, url, body if died is None else "")
        after = rows[-1][0]


def recognisable(connection: sqlite3.Connection, key: int, url: str | None, body: str) -> None:
    """Note by what the article version `key` is recognised when it comes again: its address and its text."""
    connection.execute("UPDATE article SET canonical = ? WHERE key = ?", (own_address(url), key))
    connection.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", [(number, key) for number in bands(body)])


def _run(connection: sqlite3.Connection, script: str) -> None:
    for statement in script.split(";\n"):  # not executescript, which would commit
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
