"""Spans of articles: the passages found, the runs of sentences in them that could be quoted, and what each offers.

`describe` turns every run of one to three sentences into a row of `FEATURES`. The rows are what the trees of
`weights/quotes.json` were fitted on, so their order and meaning are part of that file.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from retrieval.answering.features import KINDS, Asked, Facts, facts, held, merged
from retrieval.article import Narrowing
from retrieval.index.embed import embedded_text
from retrieval.index.store import StoredArticle
from retrieval.text.prose import is_prose
from retrieval.text.terms import term_set

if TYPE_CHECKING:
    from retrieval.index.search import Candidate, Moment

QUOTE_WORDS = 60  # a quote is one to three whole sentences, and no longer than this unless one sentence is
QUOTE_SENTENCES = 3
QUOTE_CHARACTERS = 1_500  # a "sentence" beyond this is a table or a transcript without stops: not a quote

FEATURES = (
    # the passage: its relevance and its place, how far its score is behind the best one, its scores in the search
    *("relevance", "rank", "behind", "cosine_lead", "bm25_share"),
    # the share of the question's weighted terms: in the span, with the headline, in the headline, in its best
    # sentence, in the passage, in the sentences before and after, and of the rarest terms in the span
    *("terms", "terms_or_title", "title_terms", "sentence_terms", "passage_terms", "before", "after", "rare_terms"),
    # the span itself: length, and its place in the article
    *("words", "sentences", "position", "relative_position"),
    # what it holds that the question does not (and the headline neither): something that could be the answer
    *("names", "names_beyond_title", "numbers", "dates", "amounts", "speech", "quotation", "reasons", "pronoun"),
    # how many of the best passages hold the same name, number or date, weighted by their relevance
    *("novelty", "name_support", "names_support", "number_support", "date_support"),
    # what is asked for, and how much of that kind there is
    *("expected", *KINDS),
)


@dataclass(frozen=True, slots=True)
class Span:
    """`[start, end)` of the body of a version of an article: a passage, or what could be quoted, or a sentence."""

    stored: StoredArticle
    start: int
    end: int

    @property
    def text(self) -> str:
        """The span, word for word."""
        return self.stored.article.body[self.start : self.end]

    @property
    def first(self) -> int:
        """The number of the first sentence that begins in it."""
        return bisect_left(self.stored.sentences, (self.start, 0))

    @property
    def last(self) -> int:
        """The number behind that of the last sentence that begins in it."""
        return bisect_left(self.stored.sentences, (self.end, 0))

    @property
    def sentences(self) -> list[str]:
        """The sentences that begin in it, word for word and to their ends."""
        body = self.stored.article.body
        return [body[start:end] for start, end in self.stored.sentences[self.first : self.last]]

    @property
    def terms(self) -> frozenset[str]:
        """The distinct terms of these sentences; those of each are remembered."""
        return frozenset().union(*(facts(text).terms for text in self.sentences))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage as the search ranked it, with the article version that holds it."""

    candidate: Candidate
    span: Span

    @property
    def text_with_title(self) -> str:
        """The passage below its headline, which says what the passage leaves unsaid."""
        return embedded_text(self.span.stored.article.title, self.span.text)


@dataclass(frozen=True, slots=True)
class Findings:
    """What a question asks for, and the passages found for it, best first.

    `narrowed` tells what the question's own words narrowed the search to; None when they did not. `moment` is when it
    is asked; None where it makes no difference how old an article is.
    """

    asked: Asked
    evidence: list[Evidence]
    narrowed: Narrowing | None = None
    moment: Moment | None = None


def run_of(stored: StoredArticle, first: int, last: int) -> Span:
    """The span of the whole sentences `stored.sentences[first:last]`."""
    return Span(stored, stored.sentences[first][0], stored.sentences[last - 1][1])


def spans_of(passage: Span) -> Iterator[Span]:
    """Every run of one to three sentences that begins in the passage and can be quoted."""
    count = len(passage.stored.sentences)
    for first in range(passage.first, passage.last):
        for last in range(first + 1, min(first + QUOTE_SENTENCES, count) + 1):
            span = run_of(passage.stored, first, last)
            if not quotable_run(span):
                break
            yield span


def quotable_run(span: Span) -> bool:
    """Whether a run of sentences is short enough to be quoted, and all of it prose; one alone may be the longest."""
    count = span.last - span.first
    text = span.text
    if count > QUOTE_SENTENCES or len(text) > QUOTE_CHARACTERS or (count > 1 and len(text.split()) > QUOTE_WORDS):
        return False
    body = span.stored.article.body
    return all(is_prose(body, start, end) for start, end in span.stored.sentences[span.first : span.last])


def quotable(findings: Findings) -> Findings:
    """With the passages only that hold something to quote: one that lies within an endless "sentence" does not."""
    return replace(findings, evidence=[item for item in findings.evidence if next(spans_of(item.span), None)])


def describe(findings: Findings) -> tuple[list[Span], np.ndarray]:
    """The quotable spans of the passages (best first), and their features, shape (spans, len(FEATURES))."""
    evidence = findings.evidence
    support = _support(evidence)
    best = max((item.candidate.score for item in evidence), default=0.0)
    spans: list[Span] = []
    rows: list[list[float]] = []
    for rank, item in enumerate(evidence, 1):
        candidate = item.candidate
        passage = _Passage(findings.asked, item.span)
        ranking = [
            candidate.relevance,
            1 / rank,
            best - candidate.score,
            candidate.by_cosine.lead,
            candidate.by_bm25.share,
        ]
        for span in spans_of(item.span):
            spans.append(span)
            rows.append([*ranking, *passage.offers(span, support)])
    return spans, np.array(rows, np.float32).reshape(len(rows), len(FEATURES))


def _support(evidence: Sequence[Evidence]) -> dict[str, float]:
    """For each name, number and date: the share of the passages' relevance that goes to articles that hold it."""
    support: dict[str, float] = {}
    counted: set[tuple[str, int]] = set()
    for item in evidence:
        inside = [facts(text) for text in item.span.sentences]
        for found in frozenset().union(*(each.names | each.numbers | each.dates for each in inside)):
            if (found, item.span.stored.key) not in counted:
                counted.add((found, item.span.stored.key))
                support[found] = support.get(found, 0.0) + item.candidate.relevance
    total = sum(item.candidate.relevance for item in evidence) or 1.0
    return {found: score / total for found, score in support.items()}


class _Passage:
    """A passage against the question: what its spans have in common is worked out once."""

    def __init__(self, question: Asked, passage: Span) -> None:
        self._question = question
        self._stored = passage.stored
        self._title = facts(passage.stored.article.title)
        self._passage_terms = held(question.weights, passage.terms | self._title.terms)
        self._title_terms = held(question.weights, self._title.terms)
        # The first sentence is the first of the text: a dateline or a stamp above it counts for none.
        body, sentences = passage.stored.article.body, passage.stored.sentences
        self._above = next((at for at, span in enumerate(sentences) if is_prose(body, *span)), 0)

    def _sentence(self, number: int) -> Facts | None:
        sentences = self._stored.sentences
        if not 0 <= number < len(sentences):
            return None
        start, end = sentences[number]
        return facts(self._stored.article.body[start:end])

    def _terms_of(self, number: int) -> float:
        sentence = self._sentence(number)
        return held(self._question.weights, sentence.terms) if sentence else 0.0

    def offers(self, span: Span, support: dict[str, float]) -> list[float]:
        """The features of a span, from "terms" on."""
        weights = self._question.weights
        first, last = span.first, span.last
        holds = merged([sentence for at in range(first, last) if (sentence := self._sentence(at))])
        names = [name for name in holds.names if not term_set(name) <= self._question.terms]
        numbers = [number for number in holds.numbers if not term_set(number) <= self._question.terms]
        dates = [day for day in holds.dates if not term_set(day) <= self._question.terms]
        beyond_title = sum(not term_set(name) <= self._title.terms for name in names)
        novel = holds.terms - self._question.terms - self._title.terms
        count = len(self._stored.sentences)
        return [
            held(weights, holds.terms),
            held(weights, holds.terms | self._title.terms),
            self._title_terms,
            max(self._terms_of(at) for at in range(first, last)),
            self._passage_terms,
            self._terms_of(first - 1),
            self._terms_of(last),
            held(self._question.rarest, holds.terms),
            *(holds.words, last - first, math.log1p(max(0, first - self._above)), first / count),
            *(len(names), beyond_title, len(numbers), len(dates)),
            *(holds.amounts, holds.speech, holds.quoted, holds.reasons, float(holds.pronoun_first)),
            len(novel) / max(1, len(holds.terms)),
            max((support.get(name, 0.0) for name in names), default=0.0),
            sum(support.get(name, 0.0) for name in names),
            max((support.get(number, 0.0) for number in numbers), default=0.0),
            max((support.get(day, 0.0) for day in dates), default=0.0),
            self._expected(len(names), len(numbers), len(dates), holds),
            *self._question.kinds,
        ]

    def _expected(self, names: int, numbers: int, dates: int, holds: Facts) -> float:
        """How much the span holds of what is asked for, each kind counted up to three times."""
        of_kind = {
            **dict.fromkeys(("person", "place", "thing"), names),
            "number": numbers,
            "date": dates,
            "reason": holds.reasons,
            "speech": holds.speech + holds.quoted,
        }
        return sum(asked * min(of_kind[kind], 3) for kind, asked in zip(KINDS, self._question.kinds, strict=True))
