"""Passages in another language than the question's: meaning alone tells of them, for they cannot hold its words.

What ranks passages, chooses quotes and says how sure the bot is was fitted on what words tell. For passages abroad
there stands in for it how near to the question they are, and the nearest of their sentences, which are embedded for
that. So that they find their places among those of the question's own language, nearness is put on the scale of what it
stands for, by lines through what both said of English passages (`benchmarks/nearness.py`: 150 of the questions that the
trees were fitted on, over 487 articles; correlation 0.78 for passages, 0.55 for quotes).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from retrieval.answering.ranking import NEW, scored
from retrieval.answering.spans import Evidence, Findings, Span
from retrieval.index.embed import Embedder, embedded_text
from retrieval.index.likeness import Scale, likeness
from retrieval.index.stored import StoredArticle

READ = 6
"""Passages abroad of which the sentences are read, the nearest ones: each takes some 60 ms the first time."""
PASSAGE, QUOTE = (-4.8, 8.4), (-3.9, 4.7)
"""What the trees' scores are for no nearness at all, and by how much more for all of it."""
SURE = (-9.9, 18.6)
"""The same as log-odds of an answer."""
WORDS = 0.1
"""What the words add that a passage abroad shares with the question: they are names and numbers."""
LONGER = 0.01
"""By how much nearer a quote must be for each sentence more that it has."""


def is_abroad(language: str | None, stored: StoredArticle) -> bool:
    """Whether an article is known to be in another language than a question in `language`."""
    return language is not None and stored.article.language not in (None, language)


def across(embedder: Embedder, question: str, language: str | None, findings: Findings) -> Findings:
    """The findings with the passages abroad where their meaning puts them, if the model knows both languages."""
    scale = embedder.scales.abroad
    if scale is None or not embedder.knows(language):
        return findings
    abroad = [item for item in findings.evidence if is_abroad(language, item.span.stored)]
    if not abroad:
        return findings
    abroad.sort(key=lambda item: -(item.candidate.cosine or 0.0))
    meanings = meanings_of(embedder, question, abroad[:READ], scale)
    moved = [scored(item, _place(item, meanings)) for item in abroad]
    home = [item for item in findings.evidence if not is_abroad(language, item.span.stored)]
    evidence = sorted([*home, *moved], key=lambda item: -item.candidate.score)
    return replace(findings, evidence=evidence, meanings=meanings)


def meanings_of(
    embedder: Embedder, question: str, passages: Sequence[Evidence], scale: Scale
) -> dict[tuple[int, int], float]:
    """How near to the question each sentence of these passages is, by its article's key and its number."""
    places = list(dict.fromkeys((item.span.stored.key, at) for item in passages for at in _sentences(item.span)))
    articles = {item.span.stored.key: item.span.stored for item in passages}
    texts: list[str] = []
    for key, at in places:
        start, end = articles[key].sentences[at]
        article = articles[key].article
        texts.append(embedded_text(embedder.headline(article.title), article.body[start:end]))
    if not texts:
        return {}
    cosines = np.stack(embedder.embed_sentences(texts)) @ embedder.embed_question(question)
    return dict(zip(places, likeness(cosines, scale).tolist(), strict=True))


def _sentences(span: Span) -> range:
    return range(span.first, span.last)


def nearness(span: Span, meanings: Mapping[tuple[int, int], float]) -> float | None:
    """How near the nearest of a span's sentences is; None where none was read."""
    return max(
        (meanings[span.stored.key, at] for at in _sentences(span) if (span.stored.key, at) in meanings), default=None
    )


def _place(item: Evidence, meanings: Mapping[tuple[int, int], float]) -> float:
    near, best = item.candidate.cosine or 0.0, nearness(item.span, meanings)
    start, step = PASSAGE
    meaning = near if best is None else (near + best) / 2
    return start + step * (meaning + WORDS * item.candidate.by_bm25.share) + NEW * item.candidate.freshness


def with_meanings(spans: Sequence[Span], scores: np.ndarray, meanings: Mapping[tuple[int, int], float]) -> np.ndarray:
    """The scores of what could be quoted, those of spans abroad by the nearest of their sentences."""
    start, step = QUOTE
    scores = scores.copy()
    for at, span in enumerate(spans):
        if (near := nearness(span, meanings)) is not None:
            scores[at] = start + step * (near - LONGER * len(_sentences(span)[1:]))
    return scores


def sure_abroad(findings: Findings, best: Span) -> float | None:
    """The log-odds that a quote abroad answers, by its passage and its nearest sentence; None where it is at home."""
    near = nearness(best, findings.meanings)
    if near is None:
        return None
    of_article = [item for item in findings.evidence if item.span.stored.key == best.stored.key]
    passage = max((item.candidate.cosine or 0.0 for item in of_article), default=0.0)
    bias, weight = SURE
    return bias + weight * (passage + near) / 2
