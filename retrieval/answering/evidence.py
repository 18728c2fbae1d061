"""The passages that are found for a question, as they were at the moment it is asked from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from retrieval.answering.history import folded
from retrieval.answering.spans import Evidence
from retrieval.index.store import Store, StoredArticle
from retrieval.index.versions import as_it_stood


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
    return [folded(stored.article.body[start:end]) for start, end in stored.sentences]


def _places(matcher: SequenceMatcher[str], at: int) -> tuple[int, int] | None:
    """Which sentences `[first, last)` of the earlier text stood where sentence `at` of the later one stands."""
    for kind, start, end, first, last in matcher.get_opcodes():
        if start <= at < end and first < last:
            return (first + at - start, first + at - start + 1) if kind == "equal" else (first, last)
    return None
