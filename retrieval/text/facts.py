"""The plain facts of a text: its names, numbers and dates, whether somebody is quoted, and what its words are.

No model is run here, and most regular expressions only where a text holds what they look for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.text.terms import content_terms, terms
from retrieval.text.words import MONTHS, NUMBERS, SHORT_MONTHS, WEEKDAYS

_MONTH = "|".join(month.capitalize() for month in (*MONTHS, *SHORT_MONTHS))
_WEEKDAY = "|".join(day.capitalize() for day in WEEKDAYS)
_NAMED_DAYS = frozenset((*_MONTH.split("|"), *_WEEKDAY.split("|")))
_DATE = re.compile(rf"\b(?:{_MONTH})\b\.?(?:\s+\d{{1,2}}\b)?|\b(?:{_WEEKDAY})\b|\b(?:1[89]|20)\d\d\b")
# Not "one", which is seldom a number, and none above twelve, which are written in digits.
_SPELLED = [word for word, number in NUMBERS.items() if 2 <= number <= 12]
_NUMBER_WORDS = frozenset((*_SPELLED, *"dozen dozens hundred hundreds thousand thousands half third".split()))
_NUMBER = re.compile(r"[$€£]?\d[\d,.:]*\d?%?")
_AMOUNT = re.compile(r"[$€£]\s?\d|\d\s?(?:%|percent|per cent)|\d(?:\.\d+)?\s(?:million|billion|trillion)")
_WORD = r"[A-Z][\w’'&.-]*"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:(?:of|the|de|van|von|bin|al|and)\s+)?{_WORD})*")
_FIRST_WORD = re.compile(r"(?:^|[.!?:]\s+|[“\"‘(]\s*)([A-Z][\w’'-]*)")
_WORDS = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_PRONOUN = re.compile(
    r"^[“\"‘]?(?:He|She|They|It|This|That|These|Those|His|Her|Their|Its|But|And|The (?:pair|move|deal))\b"
)


@dataclass(frozen=True, slots=True)
class _Signs:
    """Words and phrases that are counted. Words are looked up among those of a sentence, which takes a fifth of the
    time of searching for them; phrases are searched for where one of their words is there."""

    words: frozenset[str]
    phrases: re.Pattern[str]
    of_phrases: frozenset[str]

    def count(self, text: str, words: Sequence[str], distinct: frozenset[str]) -> int:
        """How often they stand in `text`, whose words are given."""
        found = 0 if self.words.isdisjoint(distinct) else sum(word in self.words for word in words)
        return found if self.of_phrases.isdisjoint(distinct) else found + len(self.phrases.findall(text))


_SPEECH = _Signs(
    frozenset(
        """said says told tells added announced warned called claimed argued insisted wrote tweeted stated noted
        explained vowed urged described stressed underscored emphasized expressed""".split()
    ),
    re.compile(r"\baccording to\b"),
    frozenset(["according"]),
)
_REASON = _Signs(
    frozenset("because after amid over since following reason cause caused causes blam".split()),
    re.compile(r"\b(?:due to|so that|in order)\b"),
    frozenset(["due", "so", "order"]),
)


@dataclass(frozen=True, slots=True)
class Facts:
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


@lru_cache(8192)
def facts(text: str) -> Facts:
    """What `text` holds. Remembered: the sentences of what is in the news are asked about again and again."""
    words = _WORDS.findall(text)
    distinct = frozenset(words)
    has_digits = _DIGIT.search(text) is not None
    has_days = has_digits or not _NAMED_DAYS.isdisjoint(distinct)
    numbers = {match[0].rstrip(".,") for match in _NUMBER.finditer(text)} if has_digits else frozenset[str]()
    return Facts(
        words=len(text.split()),
        terms=frozenset(terms(text)),
        names=frozenset(_names(text)),
        numbers=_NUMBER_WORDS.intersection(map(str.lower, distinct)).union(numbers),
        dates=frozenset(map(_plain, _DATE.findall(text))) if has_days else frozenset(),
        amounts=len(_AMOUNT.findall(text)) if has_digits else 0,
        speech=_SPEECH.count(text, words, distinct),
        quoted=text.count("“") + text.count('"'),
        reasons=_REASON.count(text, words, distinct),
        pronoun_first=bool(_PRONOUN.match(text)),
    )


def _plain(written: str) -> str:
    return " ".join(written.lower().split())


def _names(text: str) -> Iterable[str]:
    """Capitalised runs; one that opens a sentence counts only when it is more than a single common word."""
    openers = {match.start(1) for match in _FIRST_WORD.finditer(text)}
    for match in _NAME.finditer(text):
        name = " ".join(match[0].split()).strip(".’'-")
        if match.start() in openers:
            first, _, rest = name.partition(" ")
            if _is_opener(first):
                name = rest.removeprefix("the ").removeprefix("of ")
        name = name.lower().removesuffix("’s").removesuffix("'s")
        if len(name) > 1:
            yield name


@lru_cache(4096)
def _is_opener(word: str) -> bool:
    """Whether a word with which a sentence begins is likely to be no name."""
    if word.lower() in _OPENERS:
        return True
    found = content_terms(word)
    return not found or len(found[0]) < 2


_OPENERS = frozenset(
    """the a an in on at for from with but and or so yet if when while after before since as by to of this that these
    those it he she they we you i there here what who how why his her their its our my not no one some many most more
    all both each every another other two three according last first then now still also despite during under over
    about""".split()
)
