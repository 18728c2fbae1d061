"""What the reports of a story tell together, and how much a sentence of theirs adds to that.

Sentences are taken greedily, each for what it adds to those before it (maximal marginal relevance, Carbonell and
Goldstein 1998, https://doi.org/10.1145/290941.291025; coverage as in Lin and Bilmes 2011,
https://aclanthology.org/P11-1052).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from math import fsum

from retrieval.answering.central import kinship, newsiness, recency
from retrieval.answering.corroborate import compare
from retrieval.answering.gist import Gist, Telling, gist_of
from retrieval.answering.quote import same_statement
from retrieval.answering.spans import Span
from retrieval.index.stored import StoredArticle

MOST_REPORTS = 40  # of a story that are looked at, the newest
A_DAY = 86_400.0  # seconds
SAME_STATE = A_DAY / 2
"""Seconds within which reports that differ are of one state of things."""
_ALIKE = 0.5  # of the shorter one's words beyond those that the whole story shares
_MUCH_ALIKE, _ABOUT_OTHER_THINGS = 0.6, 0.35  # of all its words
_FEW_OWN_WORDS = 3
_TOLD, _FEWEST_TOLD = 0.6, 4  # of a headline's words: who has so many tells it once more, where it has so many
_ANY_WORD = 0.1  # what one counts that is not what the story is about
_AGAIN = 0.1  # what a word counts that was quoted already
_AS_WELL = 0.7  # of what a sentence says, so much a newer one has to that takes its place


def distinct(members: Sequence[StoredArticle]) -> list[Gist]:
    """The newest reports of a story, newest first; of those that carry one text only the oldest."""
    kept: list[Gist] = []
    for stored in reversed(members[:MOST_REPORTS]):
        report = gist_of(stored)
        if not any(_one_text(report, other) for other in kept):
            kept.append(report)
    return kept[::-1]


def _one_text(one: Gist, other: Gist) -> bool:
    if one.stored.article.body == other.stored.article.body:
        return True
    texts, others = ({telling.span.text for telling in report.tellings} for report in (one, other))
    return len(texts & others) >= max(2, min(len(texts), len(others)) / 2)


class Weighed:
    """What a story's reports tell together, against which each sentence is weighed."""

    def __init__(self, reports: Sequence[Gist], lead: Gist) -> None:
        newest = max((report.at for report in reports if report.at is not None), default=None)
        self._reports = {report.stored.key: report for report in reports}
        self._counts = {
            report.stored.key: recency(report, newest)
            * (0.3 + 0.7 * kinship(report, lead))
            * newsiness(report.stored.article.title)
            for report in reports
        }
        self._newest = newest
        self._headline = lead.headline
        self._several = len({report.outlet for report in reports if report.outlet}) > 1
        total = sum(self._counts.values())
        self.weights: dict[str, float] = {}
        for report in reports:
            counts = self._counts[report.stored.key] / total
            for term, weight in report.weights.items():
                self.weights[term] = self.weights.get(term, 0.0) + counts * weight
        often = [term for term in self.weights if 2 * sum(term in each.lead for each in reports) > len(reports)]
        # What every sentence of the story may hold: no two are alike for it.
        self._about = lead.lead.union(often)
        self.shared = lead.headline | frozenset(often if len(reports) > 2 else ())

    def at(self, span: Span) -> float | None:
        """When the report that says it was published, in seconds since 1970; None where that is not known."""
        return self._reports[span.stored.key].at

    def gain(self, telling: Telling, chosen: Sequence[Telling]) -> float:
        """What a sentence adds to those that are chosen."""
        known = self._headline.union(*(each.terms for each in chosen))
        covered = frozenset[str]().union(*(each.terms for each in chosen))
        # Whatever the order of a set, which each process has another one of, all are to choose the same.
        says = fsum(self.weights.get(term, _ANY_WORD) * (_AGAIN if term in covered else 1.0) for term in telling.terms)
        says += 0.2 * (telling.counts and not any(each.counts for each in chosen))
        key = telling.span.stored.key
        fit = telling.ease * self._counts[key] ** (0.5 if chosen else 0.8) / (1 + 0.1 * telling.place)
        if len(self._reports) > 1:
            fit *= 0.3 + 0.7 * min(1.0, len(telling.terms & self._about) * 4 / max(1, len(telling.terms)))
        if telling.ahead:
            if self._is_past(self._reports[key]):
                fit *= 0.4 if telling.soon else 0.85
            elif not any(each.ahead for each in chosen):
                says += 0.1
        if telling.bare - known:
            fit *= 0.3
        if chosen:
            outlets = {self._reports[each.span.stored.key].outlet for each in chosen}
            if self._several and self._reports[key].outlet in outlets:
                fit *= 0.45
            elif key in {each.span.stored.key for each in chosen}:
                fit *= 0.85
        return says * fit

    def _is_past(self, report: Gist) -> bool:
        """Whether what it says is to come may have come by now."""
        return report.at is not None and self._newest is not None and self._newest - report.at >= SAME_STATE

    def newest_of(self, telling: Telling, others: Iterable[Telling]) -> Telling:
        """The newest sentence that says what this one says, or what has become of it."""
        at, least = self.at(telling.span), _AS_WELL * self.gain(telling, ())
        later = [
            (moment, -other.place, other)
            for other in others
            if other.alone
            and (moment := self.at(other.span)) is not None
            and (at is None or moment > at)
            and self.gain(other, ()) >= least
            and self.alike(telling, other)
        ]
        return max(later, key=lambda found: found[:2])[2] if later else telling

    def alike(self, one: Telling, other: Telling) -> bool:
        """Whether two sentences say much the same, or cannot both be true."""
        if (all_shared := share(one.terms, other.terms)) < _ABOUT_OTHER_THINGS or all_shared >= _MUCH_ALIKE:
            return all_shared >= _MUCH_ALIKE
        if len(self._headline) >= _FEWEST_TOLD and all(
            len(self._headline & each.terms) >= _TOLD * len(self._headline) for each in (one, other)
        ):
            return True
        own, others = one.terms - self.shared, other.terms - self.shared
        if min(len(own), len(others)) >= _FEW_OWN_WORDS and share(own, others) >= _ALIKE:
            return True
        return says_the_same(one.span, other.span) or compare(one.span, other.span) is not None


def share(one: Set[str], other: Set[str]) -> float:
    """The share (0..1) of the smaller set's terms that the other has."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def says_the_same(one: Span, other: Span) -> bool:
    """Whether one of two sentences is enough."""
    return same_statement(one.text, other.text) or compare(one, other) == "same"
