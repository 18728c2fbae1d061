"""Articles that arrive from anywhere but the folder → store → a new generation. Each is taken in once.

Where the folder is the moderator's word (what is in it is there, what is not is gone), an arrival only ever
adds or changes: what has vanished from a feed stays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from retrieval.article import Article, Failure, Progress
from retrieval.embed import Embedder
from retrieval.recognise import STAYS_OUT, Known, recognised, same_text, withdrawn
from retrieval.reload import Outcome, Report, batches, completed
from retrieval.retention import Retention
from retrieval.staging import Staging, forget_other_models
from retrieval.store import ARTICLE, Store, stored_article

PAGES = "/pages"
"""The origin of pages that a moderator named; what they say goes before what a feed said."""


def feed_origin(url: str) -> str:
    """The origin of what a feed brings. No file of the folder has a name that begins with "/"."""
    return f"/feed/{url}"


def archive_origin(name: str) -> str:
    """The origin of what an archive holds."""
    return f"/archive/{name}"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article with where it came from."""

    origin: str
    article: Article


@dataclass(slots=True)
class _Intake:
    staging: Staging
    retention: Retention
    known: int = 0
    copies: int = 0
    failed: list[Failure] = field(default_factory=list)

    def take(self, connection: sqlite3.Connection, arrival: Arrival) -> None:
        article, origin = arrival.article, arrival.origin
        if withdrawn(connection, article):
            self._note(article, STAYS_OUT)
            return
        if self.retention.too_old(article):
            self._note(article, f"it is older than {self.retention.days} days (KEEP_DAYS) and is not kept")
            return
        known = recognised(connection, article)
        if known is None:
            self.staging.put(connection, origin, article)
        elif known.by == "text":
            self._copy(connection, origin, article, known)
        elif known.by == "id" and _another(origin, article, known):
            reason = f"the id {article.id!r} is already used in {known.origin.strip('/')}: give each article its own id"
            self.failed.append(Failure(_place(article), reason))
        elif _replaces(origin, article, known):
            self._update(connection, origin, replace(article, id=known.id))
        else:
            self.known += 1

    def _update(self, connection: sqlite3.Connection, origin: str, article: Article) -> None:
        original = same_text(connection, article)
        owner = self.staging.put(connection, origin, article, original.id if original else None)
        self.known += owner is not None

    def _copy(self, connection: sqlite3.Connection, origin: str, article: Article, original: Known) -> None:
        self.staging.put(connection, origin, article, original.id)
        self.copies += 1

    def _note(self, article: Article, reason: str) -> None:
        self.failed.append(Failure(_place(article), reason))


def _characters(item: Arrival | Failure) -> int:
    return len(item.article.body) if isinstance(item, Arrival) else 0


def _place(article: Article) -> str:
    return article.url or article.id


def _another(origin: str, article: Article, known: Known) -> bool:
    """Whether two archives gave the same id to different articles."""
    from_elsewhere = origin != known.origin and origin.startswith("/archive/")
    return from_elsewhere and (article.source, article.url is None) != (known.source, known.canonical is None)


def _replaces(origin: str, article: Article, known: Known) -> bool:
    """Whether what arrives is a later state of what is known, rather than the same by another way."""
    if not known.origin.startswith("/"):  # the folder has the last word
        return False
    if article.summary_only and not known.summary_only:
        return False
    return origin in (known.origin, PAGES) or known.summary_only


def arrival_batches(arrivals: Iterable[Arrival | Failure]) -> Iterator[list[Arrival | Failure]]:
    """The arrivals in order, as many at a time as one generation takes in."""
    return batches(arrivals, _characters)


def take_in(
    store: Store, embedder: Embedder, arrivals: Sequence[Arrival | Failure], retention: Retention, report: Report
) -> Outcome:
    """Bring `arrivals` into the store as its next generation. The caller holds the reload lock.

    Raises `ModelUnavailable` when there is something to embed and the model cannot be loaded; the current
    generation stays then.
    """
    intake = _Intake(_staging(store, embedder), retention)
    with store.transaction() as connection:
        for item in arrivals:
            if isinstance(item, Failure):
                intake.failed.append(item)
            else:
                intake.take(connection, item)
    staging = intake.staging
    report(Progress("reading", staging.added + staging.updated + staging.unchanged + intake.known, None))
    outcome = completed(staging, embedder, retention, report)
    unchanged = staging.unchanged + intake.known
    return replace(outcome, unchanged=unchanged, failed=tuple(intake.failed), copies=intake.copies)


def withdraw(store: Store, embedder: Embedder, id_: str, reason: str, retention: Retention) -> Outcome:
    """Take the article `id_` out of the next generation, and keep it out. The caller holds the reload lock."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with store.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO withdrawn SELECT id, canonical, ?, ? FROM article WHERE id = ?"
            " ORDER BY key DESC LIMIT 1",
            (reason, now, id_),
        )
        rows = connection.execute("SELECT key FROM article WHERE id = ? AND died IS NULL", (id_,)).fetchall()
    staging = _staging(store, embedder)
    return completed(staging, embedder, retention, lambda _: None, removed=[key for (key,) in rows])


def restore(store: Store, embedder: Embedder, id_: str, retention: Retention) -> Outcome:
    """Bring the article `id_` back as it was when it was withdrawn. The caller holds the reload lock."""
    staging = _staging(store, embedder)
    with store.transaction() as connection:
        cursor = connection.execute("DELETE FROM withdrawn WHERE id = ?", (id_,))
        row = connection.execute(
            f"SELECT {ARTICLE}, a.origin FROM article a WHERE a.id = ? ORDER BY a.key DESC LIMIT 1", (id_,)
        ).fetchone()
        if cursor.rowcount and row and (stored := stored_article(row[:-1])):
            original = same_text(connection, stored.article)
            staging.put(connection, row[-1], stored.article, original.id if original else None)
    return completed(staging, embedder, retention, lambda _: None)


def _staging(store: Store, embedder: Embedder) -> Staging:
    current = store.generation()
    forget_other_models(store, current, embedder.identity)
    return Staging(store, current, kept=frozenset())
