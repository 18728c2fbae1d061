"""When the page behind an entry was last read, what it said, and when it is to be read again.

Publishers correct and withdraw articles without a word in their feed. So a page is read again after a day, then ever
more rarely for as long as it says the same. A feed that calls its entries changed whenever it is asked does not make
their pages be fetched each time: what such calls led to before tells how much they are worth.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.article import Article

_HOUR = 3600.0
_DAY = 24 * _HOUR
AGAIN = (_DAY, 3 * _DAY, 10 * _DAY)
"""Seconds until a page is read again that has said the same 0, 1 and 2 times in a row; then it is left alone."""

Key = tuple[str, str]
"""A feed's address and what it calls an entry."""

_TABLES = """
CREATE TABLE IF NOT EXISTS quotewire_visit (
    feed TEXT NOT NULL, entry TEXT NOT NULL, read REAL NOT NULL, said TEXT NOT NULL, same INTEGER NOT NULL, due REAL,
    PRIMARY KEY (feed, entry)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS quotewire_visit_due ON quotewire_visit (due) WHERE due IS NOT NULL;
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """The last reading of a page: when (Unix time), a hash of what it said, and how often in a row it said the same.

    `due` is when it is to be read again without being called changed; None is never.
    """

    read: float
    said: str
    same: int
    due: float | None


def visited(before: Visit | None, article: Article, now: float) -> Visit:
    """The reading of a page that showed `article` at `now`, after `before`."""
    text = json.dumps([article.title, article.body, article.key_points])
    said = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]
    same = before.same + 1 if before is not None and before.said == said else 0
    return Visit(now, said, same, now + AGAIN[same] if same < len(AGAIN) else None)


def rests(visit: Visit, now: float) -> bool:
    """Whether a page that is called changed, as it was in vain before, was read so lately that it can wait."""
    return visit.same > 0 and now < visit.read + min(_HOUR * 4 ** (visit.same - 1), AGAIN[-1])


class Visits:
    """The visits to pages, in a table beside those of `reader`. Safe to use from many threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        connection.executescript(_TABLES)

    def of(self, key: Key) -> Visit | None:
        """The last visit to the page of an entry."""
        with self._lock:
            row = self._connection.execute(
                "SELECT read, said, same, due FROM quotewire_visit WHERE feed = ? AND entry = ?", key
            ).fetchone()
        return None if row is None else Visit(*row)

    def due(self, now: float) -> list[Key]:
        """The entries whose pages are to be read again."""
        with self._lock:
            return self._connection.execute(
                "SELECT feed, entry FROM quotewire_visit WHERE due <= ? ORDER BY due", (now,)
            ).fetchall()

    def keep(self, key: Key, visit: Visit) -> None:
        """Remember `visit`."""
        with self._lock, self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO quotewire_visit VALUES (?, ?, ?, ?, ?, ?)",
                (*key, visit.read, visit.said, visit.same, visit.due),
            )

    def leave(self, key: Key) -> None:
        """Read the page again only when it is called changed."""
        with self._lock, self._connection:
            self._connection.execute("UPDATE quotewire_visit SET due = NULL WHERE feed = ? AND entry = ?", key)

    def forget(self, keys: Iterable[Key]) -> None:
        """Forget the visits to these entries, which are gone."""
        with self._lock, self._connection:
            self._connection.executemany("DELETE FROM quotewire_visit WHERE feed = ? AND entry = ?", keys)

    def move(self, feed: str, to: str) -> None:
        """The entries of one feed are from now on those of another."""
        with self._lock, self._connection:
            self._connection.execute("UPDATE OR REPLACE quotewire_visit SET feed = ? WHERE feed = ?", (to, feed))
