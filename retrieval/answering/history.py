"""The past of a quote: who else carries its text, and when its publisher gave it its present wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

from retrieval.answer import Quote
from retrieval.article import Article, Day, instant
from retrieval.index.sight import Sight
from retrieval.index.store import Store
from retrieval.index.stored import StoredArticle
from retrieval.index.versions import Version, copied_of, copies_of, revised_of, versions_of
from retrieval.text.domains import outlet_key

CARRIERS = 20  # copies looked through for a quote's carriers
COMPARED = 200  # sentences that are no longer there, and words of a sentence, that are compared with the present ones
REWORDED = 0.5  # the share of its words that a sentence keeps when it is corrected; with fewer it is another one
_SHAPES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‑": "-"})


def with_history(store: Store, sight: Sight, quotes: Sequence[Quote], as_of: float | None = None) -> tuple[Quote, ...]:
    """The quotes with who else carries their text, and when they were corrected.

    `as_of` leaves out what came later than that moment, in seconds since 1970.
    """
    ids = [quote.article.id for quote in quotes]
    copied, revised = copied_of(store, sight, ids), revised_of(store, ids)  # at once, since few are either
    return tuple(
        replace(
            quote,
            also_carried_by=_carriers(store, sight, quote, as_of) if id_ in copied else (),
            corrected=_corrected(store, quote, as_of) if id_ in revised else None,
        )
        for quote, id_ in zip(quotes, ids, strict=True)
    )


def _carriers(store: Store, sight: Sight, quote: Quote, as_of: float | None) -> tuple[Article, ...]:
    carriers: dict[str, Article] = {}
    home = outlet_key(quote.article.source)
    for stored in copies_of(store, sight, quote.article.id, CARRIERS, as_of):
        if quote.text in stored.article.body:
            carriers.setdefault(outlet_key(stored.article.source), stored.article)
    return tuple(article for name, article in carriers.items() if name not in ("", home))


def _corrected(store: Store, quote: Quote, as_of: float | None) -> Day | None:
    known = versions_of(store, quote.article.id)
    versions = [each for each in known if as_of is None or each.since is None or instant(each.since) <= as_of]
    current = next((each for each in reversed(versions) if each.article == quote.article), None)
    return _corrected_on(versions, current.stored.key, quote.start, quote.end) if current else None


def _corrected_on(versions: Sequence[Version], current: int, start: int, end: int) -> Day | None:
    """When the passage `[start, end)` of the version with the key `current` got its present wording.

    None when it has had it from the start, or was added rather than changed.
    """
    upto = next((at for at, version in enumerate(versions) if version.stored.key == current), 0)
    quoted = {folded(sentence) for sentence in _sentences(versions[upto].stored, start, end)}
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
    return dict.fromkeys(folded(sentence) for sentence in _sentences(stored, 0, len(stored.article.body)))


def _reworded(sentence: str, replaced: Sequence[str]) -> bool:
    """Whether the sentence took the place of one that is no longer there, rather than being added."""
    words = sentence.split()[:COMPARED]
    for before in replaced[:COMPARED]:
        matcher = SequenceMatcher(None, words, before.split()[:COMPARED], autojunk=False)
        # Each is never below the next, and takes less.
        if all(ratio() >= REWORDED for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)):
            return True
    return False


def folded(sentence: str) -> str:
    """A sentence without what is no other wording: line breaks, and the shape of quotation marks and dashes."""
    return " ".join(sentence.translate(_SHAPES).split())
