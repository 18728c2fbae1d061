"""The steps by which the file of what the bot remembers got its tables, oldest first (see `retrieval/sqlite.py`)."""

from __future__ import annotations

from retrieval.sqlite import Step

# Files that were there before they told a version have these tables already, or some of them.
_1_TABLES = """
CREATE TABLE IF NOT EXISTS guild (id INTEGER PRIMARY KEY, settings TEXT NOT NULL);  -- JSON
CREATE TABLE IF NOT EXISTS exchange (
    id INTEGER PRIMARY KEY,
    asked REAL NOT NULL,
    channel INTEGER,
    member INTEGER NOT NULL,
    parent INTEGER,
    message INTEGER,
    record TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS exchange_asked ON exchange (asked);
CREATE INDEX IF NOT EXISTS exchange_message ON exchange (message) WHERE message IS NOT NULL;
CREATE INDEX IF NOT EXISTS exchange_member ON exchange (channel, member, asked);
CREATE TABLE IF NOT EXISTS vote (
    exchange INTEGER NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
    member INTEGER NOT NULL,
    helpful INTEGER NOT NULL,
    voted REAL NOT NULL,
    PRIMARY KEY (exchange, member)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS vote_voted ON vote (voted);
CREATE TABLE IF NOT EXISTS briefing (id TEXT PRIMARY KEY, used REAL NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS briefing_used ON briefing (used);
CREATE TABLE IF NOT EXISTS subscription (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL, guild INTEGER NOT NULL, channel INTEGER NOT NULL, topic TEXT, locale TEXT NOT NULL,
  zone TEXT, hour INTEGER, minute INTEGER, weekday INTEGER, due REAL,  -- of a digest
  known INTEGER NOT NULL,              -- generation of the index up to which articles are dealt with
  paused TEXT                          -- why nothing can be posted
) STRICT;
CREATE INDEX IF NOT EXISTS subscription_guild ON subscription (guild, kind);
CREATE TABLE IF NOT EXISTS post (
  id INTEGER PRIMARY KEY,              -- random: it is looked for in channels
  subscription INTEGER NOT NULL REFERENCES subscription ON DELETE CASCADE,
  generation INTEGER NOT NULL, prepared REAL NOT NULL,
  after INTEGER,                       -- the channel's last message before it was sent; NULL: it never was
  tries INTEGER NOT NULL DEFAULT 0, again REAL NOT NULL DEFAULT 0,
  done REAL                            -- when it was known to be in the channel
) STRICT;
CREATE INDEX IF NOT EXISTS post_open ON post (subscription) WHERE done IS NULL;
CREATE INDEX IF NOT EXISTS post_done ON post (subscription, done);
CREATE TABLE IF NOT EXISTS item (
  number INTEGER PRIMARY KEY,
  subscription INTEGER NOT NULL REFERENCES subscription ON DELETE CASCADE,
  article TEXT NOT NULL, post INTEGER, -- NULL: it waits for one
  UNIQUE (subscription, article)
) STRICT;
CREATE INDEX IF NOT EXISTS item_post ON item (post);
CREATE INDEX IF NOT EXISTS item_waiting ON item (subscription) WHERE post IS NULL;
CREATE TABLE IF NOT EXISTS unshown (    -- how many articles were too many to wait
  subscription INTEGER NOT NULL REFERENCES subscription ON DELETE CASCADE,
  post INTEGER NOT NULL,               -- the one that says so; 0: the next one
  count INTEGER NOT NULL,
  PRIMARY KEY (subscription, post)
) STRICT;
CREATE TABLE IF NOT EXISTS deserted (guild INTEGER PRIMARY KEY, since REAL NOT NULL) STRICT;
"""

_2_FEWER_TABLES = """
ALTER TABLE subscription ADD COLUMN unshown INTEGER NOT NULL DEFAULT 0; -- articles that were too many to wait
ALTER TABLE subscription ADD COLUMN deserted REAL; -- when the bot left its server; NULL: it is there
ALTER TABLE post ADD COLUMN unshown INTEGER NOT NULL DEFAULT 0; -- so many of those it tells of
UPDATE subscription SET
  unshown = coalesce((SELECT u.count FROM unshown u WHERE u.subscription = subscription.id AND u.post = 0), 0),
  deserted = (SELECT d.since FROM deserted d WHERE d.guild = subscription.guild);
UPDATE post SET unshown = coalesce((SELECT u.count FROM unshown u WHERE u.post = post.id), 0);
DROP TABLE unshown;
DROP TABLE deserted;
CREATE INDEX subscription_deserted ON subscription (deserted) WHERE deserted IS NOT NULL;
ALTER TABLE briefing RENAME TO listing;
DROP INDEX briefing_used;
CREATE INDEX listing_used ON listing (used);
"""

_3_BEGINNINGS = """
ALTER TABLE subscription ADD COLUMN begun REAL NOT NULL DEFAULT 0; -- when it was subscribed; 0: before that was kept
"""

_4_LOOKS = """
CREATE TABLE look (                    -- how far members have looked at the latest stories
  guild INTEGER NOT NULL,              -- 0: a direct message
  member INTEGER NOT NULL,
  listing TEXT NOT NULL,               -- which stories they were
  generation INTEGER NOT NULL,         -- of the index, up to which they have seen them
  looked REAL NOT NULL,
  PRIMARY KEY (guild, member, listing)
) STRICT, WITHOUT ROWID;
CREATE INDEX look_looked ON look (looked);
"""

_5_SERVERS_APART = """
ALTER TABLE exchange ADD COLUMN guild INTEGER NOT NULL DEFAULT 0; -- 0: a direct message
UPDATE exchange SET guild = coalesce(iif(json_valid(record), json_extract(record, '$.asking.guild'), 0), 0);
CREATE INDEX exchange_guild ON exchange (guild);
ALTER TABLE listing ADD COLUMN guild INTEGER;  -- 0: a direct message; NULL: before that was kept
CREATE TABLE departed (guild INTEGER PRIMARY KEY, since REAL NOT NULL) STRICT; -- servers that the bot has left
INSERT INTO departed SELECT guild, min(deserted) FROM subscription WHERE deserted IS NOT NULL GROUP BY guild;
DROP INDEX subscription_deserted;
ALTER TABLE subscription DROP COLUMN deserted;
"""

STEPS: tuple[Step, ...] = (_1_TABLES, _2_FEWER_TABLES, _3_BEGINNINGS, _4_LOOKS, _5_SERVERS_APART)
