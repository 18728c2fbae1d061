"""How long what arrived by itself is kept. The folder is not touched: what is in it stays until it is taken out."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass

from retrieval.article import Article, instant

_ARRIVED = "died IS NULL AND born < :number AND substr(origin, 1, 1) = '/'"
# An undated article is as old as its stay here.
_AGE = "coalesce(instant, unixepoch(seen))"


@dataclass(frozen=True, slots=True)
class Retention:
    """The most `days` an article may be old, and the most `articles` that are kept; None sets no bound."""

    days: int | None = None
    articles: int | None = None

    def too_old(self, article: Article) -> bool:
        """Whether an article would be pruned as soon as it is taken in."""
        return self.days is not None and article.published is not None and instant(article.published) < self._oldest()

    def expired(self, connection: sqlite3.Connection, number: int) -> list[int]:
        """The live versions of arrivals that generation `number` no longer keeps, the newest of them first."""
        keys: list[int] = []
        if self.days is not None:
            keys += self._keys(connection, f"AND {_AGE} < :oldest", number)
        if self.articles is not None:
            keys += self._keys(connection, "", number)[self.articles :]
        return list(dict.fromkeys(keys))

    def _keys(self, connection: sqlite3.Connection, condition: str, number: int) -> list[int]:
        rows = connection.execute(
            f"SELECT key FROM article WHERE {_ARRIVED} {condition} ORDER BY {_AGE} DESC, key DESC",
            {"number": number, "oldest": self._oldest()},
        )
        return [key for (key,) in rows]

    def _oldest(self) -> float:
        return time.time() - (self.days or 0) * 86_400


KEEP_ALL = Retention()
