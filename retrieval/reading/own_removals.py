"""What a reader takes out for itself alone: it is hidden from that reader, and stays as it is for all others."""

from __future__ import annotations

from datetime import UTC, datetime

from retrieval.article import Article, ReloadReport
from retrieval.index.sight import Sight
from retrieval.index.store import Store
from retrieval.index.versions import find_article, versions_of
from retrieval.reading.retention import Retention

_THERE = "SELECT a.id, a.canonical FROM article a WHERE (a.id = :id OR a.canonical = :canonical)"


def hide(store: Store, reader: str, sight: Sight, reference: str, reason: str) -> tuple[Article, ReloadReport]:
    """Take the article with this id or address out of what a reader sees, under whatever id it is there.

    Raises `UnknownArticle`.
    """
    id_, canonical = _found(store, sight, reference)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with store.transaction() as connection:
        values = {**sight.values, "id": id_, "canonical": canonical}
        seen = connection.execute(f"{_THERE} AND {sight.live}", values).fetchall()
        connection.executemany(
            "INSERT OR REPLACE INTO hidden (reader, id, canonical, reason, at) VALUES (?, ?, ?, ?, ?)",
            [(reader, *each, reason, now) for each in dict.fromkeys([(id_, canonical), *seen])],
        )
    return _last(store, id_), ReloadReport(removed=int(bool(seen)), generation=sight.generation)


def show_again(
    store: Store, reader: str, sight: Sight, reference: str, retention: Retention
) -> tuple[Article, ReloadReport]:
    """Undo `hide`. Raises `UnknownArticle`, or `TooOld` where the article is not kept any more."""
    id_, canonical = _found(store, sight, reference)
    article = _last(store, id_)
    retention.check(article, store.connection())
    with store.transaction() as connection:
        gone = connection.execute(
            "DELETE FROM hidden WHERE reader = ? AND (id = ? OR canonical = ?)", (reader, id_, canonical)
        )
        there = connection.execute(
            f"{_THERE} AND a.died IS NULL AND {sight.known}", {**sight.values, "id": id_, "canonical": canonical}
        ).fetchone()
    return article, ReloadReport(added=int(gone.rowcount > 0 and there is not None), generation=sight.generation)


def _found(store: Store, sight: Sight, reference: str) -> tuple[str, str | None]:
    """Id and folded address of an article that a reader may know of."""
    id_ = find_article(store, sight, reference)
    query = "SELECT canonical FROM article WHERE id = ? AND born <= ? ORDER BY key DESC LIMIT 1"
    (canonical,) = store.connection().execute(query, (id_, sight.generation)).fetchone()
    return id_, canonical


def _last(store: Store, id_: str) -> Article:
    return versions_of(store, id_)[-1].article
