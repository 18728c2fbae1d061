"""How good the stories of an index are: against labelled events, against a baseline, and as summaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.answering.corpus import Corpus
from retrieval.answering.stories import gathered
from retrieval.article import Article, Progress, Tell, instant
from retrieval.evaluation.broad import BroadMeasures, EventGroup, measure_broad
from retrieval.evaluation.clusters import Agreement, Clusters, agreement, ahead, single_link
from retrieval.evaluation.events import Event, labelled_events
from retrieval.evaluation.labelled import LabelledQuestion
from retrieval.evaluation.summaries import SummaryMeasures, measure_summaries
from retrieval.index.arrived import articles_by_id, embedded_passages
from retrieval.index.links import held_together, number_of
from retrieval.index.stored import StoredArticle
from retrieval.newsroom import Newsroom

EVERY_ARTICLE = 2**31  # more than there are


@dataclass(frozen=True, slots=True)
class StoryMeasures:
    """`ours` and the `baseline` against labelled events, and 95% confidence limits of how far the F1 of `ours`
    is `ahead`; the `summaries` of the stories that hold these events; and how `broad` questions that are made
    of their headlines are answered, as of their last report.
    """

    ours: Agreement
    baseline: Agreement
    ahead: tuple[float, float]
    summaries: SummaryMeasures
    broad: tuple[BroadMeasures, ...]


def measure_stories(room: Newsroom, questions: Sequence[LabelledQuestion], tell: Tell) -> StoryMeasures | None:
    """Measure the stories of a newsroom by its labelled questions; None where these tell of no event twice."""
    corpus = room.corpus()
    tell(Progress("comparing stories", 0, None))
    every = corpus.store.newest(corpus.index.sight, EVERY_ARTICLE)
    articles = {each.article.id: each.article for each in every}
    events = labelled_events(questions, articles)
    if all(len(event.articles) < 2 for event in events):
        return None
    ours, baseline = story_of_each(corpus, events), _by_meaning(corpus, every, events)
    return StoryMeasures(
        ours=agreement(events, ours),
        baseline=agreement(events, baseline),
        ahead=ahead(events, ours, baseline),
        summaries=_summaries(corpus, events),
        broad=tuple(measure_broad(room, [_group(event, articles) for event in events])),
    )


def _group(event: Event, articles: Mapping[str, Article]) -> EventGroup:
    return EventGroup(event.articles, articles[event.articles[-1]].published)


def story_of_each(corpus: Corpus, events: Sequence[Event]) -> Clusters:
    """The number of the story of each article of these events."""
    found: dict[str, int] = {}
    for id_ in (id_ for event in events for id_ in event.articles):
        if id_ not in found:
            together = held_together(corpus.store, corpus.index.sight, id_)
            found |= dict.fromkeys(together, number_of(corpus.store, together))
    return found


def _by_meaning(corpus: Corpus, every: Sequence[StoredArticle], events: Sequence[Event]) -> Clusters:
    """What the baseline makes of all dated articles."""
    dated = {each.key: (each.article.id, instant(each.article.published)) for each in every if each.article.published}
    passages, vectors = embedded_passages(corpus.store, list(dated), corpus.index.generation.model_key)
    first: dict[int, int] = {}
    for row, passage in enumerate(passages):
        at = first.setdefault(passage.article, row)
        if passage.start < passages[at].start:
            first[passage.article] = row
    ids, moments = zip(*(dated[key] for key in first), strict=True)
    return single_link(ids, np.array(moments), vectors[list(first.values())], events)


def _summaries(corpus: Corpus, events: Sequence[Event]) -> SummaryMeasures:
    ids = [event.articles[0] for event in events]
    found = articles_by_id(corpus.store, corpus.index.sight, ids)
    return measure_summaries(
        [story.told() for story in gathered(corpus.shelf, (found[id_] for id_ in ids if id_ in found))]
    )
