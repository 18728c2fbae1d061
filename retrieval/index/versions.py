"""The versions of an article: what it said at a moment, what its publisher corrected, and where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from itertools import pairwise

from retrieval.answering.corroborate import outlet
from retrieval.answering.spans import Evidence
from retrieval.article import Article, Day, Quote, instant
from retrieval.errors import UnknownArticle
from retrieval.index.store import ARTICLE, LIVE, Store, StoredArticle, stored_article
from retrieval.text.addresses import own_address

CARRIERS = 20  # copies looked through for a quote's carriers
REWORDED = 0.5  # the share of its words that a sentence keeps when it is corrected; with fewer it is another one
_SHAPES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‑": "-"})


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
    generation = store.generation().number
    for condition, value in (("id = ?", reference), ("canonical = ?", own_address(reference))):
        row = (
            store.connection()
            .execute(
                f"SELECT id FROM article WHERE {condition} AND born <= ? ORDER BY died IS NULL DESC, key DESC LIMIT 1",
                (value, generation),
            )
            .fetchone()
        )
        if row and _is_readable(store, row[0]):
            return row[0]
    raise UnknownArticle(
        "No article {reference} is known; give its address or its id.",
        reference=repr(reference[:200]),
    )


def published_as(store: Store, *references: str) -> tuple[str, str] | None:
    """Id and address of the live article from the web with one of these ids or addresses; None where there is none.

    What lies in the folder or came out of an archive is the moderator's, whatever has become of its page.
    """
    generation = store.generation().number
    for reference in references:
        row = (
            store.connection()
            .execute(
                f"SELECT a.id, a.url FROM article a WHERE (a.id = :reference OR a.canonical = :address) AND {LIVE}"
                " AND a.url IS NOT NULL AND (a.origin = '/pages' OR a.origin LIKE '/feed/%')"
                " ORDER BY a.id = :reference DESC LIMIT 1",
                {"reference": reference, "address": own_address(reference), "generation": generation},
            )
            .fetchone()
        )
        if row:
            return row
    return None


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
    return datetime.fromisoformat(seen) if seen else None


def _since(article: Article, before: Version | None, seen: datetime | None) -> Day | None:
    """From when on an article said this: as its publisher dates it, else when it was first read so.

    The full text was there from the start where only a summary of it was known.
    """
    if before is None or before.article.summary_only:
        return article.updated or article.published
    return article.updated if article.updated != before.article.updated and article.updated else seen


def corrected_on(versions: Sequence[Version], current: int, start: int, end: int) -> Day | None:
    """When the passage `[start, end)` of the version with the key `current` got its present wording.

    None when it has had it from the start, or was added rather than changed.
    """
    upto = next((at for at, version in enumerate(versions) if version.stored.key == current), 0)
    quoted = {_folded(sentence) for sentence in _sentences(versions[upto].stored, start, end)}
    changed: Day | None = None
    for before, after in pairwise(versions[: upto + 1]):
        old, new = _texts(before.stored), _texts(after.stored)
        replaced = [sentence for sentence in old if sentence not in new]
        if not before.article.summary_only and any(
            sentence in new and sentence not in old and _reworded(sentence, replaced) for sentence in quoted
        ):
            changed = after.since
    return changed


def _sentences(stored: StoredArticle, start: int, end: int) -> list[str]:
    body = stored.article.body
    return [body[first:last] for first, last in stored.sentences if start <= first and last <= end]


def _texts(stored: StoredArticle) -> dict[str, None]:
    """The sentences of a version, for comparison."""
    return dict.fromkeys(_folded(sentence) for sentence in _sentences(stored, 0, len(stored.article.body)))


def _folded(sentence: str) -> str:
    """A sentence without what is no other wording: line breaks, and the shape of quotation marks and dashes."""
    return " ".join(sentence.translate(_SHAPES).split())


def _reworded(sentence: str, replaced: Sequence[str]) -> bool:
    """Whether the sentence took the place of one that is no longer there, rather than being added."""
    words = sentence.split()
    for before in replaced:
        matcher = SequenceMatcher(None, words, before.split(), autojunk=False)
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


def newest_as_it_stood(
    store: Store, generation: int, limit: int, since: float | None, source: str | None, moment: float
) -> list[StoredArticle]:
    """The newest articles that were there at a moment, as they stood then; filters as for `Store.newest`."""
    looked_through = limit
    while True:
        newest = store.newest(generation, looked_through, since, source, moment)
        stood = [version for stored in newest if (version := as_it_stood(store, stored, moment))]
        if len(stood) >= limit or len(newest) < looked_through:
            return stood[:limit]
        looked_through *= 4


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
    """The span of an earlier version that the passage has taken the place of, in whole sentences."""
    later = item.stored
    matcher = SequenceMatcher(None, _wordings(later), _wordings(earlier), autojunk=False)
    inside = [at for at, (start, end) in enumerate(later.sentences) if start < item.end and end > item.start]
    places = [place for place in (_places(matcher, at) for at in inside) if place]
    if not places:
        return None
    first, last = min(place[0] for place in places), max(place[1] for place in places)
    return earlier.sentences[first][0], earlier.sentences[last - 1][1]


def _wordings(stored: StoredArticle) -> list[str]:
    return [_folded(stored.article.body[start:end]) for start, end in stored.sentences]


def _places(matcher: SequenceMatcher[str], at: int) -> tuple[int, int] | None:
    """Which sentences `[first, last)` of the earlier text stood where sentence `at` of the later one stands."""
    for kind, start, end, first, last in matcher.get_opcodes():
        if start <= at < end and first < last:
            return (first + at - start, first + at - start + 1) if kind == "equal" else (first, last)
    return None


def with_history(
    store: Store, generation: int, quotes: Sequence[Quote], until: float | None = None
) -> tuple[Quote, ...]:
    """The quotes with who else carries their text, and when they were corrected.

    `until` leaves out what came later, in seconds since 1970.
    """
    return tuple(
        replace(
            quote,
            also_carried_by=_carriers(store, generation, quote, until),
            corrected=_corrected(store, quote, until),
        )
        for quote in quotes
    )


def _carriers(store: Store, generation: int, quote: Quote, until: float | None) -> tuple[Article, ...]:
    rows = store.connection().execute(
        # Left alone, SQLite walks all articles in the order of their dates.
        f"SELECT {ARTICLE} FROM article a INDEXED BY article_copy WHERE a.copy_of = :id AND {LIVE}"
        " AND (:until IS NULL OR a.instant IS NULL OR a.instant <= :until)"
        f" ORDER BY a.instant, a.key LIMIT {CARRIERS}",
        {"id": quote.article.id, "generation": generation, "until": until},
    )
    carriers: dict[str, Article] = {}
    home = outlet(quote.article.source)
    for row in rows.fetchall():
        stored = stored_article(row)
        if stored and quote.text in stored.article.body:
            carriers.setdefault(outlet(stored.article.source), stored.article)
    return tuple(article for name, article in carriers.items() if name not in ("", home))


def _corrected(store: Store, quote: Quote, until: float | None) -> Day | None:
    if not _has_versions(store, quote.article.id):
        return None
    known = versions_of(store, quote.article.id)
    versions = [each for each in known if until is None or each.since is None or instant(each.since) <= until]
    current = next((each for each in reversed(versions) if each.article == quote.article), None)
    return corrected_on(versions, current.stored.key, quote.start, quote.end) if current else None
