"""What of a language tells the runs of words that may answer, and what stands beside those that do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from retrieval.text.languages.known import language as known
from retrieval.text.words import (
    ANY_MONTH,
    NUMBERS,
    PREPOSITIONS,
    SCALES,
    STOP_WORDS,
    WEEKDAYS,
)

_INSIDE_NAMES = frozenset("of the for de la le van von der bin al and y".split())
_UNITS = frozenset(
    """years year months month weeks week days day hours hour minutes minute seconds second miles mile kilometers
    kilometres km meters metres feet foot inches inch acres pounds kilograms kg tons tonnes gallons degrees percent
    per cent cents dollars euros pounds yen times votes points people""".split()
)
_NUMBER_WORDS = (
    frozenset(NUMBERS)
    | frozenset(SCALES)
    | frozenset("dozen dozens hundreds thousands millions billions half third quarter twice once".split()) - {"one"}
)
_DATES = re.compile(
    rf"\b(?:{ANY_MONTH})\b\.?(?: \d{{1,2}}(?:st|nd|rd|th)?\b(?!,\d))?(?:,? (?:1[6-9]|20)\d\d\b)?"
    rf"|\b(?:{'|'.join(WEEKDAYS)})\b(?: (?:morning|afternoon|evening|night)\b)?"
    r"|(?<![\d,.$€£])(?:1[6-9]|20)\d\d\b(?![,.]\d)s?",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because of|because|due to|owing to|thanks to|caused by|after|amid|following|over|citing|in order to|so that)"
    r" (?=\w)",
    re.IGNORECASE,
)
_PLAIN_SPEECH = frozenset(
    """said says told tells added announced warned called claimed argued wrote according reported reports report
    including made make makes get got take took taken going come came went""".split()
)


_NONE = frozenset[str]()


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """What tells the runs of a language; words in small letters. Where it does not tell names or phrases, there are
    none."""

    dates: re.Pattern[str]
    small_months: bool = True
    """Whether months and days of the week are written small."""
    numbers: frozenset[str] = frozenset()
    scales: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    reasons: re.Pattern[str] | None = None
    stop_words: frozenset[str] = frozenset()
    plain_speech: frozenset[str] = frozenset()
    """Common words that are no part of a phrase that answers."""
    prepositions: frozenset[str] = frozenset()
    inside_names: frozenset[str] = frozenset()
    joins: frozenset[str] = frozenset()
    """Those of them that join two names."""
    weekdays: frozenset[str] = frozenset()
    capitals: bool = False
    """Whether a word that is written with a capital is mostly a name."""
    nouns: bool = False
    """Whether every noun has a capital, so that only some of them are names."""
    adverbs: str = ""
    """How words end that are no part of such a phrase."""
    quoted: re.Pattern[str] = re.compile(r"[“\"„«»]\s?([^“”„«»\"\n]{2,80}?)[,.!?]?\s?[“”\"«»]")
    """What is quoted, as the only group."""
    near: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """As `languages.questions.Wanting.near`."""

    acts: str = ""
    """How words end that tell what somebody did."""

    def beside(self, kind: str) -> frozenset[str]:
        """Words of a kind beside which an answer often stands."""
        return self.near.get(kind, _NONE)

    def is_act(self, word: str) -> bool:
        """Whether a word tells what somebody did."""
        return bool(self.acts and word.endswith(self.acts)) or word in self.beside("act")


ENGLISH = Grammar(
    dates=_DATES,
    small_months=False,
    numbers=_NUMBER_WORDS,
    scales=frozenset(SCALES),
    units=_UNITS,
    reasons=_REASON,
    stop_words=STOP_WORDS,
    plain_speech=_PLAIN_SPEECH,
    prepositions=PREPOSITIONS,
    inside_names=_INSIDE_NAMES,
    joins=frozenset(["and"]),
    weekdays=frozenset(WEEKDAYS),
    capitals=True,
    adverbs="ly",
    acts="ed",
    quoted=re.compile(r"[“\"]([^“”\"\n]{2,80}?)[,.!?]?[”\"]"),
    near={
        "place": frozenset("in at near from across outside".split()),
        "of": frozenset(["of"]),
        "by": frozenset(["by"]),
        "to": frozenset(["to"]),
        "determiner": frozenset("a an the his her their its this that".split()),
        "the": frozenset(["the"]),
        "act": frozenset("said says told who is was has had will won became also".split()),
    },
)


@cache
def grammar_of(language: str | None) -> Grammar:
    """What tells the runs of texts in a language."""
    spoken = known(language)
    if spoken.code == "en":
        return ENGLISH
    months = sorted((*spoken.months, *spoken.short_months), key=len, reverse=True)
    names = rf"\b(?:{'|'.join((*months, *spoken.weekdays))})\b" if months else r"(?!)"
    year = r"(?<![\d,.$€£])(?:1[6-9]|20)\d\d\b(?![,.]\d)"
    dates = rf"(?:\b\d{{1,2}}(?:er|\.)? (?:de )?)?{names}\.?(?: (?:del? )?(?:1[6-9]|20)\d\d\b)?|{year}"
    if spoken.phrasing is None:
        return Grammar(dates=re.compile(dates, re.IGNORECASE))
    wanting = spoken.phrasing.wanting
    return Grammar(
        dates=re.compile(dates, re.IGNORECASE),
        small_months=not spoken.capital_days,
        numbers=spoken.numbers,
        scales=wanting.scales,
        units=wanting.units,
        reasons=re.compile(rf"\b(?:{wanting.reasons}) (?=\w)", re.IGNORECASE),
        stop_words=spoken.stop_words,
        plain_speech=spoken.speech,
        prepositions=spoken.phrasing.breadth.glue,
        inside_names=wanting.inside_names | {spoken.phrasing.leaning.joined},
        joins=frozenset([spoken.phrasing.leaning.joined]),
        weekdays=frozenset(spoken.weekdays),
        capitals=spoken.capitals_tell_names,
        nouns=not spoken.capitals_tell_names,
        near={**wanting.near, "determiner": spoken.phrasing.leaning.determiners},
    )
