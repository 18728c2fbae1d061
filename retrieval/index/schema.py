"""The steps by which the store's file got its tables, the oldest first (see `retrieval/sqlite.py` for how they run)."""

from __future__ import annotations

import sqlite3

from retrieval.sqlite import Step, run
from retrieval.text.addresses import own_address
from retrieval.text.shingles import bands

_1_ARTICLES_AND_PASSAGES = """
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
"""

# The table of articles is made anew for the order of its columns: the long ones last, so that the others are read fast.
_2_WHAT_ARRIVES = """
CREATE TABLE new_article (           -- one row a version
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
INSERT INTO new_article
  (key, born, died, id, hash, origin, instant, published, updated, source, url, title, key_points, sentences, body)
  SELECT key, born, died, id, hash, origin, instant, published, updated, source, url, title, key_points, sentences, body
  FROM article ORDER BY key;
DELETE FROM sqlite_sequence WHERE name = 'new_article';  -- a key that was given once is given to no other version
INSERT INTO sqlite_sequence SELECT 'new_article', seq FROM sqlite_sequence WHERE name = 'article';
DROP TABLE article;
ALTER TABLE new_article RENAME TO article;
CREATE UNIQUE INDEX article_version ON article (id, born);
CREATE INDEX article_instant ON article (instant);
CREATE INDEX article_origin ON article (origin) WHERE died IS NULL;
CREATE INDEX article_born ON article (born);
CREATE INDEX article_died ON article (died) WHERE died IS NOT NULL;
CREATE INDEX article_life ON article (source, died, born, copy_of);
CREATE INDEX article_pruned ON article (died) WHERE pruned;
CREATE INDEX article_canonical ON article (canonical);
CREATE INDEX article_copy ON article (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX article_arrived ON article (coalesce(instant, CAST(strftime('%s', seen) AS REAL)))
  WHERE died IS NULL AND substr(origin, 1, 1) = '/';
CREATE TABLE band (                  -- by which near-identical texts are found (see shingles.py)
  number INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES article, PRIMARY KEY (number, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX band_article ON band (article);
CREATE TABLE withdrawn (             -- articles that are not to come back
  id TEXT PRIMARY KEY, canonical TEXT, reason TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE INDEX withdrawn_canonical ON withdrawn (canonical);
"""

_3_COVERAGE = """
DROP INDEX article_life;
CREATE INDEX article_life ON article (source, died, born, copy_of, instant);
"""

_4_LAYOUTS = """
ALTER TABLE article ADD COLUMN layout TEXT;  -- JSON: how its page shows the body (text/layout.py); NULL: not known
"""


# By addresses and bands as they are reckoned now: who has them reckoned otherwise appends a step that does so anew.
def _what_arrives(connection: sqlite3.Connection) -> None:
    run(connection, _2_WHAT_ARRIVES)
    after = 0
    while rows := connection.execute(  # so many at a time: all of their texts need not fit into memory
        "SELECT key, url, body, died FROM article WHERE key > ? ORDER BY key LIMIT 256", (after,)
    ).fetchall():
        for key, url, body, died in rows:
            connection.execute("UPDATE article SET canonical = ? WHERE key = ?", (own_address(url), key))
            numbers = bands(body if died is None else "")
            connection.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", [(number, key) for number in numbers])
        after = rows[-1][0]


_5_NAMES = """
CREATE TABLE called (                -- what a source calls an article: a feed's guid, the address of a page
  origin TEXT NOT NULL, article TEXT NOT NULL, name TEXT NOT NULL,
  found TEXT,                        -- where it was last found, if its page was read
  PRIMARY KEY (origin, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX called_name ON called (origin, name);
CREATE INDEX called_article ON called (article);
CREATE INDEX article_notice ON article (origin, title) WHERE died IS NULL AND canonical IS NULL;
"""

_6_STORIES = """
CREATE TABLE link (                  -- that an article goes on from an earlier one; rows live as article versions do
  key INTEGER PRIMARY KEY,
  born INTEGER NOT NULL, died INTEGER,
  article TEXT NOT NULL, earlier TEXT, -- ids; NULL: from none
  sure REAL NOT NULL,
  instant REAL                       -- of the later of their publications; NULL: both are undated
) STRICT;
CREATE INDEX link_article ON link (article);
CREATE INDEX link_earlier ON link (earlier) WHERE earlier IS NOT NULL;
CREATE INDEX link_died ON link (died) WHERE died IS NOT NULL;
CREATE TABLE numbered (              -- articles in the order in which they came; the least of a story is its number
  number INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL
) STRICT;
CREATE INDEX numbered_article ON numbered (article);
CREATE TABLE linked (one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL) STRICT;
"""

_7_LINES = """
CREATE TABLE line (                  -- what the sentences of a version hold (see lines.py)
  article INTEGER PRIMARY KEY REFERENCES article, held TEXT NOT NULL
) STRICT;
"""

# A table of its own: to write into the row of an article is to write all of its text anew.
_8_LANGUAGES = """
CREATE TABLE language (              -- of a version's text; where there is no row, nobody looked yet
  article INTEGER PRIMARY KEY REFERENCES article,
  code TEXT NOT NULL                 -- ISO 639-1; '': it cannot be told
) STRICT;
CREATE INDEX language_code ON language (code);
DELETE FROM line;                    -- which is found anew, by the rules of each language
"""

# Changes nothing that is there; but earlier versions cannot read what is kept from here on.
_9_REASONS = """
-- `failures` is a JSON list of [where, reason] or [where, reason, how either is said in other languages or null].
"""

# Articles are of section 0 unless they are placed elsewhere: who serves one edition has nothing to look up.
_10_EDITIONS = """
CREATE TABLE section (               -- what one source brings, kept once for all who read it (see sections.py)
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,         -- of a collection, its name; of a feed, its origin; of a page, "/page/" and its id
  shared INTEGER NOT NULL            -- 1: a collection, which the host fills and offers to all
) STRICT;
INSERT INTO section VALUES (0, 'news', 1);
CREATE TABLE placed (                -- in which section a version is, if not in 0
  article INTEGER PRIMARY KEY REFERENCES article, section INTEGER NOT NULL REFERENCES section
) STRICT;
CREATE INDEX placed_section ON placed (section);
CREATE TABLE reads (                 -- what readers chose; of other collections the host says who reads them
  reader TEXT NOT NULL, section INTEGER NOT NULL REFERENCES section,
  since INTEGER NOT NULL,            -- the generation that was served then: what it holds is no news
  joined TEXT NOT NULL,              -- when that was
  until INTEGER,                     -- it is read no more: up to which generation what came is seen
  PRIMARY KEY (reader, section)
) STRICT, WITHOUT ROWID;
CREATE INDEX reads_section ON reads (section);
CREATE TABLE hidden (                -- what readers took out for themselves
  reader TEXT NOT NULL, id TEXT NOT NULL, canonical TEXT, reason TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (reader, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE keeps (                 -- for how long readers see what their own sections brought, if not for good
  reader TEXT PRIMARY KEY, days INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE twin (                  -- versions of one article, or of one text, of which none is another's copy
  article INTEGER NOT NULL REFERENCES article, other INTEGER NOT NULL REFERENCES article,  -- each pair both ways
  PRIMARY KEY (article, other)
) STRICT, WITHOUT ROWID;
CREATE TABLE twinned (one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL) STRICT;
ALTER TABLE withdrawn ADD COLUMN section INTEGER NOT NULL DEFAULT 0;
"""

# So that who was away for many generations need not build its index anew: it is told what died meanwhile.
_11_WHAT_DIED = """
CREATE TABLE dead (                  -- keys that are no more in `passage`, or, of what was pruned, in `article`
  died INTEGER NOT NULL,             -- the first generation without them
  kind TEXT NOT NULL,                -- 'passage', 'article'
  key INTEGER NOT NULL,
  born INTEGER NOT NULL,             -- the first generation with them
  PRIMARY KEY (died, kind, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE dead_since (one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL) STRICT;
INSERT INTO dead_since SELECT 1, coalesce(max(number), 1) - 1 FROM generation;
"""

STEPS: tuple[Step, ...] = (
    *(_1_ARTICLES_AND_PASSAGES, _what_arrives, _3_COVERAGE),
    *(_4_LAYOUTS, _5_NAMES, _6_STORIES, _7_LINES, _8_LANGUAGES),
    *(_9_REASONS, _10_EDITIONS, _11_WHAT_DIED),
)
