"""A story summed up: the headline that stands for it, and a few quotes that each say something else.

Nothing is written, all is quoted: sentences that are understood alone, each for what it adds to those before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from retrieval.answer import Disagreement, Quote, Story
from retrieval.answering.central import central
from retrieval.answering.corroborate import ClaimsMade, Contradiction, compare, contradiction, reporters
from retrieval.answering.gist import Gist, Telling
from retrieval.answering.quote import remembered_quote
from retrieval.answering.spans import Span
from retrieval.answering.weighing import A_DAY, SAME_STATE, Weighed, distinct
from retrieval.article import Article
from retrieval.index.stored import StoredArticle

MOST_QUOTES = 4
MOST_OF_ONE = 3  # quotes of a story with a single report
# Of what the first quote says, so much the second has to add, and each further one; of one report, and of several.
_WORTH_IT = {True: (0.08, 0.22), False: (0.08, 0.16)}
_LEADS = 0.8  # of what the best quote says, so much the first one has to


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
    story = Weighed(reports, lead)
    chosen = _newest_state_first(story, _chosen(story, reports))
    everything = ClaimsMade.of(telling.span for report in reports for telling in report.tellings)
    return _Choice(
        lead=lead.stored.key,
        quoted=tuple((telling.span, reporters(telling.span, everything)) for telling in chosen),
        against=_against(story, reports, [telling.span for telling in chosen]),
    )


def _cut(articles: Mapping[int, Article], span: Span, also_reported_by: tuple[Article, ...] = ()) -> Quote:
    quote = remembered_quote(articles[span.stored.key], span.start, span.end)
    return replace(quote, also_reported_by=also_reported_by) if also_reported_by else quote


# --- choosing what to quote ------------------------------------------------------------------------


def _chosen(story: Weighed, reports: Sequence[Gist]) -> list[Telling]:
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


def _newest_state_first(story: Weighed, chosen: Sequence[Telling]) -> list[Telling]:
    """By day, newest first; of one day the best first, and those of one article as they stand there.

    None leads that says little of the story: a detail, however new, comes behind what it is a detail of.
    """
    place = {key: number for number, key in enumerate(dict.fromkeys(each.span.stored.key for each in chosen))}

    def order(telling: Telling) -> tuple[float, int, int]:
        moment = story.at(telling.span)
        key = telling.span.stored.key
        return (float("inf") if moment is None else -(moment // A_DAY), place[key], telling.span.start)

    ordered = sorted(chosen, key=order)
    gains = {telling: story.gain(telling, ()) for telling in ordered}
    leading = next((each for each in ordered if gains[each] >= _LEADS * max(gains.values())), None)
    return sorted(ordered, key=lambda each: each is not leading)


def _against(story: Weighed, reports: Sequence[Gist], quoted: Sequence[Span]) -> Contradiction | None:
    """What reports say against the first quote that they contradict, of the state of things that it tells."""
    if len(reports) < 2:
        return None
    told = [(telling.span, report.at) for report in reports for telling in report.tellings]
    newest = max((moment for span in quoted if (moment := story.at(span)) is not None), default=None)
    for quote in quoted:
        moment = story.at(quote)
        begins, ends = _state(quote, newest if moment is None else moment, told)
        others = [span for span, at in told if at is None or begins <= at <= ends]
        if found := contradiction([quote], ClaimsMade.of(others)):
            return found
    return None


def _state(quote: Span, at: float | None, told: Sequence[tuple[Span, float | None]]) -> tuple[float, float]:
    """The first and the last moment at which what contradicts a quote is no earlier and no later state of things.

    What came after another report had said the same as the quote was not overtaken by it: a toll that was said to be
    12, then 14, then 12 again did not grow.
    """
    if at is None:
        return float("-inf"), float("inf")
    said = (moment for span, moment in told if moment is not None and compare(quote, span) == "same")
    return min([at - SAME_STATE, *said]), at + SAME_STATE
