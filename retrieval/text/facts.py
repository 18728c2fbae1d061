"""The plain facts of a text: its names, numbers and dates, whether somebody is quoted, and what its words are.

No model is run here. What is language in it, a language's own module says (`languages`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from retrieval.text.languages.known import language as known
from retrieval.text.languages.language import Language
from retrieval.text.proper_names import proper_names
from retrieval.text.terms import terms
from retrieval.text.words import count_words

_NUMBER = re.compile(r"[$€£¥]?\d[\d,.:]*\d?%?")
_YEAR = r"\b(?:1[89]|20)\d\d\b"
_WORDS = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_QUOTED = re.compile('[“"„«「『]')
_NOTHING = re.compile(r"(?!)")


class Facts(NamedTuple):
    """What a text holds. Names and numbers are in lower case, without possessives."""

    words: int
    terms: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    dates: frozenset[str]
    amounts: int
    speech: int
    quoted: int
    reasons: int
    pronoun_first: bool


@dataclass(frozen=True, slots=True)
class _Signs:
    """What a language tells of, as patterns."""

    days: re.Pattern[str]
    numbers: re.Pattern[str]
    amounts: re.Pattern[str]
    speech: re.Pattern[str]
    reasons: re.Pattern[str]
    referring: re.Pattern[str]


@lru_cache
def _signs(code: str | None) -> _Signs:
    spoken = known(code)
    scales = "|".join(filter(None, ("%", spoken.scales)))
    opening = rf"^[“\"‘„«¿¡]?(?:{spoken.referring})\b" if spoken.referring else ""
    return _Signs(
        days=_days(spoken),
        numbers=_pattern(spoken.number_pattern),
        amounts=re.compile(rf"[$€£¥]\s?\d|\d(?:[.,]\d+)?\s?(?:{scales})", re.IGNORECASE),
        speech=_pattern(spoken.speech_pattern),
        reasons=_pattern(spoken.reason_pattern),
        referring=re.compile(opening, re.IGNORECASE if spoken.code != "en" else 0) if opening else _NOTHING,
    )


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE) if pattern else _NOTHING


def _days(spoken: Language) -> re.Pattern[str]:
    """Days as they are written: a month with a day before or behind it, a weekday, a year."""
    found = [spoken.day_pattern, _YEAR]
    names = [(*spoken.months, *spoken.short_months), spoken.weekdays]
    if spoken.months:
        written = [_written(spoken, each) for each in names]
        before = r"(?:\d{1,2}(?:er|[.º°ª])?\s(?:de\s)?)?" if spoken.code != "en" else ""
        found = [rf"{before}\b(?:{written[0]})\b\.?(?:\s+\d{{1,2}}\b)?", rf"\b(?:{written[1]})\b", *found]
    return re.compile("|".join(filter(None, found)))


def _written(spoken: Language, names: Sequence[str]) -> str:
    """Names of days as a text writes them; "May" is a month and "may" is not, where that is told by capitals."""
    if spoken.capital_days:
        return "|".join(name.capitalize() for name in names)
    return "|".join((*names, *(name.capitalize() for name in names)))


@lru_cache(8192)
def facts(text: str, language: str | None = None) -> Facts:
    """What `text` holds. Remembered: the sentences of what is in the news are asked about again and again."""
    spoken, signs = known(language), _signs(language)
    words = _WORDS.findall(text)
    small = {word.lower() for word in words}
    has_digits = _DIGIT.search(text) is not None
    numbers = {match[0].rstrip(".,") for match in _NUMBER.finditer(text)} if has_digits else set[str]()
    return Facts(
        words=count_words(text),
        terms=frozenset(terms(text, language)),
        names=frozenset(proper_names(text, language)),
        numbers=frozenset({*numbers, *(spoken.numbers & small), *signs.numbers.findall(text)}),
        dates=frozenset(" ".join(day.lower().split()) for day in signs.days.findall(text)),
        amounts=len(signs.amounts.findall(text)) if has_digits else 0,
        speech=sum(word in spoken.speech for word in words) + len(signs.speech.findall(text)),
        quoted=len(_QUOTED.findall(text)),
        reasons=sum(word in spoken.reasons for word in words) + len(signs.reasons.findall(text)),
        pronoun_first=signs.referring.match(text) is not None,
    )
