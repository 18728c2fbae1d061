"""Articles that arrive from anywhere but the folder → store → a new generation. Each is taken in once.

Where the folder is the moderator's word (what is in it is there, what is not is gone), an arrival only ever
adds or changes: what has vanished from a feed stays.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

from retrieval.article import Article, Failure, Progress, ReloadReport, Tell, instant, instant_end
from retrieval.errors import TooOld
from retrieval.index.embed import Embedder
from retrieval.index.passages import forget_other_models
from retrieval.index.staging import Staging
from retrieval.index.store import ARTICLE, Store, stored_article
from retrieval.reading.recognition import (
    STAYS_OUT,
    Known,
    had_before,
    original_of,
    recognised,
    rewritten,
    same_article,
    withdrawn,
)
from retrieval.reading.reload import batches, completed
from retrieval.reading.retention import Retention
from retrieval.reading.shrinking import COMES_BACK_SHORT, comes_back_short
from retrieval.text.addresses import canonical_url, own_address
from retrieval.text.domains import registered_domain

TAKEN_BACK = "its publisher took it back"
"""Why an article is withdrawn that its publisher removed: it comes back by itself if its page does."""

PAGES = "/pages"
"""The origin of pages that a moderator named; what they say goes before what a feed said."""


def feed_origin(url: str) -> str:
    """The origin of what a feed brings. No file of the folder has a name that begins with "/"."""
    return f"/feed/{url}"


def address_of(origin: str) -> str:
    """The feed's address that `feed_origin` was made from; "" for another origin."""
    return origin.removeprefix(feed_origin("")) if origin.startswith(feed_origin("")) else ""


def archive_origin(name: str) -> str:
    """The origin of what an archive holds."""
    return f"/archive/{name}"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article with where it came from; `from_page` tells that it was read from its publisher's own page."""

    origin: str
    article: Article
    from_page: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """There is nothing any more at the address `asked`, where the article `id` with the address `url` was found before.

    Whether that article is still to be had elsewhere has yet to be seen.
    """

    origin: str
    id: str
    url: str
    asked: str


Delivery = TypeVar("Delivery", bound=Arrival | Failure | Gone)


@dataclass(slots=True)
class _Intake:
    staging: Staging
    retention: Retention
    known: int = 0
    copies: int = 0
    failed: list[Failure] = field(default_factory=list)

    def take(self, connection: sqlite3.Connection, arrival: Arrival) -> None:
        article, origin = arrival.article, arrival.origin
        if mark := withdrawn(connection, origin, article):
            if not (arrival.from_page and mark.reason == TAKEN_BACK):
                self._note(article, STAYS_OUT)
                return
            # Its publisher has put it back.
            self.staging.closing.append(("DELETE FROM withdrawn WHERE id = ?", (mark.id,)))
        if self.retention.too_old(article):
            self._note(article, f"it is older than {self.retention.days} days (KEEP_DAYS) and is not kept")
            return
        known = recognised(connection, article, self.staging.holds)
        if known is None:
            self.staging.put(connection, origin, article)
        elif known.by == "text":
            self.staging.put(connection, origin, article, known.id)
            self.copies += 1
        elif _clashes(connection, arrival, known):
            where = "this file for another article" if origin == known.origin else known.origin.strip("/")
            self._note(article, f"the id {article.id!r} is already used in {where}: give each article its own id")
        else:
            self._again(connection, replace(arrival, article=_completed(article, origin, known)), known)

    def _again(self, connection: sqlite3.Connection, arrival: Arrival, known: Known) -> None:
        origin, article = arrival.origin, arrival.article
        if not _replaces(arrival, known) or (_is_archive(origin) and had_before(connection, article)):
            self.known += 1
            return
        if arrival.from_page and not known.summary_only and comes_back_short(connection, known.key, article):
            self._note(article, COMES_BACK_SHORT)
            self.known += 1
            return
        copy_of = known.copy_of
        if replace(article, published=known.published or article.published, updated=known.updated).content_hash == (
            known.hash
        ):
            self.known += 1  # it is only called changed, or new once more
            return
        if article.content_hash != known.hash:
            copy_of = original_of(connection, article, self.staging.holds)
        owner = self.staging.put(connection, origin, article, copy_of)
        self.known += owner is not None

    def _note(self, article: Article, reason: str) -> None:
        self.failed.append(Failure(_place(article), reason))


def _characters(item: Arrival | Failure | Gone) -> int:
    return len(item.article.body) if isinstance(item, Arrival) else 0


def _place(article: Article) -> str:
    return article.url or article.id


def _is_archive(origin: str) -> bool:
    return origin.startswith(archive_origin(""))


def _clashes(connection: sqlite3.Connection, arrival: Arrival, known: Known) -> bool:
    """Whether an article has the id of another one. A feed's ids are its own; those in a file are given by hand."""
    if known.by != "id" or same_article(connection, arrival.article, known):
        return False
    if arrival.origin != known.origin:
        return True
    return _is_archive(arrival.origin) and not rewritten(connection, arrival.article, known)


def _completed(article: Article, origin: str, known: Known) -> Article:
    """What arrives as a state of what is known: under its id, and with what another source does not say of it.

    An address that only tells how a reader came to it is no news.
    """
    same_address = article.url is None or own_address(article.url) == known.address
    article = replace(article, id=known.id, url=known.url if same_address else article.url)
    if origin == known.origin:
        return article
    return replace(
        article,
        source=article.source or known.source,
        published=article.published or known.published,
        updated=article.updated or known.updated,
    )


def _replaces(arrival: Arrival, known: Known) -> bool:
    """Whether what arrives is a later state of what is known, rather than the same by another way."""
    origin, article = arrival.origin, arrival.article
    if not known.origin.startswith("/"):  # the folder has the last word
        return False
    if article.summary_only != known.summary_only:
        return known.summary_only
    if article.summary_only and is_hearsay(origin, article.url) != is_hearsay(known.origin, known.url):
        return is_hearsay(known.origin, known.url)
    if article.updated and known.updated and instant_end(article.updated) < instant(known.updated):
        return False
    if arrival.from_page or origin in (known.origin, PAGES):
        return True
    before = known.updated or known.published  # another source has to say that it is the later one
    return article.updated is not None and before is not None and instant(article.updated) > instant_end(before)


def is_hearsay(origin: str, url: str | None) -> bool:
    """Whether what `origin` tells is of another publisher's page."""
    feed = address_of(origin)
    return bool(feed and url) and registered_domain(canonical_url(feed)) != registered_domain(canonical_url(url or ""))


def _once_each(arrivals: Sequence[Arrival | Failure]) -> list[Arrival | Failure]:
    """The arrivals without those that their source holds in a fuller or later state; of one address the best first.

    What several sources hold stays, each its own: which of them is heard depends on what is known already.
    """
    best: dict[tuple[str, str, str], Arrival] = {}
    for item in arrivals:
        if isinstance(item, Arrival):
            best[_named(item)] = max(best.get(_named(item), item), item, key=_standing)
    kept = [item for item in arrivals if isinstance(item, Failure) or best[_named(item)] is item]
    rivals: dict[str, list[Arrival]] = {}
    for item in kept:
        if isinstance(item, Arrival) and (address := own_address(item.article.url)):
            rivals.setdefault(address, []).append(item)
    turns = {address: iter(sorted(items, key=_standing, reverse=True)) for address, items in rivals.items()}
    return [
        item if isinstance(item, Failure) else next(turns.get(own_address(item.article.url) or "", iter(())), item)
        for item in kept
    ]


def _named(arrival: Arrival) -> tuple[str, str, str]:
    """What one source calls an article. Without an address only what says the same is one."""
    article = arrival.article
    return arrival.origin, article.id, own_address(article.url) or article.content_hash


def _standing(arrival: Arrival) -> tuple[bool, bool, bool, float]:
    article = arrival.article
    day = article.updated or article.published
    own = arrival.from_page or not is_hearsay(arrival.origin, article.url)
    return not article.summary_only, own, arrival.origin == PAGES, instant_end(day) if day else float("-inf")


def arrival_batches(arrivals: Iterable[Delivery]) -> Iterator[list[Delivery]]:
    """The arrivals in order, as many at a time as one generation takes in."""
    return batches(arrivals, _characters)


def take_in(
    store: Store, embedder: Embedder, arrivals: Sequence[Arrival | Failure], retention: Retention, tell: Tell
) -> ReloadReport:
    """Bring `arrivals` into the store as its next generation. The caller holds the reload lock.

    Raises `ModelUnavailable` when there is something to embed and the model cannot be loaded; the current
    generation stays then.
    """
    intake = _Intake(staging=_staging(store, embedder), retention=retention)
    states = _once_each(arrivals)
    intake.known = len(arrivals) - len(states)
    with store.transaction() as connection:
        for item in states:
            if isinstance(item, Failure):
                intake.failed.append(item)
            else:
                intake.take(connection, item)
    staging = intake.staging
    tell(Progress("reading", staging.added + staging.updated + staging.unchanged + intake.known, None))
    report = completed(staging, embedder, retention, tell)
    unchanged = staging.unchanged + intake.known
    return replace(report, unchanged=unchanged, failed=(*intake.failed, *report.failed), copies=intake.copies)


def withdraw(store: Store, embedder: Embedder, ids: Sequence[str], reason: str, retention: Retention) -> ReloadReport:
    """Take the articles `ids` out of the next generation, and keep them out. The caller holds the reload lock."""
    staging = _staging(store, embedder)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    mark = (
        "INSERT OR REPLACE INTO withdrawn SELECT id, canonical, ?, ? FROM article WHERE id = ? AND born < ?"
        " ORDER BY key DESC LIMIT 1"
    )
    staging.closing += [(mark, (reason, now, id_, staging.number)) for id_ in ids]
    rows = store.connection().execute(
        "SELECT key FROM article WHERE id IN (SELECT value FROM json_each(?)) AND born < ? AND died IS NULL",
        (json.dumps(ids), staging.number),
    )
    return completed(staging, embedder, retention, lambda _: None, removed=[key for (key,) in rows])


def restore(store: Store, embedder: Embedder, id_: str, retention: Retention) -> ReloadReport:
    """Bring the article `id_` back as it was when it was withdrawn. The caller holds the reload lock.

    A file that holds it is read again by the next reload: it may say something else by now. Raises `TooOld`.
    """
    staging = _staging(store, embedder)
    with store.transaction() as connection:
        row = connection.execute(
            f"SELECT {ARTICLE}, a.origin FROM article a JOIN withdrawn w ON w.id = a.id WHERE a.id = ? AND a.born < ?"
            " ORDER BY a.key DESC LIMIT 1",
            (id_, staging.number),
        ).fetchone()
        if row and (stored := stored_article(row[:-1])):
            if retention.too_old(stored.article):
                raise TooOld(
                    "It is older than {days} days (KEEP_DAYS): raise that setting to keep it.", days=retention.days
                )
            origin = row[-1] if row[-1].startswith("/") or _is_read(connection, row[-1]) else PAGES
            copy_of = original_of(connection, stored.article, staging.holds) if origin.startswith("/") else None
            staging.put(connection, origin, stored.article, copy_of)
            staging.closing += [
                ("DELETE FROM withdrawn WHERE id = ?", (id_,)),
                ("UPDATE file SET size = -1, modified_ns = -1 WHERE name = ?", (origin,)),
            ]
    return completed(staging, embedder, retention, lambda _: None)


def _is_read(connection: sqlite3.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM file WHERE name = ?", (name,)).fetchone() is not None


def _staging(store: Store, embedder: Embedder) -> Staging:
    current = store.generation()
    forget_other_models(store, current, embedder.identity)
    return Staging(store=store, current=current, kept=frozenset())
