"""When the page behind an entry was last read, what it said, and when it is to be read again.

Publishers correct and withdraw articles without a word in their feed. So a page is read again after a day, and ever
more rarely for as long as it says the same. A feed that calls its entries changed whenever it is asked does not make
their pages be fetched each time: what such calls led to before tells how much they are worth.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

from retrieval.article import Article
from retrieval.sqlite import transaction

_HOUR = 3600.0
_DAY = 24 * _HOUR
AGAIN = (_DAY, 3 * _DAY, 10 * _DAY)
"""Seconds until a page is read again that has said the same 0, 1 and 2 times in a row; then it is left alone."""

Key = tuple[str, str]
"""A feed's address and what it calls an entry."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The last reading of the page at `asked`: when (Unix time), a hash of what it said, how often it said the same.

    `due` is when it is to be read again without being called changed; None is never. What it showed was handed out
    as the article with the id `article` and the address `url`.
    """

    asked: str
    read: float
    said: str
    same: int
    due: float | None
    article: str
    url: str

    def put_off(self, now: float) -> Visit:
        """When the page could not be read, it is asked for at the next distance."""
        return replace(self, same=self.same + 1, due=_due(self.same + 1, now))


def visited(before: Visit | None, asked: str, article: Article, now: float) -> Visit:
    """The reading of the page at `asked`, which showed `article` at `now`, after `before`."""
    text = json.dumps([article.title, article.body, article.key_points])
    said = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]
    same = before.same + 1 if before is not None and before.said == said else 0
    return Visit(
        asked=asked,
        read=now,
        said=said,
        same=same,
        due=_due(same, now),
        article=article.id,
        url=article.url or asked,
    )


def _due(same: int, now: float) -> float | None:
    return now + AGAIN[same] if same < len(AGAIN) else None


def rests(visit: Visit, now: float) -> bool:
    """Whether a page that is called changed, as it was in vain before, was read so lately that it can wait."""
    return visit.same > 0 and visit.read <= now < visit.read + min(_HOUR * 4 ** (visit.same - 1), AGAIN[-1])


class Visits:
    """The visits to pages, in a table beside those of `reader`. Safe to use from many threads.

    `connection` is in autocommit mode. `explained` turns the errors of SQLite into what everything raises here.
    """

    def __init__(self, connection: sqlite3.Connection, explained: Callable[[], AbstractContextManager[None]]) -> None:
        self._connection = connection
        self._explained = explained
        self._lock = threading.Lock()

    def of(self, key: Key) -> Visit | None:
        """The last visit to the page of an entry."""
        with self._using() as connection:
            row = connection.execute(
                "SELECT asked, read, said, same, due, article, url FROM quotewire_visit WHERE feed = ? AND entry = ?",
                key,
            ).fetchone()
        if row is None:
            return None
        asked, read, said, same, due, article, url = row
        return Visit(asked=asked, read=read, said=said, same=same, due=due, article=article, url=url)

    def due(self, now: float) -> list[Key]:
        """The entries whose pages are to be read again."""
        with self._using() as connection:
            return connection.execute(
                "SELECT feed, entry FROM quotewire_visit WHERE due <= ? OR due > ? ORDER BY due",
                (now, now + AGAIN[-1]),  # later than that was written while the clock was wrong
            ).fetchall()

    def keep(self, key: Key, visit: Visit) -> None:
        """Remember `visit`."""
        row = (*key, visit.asked, visit.read, visit.said, visit.same, visit.due, visit.article, visit.url)
        with self._using() as connection:
            connection.execute("INSERT OR REPLACE INTO quotewire_visit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def forget(self, keys: Iterable[Key]) -> None:
        """Forget the visits to these entries, which are gone."""
        with self._using() as connection, transaction(connection):
            connection.executemany("DELETE FROM quotewire_visit WHERE feed = ? AND entry = ?", keys)

    def forget_all(self) -> None:
        """Forget all visits."""
        with self._using() as connection:
            connection.execute("DELETE FROM quotewire_visit")

    def forget_feed(self, feed: str) -> None:
        """Forget the visits to the entries of a feed."""
        with self._using() as connection:
            connection.execute("DELETE FROM quotewire_visit WHERE feed = ?", (feed,))

    def move(self, feed: str, to: str) -> None:
        """The entries of one feed are from now on those of another."""
        with self._using() as connection:
            connection.execute("UPDATE OR REPLACE quotewire_visit SET feed = ? WHERE feed = ?", (to, feed))

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._explained():
            yield self._connection
