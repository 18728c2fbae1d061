"""A story summed up: the headline that stands for it, a few quotes that each say something else, and its steps.

Sentences are taken greedily, each for what it adds to those before it (maximal marginal relevance, Carbonell and
Goldstein 1998, https://doi.org/10.1145/290941.291025; coverage as in Lin and Bilmes 2011,
https://aclanthology.org/P11-1052), from those that are understood alone. Nothing is written, all is quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from retrieval.answer import Disagreement, Quote, Story
from retrieval.answering.central import central, kinship, newsiness, recency
from retrieval.answering.corroborate import Contradiction, compare, contradiction, reporters
from retrieval.answering.gist import Gist, Telling, gist_of
from retrieval.answering.quote import cut_quote, same_statement
from retrieval.answering.spans import Span
from retrieval.article import Article, Layout
from retrieval.index.store import StoredArticle

MOST_REPORTS = 40  # of a story that are looked at, the newest
MOST_QUOTES = 4
MOST_OF_ONE = 3  # quotes of a story with a single report
# Of what the first quote says, so much the second has to add, and each further one; of one report, and of several.
_WORTH_IT = {True: (0.08, 0.22), False: (0.08, 0.16)}
_AS_WELL = 0.7  # of what a sentence says, so much a newer one has to that takes its place
_LEADS = 0.8  # of what the best quote says, so much the first one has to
_ALIKE = 0.5  # of the shorter one's words beyond those that the whole story shares
_MUCH_ALIKE, _ABOUT_OTHER_THINGS = 0.6, 0.35  # of all its words
_FEW_OWN_WORDS = 3
_TOLD, _FEWEST_TOLD = 0.6, 4  # of a headline's words: who has so many tells it once more, where it has so many
_ANY_WORD = 0.1  # what one counts that is not what the story is about
_AGAIN = 0.1  # what a word counts that was quoted already
_SAME_STATE = 12 * 3_600.0  # seconds within which reports that differ are about one state of things
_A_DAY = 86_400.0
_NEW_WORDS, _NEW_WORDS_SAME_DAY = 0.4, 0.6  # of a step's words, that no step before it has
_STEP_AGAIN = 0.75  # of all its words that a step before it has: one with another figure is a turn
_STEP_AMONG = 4  # sentences: what is new in a report stands at its beginning
_ABOUT_IT = 0.12  # of a story's weight, that a step holds


def summarised(id_: int, members: Sequence[StoredArticle], new: frozenset[str] = frozenset()) -> Story:
    """The story with this id, of these articles (newest first, undated ones last; copies of one another included).

    `new` are the ids of those that came after what its reader has seen. Raises ValueError where there are no members.
    """
    choice = _choice(tuple(members))
    articles = {stored.key: stored.article for stored in members}
    against = choice.against
    return Story(
        articles=tuple(articles.values()),
        quotes=tuple(_cut(articles, span, also) for span, also in choice.quoted),
        id=id_,
        central=list(articles).index(choice.lead),
        disagreement=against
        and Disagreement(tuple(_cut(articles, span) for span in against.claims), against.about, against.figures),
        new=new & {article.id for article in articles.values()},
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    """What of a story is shown: the key of the article that stands for it, what is quoted and who else reports that,
    and what reports say against it.
    """

    lead: int
    quoted: tuple[tuple[Span, tuple[Article, ...]], ...]
    against: Contradiction | None


@lru_cache(64)
def _choice(members: tuple[StoredArticle, ...]) -> _Choice:
    reports = distinct(members)
    lead = central(reports)
    story = _Told(reports, lead)
    chosen = _newest_state_first(story, _chosen(story, reports))
    everything = [telling.span for report in reports for telling in report.tellings]
    return _Choice(
        lead=lead.stored.key,
        quoted=tuple((telling.span, reporters(telling.span, everything)) for telling in chosen),
        against=_against(story, reports, [telling.span for telling in chosen]),
    )


def _cut(articles: Mapping[int, Article], span: Span, also_reported_by: tuple[Article, ...] = ()) -> Quote:
    article = articles[span.stored.key]
    quote = _linked(article, article.layout, span.start, span.end)
    return replace(quote, also_reported_by=also_reported_by) if also_reported_by else quote


@lru_cache(256)
def _linked(article: Article, layout: Layout | None, start: int, end: int) -> Quote:
    # Two articles are equal whatever their layouts, and links are not.
    return cut_quote(article if layout is article.layout else replace(article, layout=layout), start, end)


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


# --- choosing what to quote ------------------------------------------------------------------------


def _chosen(story: _Told, reports: Sequence[Gist]) -> list[Telling]:
    """What to quote, best first."""
    single = len(reports) == 1
    most = MOST_OF_ONE if single else MOST_QUOTES
    chosen: list[Telling] = []
    left = [telling for report in reports for telling in report.tellings]
    first = 0.0
    while left and len(chosen) < most:
        best = max(left, key=lambda telling: story.gain(telling, chosen))
        gain = story.gain(best, chosen)
        if chosen and gain < first * _WORTH_IT[single][len(chosen) > 1]:
            break
        first = first or gain
        best = story.newest_of(best, left)
        chosen.append(best)
        left = [telling for telling in left if telling.alone and not story.alike(telling, best)]
    return chosen


class _Told:
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
        says = sum(self.weights.get(term, _ANY_WORD) * (_AGAIN if term in covered else 1.0) for term in telling.terms)
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
                fit *= 0.7
            elif key in {each.span.stored.key for each in chosen}:
                fit *= 0.85
        return says * fit

    def _is_past(self, report: Gist) -> bool:
        """Whether what it says is to come may have come by now."""
        return report.at is not None and self._newest is not None and self._newest - report.at >= _SAME_STATE

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


def _newest_state_first(story: _Told, chosen: Sequence[Telling]) -> list[Telling]:
    """By day, newest first; of one day the best first, and those of one article as they stand there.

    None leads that says little of the story: a detail, however new, comes behind what it is a detail of.
    """
    place = {key: number for number, key in enumerate(dict.fromkeys(each.span.stored.key for each in chosen))}

    def order(telling: Telling) -> tuple[float, int, int]:
        moment = story.at(telling.span)
        key = telling.span.stored.key
        return (float("inf") if moment is None else -(moment // _A_DAY), place[key], telling.span.start)

    ordered = sorted(chosen, key=order)
    gains = {telling: story.gain(telling, ()) for telling in ordered}
    leading = next((each for each in ordered if gains[each] >= _LEADS * max(gains.values())), None)
    return sorted(ordered, key=lambda each: each is not leading)


def _against(story: _Told, reports: Sequence[Gist], quoted: Sequence[Span]) -> Contradiction | None:
    """What reports say against the newest state, as it is quoted."""
    moments = [moment for span in quoted if (moment := story.at(span)) is not None]
    since = max(moments, default=0.0) - _SAME_STATE

    def is_now(span: Span) -> bool:
        moment = story.at(span)
        return moment is None or moment >= since

    others = [telling.span for report in reports for telling in report.tellings if is_now(telling.span)]
    return contradiction([span for span in quoted if is_now(span)], others) if len(reports) > 1 else None


# --- step by step --------------------------------------------------------------------------------


def steps(members: Sequence[StoredArticle]) -> tuple[Quote, ...]:
    """One quote for each turn that a story took, the oldest first (those of undated articles last).

    `members` as for `summarised`. A report that says nothing that is new to the steps before it is none.
    """
    articles = {stored.key: stored.article for stored in members}
    return tuple(_cut(articles, telling.span) for telling in _turns(distinct(members)))


def _turns(reports: Sequence[Gist]) -> Iterator[Telling]:
    dated = [report for report in reports if report.at is not None][::-1]
    in_order = dated + [report for report in reports if report.at is None]
    told = [report for report in in_order if newsiness(report.stored.article.title) == 1.0] or in_order
    story = _Told(told, central(told))
    taken: list[Telling] = []
    days: set[float | None] = set()
    for report in told:
        day = _day(report)
        needed = _NEW_WORDS_SAME_DAY if day in days else _NEW_WORDS
        if (turn := _turn(story, report, taken, needed)) is not None:
            taken.append(turn)
            days.add(day)
            yield turn


def _turn(story: _Told, report: Gist, taken: Sequence[Telling], needed: float) -> Telling | None:
    """The sentence that says what is new in a report; None where nothing is, as compared with the steps taken."""
    known = frozenset[str]().union(*(each.terms for each in taken))

    def worth(telling: Telling) -> float:
        new = sum(report.weights.get(term, 0.05) for term in telling.terms - known)
        about = sum(story.weights.get(term, 0.0) for term in telling.terms)
        return (new + 0.5 * about) * telling.ease / (1 + 0.12 * telling.place)

    total = sum(story.weights.get(term, 0.0) for term in story.shared) or 1.0
    first = [telling for telling in report.tellings if telling.place < _STEP_AMONG]
    for telling in sorted(first, key=worth, reverse=True):
        novel = len(telling.terms - known) / max(1, len(telling.terms))
        about = sum(story.weights.get(term, 0.0) for term in telling.terms & story.shared) / total
        if novel >= needed and about >= _ABOUT_IT and not any(_repeats(each, telling) for each in taken):
            return telling
    return None


def _repeats(one: Telling, other: Telling) -> bool:
    return share(one.terms, other.terms) >= _STEP_AGAIN or says_the_same(one.span, other.span)


def _day(report: Gist) -> float | None:
    return None if report.at is None else report.at // _A_DAY
