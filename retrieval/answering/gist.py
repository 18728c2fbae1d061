"""What of an article can stand in a summary: its first sentences that are understood alone, and what it is about.

Read once a version, and remembered: the same few articles are shown again and again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache

from retrieval.answering.spans import QUOTE_CHARACTERS, Span
from retrieval.article import instant
from retrieval.index.stored import StoredArticle
from retrieval.text.alone import is_open, is_whole, points_back, stands_alone, unquoted
from retrieval.text.domains import outlet_key
from retrieval.text.prose import is_prose
from retrieval.text.terms import subject_terms, term_set
from retrieval.text.voice import counts, of_its_page, voice_of

LEAD_SENTENCES = 8  # of prose; news puts the main thing first
_MORE_SENTENCES = 14  # looked at where none of those is understood alone
_OPENING = 3  # sentences that say what an article is about
_FEWEST_WORDS, _MOST_WORDS, _LONG = 6, 70, 35
_NAMES_READ = 3_000  # characters of a body, looked through for who is named in full

_CAPITALS = "[A-ZÀ-Þ]{2}[A-ZÀ-Þ'’./-]{0,20}"
_AGENCIES = "(?:CNN|AP|AFP|UPI|EFE|ANSA|PA|TASS|dpa|epd|KNA|Reuters|Bloomberg)"
_DATELINE = re.compile(
    r"(?:\((?:[A-Z]{2,6}|Reuters)\)\s{0,3}(?:[–—―−-]{1,2}\s{0,3})?"
    rf"|{_CAPITALS}(?:[ ,]{{1,2}}{_CAPITALS}){{0,3}}(?:[ ,]{{1,2}}[A-Z][\w.]{{0,12}}){{0,3}}(?:[ ,]{{1,2}}\d{{1,2}})?"
    r"(?:\s\([\w /.]{2,30}\))?(?:\s?[–—―−]{1,2}\s?|\s-{1,2}\s)"
    rf"|(?:[A-ZÀ-Þ][\w.]{{1,20}},?\s){{1,4}}\({_AGENCIES}(?: [A-Z]\w{{1,15}})?\)\s"
    r"|(?:[A-ZÀ-Þ][\w.]{1,20},?\s){0,4}(?:\([A-ZÀ-Þ][\w /.]{1,30}\)|CNN)\s[–—―−-]{1,2}\s)(?=[“\"‘'«„]?[^\W_a-z])"
)
_CREDIT = re.compile(r"[^.!?\n]{2,80}/[^.!?\n]{2,60}|.{0,80}(?:Getty|Reuters|\bAFP\b|AP Photo|\bvia\b).{0,40}")
_CREDITED = re.compile(r"\s*\n\s*([^\n]{2,120})(?:\n|\Z)")
_FULL_NAME = re.compile(r"\b([^\W\d_a-z][\w'’-]{1,30})\s(?:[^\W\d_a-z]\.\s)?([^\W\d_a-z][\w-]{1,30})")
_CAPITAL = re.compile(r"(?<![\w'’-])[^\W\d_a-z][\w-]+")
_NO_SPACES = 15  # characters a word, from which on nothing sets words apart: two signs are one, then


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence that can be quoted alone. `ease` (0..1) is how well it can be, by itself below its own headline.

    `place` counts the sentences of prose before it, `terms` are those that carry meaning. `alone` is false where it
    was only taken because the article has none that is better.
    """

    span: Span
    terms: frozenset[str]
    words: int
    place: int
    ease: float
    counts: bool
    """Whether there is a figure in it."""
    ahead: bool
    """Whether it says what is to come."""
    soon: bool
    """Whether it names a day by which most of that will have come."""
    bare: frozenset[str]
    """The terms of persons whom it names by their last name alone."""
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Gist:
    """An article, read for a summary.

    `headline` holds the terms of its headline, `lead` those of that and of its first sentences, `weights` tells how
    much each term is what the article is about. `at` is when it was published, in seconds since 1970, None where that
    is not known.
    """

    stored: StoredArticle
    headline: frozenset[str]
    lead: frozenset[str]
    weights: dict[str, float]
    tellings: tuple[Telling, ...]
    outlet: str
    at: float | None


@lru_cache(512)
def gist_of(stored: StoredArticle) -> Gist:
    """What a summary needs to know of an article."""
    article = stored.article
    prose = _prose(stored)
    headline = subject_terms(article.title)
    opening = [subject_terms(article.body[start:end]) for _, start, end in prose[:_OPENING]]
    tellings = tuple(_tellings(stored, prose[:LEAD_SENTENCES], headline))
    if not tellings:
        further = tuple(_tellings(stored, prose[LEAD_SENTENCES:], headline))
        tellings = further or tuple(_best_of_a_bad_lot(stored, prose))
    return Gist(
        stored=stored,
        headline=headline,
        lead=headline.union(*opening),
        weights=_weights(stored, headline, prose),
        tellings=tellings,
        outlet=outlet_key(article.source),
        at=instant(article.published) if article.published else None,
    )


def _prose(stored: StoredArticle) -> list[tuple[int, int, int]]:
    """The first sentences of the text with their places, without the dateline before the first of them."""
    body = stored.article.body
    found: list[tuple[int, int, int]] = []
    for start, end in stored.sentences[: 3 * _MORE_SENTENCES]:
        if len(found) == _MORE_SENTENCES:
            break
        if is_prose(body, start, end) and end - start <= QUOTE_CHARACTERS and not _is_caption(body, end):
            dateline = _DATELINE.match(body, start, end)
            found.append((len(found), dateline.end() if dateline else start, end))
    return found


def _is_caption(body: str, end: int) -> bool:
    """Whether a photographer is named behind it."""
    behind = _CREDITED.match(body, end)
    return bool(behind and _CREDIT.fullmatch(behind[1].strip()))


def _weights(stored: StoredArticle, headline: Set[str], prose: list[tuple[int, int, int]]) -> dict[str, float]:
    article = stored.article
    counted = Counter(term for _, start, end in prose for term in subject_terms(article.body[start:end]))
    weights = {term: 0.15 * min(count - 1, 4) for term, count in counted.items() if count > 1}
    for point in article.key_points:
        for term in subject_terms(point):
            weights[term] = max(weights.get(term, 0.0), 0.4)
    for term in headline:
        weights[term] = weights.get(term, 0.0) + 0.6
    return weights


def _tellings(stored: StoredArticle, prose: list[tuple[int, int, int]], headline: frozenset[str]) -> Iterator[Telling]:
    body, language = stored.article.body, stored.article.language
    for place, start, end in prose:
        sentence = body[start:end]
        words = _words(sentence)
        if (
            _FEWEST_WORDS <= words <= _MOST_WORDS
            and not of_its_page(sentence, language)
            and stands_alone(body, start, end, headline, language)
        ):
            yield _telling(stored, place, start, end)


def _best_of_a_bad_lot(stored: StoredArticle, prose: list[tuple[int, int, int]]) -> Iterator[Telling]:
    """The first sentence that at least does not begin with what is unknown, and is whole if one is; else none."""
    body, language = stored.article.body, stored.article.language
    texts = {each: body[each[1] : each[2]] for each in prose}
    able = [
        each
        for each, text in texts.items()
        if _words(text) >= _FEWEST_WORDS
        and not (points_back(text, language) or is_open(text) or of_its_page(text, language) or "?" in text[-2:])
    ]
    for place, start, end in [each for each in able if is_whole(body, *each[1:])][:1] or able[:1]:
        yield _telling(stored, place, start, end, alone=False)


def _telling(stored: StoredArticle, place: int, start: int, end: int, *, alone: bool = True) -> Telling:
    span = Span(stored, start, end)
    text = span.text
    voice = voice_of(unquoted(text))
    ease = 0.3 if voice.own else 0.45 if voice.to_reader else 1.0
    if voice.linked:
        ease *= 0.85
    if voice.interposed:
        ease *= 0.6
    return Telling(
        span=span,
        terms=subject_terms(text),
        words=_words(text),
        place=place,
        ease=ease * min(1.0, _LONG / _words(text)) ** 0.5,
        counts=counts(text),
        ahead=voice.ahead,
        soon=voice.soon,
        bare=_bare_names(text, _full_names(stored.article.body[:_NAMES_READ])),
        alone=alone,
    )


def _words(text: str) -> int:
    words = len(text.split())
    return words if len(text) < _NO_SPACES * words else len(text) // 2


@lru_cache(256)
def _full_names(text: str) -> frozenset[str]:
    """The last names of those whom a text names in full somewhere."""
    return frozenset(name[2] for name in _FULL_NAME.finditer(text) if not name[2].isupper())


def _bare_names(text: str, full: Set[str]) -> frozenset[str]:
    """The terms of those last names that stand in a sentence without a first name or a title."""
    found = {
        name[0] for name in _CAPITAL.finditer(text) if name[0] in full and not _CAPITAL.match(text, _before(text, name))
    }
    if not found:
        return frozenset()
    named = {term for each in _FULL_NAME.finditer(text) for term in term_set(each[2])}
    return frozenset(term for name in found for term in term_set(name)) - named


def _before(text: str, word: re.Match[str]) -> int:
    """Where the word before it begins."""
    return text.rfind(" ", 0, max(0, word.start() - 1)) + 1
