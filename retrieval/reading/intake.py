"""Articles that arrive → store → a new generation. Each is taken in once; what is folded into another one is named."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from retrieval.article import Article, Failure, Progress, ReloadReport, Tell, instant, instant_end
from retrieval.index.embed import Embedder
from retrieval.index.passages import forget_other_models
from retrieval.index.rows import note_language
from retrieval.index.sections import NEWS, Within, apart_from_others, section_of_version, versions_in
from retrieval.index.staging import Staging
from retrieval.index.store import Store
from retrieval.index.stored import ARTICLE, stored_article
from retrieval.reading.arrival import TAKEN_BACK, Arrival, is_hearsay
from retrieval.reading.offered import Known, Offered
from retrieval.reading.offers import Offers, place, same_beside, sorted_out, unclaimed
from retrieval.reading.origins import PAGES, archive_origin
from retrieval.reading.recognition import (
    free_id,
    had_before,
    is_contested,
    only_claimed,
    original_of,
    recognised,
    remember,
    rewritten,
    same_article,
    where_found,
)
from retrieval.reading.reload import completed, id_taken
from retrieval.reading.retention import Retention
from retrieval.reading.shrinking import COMES_BACK_SHORT, comes_back_short
from retrieval.reading.withdrawals import STAYS_OUT, withdrawn
from retrieval.reasons import Reason
from retrieval.text.addresses import own_address, precise_address


@dataclass(slots=True)
class _Intake:
    staging: Staging
    retention: Retention
    seen: dict[str, str]
    known: int = 0
    failed: list[Failure] = field(default_factory=list)
    folded: list[Failure] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)

    def take(self, connection: sqlite3.Connection, arrival: Arrival, shared: bool) -> None:
        offered = _offered(arrival, shared)
        holds = self.staging.holds_in(connection, arrival.section)
        if arrival.found and is_contested(connection, offered, arrival.found, holds):
            self._unclaim(connection, arrival.article.url, holds)
            arrival = unclaimed(arrival)
            offered = _offered(arrival, shared)
        elif arrival.found is None or own_address(arrival.found) == own_address(arrival.article.url):
            self._unclaim(connection, arrival.article.url, holds, offered)
        article, origin = arrival.article, arrival.origin
        if mark := withdrawn(connection, offered):
            if not (arrival.from_page and mark.reason == TAKEN_BACK):
                self._note(article, STAYS_OUT)
                return
            # Its publisher has put it back.
            self.staging.closing.append(("DELETE FROM withdrawn WHERE id = ?", (mark.id,)))
            article = replace(article, id=mark.id)
        if self.retention.too_old(article, connection, arrival.section):
            self._note(
                article, Reason("it is older than {days} days (KEEP_DAYS) and is not kept", days=self.retention.days)
            )
            return
        known = recognised(connection, offered, holds)
        if known is None or known.by == "text":
            id_ = article.id if mark else free_id(connection, offered, holds)
            self._new(connection, replace(arrival, article=replace(article, id=id_)), offered, known)
        elif _clashes(connection, arrival, known):
            elsewhere = None if origin == known.origin else known.origin.strip("/")
            self._note(article, id_taken(article.id, elsewhere))
        else:
            self._again(connection, arrival, offered, known)

    def _unclaim(
        self, connection: sqlite3.Connection, claim: str | None, holds: Within, owner: Offered | None = None
    ) -> None:
        """Link what only claimed an address, as others do now, to where it was found; but for states of its `owner`."""
        for known, found in list(only_claimed(connection, claim, holds, owner)):
            if stored := self._stored(known):
                moved = replace(stored, url=found)
                self.staging.put(connection, known.origin, moved, known.copy_of, holds.section)

    def _new(self, connection: sqlite3.Connection, arrival: Arrival, offered: Offered, original: Known | None) -> None:
        article = arrival.article
        self.staging.put(connection, arrival.origin, article, original and original.id, arrival.section)
        if original:
            self.folded.append(
                Failure(place(article), Reason("carries the text of {article}", article=_named(original)), "copy")
            )
        if article.published is None:
            self.undated.append(place(article))
        self._seen(connection, arrival, offered, article.id)

    def _again(self, connection: sqlite3.Connection, arrival: Arrival, offered: Offered, known: Known) -> None:
        beside = known.id in self.seen
        elsewhere = known.by == "address" and precise_address(arrival.article.url) != precise_address(known.url)
        found = where_found(connection, arrival.origin, known.id)
        changed = self._changes(connection, _completed(arrival, known, found), known)
        if not changed and (beside or elsewhere):
            said = same_beside(_named(known)) if beside else Reason("is the same as {article}", article=_named(known))
            self.folded.append(Failure(place(arrival.article), said, "folded"))
        else:
            self.known += not changed
        if not beside:
            self._seen(connection, arrival, offered, known.id)

    def _changes(self, connection: sqlite3.Connection, arrival: Arrival, known: Known) -> bool:
        """Whether what arrives as a state of what is known makes a new version of it, as it does of what is damaged."""
        origin, article, stored = arrival.origin, arrival.article, self._stored(known)
        cut = arrival.from_page and not known.summary_only and comes_back_short(connection, known.key, article)
        is_later = _replaces(arrival, known) and not (_is_archive(origin) and had_before(connection, article))
        if is_later and cut:
            self.failed.append(Failure(article.url or article.id, COMES_BACK_SHORT, "note"))
        if cut or not is_later:
            moved = own_address(article.url) not in (None, known.address)
            if stored is None or known.by != "name" or origin != known.origin or not moved:
                return False
            article = replace(stored, url=article.url)  # which is no less read, but has moved
        copy_of = known.copy_of
        same = replace(article, published=known.published or article.published, updated=known.updated)
        if same.content_hash == known.hash:
            if stored:  # it is only called changed, or new once more
                note_language(connection, known.key, article.language)
                return False
            article = same
        if article.content_hash != known.hash:
            copy_of = original_of(article, self.staging.holds_in(connection, arrival.section))
        return self.staging.put(connection, origin, article, copy_of, arrival.section) is None

    def _stored(self, known: Known) -> Article | None:
        """What is known, as it is stored; None where that is damaged."""
        stored = self.staging.store.articles([known.key]).get(known.key)
        return stored and stored.article

    def _seen(self, connection: sqlite3.Connection, arrival: Arrival, offered: Offered, id_: str) -> None:
        remember(connection, offered, id_, arrival.found)
        self.seen[id_] = arrival.article.title

    def _note(self, article: Article, reason: str) -> None:
        self.failed.append(Failure(article.url or article.id, reason))


def _offered(arrival: Arrival, shared: bool) -> Offered:
    return Offered(
        origin=arrival.origin, article=arrival.article, name=arrival.name, shared=shared, section=arrival.section
    )


def _named(known: Known) -> str:
    return known.url or known.id


def _is_archive(origin: str) -> bool:
    return origin.startswith(archive_origin(""))


def _clashes(connection: sqlite3.Connection, arrival: Arrival, known: Known) -> bool:
    """Whether an article has the id of another one. A feed's ids are its own; those in a file are given by hand."""
    if known.by != "id" or same_article(connection, arrival.article, known):
        return False
    if arrival.origin != known.origin:
        return True
    return _is_archive(arrival.origin) and not rewritten(connection, arrival.article, known)


def _completed(arrival: Arrival, known: Known, found: str | None) -> Arrival:
    """What arrives as a state of what is known: under its id, and with what another source does not say of it.

    An address that only tells how a reader came to it is no news, nor is what a page that stands where it stood calls
    its own.
    """
    article, origin = arrival.article, arrival.origin
    same_place = article.url is None or own_address(article.url) == known.address
    same_place |= found is not None and found == arrival.found
    article = replace(article, id=known.id, url=known.url if same_place else article.url)
    if origin != known.origin:
        article = replace(
            article,
            source=article.source or known.source,
            published=article.published or known.published,
            updated=article.updated or known.updated,
        )
    return replace(arrival, article=article)


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


def take_in(
    store: Store,
    embedder: Embedder,
    arrivals: Sequence[Arrival | Failure],
    retention: Retention,
    tell: Tell,
    seen: dict[str, str] | None = None,
) -> ReloadReport:
    """Bring `arrivals` into the store as its next generation. The caller holds the reload lock.

    `seen`, which is added to, are the ids of what the same call has offered before. Raises `ModelUnavailable` when
    there is something to embed and the model cannot be loaded; the current generation stays then.
    """
    intake = _Intake(staging=_staging(store, embedder), retention=retention, seen={} if seen is None else seen)
    with store.transaction() as connection:
        for offers in _by_section(connection, arrivals, sectioned=intake.staging.sectioned):
            intake.folded += offers.folded
            for item in offers.kept:
                if isinstance(item, Failure):
                    intake.failed.append(item)
                else:
                    intake.take(connection, item, offers.is_shared(item))
    staging = intake.staging
    tell(Progress("reading", staging.added + staging.updated + staging.unchanged + intake.known, None))
    report = completed(staging, embedder, retention, tell)
    folded = tuple(intake.folded)
    return replace(
        report,
        unchanged=staging.unchanged + intake.known,
        failed=(*intake.failed, *report.failed),
        copies=sum(each.kind == "copy" for each in folded),
        folded=folded,
        undated=tuple(intake.undated),
    )


def _by_section(
    connection: sqlite3.Connection, arrivals: Sequence[Arrival | Failure], *, sectioned: bool
) -> list[Offers]:
    """What each section is offered, sorted out by itself; all that is no article goes with what comes first.

    What was on its way into a section that has been forgotten meanwhile goes nowhere.
    """
    offered: dict[int, list[Arrival | Failure]] = {NEWS: []}
    there = {number for (number,) in connection.execute("SELECT number FROM section")}
    for item in arrivals:
        section = item.section if isinstance(item, Arrival) else NEWS
        if section not in there:
            continue
        if sectioned and isinstance(item, Arrival) and section == NEWS:
            item = replace(item, article=replace(item.article, id=apart_from_others(connection, item.article.id)))
        offered.setdefault(section, []).append(item)
    return [sorted_out(items) for items in offered.values()]


def withdraw(store: Store, embedder: Embedder, ids: Sequence[str], reason: str, retention: Retention) -> ReloadReport:
    """Take the articles `ids` out of the next generation, and keep them out. The caller holds the reload lock."""
    staging = _staging(store, embedder)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    mark = (
        "INSERT OR REPLACE INTO withdrawn (id, canonical, reason, at, section)"
        " SELECT a.id, a.canonical, ?, ?, coalesce(p.section, 0) FROM article a LEFT JOIN placed p ON p.article = a.key"
        " WHERE a.id = ? AND a.born < ? ORDER BY a.key DESC LIMIT 1"
    )
    staging.closing += [(mark, (reason, now, id_, staging.number)) for id_ in ids]
    rows = store.connection().execute(
        "SELECT key FROM article WHERE id IN (SELECT value FROM json_each(?)) AND born < ? AND died IS NULL",
        (json.dumps(ids), staging.number),
    )
    return completed(staging, embedder, retention, lambda _: None, removed=[key for (key,) in rows])


def drop_sections(store: Store, embedder: Embedder, sections: Sequence[int], retention: Retention) -> ReloadReport:
    """Take all articles of sections that nobody sees out of the next generation; they are deleted with the one after.

    The caller holds the reload lock.
    """
    staging = _staging(store, embedder)
    pruned = (
        "UPDATE article SET pruned = 1 WHERE key IN (SELECT article FROM placed"
        " WHERE section IN (SELECT value FROM json_each(?)))"
    )
    staging.closing.append((pruned, (json.dumps(sections),)))
    removed = versions_in(store.connection(), sections)
    return completed(staging, embedder, retention, lambda _: None, removed=removed)


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
            section = section_of_version(connection, stored.key)
            retention.check(stored.article, connection, section)
            origin = row[-1] if row[-1].startswith("/") or _is_read(connection, row[-1]) else PAGES
            holds = staging.holds_in(connection, section)
            copy_of = original_of(stored.article, holds) if origin.startswith("/") else None
            staging.put(connection, origin, stored.article, copy_of, section)
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
