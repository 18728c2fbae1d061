"""What has come into the index since a generation, and which topics it is about. Cost follows what has come."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.answering import leads as briefing
from retrieval.answering.choosing import inverse_frequencies
from retrieval.answering.features import held
from retrieval.article import Day, Story
from retrieval.index.embed import Embedder, embedded_text
from retrieval.index.search import Index
from retrieval.index.store import ARTICLE, LIVE, Store, day_of, stored_article
from retrieval.reading.reload import chunks
from retrieval.text.terms import content_terms, terms

ARTICLES_AT_ONCE = 256  # bounds the memory that their vectors take
# Measured on invented articles (`tests/unit/test_matching.py`): what is about a topic has a passage above both, and
# what only comes near it, such as the same event in another country, fails one of them.
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
    """New articles of a newsroom. A copy of another article, a new version and one that is back are none.

    `current` gives the generation that is served; `ready` too, and raises `IndexUnavailable` where nothing can be
    looked for in it.
    """

    def __init__(
        self, store: Store, embedder: Embedder, current: Callable[[], Index], ready: Callable[[], Index]
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._current = current
        self._ready = ready

    def generation(self) -> int:
        """The number of the generation that is served."""
        return self._current().generation.number

    def since(self, generation: int, topics: Collection[str] = ()) -> Arrived:
        """What came after `generation`. Raises `IndexUnavailable` or `ModelUnavailable` when there are topics."""
        index = self._ready() if topics else self._current()
        new = self._new(index.generation.number, generation)
        about = self._about(index, list(new), topics) if topics and new else {}
        return Arrived(
            index.generation.number,
            dict(new.values()),
            {topic: tuple(id_ for key, (id_, _) in new.items() if key in about.get(topic, ())) for topic in topics},
        )

    def stories(self, ids: Iterable[str]) -> tuple[Story, ...]:
        """The articles with these ids as stories, in this order; without those that the index holds no more."""
        wanted = list(ids)
        rows = self._store.connection().execute(
            f"SELECT {ARTICLE} FROM article a WHERE {LIVE} AND a.id IN (SELECT value FROM json_each(:ids))",  # noqa: S608
            {"generation": self.generation(), "ids": json.dumps(wanted)},
        )
        found = {stored.article.id: stored for row in rows.fetchall() if (stored := stored_article(row))}
        return tuple(briefing.story(found[id_]) for id_ in wanted if id_ in found)

    def _new(self, generation: int, after: int) -> dict[int, tuple[str, Day | None]]:
        """By the key of their version, id and date of the articles that came after a generation, newest first."""
        rows = self._store.connection().execute(
            f"SELECT a.key, a.id, a.published FROM article a INDEXED BY article_born WHERE {LIVE}"  # noqa: S608
            " AND a.born > :after AND a.copy_of IS NULL"
            # What once was a copy told its news then, though the one that it was a copy of has changed since.
            " AND NOT EXISTS"
            " (SELECT 1 FROM article b WHERE b.id = a.id AND (b.born <= :after OR b.copy_of IS NOT NULL))"
            " ORDER BY a.instant DESC NULLS LAST, a.key DESC",
            {"generation": generation, "after": after},
        )
        return {key: (id_, day_of(published)) for key, id_, published in rows}

    def _about(self, index: Index, keys: Sequence[int], topics: Collection[str]) -> dict[str, set[int]]:
        """By topic, which of these article versions are about it."""
        wanted = {topic: _weights(index, topic) for topic in topics}
        weighed = list(wanted.items())
        questions = np.stack([self._embedder.embed_topic(topic) for topic in wanted])
        about: dict[str, set[int]] = {topic: set() for topic in wanted}
        for chunk in chunks(keys, ARTICLES_AT_ONCE):
            spans, vectors = self._passages(chunk, index)
            near = (vectors @ questions.T >= ABOUT_COSINE) if spans else np.zeros((0, len(wanted)), np.bool_)
            rows = np.flatnonzero(near.any(axis=1))
            articles = self._store.articles({spans[row][0] for row in rows})
            for row in rows:
                key, start, end = spans[row]
                if (stored := articles.get(key)) is None:
                    continue
                present = frozenset(terms(embedded_text(stored.article.title, stored.article.body[start:end])))
                for column in np.flatnonzero(near[row]):  # few of all servers' topics
                    topic, weights = weighed[column]
                    if held(weights, present) >= ABOUT_TERMS:
                        about[topic].add(key)
        return about

    def _passages(self, keys: Sequence[int], index: Index) -> tuple[list[tuple[int, int, int]], np.ndarray]:
        """The passages of article versions as (version, start, end), and their vectors, float32, row by row."""
        rows = (
            self._store.connection()
            .execute(
                'SELECT article, start, "end", vector FROM passage'
                " WHERE article IN (SELECT value FROM json_each(?)) AND model = ? AND vector IS NOT NULL",
                (json.dumps(list(keys)), index.generation.model_key),
            )
            .fetchall()
        )
        vectors = np.frombuffer(b"".join(row[3] for row in rows), "<f2").astype(np.float32)
        return [row[:3] for row in rows], vectors.reshape(len(rows), -1) if rows else vectors


def _weights(index: Index, topic: str) -> dict[str, float]:
    words = content_terms(topic)
    return inverse_frequencies(words, [index.lexical.document_frequency(word) for word in words], len(index.dense))
