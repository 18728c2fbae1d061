"""How sure to be that the articles answer a question: a few plain facts about what was found, weighed.

The weights (`weights/confidence.json`, a logistic regression) were fitted by `benchmarks/fit.py` on questions
asked as they are, and with the articles that answer them withdrawn: on their day and later, of few
articles and of many.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache

from retrieval.answering.abroad import sure_abroad
from retrieval.answering.choosing import ScoredSpan
from retrieval.answering.features import Asked, held
from retrieval.answering.ranking import NEW
from retrieval.answering.spans import Evidence, Findings, Span
from retrieval.answering.trees import read_weights
from retrieval.article import Article, instant_end
from retrieval.index.search import Moment
from retrieval.index.stored import StoredArticle
from retrieval.text.proper_names import proper_names
from retrieval.text.terms import term_set

CONFIDENCE_FEATURES = (
    # the best similarity of a passage to the question, and how far the best stands out by meaning and by words
    *("cosine", "cosine_spread", "bm25_spread"),
    # what the passage of the best quote scores by what it says, and how far that is behind the best passage
    *("passage", "behind"),
    # the score of the best quote, and of the best one of another article
    *("quote", "other_quote"),
    # the share of the question's weighted terms in the best quote's headline, in its article, in the articles of the
    # best three passages, and the most that any span holds with its headline
    *("title_terms", "article_terms", "all_terms", "span_terms"),
    # how many of the question's terms are names or numbers, and the share of them in the best quote and its headline
    *("asked_names", "names_held"),
    # how many names the best quote brings, and the most that a good quote of another article has in common with it
    *("names", "agreement"),
    # whether the question asks for now, and if so, how old the best quote's article is: the logarithm of its days
    *("asks_of_now", "age_for_now"),
)
# Where a headline holds so much of the question, by weight, the articles answer it in about six of seven cases.
NEARLY_ALL = 0.8
REPEATED = 0.85
_READ = 20_000  # characters of an article that are looked through for the question's terms
_WORST = -8.0  # a score below which it makes no difference how bad a quote is
_AGREEING = 4  # quotes of other articles that are compared with the best one
_OLDEST = 150  # days from which on it makes no difference how much older an article is


def confidence_features(findings: Findings, ranked: Sequence[ScoredSpan]) -> dict[str, float]:
    """What the confidence is made of, by the names in `CONFIDENCE_FEATURES`; all zero without evidence.

    How old an article is speaks for nothing, unless the question asks for now: then what is old is likelier to be of
    another time. The one absolute score, "cosine", is what tells over a handful of articles, of which one is always the
    best; it was fitted at every size of an index.
    """
    asked, evidence = findings.asked, findings.evidence
    if not evidence or not ranked:
        return dict.fromkeys(CONFIDENCE_FEATURES, 0.0)
    best = ranked[0].span
    relevances = [_relevance(item) for item in evidence]
    passage = next(
        relevance
        for item, relevance in zip(evidence, relevances, strict=True)
        if item.span.stored.key == best.stored.key and item.span.start <= best.start < item.span.end
    )
    articles = [_asked_in(item.span.stored, asked) for item in evidence[:3]]
    others = [scored for scored in ranked if scored.span.stored.key != best.stored.key]
    names = {term: weight for term, weight in asked.weights.items() if term in asked.names}
    return {
        "cosine": max(item.candidate.cosine or 0.0 for item in evidence),
        "cosine_spread": max(item.candidate.by_cosine.spread for item in evidence),
        "bm25_spread": max(item.candidate.by_bm25.spread for item in evidence),
        "passage": passage,
        "behind": max(relevances) - passage,
        "quote": max(_WORST, ranked[0].score),
        "other_quote": max(_WORST, others[0].score) if others else _WORST,
        "title_terms": held(asked.weights, best.stored.title_terms),
        "article_terms": held(asked.weights, _asked_in(best.stored, asked)),
        "all_terms": held(asked.weights, frozenset().union(*articles)),
        "span_terms": max(scored.terms for scored in ranked),
        "asked_names": len(names),
        "names_held": held(names, _with_title(best)) if names else 1.0,
        "names": len([name for name in _names(best) if not term_set(name, asked.language) <= asked.terms]),
        "agreement": _agreement(asked, best, [scored.span for scored in others[:_AGREEING]]),
        "asks_of_now": float(findings.moment is not None and findings.moment.of_now),
        "age_for_now": _age_for_now(findings.moment, best.stored.article),
    }


def _age_for_now(moment: Moment | None, article: Article) -> float:
    """An undated article counts as new: that nobody knows its age is not held against it."""
    if moment is None or not moment.of_now or article.published is None:
        return 0.0
    days = (moment.now - instant_end(article.published)) / 86_400
    return math.log1p(min(max(0.0, days), _OLDEST))


def _relevance(item: Evidence) -> float:
    """What a passage scores by what it says, without what being new adds."""
    return item.candidate.score - NEW * item.candidate.freshness


def _asked_in(stored: StoredArticle, asked: Asked) -> frozenset[str]:
    """Those of the question's terms that an article holds."""
    said = stored.lines.terms(0, bisect_left(stored.sentences, (_READ, 0)))
    title = stored.title_terms
    return frozenset(term for term in asked.weights if term in title or f" {term} " in said)


def _names(span: Span) -> frozenset[str]:
    return frozenset(proper_names(span.text, span.stored.article.language))


def _with_title(span: Span) -> frozenset[str]:
    return span.terms | span.stored.title_terms


def _agreement(asked: Asked, best: Span, others: Sequence[Span]) -> float:
    """The largest share of what the best quote tells beyond question and headline that another one tells as well."""
    told = best.terms - set(asked.weights) - best.stored.title_terms
    shares = [
        len(told & other) / min(len(told), len(other))
        for other in (span.terms - set(asked.weights) for span in others)
        if told and other
    ]
    return max(shares, default=0.0)


def confidence(findings: Findings, ranked: Sequence[ScoredSpan]) -> float:
    """How likely it is (0..1) that the articles answer the question: a logistic regression, calibrated.

    At least `REPEATED` where the headline of the best passage or of the best quote nearly repeats the question.
    """
    if not ranked:
        return 0.0
    if (odds := sure_abroad(findings, ranked[0].span)) is not None:
        return sigmoid(odds)
    weights = _weights(findings.by_meaning)
    found = confidence_features(findings, ranked)
    sure = sigmoid(weights["bias"] + sum(weights[name] * value for name, value in found.items()))
    return max(sure, REPEATED) if _repeated(findings, ranked[0].span) else sure


def _repeated(findings: Findings, best: Span) -> bool:
    """Whether a headline holds nearly all that the question asks with, which is more than one word."""
    weights = findings.asked.weights
    titles = [span.stored.title_terms for span in (best, *(item.span for item in findings.evidence[:1]))]
    return len(weights) > 1 and any(held(weights, title) >= NEARLY_ALL for title in titles)


def sigmoid(log_odds: float) -> float:
    """The probability of log-odds, without overflow."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, log_odds))))


@cache
def _weights(by_meaning: bool) -> Mapping[str, float]:
    return read_weights("confidence", by_meaning=by_meaning)
