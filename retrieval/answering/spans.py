"""Spans of articles: the passages found, and the runs of sentences in them that could be quoted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from retrieval.answering.features import Asked
from retrieval.article import Narrowing
from retrieval.index.embed import embedded_text
from retrieval.index.stored import StoredArticle
from retrieval.text.facts import Facts

if TYPE_CHECKING:
    from retrieval.index.search import Candidate, Moment

QUOTE_WORDS = 60  # a quote is one to three whole sentences, and no longer than this unless one sentence is
QUOTE_SENTENCES = 3
BRIEF = 8  # sentences up to which an article is brief: a paragraph, or what a feed tells of a page
QUOTE_CHARACTERS = 1_500  # a "sentence" beyond this is a table or a transcript without stops: not a quote


class Span(NamedTuple):
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
    def facts(self) -> list[Facts]:
        """What each of these sentences holds."""
        return [self.stored.lines.facts(at) for at in range(self.first, self.last)]

    @property
    def terms(self) -> frozenset[str]:
        """The distinct terms of these sentences."""
        return frozenset().union(*(each.terms for each in self.facts))


class Evidence(NamedTuple):
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
    is asked; None where it makes no difference how old an article is. `by_meaning` tells whether passages were compared
    by their embeddings, too: the model may not know the question's language. `meanings` tells of passages in another
    language than the question's how near to it the sentences are that were read, by the article's key and their number.
    """

    asked: Asked
    evidence: list[Evidence]
    narrowed: Narrowing | None = None
    moment: Moment | None = None
    by_meaning: bool = True
    meanings: Mapping[tuple[int, int], float] = field(default_factory=dict)

    @property
    def abroad(self) -> frozenset[int]:
        """The keys of the articles whose sentences were read by meaning, for they are in another language."""
        return frozenset(key for key, _ in self.meanings)


def is_brief(stored: StoredArticle) -> bool:
    """Whether an article is of a few sentences."""
    return len(stored.sentences) <= BRIEF


def run_of(stored: StoredArticle, first: int, last: int) -> Span:
    """The span of the whole sentences `stored.sentences[first:last]`."""
    return Span(stored, stored.sentences[first][0], stored.sentences[last - 1][1])


def spans_of(passage: Span) -> Iterator[Span]:
    """Every run of one to three sentences that begins in the passage and can be quoted."""
    return (run_of(passage.stored, first, last) for first, last in quotable_runs(passage))


def quotable_runs(passage: Span) -> Iterator[tuple[int, int]]:
    """The same, as the numbers `[first, last)` of their sentences."""
    stored, begin, stop = passage.stored, passage.first, passage.last
    end = min(stop + QUOTE_SENTENCES - 1, len(stored.sentences))
    prose = list(map(stored.lines.is_prose, range(begin, end)))
    for first in range(begin, stop):
        # Of a longer run all but the last sentence was looked at.
        for last in range(first + 1, min(first + QUOTE_SENTENCES, end) + 1):
            if not prose[last - 1 - begin] or not _is_short(stored, first, last):
                break
            yield first, last


def quotable_run(span: Span) -> bool:
    """Whether a run of sentences is short enough to be quoted, and all of it prose; one alone may be the longest."""
    stored, first, last = span.stored, span.first, span.last
    short = last - first <= QUOTE_SENTENCES and _is_short(stored, first, last)
    return short and all(map(stored.lines.is_prose, range(first, last)))


def _is_short(stored: StoredArticle, first: int, last: int) -> bool:
    start, end = stored.sentences[first][0], stored.sentences[last - 1][1]
    if end - start > QUOTE_CHARACTERS:
        return False
    return last - first == 1 or len(stored.article.body[start:end].split()) <= QUOTE_WORDS


def quotable(findings: Findings) -> Findings:
    """With the passages only that hold something to quote: one that lies within an endless "sentence" does not."""
    return replace(findings, evidence=[item for item in findings.evidence if any(quotable_runs(item.span))])
