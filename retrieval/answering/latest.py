"""The latest stories, of all or about a topic."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from retrieval.answer import Briefing
from retrieval.answering.corpus import Corpus
from retrieval.answering.evidence import filters_of, find_evidence
from retrieval.answering.features import Asked, held
from retrieval.answering.question import checked_limit, checked_question, checked_scope
from retrieval.answering.spans import Evidence
from retrieval.answering.stories import story
from retrieval.article import Scope, instant
from retrieval.index.arrived import unseen
from retrieval.index.lexical import Filters
from retrieval.index.store import StoredArticle
from retrieval.index.versions import newest_as_it_stood
from retrieval.text.terms import terms

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
    found = _newest_about(corpus, about, filters, count) if about else _newest(corpus, filters, count)
    stories = [story(stored) for stored in found[skip:]]
    new = unseen(corpus.store, {each.id for told in stories for each in told.articles}, known)
    return Briefing(
        topic=about,
        stories=tuple(replace(told, new=new & {each.id for each in told.articles}) for told in stories),
        generation=corpus.generation,
        seconds=time.perf_counter() - began,
    )


def _newest(corpus: Corpus, filters: Filters, limit: int) -> list[StoredArticle]:
    """At most `limit` articles, the newest first, undated ones last."""
    scope = corpus.generation, limit, filters.since, filters.source
    if filters.until is None:
        return corpus.store.newest(*scope)
    return newest_as_it_stood(corpus.store, *scope, filters.until)


def _newest_about(corpus: Corpus, topic: str, filters: Filters, limit: int) -> list[StoredArticle]:
    """The newest articles about a topic, looked for in ever longer spans of time back from the newest article."""
    instants = corpus.index.instants
    seen = instants if filters.until is None else instants[instants <= filters.until]
    newest = float(np.max(seen, initial=-np.inf))
    found: dict[int, StoredArticle] = {}
    for days in TOPIC_DAYS:
        since = max(newest - days * 86_400, filters.since if filters.since is not None else -np.inf)
        back = replace(filters, since=since if np.isfinite(since) else None)
        findings = find_evidence(corpus, topic, back, TOPIC_PASSAGES, moment=None, as_of=filters.until)
        about = (item.span.stored for item in findings.evidence if _on_topic(findings.asked, item))
        found |= {stored.key: stored for stored in about}
        if len(found) >= limit:
            break
    return _newest_first(found.values())[:limit]


def _on_topic(topic: Asked, item: Evidence) -> bool:
    """Whether a passage found for a topic is about it: close in meaning, or holding all of its words."""
    if (item.candidate.cosine or 0.0) >= ON_TOPIC_COSINE:
        return True
    return held(topic.weights, frozenset(terms(item.text_with_title))) > 0.99


def _newest_first(articles: Iterable[StoredArticle]) -> list[StoredArticle]:
    """By date of publication, newest first; undated ones last, in the order given."""
    return sorted(articles, key=_recency, reverse=True)


def _recency(stored: StoredArticle) -> float:
    published = stored.article.published
    return instant(published) if published else float("-inf")
