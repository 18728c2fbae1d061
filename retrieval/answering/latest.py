"""The latest stories, of all or about a topic."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from retrieval.answer import Briefing
from retrieval.answering.corpus import Corpus
from retrieval.answering.evidence import filters_of, find_evidence
from retrieval.answering.features import Asked, held
from retrieval.answering.question import checked_limit, checked_question, checked_scope
from retrieval.answering.spans import Evidence
from retrieval.answering.stories import gathered, published_at, with_news
from retrieval.article import Scope
from retrieval.index.lexical import Filters
from retrieval.index.store import StoredArticle
from retrieval.index.versions import newest_as_it_stood
from retrieval.text.terms import terms

FIRST_LOOK = 3  # newest articles that are read at first for each story that is wanted
TOPIC_PASSAGES = 200  # looked through for a topic's newest articles, in each of these spans
TOPIC_DAYS = (7, 30, 365, float("inf"))
ON_TOPIC_COSINE = 0.35


def latest(corpus: Corpus, topic: str | None, scope: Scope, limit: int, skip: int, known: int | None) -> Briefing:
    """The newest stories, optionally about a topic, after the `skip` newest; what came after `known` is new in them.

    Raises `InvalidQuestion`, and with a topic `IndexUnavailable` or `ModelUnavailable`.
    """
    began = time.perf_counter()
    count = skip + checked_limit(limit)
    about = checked_question(topic) if topic is not None and topic.strip() else None
    if about:
        corpus.check_ready()
    filters = filters_of(checked_scope(scope, corpus.index.outlets), corpus.store)
    newest = _newest_about(corpus, about, filters) if about else _newest(corpus, filters, FIRST_LOOK * count)
    stories = gathered(corpus, newest, filters.until, filters.source)
    return Briefing(
        topic=about,
        stories=with_news(corpus, list(islice(stories, skip, count)), known),
        generation=corpus.generation,
        seconds=time.perf_counter() - began,
    )


def _newest(corpus: Corpus, filters: Filters, limit: int) -> Iterator[StoredArticle]:
    """The articles, the newest first, undated ones last; read as they are needed, first so many."""
    given = 0
    while True:
        scope = corpus.generation, limit, filters.since, filters.source
        if filters.until is None:
            found = corpus.store.newest(*scope)
        else:
            found = newest_as_it_stood(corpus.store, *scope, filters.until)
        yield from found[given:]
        if len(found) < limit:
            return
        given, limit = limit, limit * 4


def _newest_about(corpus: Corpus, topic: str, filters: Filters) -> Iterator[StoredArticle]:
    """The newest articles about a topic, looked for in ever longer spans of time back from the newest article."""
    instants = corpus.index.instants
    seen = instants if filters.until is None else instants[instants <= filters.until]
    newest = float(np.max(seen, initial=-np.inf))
    begins = float("inf")
    for days in TOPIC_DAYS:
        since = max(newest - days * 86_400, filters.since if filters.since is not None else -np.inf)
        back = replace(filters, since=since if np.isfinite(since) else None)
        findings = find_evidence(corpus, topic, back, TOPIC_PASSAGES, moment=None, as_of=filters.until)
        about = {
            item.span.stored.key: item.span.stored for item in findings.evidence if _on_topic(findings.asked, item)
        }
        # What is about it and newer than the span before begins has been given with that one.
        yield from _newest_first(stored for stored in about.values() if published_at(stored) < begins)
        begins = since


def _on_topic(topic: Asked, item: Evidence) -> bool:
    """Whether a passage found for a topic is about it: close in meaning, or holding all of its words."""
    if (item.candidate.cosine or 0.0) >= ON_TOPIC_COSINE:
        return True
    return held(topic.weights, frozenset(terms(item.text_with_title))) > 0.99


def _newest_first(articles: Iterable[StoredArticle]) -> list[StoredArticle]:
    """By date of publication, newest first; undated ones last, in the order given."""
    return sorted(articles, key=published_at, reverse=True)
