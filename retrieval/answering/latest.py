"""The newest articles, of all or about a topic: what a briefing is made from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from retrieval.answering import leads as briefing
from retrieval.answering.evidence import evidence_as_it_stood
from retrieval.answering.inquiry import find_evidence
from retrieval.index.embed import Embedder
from retrieval.index.lexical import Filters
from retrieval.index.search import Index
from retrieval.index.store import Store, StoredArticle
from retrieval.index.versions import newest_as_it_stood

TOPIC_PASSAGES = 200  # looked through for a topic's newest articles, in each of these spans
TOPIC_DAYS = (7, 30, 365, float("inf"))


def newest(index: Index, store: Store, filters: Filters, limit: int) -> list[StoredArticle]:
    """At most `limit` articles, the newest first, undated ones last."""
    scope = index.generation.number, limit, filters.since, filters.source
    if filters.until is None:
        return store.newest(*scope)
    return newest_as_it_stood(store, *scope, filters.until)


def newest_about(
    index: Index, store: Store, embedder: Embedder, topic: str, filters: Filters, limit: int
) -> list[StoredArticle]:
    """The newest articles about a topic, looked for in ever longer spans of time back from the newest article."""
    seen = index.instants if filters.until is None else index.instants[index.instants <= filters.until]
    latest = float(np.max(seen, initial=-np.inf))
    found: dict[int, StoredArticle] = {}
    for days in TOPIC_DAYS:
        since = max(latest - days * 86_400, filters.since if filters.since is not None else -np.inf)
        span = replace(filters, since=since if np.isfinite(since) else None)
        asked, evidence = find_evidence(index, store, embedder, topic, span, TOPIC_PASSAGES, None)
        if filters.until is not None:
            evidence = evidence_as_it_stood(store, evidence, filters.until)
        found |= {item.stored.key: item.stored for item in evidence if briefing.on_topic(asked.weights, item)}
        if len(found) >= limit:
            break
    return briefing.newest_first(list(found.values()))[:limit]
