"""The steps by which our tables came into the file of the feeds, oldest first (see `retrieval/sqlite.py`).

The file is `reader`'s, which tells the version of its own tables by `user_version`. So that of ours is in a table.
"""

from __future__ import annotations

from retrieval.sqlite import Step

FILE = "feeds.sqlite3"
VERSION_TABLE = "quotewire_schema"

# Files that were there before they told a version have this table already, or none.
_1_VISITS = """
CREATE TABLE IF NOT EXISTS quotewire_visit (
    feed TEXT NOT NULL, entry TEXT NOT NULL, asked TEXT NOT NULL, read REAL NOT NULL, said TEXT NOT NULL,
    same INTEGER NOT NULL, due REAL, article TEXT NOT NULL, url TEXT NOT NULL,
    PRIMARY KEY (feed, entry)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS quotewire_visit_due ON quotewire_visit (due) WHERE due IS NOT NULL;
"""

STEPS: tuple[Step, ...] = (_1_VISITS,)
