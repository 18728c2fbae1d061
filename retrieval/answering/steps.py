"""A story step by step: one quote for each turn that it took."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import fsum

from retrieval.answer import Quote
from retrieval.answering.central import central, newsiness
from retrieval.answering.gist import Gist, Telling
from retrieval.answering.quote import remembered_quote
from retrieval.answering.weighing import A_DAY, Weighed, distinct, says_the_same, share
from retrieval.index.stored import StoredArticle

_AMONG = 4  # sentences: what is new in a report stands at its beginning
_CLEAR = 0.5  # `Telling.ease` of a step at least
_NEW, _NEW_THAT_DAY = 0.4, 0.6  # of a step's words, that no step before it has, or none when that day has one
_NEW_HEADLINE = 0.4  # of the headline's words, that no step before it has, where its day has one
_ABOUT, _ABOUT_THAT_DAY = 0.12, 0.25  # of what the whole story shares
_AGAIN = 0.75  # of all its words, that a step before it has: one with another figure is a turn
_TELLS_NEWS = 0.5  # `newsiness`; what has less is a round-up


def steps(members: Sequence[StoredArticle]) -> tuple[Quote, ...]:
    """One quote for each turn that a story took, the oldest first (those of undated articles last).

    `members` are its articles, newest first, undated ones last. A report that says nothing that is new to the steps
    before it is none, nor is a round-up; what only comments on the news is one where its day has no other.
    """
    articles = {stored.key: stored.article for stored in members}
    spans = [turn.span for turn in _turns(members)]
    return tuple(remembered_quote(articles[span.stored.key], span.start, span.end) for span in spans)


def _turns(members: Sequence[StoredArticle]) -> list[Telling]:
    reports = distinct(members)
    dated = [report for report in reports if report.at is not None][::-1]
    in_order = dated + [report for report in reports if report.at is None]
    told = [report for report in in_order if newsiness(report.stored.article.title) >= _TELLS_NEWS] or in_order
    story = Weighed(told, central(told))
    taken: list[Telling] = []
    for _, group in groupby(told, key=_day):
        # Sorting is stable: those that report the news come first, in their order.
        of_day: list[Telling] = []
        for report in sorted(group, key=lambda each: newsiness(each.stored.article.title) < 1):
            if of_day and newsiness(report.stored.article.title) < 1:
                break
            if turn := _turn(story, report, [*taken, *of_day], first_of_day=not of_day):
                of_day.append(turn)
        taken += of_day
    return taken


def _turn(story: Weighed, report: Gist, taken: Sequence[Telling], *, first_of_day: bool) -> Telling | None:
    """The sentence that says what is new in a report; None where nothing is, as compared with the steps taken."""
    known = frozenset[str]().union(*(each.terms for each in taken))
    newness, relevance = (_NEW, _ABOUT) if first_of_day else (_NEW_THAT_DAY, _ABOUT_THAT_DAY)

    if not first_of_day and len(report.headline - known) < _NEW_HEADLINE * len(report.headline):
        return None

    def worth(telling: Telling) -> float:
        new = fsum(report.weights.get(term, 0.05) for term in telling.terms - known)
        about = fsum(story.weights.get(term, 0.0) for term in telling.terms)
        headline = share(report.headline, telling.terms) if report.headline else 0.0
        return (new + 0.5 * about) * (0.5 + headline) * telling.ease / (1 + 0.2 * telling.place)

    total = fsum(story.weights.get(term, 0.0) for term in story.shared) or 1.0
    first = [each for each in report.tellings if each.place < _AMONG and each.ease >= _CLEAR]
    for telling in sorted(first, key=worth, reverse=True):
        novel = len(telling.terms - known) / max(1, len(telling.terms))
        about = fsum(story.weights.get(term, 0.0) for term in telling.terms & story.shared) / total
        if novel >= newness and about >= relevance and not any(_repeats(each, telling) for each in taken):
            return telling
    return None


def _repeats(one: Telling, other: Telling) -> bool:
    return share(one.terms, other.terms) >= _AGAIN or says_the_same(one.span, other.span)


def _day(report: Gist) -> float | None:
    return None if report.at is None else report.at // A_DAY
