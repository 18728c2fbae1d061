"""The latest stories about a topic."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from retrieval.answer import Briefing
from retrieval.answering.corpus import Corpus
from retrieval.answering.evidence import find_evidence
from retrieval.answering.features import Asked, held
from retrieval.answering.latest import stories_on_page
from retrieval.answering.question import checked_limit, checked_question, checked_scope, filters_of
from retrieval.answering.spans import Evidence
from retrieval.answering.stories import published_at
from retrieval.article import Scope
from retrieval.index.lexical import Filters
from retrieval.index.stored import StoredArticle
from retrieval.text.tongues import language_of

TOPIC_PASSAGES = 200  # looked through for a topic's newest articles, in each of these spans
TOPIC_DAYS = (7, 30, 365, float("inf"))
ON_TOPIC_COSINE = 0.35


def latest_about(corpus: Corpus, topic: str, scope: Scope, limit: int, skip: int, known: int | None) -> Briefing:
    """The newest stories about a topic, as `latest.latest` has those of all articles.

    Raises `InvalidQuestion`, `IndexUnavailable` or `ModelUnavailable`.
    """
    began = time.perf_counter()
    checked_limit(limit)
    about = checked_question(topic)
    corpus.check_ready()
    filters = filters_of(checked_scope(scope, corpus.index), corpus.store)
    newest = _newest_about(corpus, about, filters)
    stories = stories_on_page(corpus.shelf, newest, filters, skip, limit, known)
    return Briefing(topic=about, stories=stories, generation=corpus.generation, seconds=time.perf_counter() - began)


def _newest_about(corpus: Corpus, topic: str, filters: Filters) -> Iterator[StoredArticle]:
    """The newest articles about a topic, looked for in ever longer spans of time back from the newest article."""
    published = corpus.index.published
    seen = published if filters.until is None else published[published <= filters.until]
    newest = float(np.max(seen, initial=-np.inf))
    begins = float("inf")
    for days in TOPIC_DAYS:
        since = max(newest - days * 86_400, filters.since if filters.since is not None else -np.inf)
        back = replace(filters, since=since if np.isfinite(since) else None)
        findings = find_evidence(
            corpus, topic, back, TOPIC_PASSAGES, moment=None, as_of=filters.until, language=language_of(topic)
        )
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
    return held(topic.weights, item.span.stored.lines.terms_in(item.text_with_title)) > 0.99


def _newest_first(articles: Iterable[StoredArticle]) -> list[StoredArticle]:
    """By date of publication, newest first; undated ones last, in the order given."""
    return sorted(articles, key=published_at, reverse=True)
