"""How sure to be that the articles answer a question: a few plain facts about what was found, weighed.

The weights (`weights/confidence.json`, a logistic regression) were fitted by `benchmarks/fit.py` on questions
asked twice: as they are, and with the articles that answer them withdrawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from retrieval.answering.choosing import ScoredSpan
from retrieval.answering.features import held
from retrieval.answering.spans import Findings
from retrieval.answering.trees import read_weights
from retrieval.text.terms import terms

CONFIDENCE_FEATURES = (
    # the best similarity of a passage to the question, and the best share that BM25 finds of what it could
    *("cosine", "bm25"),
    # how new the best three passages are at most, and how new the article of the best quote is
    *("freshness", "quote_freshness"),
    # the share of the question's weighted terms in the best passage, in the best quote's article, in all passages
    *("terms", "article_terms", "all_terms"),
    # the score of the best quote, and of the best one of another article
    *("quote", "other_quote"),
)
_READ = 20_000  # characters of an article that are looked through for the question's terms
_WORST = -8.0  # a score below which it makes no difference how bad a quote is


def confidence_features(findings: Findings, ranked: Sequence[ScoredSpan]) -> dict[str, float]:
    """What the confidence is made of, by the names in `CONFIDENCE_FEATURES`; all zero without evidence."""
    question, evidence = findings.asked, findings.evidence
    if not evidence or not ranked:
        return dict.fromkeys(CONFIDENCE_FEATURES, 0.0)
    best = ranked[0].span.stored
    of_best = next(item.candidate for item in evidence if item.span.stored.key == best.key)
    others = [scored.score for scored in ranked if scored.span.stored.key != best.key]
    passages = [frozenset(terms(item.text_with_title)) for item in evidence]
    article = frozenset(terms(f"{best.article.title}\n{best.article.body[:_READ]}"))
    # By relevance, not by the ranking's score: that something is new does not make it an answer.
    return {
        "cosine": max(item.candidate.cosine or 0.0 for item in evidence),
        "bm25": max(item.candidate.bm25 for item in evidence) / (sum(question.weights.values()) or 1.0),
        "freshness": max(item.candidate.assumed_freshness for item in evidence[:3]),
        "quote_freshness": of_best.assumed_freshness,
        "terms": held(question.weights, passages[0]),
        "article_terms": held(question.weights, article),
        "all_terms": held(question.weights, frozenset().union(*passages)),
        "quote": max(_WORST, ranked[0].score),
        "other_quote": max(_WORST, others[0]) if others else _WORST,
    }


def confidence(findings: Findings, ranked: Sequence[ScoredSpan]) -> float:
    """How likely it is (0..1) that the articles answer the question: a logistic regression, calibrated."""
    if not ranked:
        return 0.0
    weights = _weights()
    found = confidence_features(findings, ranked)
    return sigmoid(weights["bias"] + sum(weights[name] * value for name, value in found.items()))


def sigmoid(log_odds: float) -> float:
    """The probability of log-odds, without overflow."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, log_odds))))


@lru_cache(1)
def _weights() -> Mapping[str, float]:
    return read_weights("confidence")
