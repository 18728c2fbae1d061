"""How good summaries of stories are, as shares over the stories: pure functions on what a reader is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from retrieval.answer import Quote, Story
from retrieval.answering.quote import same_statement
from retrieval.text.alone import needs_a_name, points_back
from retrieval.text.terms import subject_terms


@dataclass(frozen=True, slots=True)
class SummaryMeasures:
    """Of `stories`: what share has quotes at all, how many (mean), and their words together (mean).

    `repeated` is the share of pairs of quotes within a story that say the same, `near` of those of which the shorter
    has half of its informative words from the other. `unresolved` is the share of quotes that begin with a pronoun or a
    connective, `unnamed` of those that speak of somebody whom they do not name. `covered` is the share of the
    headline's informative words that are in a quote (mean over the stories that have any), `outlets` the share of
    stories with several outlets whose quotes are of several, too.
    """

    stories: int
    quoted: float
    quotes: float
    words: float
    repeated: float
    near: float
    unresolved: float
    unnamed: float
    covered: float
    outlets: float


def measure_summaries(stories: Sequence[Story]) -> SummaryMeasures:
    """The measures of these stories; 0.0 where there is nothing to measure."""
    told = [story for story in stories if story.quotes]
    quotes = [quote for story in told for quote in story.quotes]
    pairs = [pair for story in told for pair in combinations(story.quotes, 2)]
    return SummaryMeasures(
        stories=len(stories),
        quoted=_mean(bool(story.quotes) for story in stories),
        quotes=_mean(len(story.quotes) for story in told),
        words=_mean(sum(len(quote.text.split()) for quote in story.quotes) for story in told),
        repeated=_mean(same_statement(one.text, other.text) for one, other in pairs),
        near=_mean(_near(one, other) for one, other in pairs),
        unresolved=_mean(points_back(quote.text) for quote in quotes),
        unnamed=_mean(needs_a_name(quote.text) for quote in quotes),
        covered=_mean(map(covered, told)),
        outlets=_mean(_of_several(story) for story in told if len(story.outlets) > 1),
    )


def covered(story: Story) -> float:
    """The share of the headline's informative words that are in one of the quotes; 1.0 where it has none."""
    wanted = subject_terms(story.lead.title)
    held = frozenset[str]().union(*(subject_terms(quote.text) for quote in story.quotes))
    return len(wanted & held) / len(wanted) if wanted else 1.0


def _near(one: Quote, other: Quote) -> bool:
    words, others = subject_terms(one.text), subject_terms(other.text)
    return 2 * len(words & others) >= max(1, min(len(words), len(others)))


def _of_several(story: Story) -> bool:
    return len({quote.article.source for quote in story.quotes}) > 1


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
