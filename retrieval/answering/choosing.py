"""Which sentences to quote, and whether to answer at all or to say that the articles do not tell.

Everything here is a pure function on frozen values. What was fitted (`weights/quotes.json`) was fitted by
`benchmarks/fit.py`.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile
from typing import Literal

import numpy as np

from retrieval.answering.abroad import nearness, with_meanings
from retrieval.answering.describing import SPAN_TERMS, describe
from retrieval.answering.quote import same_statement
from retrieval.answering.spans import Findings, Span, is_brief, quotable_run, run_of
from retrieval.answering.trees import Trees, read_trees

QUOTES_AN_ARTICLE = 2
QUOTES_ALONE = 3  # the same of one that is brief, or where no other article has anything to add
# The confidence from which the bot answers, if not set otherwise: of the questions it was fitted on, those that the
# articles answer, it refuses 5%, and so leaves room to refuse no more than 10% of others.
ANSWER_FROM = 0.4
# Of the odds of that, what is enough where words alone tell: as few of the same questions are refused from 0.22 on.
ENOUGH_BY_WORDS = 0.42
# The same where the best quote is of a brief article, which holds less of what is asked with: from 0.3 on, the
# questions that it was fitted on are refused as seldom over paragraphs as over whole articles.
ENOUGH_OF_BRIEF = 0.64
# From here up to that, quotes are shown as what may bear on the question. The confidence is calibrated: this is a
# chance of one in five that the articles answer, worth a look; below it quotes would only mislead.
MAY_BEAR_FROM = 0.2
WORTH_ADDING = 3.0  # a further quote scores at most this much less than the best one
# So much more score the sentences of a brief article that holds the best one: each of them is about the matter.
OF_THE_SAME = 1.0


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span that could be quoted, and how it ranks: the scores of one question's spans order them.

    `terms` is the share (0..1) of the question's weighted terms that it holds with its headline.
    """

    span: Span
    score: float
    terms: float


@cache
def _quote_trees(by_meaning: bool) -> Trees:
    return read_trees("quotes", by_meaning=by_meaning)


def ranked_spans(findings: Findings) -> list[ScoredSpan]:
    """Every quotable span of the passages, the likeliest to answer first."""
    spans, rows = describe(findings)
    if not spans:
        return []
    scores = _quote_trees(findings.by_meaning).scores(rows)
    if findings.meanings:
        scores = with_meanings(spans, scores, findings.meanings)
    return best_first(spans, rows, scores)


def best_first(spans: Sequence[Span], rows: np.ndarray, scores: np.ndarray) -> list[ScoredSpan]:
    """Spans with the features and scores given, the best first."""
    order = np.argsort(-scores, kind="stable").tolist()
    return [ScoredSpan(spans[at], float(scores[at]), float(rows[at, SPAN_TERMS])) for at in order]


def enough(answer_from: float, findings: Findings, ranked: Sequence[ScoredSpan]) -> float:
    """The confidence that is enough to answer with what was found, where it is `answer_from` otherwise."""
    best = ranked[0].span if ranked else None
    if not findings.by_meaning:
        share = ENOUGH_BY_WORDS
    elif best and is_brief(best.stored) and nearness(best, findings.meanings) is None:  # abroad, meaning alone tells
        share = ENOUGH_OF_BRIEF
    else:
        return answer_from
    return share * answer_from / (1 - answer_from + share * answer_from)


def verdict(confidence: float, answer_from: float) -> Literal["answer", "may bear", "abstain"]:
    """Whether to answer, to show the quotes as what may bear on the question, or neither."""
    if confidence >= answer_from:
        return "answer"
    return "may bear" if confidence >= MAY_BEAR_FROM else "abstain"


def choose(ranked: Sequence[ScoredSpan], limit: int, abroad: Container[int] = ()) -> list[Span]:
    """At most `limit` spans to quote, best first: whole sentences, each statement once, at most
    `QUOTES_AN_ARTICLE` of an article, or `QUOTES_ALONE` of a brief one and where it is alone.

    `abroad` are the keys of articles that are scored by meaning alone (`Findings.abroad`).
    """
    if not ranked:
        return []
    best = ranked[0]
    # Their scores lie so near each other that all of one would come first.
    alike = is_brief(best.span.stored) and best.span.stored.key not in abroad
    ordered = _with_the_same_ahead(ranked, best.span.stored.key) if alike else ranked
    worthy = list(takewhile(lambda scored: scored.score >= best.score - WORTH_ADDING, ordered))
    chosen: list[Span] = []
    for most in (QUOTES_AN_ARTICLE, QUOTES_ALONE):
        for scored in worthy:
            if len(chosen) == limit:
                return chosen
            span = _with_antecedent(scored.span)
            if _adds_to(chosen, span, most):
                chosen.append(span)
    return chosen


def _with_the_same_ahead(ranked: Sequence[ScoredSpan], key: int) -> list[ScoredSpan]:
    """The same, best first, with what an article says ahead of what others say."""
    raised = [
        replace(scored, score=scored.score + OF_THE_SAME) if scored.span.stored.key == key else scored
        for scored in ranked
    ]
    return sorted(raised, key=lambda scored: -scored.score)


def _with_antecedent(span: Span) -> Span:
    """The span with the sentence before it where it begins with a pronoun, if that still makes a quote."""
    if span.first == 0 or not span.facts[0].pronoun_first:
        return span
    wider = run_of(span.stored, span.first - 1, span.last)
    return wider if quotable_run(wider) else span


def _adds_to(chosen: Sequence[Span], span: Span, most: int) -> bool:
    same_article = [other for other in chosen if other.stored.key == span.stored.key]
    # Of a paragraph each sentence is about the matter, and what stands in others seldom tells more of it.
    if len(same_article) >= (QUOTES_ALONE if is_brief(span.stored) else most):
        return False
    if any(span.start < other.end and other.start < span.end for other in same_article):
        return False
    told = [sentence for other in chosen for sentence in other.sentences]
    return not any(same_statement(sentence, before) for sentence in span.sentences for before in told)


def sentence_that_answers(quoted: Span, ranked: Sequence[ScoredSpan]) -> Span:
    """The sentence of a chosen span that is the likeliest to answer on its own."""
    for span in (scored.span for scored in ranked):
        inside = span.stored.key == quoted.stored.key and quoted.start <= span.start and span.end <= quoted.end
        if inside and span.last - span.first == 1:
            return span
    return quoted
