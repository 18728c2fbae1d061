"""What a reader takes out for itself alone: it is hidden from that reader, and stays as it is for all others."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from retrieval.article import Article, ReloadReport
from retrieval.index.sight import LIVE, SECTION, Sight
from retrieval.index.store import Store
from retrieval.index.versions import find_article, versions_of
from retrieval.reading.retention import Retention
from retrieval.text.addresses import precise_address

_THERE = "SELECT a.id, a.url FROM article a WHERE (a.id = :id OR a.canonical = :canonical)"


def hide(store: Store, reader: str, sight: Sight, reference: str, reason: str) -> tuple[Article, ReloadReport]:
    """Take the article with this id or address out of what a reader sees, under whatever id it is there.

    Raises `UnknownArticle`.
    """
    id_ = find_article(store, sight, reference)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with store.transaction() as connection:
        place = _place(connection, sight, id_)
        there = connection.execute(f"{_THERE} AND {sight.live}", {**sight.values, **place.values}).fetchall()
        seen = [other for other, url in there if place.is_of(other, url)]
        connection.executemany(
            "INSERT OR REPLACE INTO hidden (reader, id, canonical, reason, at) VALUES (?, ?, ?, ?, ?)",
            [(reader, each, place.name, reason, now) for each in dict.fromkeys([id_, *seen])],
        )
    return _last(store, id_), ReloadReport(removed=int(bool(seen)), generation=sight.generation)


def show_again(
    store: Store, reader: str, sight: Sight, reference: str, retention: Retention
) -> tuple[Article, ReloadReport]:
    """Undo `hide`. Raises `UnknownArticle`, or `TooOld` where the article is not kept any more."""
    id_ = find_article(store, sight, reference)
    article = _last(store, id_)
    with store.transaction() as connection:
        place = _place(connection, sight, id_)
        retention.check(article, connection, place.section)
        gone = connection.execute(
            "DELETE FROM hidden WHERE reader = ? AND (id = ? OR canonical IN (?, ?))",
            (reader, id_, place.name, None if place.is_shared else place.address),
        )
        query = f"{_THERE} AND a.died IS NULL AND {sight.known}"
        rows = connection.execute(query, {**sight.values, **place.values}).fetchall()
        is_there = any(place.is_of(*row) for row in rows)
    return article, ReloadReport(added=int(gone.rowcount > 0 and is_there), generation=sight.generation)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the article `id` is: `precise` is its address, and `address` that when it is folded, which it may have
    `shared` with others in its `section`, each under its own `#post-7`."""

    id: str
    section: int
    address: str | None
    precise: str | None
    is_shared: bool

    @property
    def name(self) -> str | None:
        """What tells it from others, by whatever way it comes."""
        return self.precise if self.is_shared else self.address

    @property
    def values(self) -> dict[str, str | None]:
        return {"id": self.id, "canonical": self.address}

    def is_of(self, id_: str, url: str | None) -> bool:
        """Whether an article that is there is it."""
        return not self.is_shared or id_ == self.id or precise_address(url) == self.precise


def _place(connection: sqlite3.Connection, sight: Sight, id_: str) -> _Place:
    query = f"SELECT a.canonical, a.url, {SECTION} FROM article a WHERE a.id = ? AND a.born <= ? ORDER BY a.key DESC"
    address, url, section = connection.execute(f"{query} LIMIT 1", (id_, sight.generation)).fetchone()
    others = (
        f"SELECT 1 FROM article a WHERE a.canonical = :address AND {LIVE} AND {sight.known}"
        f" GROUP BY {SECTION} HAVING count(DISTINCT a.id) > 1"
    )
    shared = connection.execute(others, {**sight.values, "address": address}).fetchone() is not None
    return _Place(id=id_, section=section, address=address, precise=precise_address(url), is_shared=shared)


def _last(store: Store, id_: str) -> Article:
    return versions_of(store, id_)[-1].article
