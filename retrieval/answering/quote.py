"""Quotes: cut from a body and verified, linked, and told apart from those that say the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from retrieval.answer import Quote
from retrieval.answering.links import highlight_link
from retrieval.article import Article, Layout
from retrieval.text.terms import folded
from retrieval.text.words import ARTICLES, BEING_AND_HAVING, NEGATIONS, NUMBERS, PREPOSITIONS, SCALES


def cut_quote(
    article: Article,
    start: int,
    end: int,
    also_reported_by: tuple[Article, ...] = (),
    answer: tuple[int, int] | None = None,
) -> Quote:
    """The quote `article.body[start:end]`, with the link that highlights it. `answer` is a span of its text.

    Raises ValueError when the span is not inside the body or holds nothing but white space.
    """
    if not 0 <= start < end <= len(article.body):
        raise ValueError(f"[{start}, {end}) is no span of the body of {article.id!r} ({len(article.body)} characters)")
    text = article.body[start:end]
    if not text.strip():
        raise ValueError(f"[{start}, {end}) of {article.id!r} is white space")
    above = (article.title, *article.key_points)
    return Quote(
        text=text,
        start=start,
        end=end,
        article=article,
        link=highlight_link(article.url, article.body, start, end, layout=article.layout, above=above),
        also_reported_by=also_reported_by,
        answer=answer,
    )


def remembered_quote(article: Article, start: int, end: int) -> Quote:
    """`cut_quote` for what is shown again and again: most of its time goes into the link. Raises what it raises."""
    # Articles are equal whatever their layouts, and links are not.
    return _remembered(article, article.layout, start, end)


@lru_cache(512)
def _remembered(article: Article, _: Layout | None, start: int, end: int) -> Quote:
    return cut_quote(article, start, end)


# CJK characters stand for words; elsewhere a word may hold apostrophes, a number its separators.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NUMBER_WORDS = {
    # Above twenty most are two words, which are compared as such.
    **{word: str(number) if number <= 20 else word for word, number in NUMBERS.items()},
    **{word: word for word in SCALES},
    **{word: word for word in "dozen half third quarter double triple first second".split()},
}
# Words in which two reports of one statement may differ: fewer than the stop words, since here almost all must agree.
_LIGHT = frozenset((*ARTICLES, *PREPOSITIONS, *BEING_AND_HAVING)) | frozenset(
    "and or but that this which who it its he his she her they their as will would also then there said says say "
    "told".split()
)
_CONTAINED = 0.8
_SHORTEST_SHARE = 0.6


def same_statement(a: str, b: str) -> bool:
    """Whether `a` and `b` say the same in nearly the same words, so that one of them is enough.

    Case, punctuation, quotation marks and white space do not count. Otherwise their runs of three words
    must nearly agree (a containment of at least 0.8, Broder 1997,
    https://doi.org/10.1109/SEQUEN.1997.666900, with not much more in one than in the other), their numbers
    and negations wholly, and neither may have a word of weight in place of another's: "rose" and "fell"
    are two statements.
    """
    one, other = _read(a), _read(b)
    if one.words == other.words:
        return bool(one.words) or a == b
    if one.decisive != other.decisive:
        return False
    only_one, only_other = one.distinct - other.distinct - _LIGHT, other.distinct - one.distinct - _LIGHT
    if only_one and only_other:
        return False
    return _alike(_shingles(one.words), _shingles(other.words)) or _alike(
        _shingles(_weighty(one.words)), _shingles(_weighty(other.words))
    )


class _Read(NamedTuple):
    """What of a statement others are compared with: its words, the distinct ones, its numbers, and how often it is
    negated."""

    words: list[str]
    distinct: frozenset[str]
    decisive: tuple[list[str], int]


@lru_cache(1024)
def _read(text: str) -> _Read:
    """Remembered, for a sentence is compared with each of those that are chosen."""
    words = _tokens(text)
    return _Read(words, frozenset(words), _decisive(words))


def _weighty(words: list[str]) -> list[str]:
    return [word for word in words if word not in _LIGHT]


def _tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", folded(text)).casefold().replace("’", "'").replace("‘", "'")
    tokens: list[str] = _TOKEN.findall(_THOUSANDS.sub("", plain))
    return [_NUMBER_WORDS.get(token) or token for token in tokens]


def _decisive(words: list[str]) -> tuple[list[str], int]:
    """The numbers, and how often the statement is negated."""
    numbers = sorted(word for word in words if word[0].isdigit() or word in _NUMBER_WORDS)
    return numbers, sum(word in NEGATIONS or word.endswith("n't") for word in words)


def _shingles(words: list[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _alike(a: frozenset[tuple[str, ...]], b: frozenset[tuple[str, ...]]) -> bool:
    fewer, more = sorted((len(a), len(b)))
    return fewer > 0 and len(a & b) / fewer >= _CONTAINED and fewer / more >= _SHORTEST_SHARE
