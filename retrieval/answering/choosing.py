"""Question → answer: which sentences to quote, how sure to be, and when to say that the articles do not tell.

Everything here is a pure function on frozen values; `Newsroom.ask` gathers the evidence and calls it. What
was fitted (`weights/quotes.json`) was fitted by `benchmarks/fit.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from retrieval.answering.corroborate import Claim, contradiction, reporters
from retrieval.answering.features import Asked, facts
from retrieval.answering.quote import cut_quote, same_statement
from retrieval.answering.spans import Evidence, QuotableSpan, describe, quotable_run, spans_of
from retrieval.answering.trees import Trees, read_trees
from retrieval.article import Article, Disagreement, Quote

QUOTES_AN_ARTICLE = 2
PASSAGES = 10  # how many of the best passages are looked through for quotes
# The confidence from which the bot answers, if not set otherwise: of the questions it was fitted on, those that the
# articles answer, it refuses 5%, and so leaves room to refuse no more than 10% of others.
ANSWER_FROM = 0.4
# From here up to that, quotes are shown as what may bear on the question. The confidence is calibrated: this is a
# chance of one in five that the articles answer, worth a look; below it quotes would only mislead.
MAY_BEAR_FROM = 0.2
WORTH_ADDING = 3.0  # a further quote scores at most this much less than the best one


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span that could be quoted, and how it ranks: the scores of one question's spans order them."""

    span: QuotableSpan
    score: float


@lru_cache(1)
def _quote_trees() -> Trees:
    return read_trees("quotes")


def inverse_frequencies(words: Sequence[str], frequencies: Sequence[int], passages: int) -> dict[str, float]:
    """The weight of each question term: rare ones tell more. Bounded, so that one odd word is not everything."""
    return {
        word: min(8.0, 1.0 + math.log((passages + 1) / (min(frequency, passages) + 1)))
        for word, frequency in zip(words, frequencies, strict=True)
    }


def quotable(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The passages that hold something to quote: one that lies within an endless "sentence" does not."""
    return [item for item in evidence if next(spans_of(item), None)]


def ranked_spans(question: Asked, evidence: Sequence[Evidence]) -> list[ScoredSpan]:
    """Every quotable span of the passages (best first), the likeliest to answer first."""
    spans, rows = describe(question, evidence)
    if not spans:
        return []
    scores = _quote_trees().scores(rows)
    return [ScoredSpan(spans[at], float(scores[at])) for at in np.argsort(-scores, kind="stable")]


def choose_quotes(ranked: Sequence[ScoredSpan], limit: int) -> list[Quote]:
    """At most `limit` quotes, best first: whole sentences, each statement once, at most two of an article."""
    return [_cut(claim) for claim in choose_claims(ranked, limit)]


def choose_claims(ranked: Sequence[ScoredSpan], limit: int) -> list[Claim]:
    """What `choose_quotes` quotes, before it is cut."""
    chosen: list[QuotableSpan] = []
    for scored in ranked:
        if len(chosen) == limit or scored.score < ranked[0].score - WORTH_ADDING:
            break
        span = _with_antecedent(scored.span)
        if _adds_to(chosen, span):
            chosen.append(span)
    return [Claim(span.stored, span.start, span.end) for span in chosen]


def _with_antecedent(span: QuotableSpan) -> QuotableSpan:
    """The span with the sentence before it where it begins with a pronoun, if that still makes a quote."""
    if span.first == 0 or not facts(span.sentences[0]).pronoun_first:
        return span
    wider = QuotableSpan(span.stored, span.first - 1, span.last)
    return wider if quotable_run(wider) else span


def _adds_to(chosen: Sequence[QuotableSpan], span: QuotableSpan) -> bool:
    same_article = [other for other in chosen if other.stored.key == span.stored.key]
    if len(same_article) >= QUOTES_AN_ARTICLE:
        return False
    if any(span.first < other.last and other.first < span.last for other in same_article):
        return False
    told = [sentence for other in chosen for sentence in other.sentences]
    return not any(same_statement(sentence, before) for sentence in span.sentences for before in told)


def corroborated(chosen: Sequence[Claim], ranked: Sequence[ScoredSpan], others: Sequence[Claim]) -> tuple[Quote, ...]:
    """The quotes of `chosen`, each with the articles among `others` that report the same independently.

    What counts is the sentence that answers: what stands around it differs from one outlet to the next.
    """
    return tuple(_cut(each, reporters(_that_answers(each, ranked), others)) for each in chosen)


def disputed(chosen: Sequence[Claim], others: Sequence[Claim]) -> Disagreement | None:
    """What `others` say against a sentence of `chosen`, with that sentence; None when nothing contradicts it."""
    found = contradiction(chosen, others)
    return Disagreement(tuple(map(_cut, found.claims)), found.about, found.figures) if found else None


def _cut(claim: Claim, also_reported_by: tuple[Article, ...] = ()) -> Quote:
    return cut_quote(claim.stored.article, claim.start, claim.end, also_reported_by)


def _that_answers(quote: Claim, ranked: Sequence[ScoredSpan]) -> Claim:
    """The sentence of a quote that is the likeliest to answer on its own."""
    for span in (scored.span for scored in ranked):
        inside = span.stored.key == quote.stored.key and quote.start <= span.start and span.end <= quote.end
        if inside and span.last - span.first == 1:
            return Claim(span.stored, span.start, span.end)
    return quote


def verdict(confidence: float, answer_from: float) -> Literal["answer", "may bear", "abstain"]:
    """Whether to answer, to show the quotes as what may bear on the question, or neither."""
    if confidence >= answer_from:
        return "answer"
    return "may bear" if confidence >= MAY_BEAR_FROM else "abstain"
