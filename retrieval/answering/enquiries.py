"""All that is looked for in the articles: each question gets the generation that is served when it is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from retrieval.answer import Answer, Briefing, Hit, Quote
from retrieval.answering import pipeline
from retrieval.answering.about import latest_about
from retrieval.answering.choosing import ANSWER_FROM
from retrieval.answering.corpus import Corpus
from retrieval.answering.rerank import Reranker
from retrieval.article import Scope
from retrieval.index.embed import Embedder
from retrieval.index.lexical import LexicalDamaged
from retrieval.index.views import Views
from retrieval.index.waiting import reading

T = TypeVar("T")

AT_ONCE = 2
"""Questions that are looked through at the same time. One thread of an interpreter runs at a time: with two, nobody
waits for what FAISS, SQLite and the model compute meanwhile; with more, threads take the interpreter from each other so
often that 64 questions take longer than one after another, and the event loop waits with them."""


class Enquiries:
    """Asks what readers see by `views`, with an embedding model and, if one is named, a reranker; a question is
    answered from the confidence `answer_from` on, which is None for the one that was fitted."""

    def __init__(self, views: Views, embedder: Embedder, reranker: str | None, answer_from: float | None) -> None:
        self._views = views
        self._store = views.generations.store
        self._embedder = embedder
        self.reranker = Reranker(reranker) if reranker else None
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._answer_from = ANSWER_FROM if answer_from is None else answer_from

    def corpus(self, reader: str) -> Corpus:
        """What a reader's questions are answered from now."""
        index = self._views.of(reader)
        return Corpus(index=index, store=self._store, embedder=self._embedder, reranker=self.reranker)

    def answer(self, reader: str, question: str, scope: Scope, limit: int, preferred: str | None) -> Answer:
        """As `Newsroom.ask`."""
        least = self._answer_from
        corpus, answer = self._asked(
            reader, lambda corpus: pipeline.answer(corpus, question, scope, limit, least, preferred)
        )
        return replace(answer, reading=reading(self._store, corpus.index.sight, corpus.index.articles))

    def quotes(self, reader: str, question: str, scope: Scope, limit: int, preferred: str | None) -> tuple[Quote, ...]:
        """As `Newsroom.quotes`."""
        return self._asked(reader, lambda corpus: pipeline.best_quotes(corpus, question, scope, limit, preferred))[1]

    def search(self, reader: str, question: str, scope: Scope, limit: int, preferred: str | None) -> tuple[Hit, ...]:
        """As `Newsroom.search`."""
        return self._asked(reader, lambda corpus: pipeline.search(corpus, question, scope, limit, preferred))[1]

    def latest_about(self, reader: str, topic: str, scope: Scope, limit: int, skip: int, known: int | None) -> Briefing:
        """As `Newsroom.latest` with a topic."""
        corpus, briefing = self._asked(reader, lambda corpus: latest_about(corpus, topic, scope, limit, skip, known))
        return replace(briefing, reading=reading(self._store, corpus.index.sight, corpus.index.articles))

    def _asked(self, reader: str, ask: Callable[[Corpus], T]) -> tuple[Corpus, T]:
        """What `ask` finds, in which corpus; once more where words could not be searched and can be again."""
        corpus = self.corpus(reader)
        try:
            with self._turns:
                return corpus, ask(corpus)
        except LexicalDamaged as damage:
            self._views.generations.mend(corpus.index, damage)
        corpus = self.corpus(reader)
        with self._turns:
            return corpus, ask(corpus)
