"""The versions of an article: what it said at a moment, what its publisher corrected, and where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from itertools import pairwise

from retrieval.article import Article, Day, Quote, instant
from retrieval.errors import UnknownArticle
from retrieval.sources.identity import canonical_url
from retrieval.spans import Evidence
from retrieval.store import ARTICLE, LIVE, Store, StoredArticle, stored_article

CARRIERS = 20  # copies looked through for a quote's carriers
REWORDED = 0.5  # the share of its words that a sentence keeps when it is corrected; with fewer it is another one


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


def find_article(store: Store, reference: str) -> str:
    """The id of the article with this id or address, also one that was removed. Raises `UnknownArticle`."""
    reference = reference.strip()
    row = (
        store.connection()
        .execute(
            "SELECT id FROM article WHERE id = :id OR canonical = :address OR url = :id"
            " ORDER BY died IS NULL DESC, id = :id DESC, key DESC LIMIT 1",
            {"id": reference, "address": canonical_url(reference)},
        )
        .fetchone()
    )
    if row is None:
        raise UnknownArticle(
            f"No article {reference[:200]!r} is known; give its id (as --json shows it) or its address."
        )
    return row[0]


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
            read = datetime.fromisoformat(seen) if seen else None
            before = found[-1].article if found else None
            found.append(Version(stored, _since(stored.article, before, read), died is None or died > generation))
    return found


def _since(article: Article, before: Article | None, seen: datetime | None) -> Day | None:
    """From when on an article said this: as its publisher dates it, else when it was first read so."""
    if before is None:
        return article.updated or article.published
    return article.updated if article.updated != before.updated and article.updated else seen


def corrected_on(versions: Sequence[Version], current: int, start: int, end: int) -> Day | None:
    """When the passage `[start, end)` of the version with the key `current` got its present wording.

    None when it has had it from the start, or was added rather than changed.
    """
    upto = next((at for at, version in enumerate(versions) if version.stored.key == current), 0)
    changed: Day | None = None
    for before, after in pairwise(versions[: upto + 1]):
        for sentence in _sentences(versions[upto].stored, start, end):
            if sentence in after.article.body and sentence not in before.article.body and _reworded(sentence, before):
                changed = after.since
    return changed


def _sentences(stored: StoredArticle, start: int, end: int) -> list[str]:
    body = stored.article.body
    return [body[first:last] for first, last in stored.sentences if start <= first and last <= end]


def _reworded(sentence: str, before: Version) -> bool:
    words = sentence.split()
    for first, last in before.stored.sentences:
        matcher = SequenceMatcher(None, words, before.article.body[first:last].split(), autojunk=False)
        if matcher.real_quick_ratio() >= REWORDED and matcher.ratio() >= REWORDED:
            return True
    return False


def as_it_stood(store: Store, stored: StoredArticle, moment: float) -> StoredArticle | None:
    """The version of an article at a moment in seconds since 1970; None when none was there yet."""
    article = stored.article
    if article.updated is None or instant(article.updated) <= moment:
        if not _has_versions(store, article.id):
            return stored
    elif not _has_versions(store, article.id):
        return None
    versions = versions_of(store, article.id)
    upto = next((at for at, version in enumerate(versions) if version.stored.key == stored.key), len(versions) - 1)
    for version in reversed(versions[: upto + 1]):
        if version.since is None or instant(version.since) <= moment:
            return version.stored
    return None


def _has_versions(store: Store, id_: str) -> bool:
    rows = store.connection().execute("SELECT 1 FROM article WHERE id = ? LIMIT 2", (id_,)).fetchall()
    return len(rows) > 1


def evidence_as_it_stood(store: Store, evidence: Sequence[Evidence], moment: float) -> list[Evidence]:
    """What of each passage an article said at a moment; passages that were not there yet are left out."""
    found = []
    for item in evidence:
        stored = as_it_stood(store, item.stored, moment)
        if stored is item.stored:
            found.append(item)
        elif stored and (span := _same_place(item, stored)):
            found.append(replace(item, stored=stored, start=span[0], end=span[1]))
    return found


def _same_place(item: Evidence, earlier: StoredArticle) -> tuple[int, int] | None:
    """The span of an earlier version between the first and the last sentence that the passage still has of it."""
    there = set(_sentences(item.stored, item.start, item.end))
    kept = [(start, end) for start, end in earlier.sentences if earlier.article.body[start:end] in there]
    return (kept[0][0], kept[-1][1]) if kept else None


def with_history(store: Store, generation: int, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The quotes with who else carries their text, and when they were corrected."""
    return tuple(
        replace(
            quote,
            also_carried_by=_carriers(store, generation, quote),
            corrected=_corrected(store, quote),
        )
        for quote in quotes
    )


def _carriers(store: Store, generation: int, quote: Quote) -> tuple[Article, ...]:
    rows = store.connection().execute(
        f"SELECT {ARTICLE} FROM article a WHERE a.copy_of = :id AND {LIVE} ORDER BY a.instant, a.key LIMIT {CARRIERS}",
        {"id": quote.article.id, "generation": generation},
    )
    carriers: dict[str, Article] = {}
    for row in rows.fetchall():
        stored = stored_article(row)
        if stored and stored.article.source not in (None, quote.article.source) and quote.text in stored.article.body:
            carriers.setdefault(stored.article.source or "", stored.article)
    return tuple(carriers.values())


def _corrected(store: Store, quote: Quote) -> Day | None:
    if not _has_versions(store, quote.article.id):
        return None
    versions = versions_of(store, quote.article.id)
    current = next((each for each in reversed(versions) if each.article == quote.article), None)
    return corrected_on(versions, current.stored.key, quote.start, quote.end) if current else None
