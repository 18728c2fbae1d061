"""The versions of an article: where it is, and what it said at a moment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from retrieval.article import Article, Day, instant
from retrieval.errors import UnknownArticle
from retrieval.index.sight import Sight, listed
from retrieval.index.store import Store
from retrieval.index.stored import ARTICLE, StoredArticle, stored_article
from retrieval.text.addresses import own_address


@dataclass(frozen=True, slots=True)
class Version:
    """What an article said from `since` on; None where that is not known. Versions run from the oldest on."""

    stored: StoredArticle
    since: Day | None
    live: bool
    """Whether it is the one that answers are taken from."""

    @property
    def article(self) -> Article:
        """The article as it was."""
        return self.stored.article


def find_article(store: Store, sight: Sight, reference: str) -> str:
    """The id of the article with this id or address, of those that a reader may know of; also one that was removed.

    Raises `UnknownArticle`.
    """
    reference = reference.strip()
    for condition, value in (("a.id = :value", reference), ("a.canonical = :value", own_address(reference))):
        row = (
            store.connection()
            .execute(
                # Several articles may be at one address, each under its own `#post-7`.
                f"SELECT a.id FROM article a WHERE {condition} AND {sight.known}"
                f" ORDER BY a.url = :reference DESC, a.died IS NULL DESC, {sight.live} DESC, a.key DESC LIMIT 1",
                {**sight.values, "value": value, "reference": reference},
            )
            .fetchone()
        )
        if row and _is_readable(store, row[0]):
            return row[0]
    raise UnknownArticle(
        "No article {reference} is known; give its address or its id.",
        reference=repr(reference[:200]),
    )


def _is_readable(store: Store, id_: str) -> bool:
    return bool(versions_of(store, id_))


def versions_of(store: Store, id_: str) -> list[Version]:
    """Every version of an article that is still readable, the oldest first."""
    generation = store.generation().number
    rows = store.connection().execute(
        f"SELECT {ARTICLE}, a.seen, a.died FROM article a WHERE a.id = ? AND a.born <= ? ORDER BY a.born, a.key",
        (id_, generation),
    )
    found: list[Version] = []
    for *columns, seen, died in rows.fetchall():
        if stored := stored_article(columns):
            live = died is None or died > generation
            before = found[-1] if found else None
            if before and before.article == stored.article:  # it was removed in between, or another's copy
                found[-1] = Version(stored, before.since, live)
            else:
                found.append(Version(stored, _since(stored.article, before, _read_at(seen)), live))
    return found


def _read_at(seen: str | None) -> datetime | None:
    return datetime.fromisoformat(seen).replace(microsecond=0) if seen else None


def _since(article: Article, before: Version | None, seen: datetime | None) -> Day | None:
    """From when on an article said this: as its publisher dates it, else when it was first read so.

    The full text was there from the start where only a summary of it was known.
    """
    if before is None or before.article.summary_only:
        return article.updated or article.published
    return article.updated if article.updated != before.article.updated and article.updated else seen


def as_it_stood(store: Store, stored: StoredArticle, as_of: float) -> StoredArticle | None:
    """The version of an article at a moment in seconds since 1970; None when none was there yet."""
    return as_they_stood(store, [stored], as_of)[0]


def as_they_stood(store: Store, articles: Sequence[StoredArticle], as_of: float) -> list[StoredArticle | None]:
    """The same of several articles: the store is asked once which of them have others."""
    revised = revised_of(store, [stored.article.id for stored in articles]) if articles else ()
    return [
        _of_several(store, stored, as_of) if stored.article.id in revised else _if_there(stored, as_of)
        for stored in articles
    ]


def _if_there(stored: StoredArticle, as_of: float) -> StoredArticle | None:
    updated = stored.article.updated
    return stored if updated is None or instant(updated) <= as_of else None


def _of_several(store: Store, stored: StoredArticle, as_of: float) -> StoredArticle | None:
    versions = versions_of(store, stored.article.id)
    upto = next((at for at, version in enumerate(versions) if version.stored.key == stored.key), len(versions) - 1)
    for version in reversed(versions[: upto + 1]):
        if version.since is None or instant(version.since) <= as_of:
            return version.stored
    return None


def revised_of(store: Store, ids: Iterable[str]) -> frozenset[str]:
    """Those of the articles of which more than one version is kept."""
    rows = store.connection().execute(
        "SELECT value FROM json_each(?) WHERE (SELECT count(*) FROM article WHERE id = value) > 1",
        (json.dumps(list(ids)),),
    )
    return frozenset(id_ for (id_,) in rows)


def copied_of(store: Store, sight: Sight, ids: Iterable[str]) -> frozenset[str]:
    """Those of the articles that `copies_of` may give something for."""
    ids = list(ids)
    rows = store.connection().execute(
        "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM article WHERE copy_of = value)",
        (json.dumps(ids),),
    )
    return frozenset(id_ for (id_,) in rows) | {id_ for id_ in ids if sight.copies_of(id_)}


def newest_as_it_stood(
    store: Store,
    sight: Sight,
    limit: int,
    since: float | None,
    source: str | None,
    language: str | None,
    as_of: float,
) -> list[StoredArticle]:
    """The newest articles that were there at a moment, as they stood then; filters as for `Store.newest`."""
    looked_through = limit
    while True:
        newest = store.newest(sight, looked_through, since, source, as_of, language)
        stood = [version for version in as_they_stood(store, newest, as_of) if version]
        if len(stood) >= limit or len(newest) < looked_through:
            return stood[:limit]
        looked_through *= 4


def copies_of(store: Store, sight: Sight, id_: str, limit: int, until: float | None) -> list[StoredArticle]:
    """At most `limit` articles that are seen and copies of the article `id_`, oldest first (undated before).

    Without those that came after `until`, in seconds since 1970.
    """
    # Left alone, SQLite walks all articles in the order of their dates.
    copies = "a.key IN (SELECT c.key FROM article c INDEXED BY article_copy WHERE c.copy_of = :id)"
    if twins := sight.copies_of(id_):
        copies = f"({copies} OR a.key IN ({listed(twins)}))"
    rows = store.connection().execute(
        f"SELECT {ARTICLE} FROM article a WHERE {copies} AND {sight.live}"
        " AND (:until IS NULL OR a.instant IS NULL OR a.instant <= :until)"
        " ORDER BY a.instant, a.key LIMIT :limit",
        {**sight.values, "id": id_, "until": until, "limit": limit},
    )
    return [stored for row in rows.fetchall() if (stored := stored_article(row))]
