"""Question → answer: which sentences to quote, how sure to be, and when to say that the articles do not tell.

Everything here is a pure function on frozen values; `Newsroom.ask` gathers the evidence and calls it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from retrieval.article import Quote
from retrieval.quote import cut_quote, same_statement
from retrieval.search import Candidate
from retrieval.segment import Span
from retrieval.store import StoredArticle
from retrieval.terms import terms

QUOTE_WORDS = 60  # a quote is one to three whole sentences, and no longer than this unless one sentence is
QUOTE_SENTENCES = 3
QUOTE_CHARACTERS = 1_500  # a "sentence" beyond this is a table or a transcript without stops: not a quote
QUOTES_AN_ARTICLE = 2
PASSAGES = 10  # how many of the best passages are looked through for quotes
WORTH_ADDING = 0.5  # a further quote needs this share of the best quote's score
ANSWER_FROM = 0.5  # the confidence from which the bot answers


@dataclass(frozen=True, slots=True)
class Evidence:
    """A ranked passage with the article version that holds it; `[start, end)` is its span in the body."""

    candidate: Candidate
    stored: StoredArticle
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span that could be quoted, and how well it serves the question (0 and up)."""

    stored: StoredArticle
    start: int
    end: int
    score: float

    @property
    def sentences(self) -> list[str]:
        """The sentences of the span, word for word."""
        body = self.stored.article.body
        return [body[start:end] for start, end in self.stored.sentences if self.start <= start < self.end]


def quotable(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The passages that hold something to quote: one that lies within an endless "sentence" does not."""
    return [item for item in evidence if next(quotable_spans(item.stored, item.start, item.end), None)]


def inverse_frequencies(words: Sequence[str], frequencies: Sequence[int], passages: int) -> dict[str, float]:
    """The weight of each question term: rare ones tell more. Bounded, so that one odd word is not everything."""
    return {
        word: min(8.0, 1.0 + math.log((passages + 1) / (frequency + 1)))
        for word, frequency in zip(words, frequencies, strict=True)
    }


def coverage(weights: Mapping[str, float], text: str) -> float:
    """The share (0..1) of the question's weighted terms that `text` holds."""
    total = sum(weights.values())
    held = set(terms(text))
    return sum(weight for word, weight in weights.items() if word in held) / total if total else 0.0


def confidence(weights: Mapping[str, float], evidence: Sequence[Evidence]) -> float:
    """How likely it is (0..1) that the best passages bear on the question."""
    if not evidence:
        return 0.0
    best = evidence[:3]
    cosine = max(item.candidate.cosine or 0.0 for item in best)
    covered = max(coverage(weights, _with_title(item)) for item in best)
    return 1 / (1 + math.exp(-(9 * (cosine - 0.37) + 5 * (covered - 0.42))))


def _with_title(item: Evidence) -> str:
    article = item.stored.article
    return f"{article.title}\n{article.body[item.start : item.end]}"


def choose_quotes(weights: Mapping[str, float], evidence: Sequence[Evidence], limit: int) -> list[Quote]:
    """At most `limit` quotes, best first: whole sentences, each statement once, at most two of an article."""
    ranked = sorted(_scored_spans(weights, evidence[:PASSAGES]), key=lambda span: -span.score)
    chosen: list[ScoredSpan] = []
    for span in ranked:
        if len(chosen) == limit or (chosen and span.score < WORTH_ADDING * chosen[0].score):
            break
        if _adds_to(chosen, span):
            chosen.append(span)
    return [cut_quote(span.stored.article, span.start, span.end) for span in chosen]


def _adds_to(chosen: Sequence[ScoredSpan], span: ScoredSpan) -> bool:
    same_article = [other for other in chosen if other.stored.key == span.stored.key]
    if len(same_article) >= QUOTES_AN_ARTICLE:
        return False
    if any(span.start < other.end and other.start < span.end for other in same_article):
        return False
    told = [sentence for other in chosen for sentence in other.sentences]
    return not any(same_statement(sentence, before) for sentence in span.sentences for before in told)


def _scored_spans(weights: Mapping[str, float], evidence: Sequence[Evidence]) -> Iterator[ScoredSpan]:
    for item in evidence:
        share = item.candidate.score / evidence[0].candidate.score
        title = coverage(weights, item.stored.article.title)
        for start, end in quotable_spans(item.stored, item.start, item.end):
            text = item.stored.article.body[start:end]
            # The headline vouches for what a sentence leaves unsaid ("he said on Sunday"), at a discount.
            told = coverage(weights, text) + 0.3 * title
            brevity = 1 / (1 + len(text.split()) / 120)
            yield ScoredSpan(item.stored, start, end, share * (0.2 + told) * brevity)


def quotable_spans(stored: StoredArticle, start: int, end: int) -> Iterator[Span]:
    """Every run of one to three whole sentences that begins in `[start, end)` and is short enough to quote."""
    body = stored.article.body
    sentences = stored.sentences
    for first, (begin, _) in enumerate(sentences):
        if not start <= begin < end:
            continue
        for last in range(first, min(first + QUOTE_SENTENCES, len(sentences))):
            stop = sentences[last][1]
            text = body[begin:stop]
            if len(text) > QUOTE_CHARACTERS or (last > first and len(text.split()) > QUOTE_WORDS):
                break
            yield begin, stop
