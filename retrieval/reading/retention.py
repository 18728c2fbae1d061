"""How long what arrived by itself is kept. The folder is not touched: what is in it stays until it is taken out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from time import time

from retrieval.article import Article, instant
from retrieval.errors import TooOld
from retrieval.index.sections import NEWS, is_sectioned, is_shared

# An undated article is as old as its stay here. (The index `article_arrived` is on these very words.)
_AGE = "coalesce(instant, CAST(strftime('%s', seen) AS REAL))"
_ARRIVED = (
    "SELECT key FROM article WHERE died IS NULL AND substr(origin, 1, 1) = '/'"
    " AND key NOT IN (SELECT value FROM json_each(:ending))"
)


_NEWEST = "SELECT max(instant) FROM article INDEXED BY article_instant WHERE died IS NULL"
_OF_READERS = (
    "EXISTS (SELECT 1 FROM placed p JOIN section s ON s.number = p.section WHERE p.article = key AND NOT s.shared)"
)
# max() would look at all of them.
_NEWEST_OF_HOST = (
    "SELECT instant FROM article INDEXED BY article_instant WHERE died IS NULL AND instant IS NOT NULL"
    f" AND NOT {_OF_READERS} ORDER BY instant DESC LIMIT 1"
)
_PLACED = "EXISTS (SELECT 1 FROM placed p WHERE p.article = key"
_BEYOND = f"ORDER BY {_AGE} DESC, key DESC LIMIT -1 OFFSET"
# Versions that died count too: of the few sections that seem full, it is looked which articles are too many.
_FULL = (
    "SELECT p.section FROM placed p JOIN section s ON s.number = p.section AND NOT s.shared"
    " GROUP BY p.section HAVING count(*) > ?"
)
DAY = 86_400
SILENCE = 3 * DAY
"""Seconds without any news after which articles age no more, until there is some."""


@dataclass(frozen=True, slots=True)
class Retention:
    """The most `days` an article may be old, the most `articles` of a collection that are kept (copies of one report
    count each; what readers brought in takes nobody's place), and the most of each feed `of_readers`; None sets no
    bound."""

    days: int | None = None
    articles: int | None = None
    of_readers: int | None = None

    def too_old(self, article: Article, connection: sqlite3.Connection, section: int = NEWS) -> bool:
        """Whether an article would be pruned as soon as it is taken into a section."""
        oldest = self._oldest(connection, of_host=is_shared(connection, section))
        return oldest is not None and article.published is not None and instant(article.published) < oldest

    def check(self, article: Article, connection: sqlite3.Connection, section: int) -> None:
        """Raise `TooOld` where an article would be pruned as soon as it is brought back into a section."""
        if self.too_old(article, connection, section):
            raise TooOld("It is older than {days} days (KEEP_DAYS): raise that setting to keep it.", days=self.days)

    def expired(self, connection: sqlite3.Connection, ending: Collection[int]) -> list[int]:
        """The versions of arrivals that the next generation is not to hold, the newest of them first.

        `ending` are the keys of versions that it does not hold in any case.
        """
        values = {
            "ending": json.dumps(list(ending)),
            "oldest": self._oldest(connection, of_host=False),
            "oldest_of_host": self._oldest(connection, of_host=True),
            "articles": self.articles,
            "of_readers": self.of_readers,
        }
        bounds = []
        if self.days is not None:
            among = f"AND ({_AGE} < :oldest_of_host OR {_OF_READERS}) " if is_sectioned(connection) else ""
            bounds.append(f"AND {_AGE} < :oldest {among}ORDER BY {_AGE} DESC, key DESC")
        if self.articles is not None:
            bounds += [f"{among} {_BEYOND} :articles" for among in _each(connection)]
        if self.of_readers is not None:
            full = connection.execute(_FULL, (self.of_readers,)).fetchall()
            bounds += [f"AND {_PLACED} AND p.section = {number:d}) {_BEYOND} :of_readers" for (number,) in full]
        keys = [key for bound in bounds for (key,) in connection.execute(f"{_ARRIVED} {bound}", values)]
        return list(dict.fromkeys(keys))

    def _oldest(self, connection: sqlite3.Connection, *, of_host: bool) -> float | None:
        """Before when an article is too old, in seconds since 1970; None without a bound. What readers bring ages
        nothing `of_host`.

        A clock that is set years ahead by mistake must not cost all articles: the newest of them tells about when it
        is, and what is known of the day is no more than `SILENCE` later.
        """
        if self.days is None:
            return None
        (newest,) = connection.execute(_NEWEST_OF_HOST if of_host else _NEWEST).fetchone() or (None,)
        now = time() if newest is None else min(time(), newest + SILENCE)
        return now - self.days * DAY


def _each(connection: sqlite3.Connection) -> list[str]:
    """What is to be said in SQL of the articles of each collection."""
    if not is_sectioned(connection):
        return [""]
    others = connection.execute("SELECT number FROM section WHERE shared AND number > 0").fetchall()
    return [f"AND NOT {_PLACED})", *(f"AND {_PLACED} AND p.section = {number:d})" for (number,) in others)]


KEEP_ALL = Retention()
