"""What has come into the index since a generation, and which topics it is about. Cost follows what has come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.answer import Story
from retrieval.answering.corpus import Corpus
from retrieval.answering.features import held
from retrieval.answering.stories import stories_of
from retrieval.answering.vocabulary import vocabulary
from retrieval.article import Day
from retrieval.index.arrived import arrived_since, embedded_passages
from retrieval.index.embed import embedded_text
from retrieval.index.likeness import likeness
from retrieval.text.tongues import language_of

ARTICLES_AT_ONCE = 256  # bounds the memory that their vectors take
# Measured on invented articles (`tests/retrieval/answering/test_matching.py`): what is about a topic has a passage
# above both, and what only comes near it, such as the same event in another country, fails one of them.
ABOUT_COSINE = 0.3
ABOUT_TERMS = 0.7


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came up to `generation`: the date of each new article by its id, newest first (undated ones last), and
    for each topic the ids of those that are about it, in the same order.
    """

    generation: int
    articles: Mapping[str, Day | None]
    about: Mapping[str, tuple[str, ...]]


class Arrivals:
    """New articles of what `corpus` gives at a time: the generation that is served.

    What was published long before it came is none, nor are a copy of another article, a new version and one that is
    back (`arrived_since`).
    """

    def __init__(self, corpus: Callable[[], Corpus]) -> None:
        self._corpus = corpus

    def generation(self) -> int:
        """The number of the generation that is served."""
        return self._corpus().generation

    def since(self, generation: int, topics: Collection[str] = ()) -> Arrived:
        """What came after `generation`. Raises `IndexUnavailable` or `ModelUnavailable` when there are topics."""
        corpus = self._corpus()
        if topics:
            corpus.check_ready()
        new = arrived_since(corpus.store, corpus.index.sight, generation)
        about = _about(corpus, list(new), topics) if topics and new else {}
        return Arrived(
            corpus.generation,
            dict(new.values()),
            {topic: tuple(id_ for key, (id_, _) in new.items() if key in about.get(topic, ())) for topic in topics},
        )

    def stories(self, ids: Iterable[str]) -> tuple[Story, ...]:
        """The stories of the articles with these ids, each once, in this order; without what the index holds no more.

        The articles are what is new in them.
        """
        return stories_of(self._corpus().shelf, list(ids))


def _about(corpus: Corpus, keys: Sequence[int], topics: Collection[str]) -> dict[str, set[int]]:
    """By topic, which of these article versions are about it."""
    words = {topic: vocabulary(topic, language_of(topic), corpus.index.languages) for topic in topics}
    weighed = [(topic, asked, corpus.weights(asked)) for topic, asked in words.items()]
    questions = np.stack([corpus.embedder.embed_topic(topic) for topic in words])
    about: dict[str, set[int]] = {topic: set() for topic in words}
    for begin in range(0, len(keys), ARTICLES_AT_ONCE):
        chunk = keys[begin : begin + ARTICLES_AT_ONCE]
        passages, vectors = embedded_passages(corpus.store, chunk, corpus.index.generation.model_key)
        near = np.zeros((0, len(words)), np.bool_)
        if passages:
            near = likeness(vectors @ questions.T, corpus.embedder.scales.home) >= ABOUT_COSINE
        rows = np.flatnonzero(near.any(axis=1))
        articles = corpus.store.articles({passages[row].article for row in rows})
        for row in rows:
            passage = passages[row]
            if (stored := articles.get(passage.article)) is None:
                continue
            text = embedded_text(stored.article.title, stored.article.body[passage.start : passage.end])
            for column in np.flatnonzero(near[row]):  # few of all servers' topics
                topic, asked, weights = weighed[column]
                if held(weights, asked.seen_in(stored).lines.terms_in(text)) >= ABOUT_TERMS:
                    about[topic].add(passage.article)
    return about
