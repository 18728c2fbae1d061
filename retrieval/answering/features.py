"""What a span of text offers to a question: the plain facts from which quotes are chosen.

No model is run here. A sentence is reduced to its facts once (the names, numbers and dates in it, whether
somebody is quoted), and every run of sentences is described by some thirty numbers: what the question asks
for against what the run holds, where it stands, and how many of the best passages say the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.text.terms import content_terms, terms
from retrieval.text.words import MONTHS, NUMBERS, SHORT_MONTHS, WEEKDAYS

_MONTH = "|".join(month.capitalize() for month in (*MONTHS, *SHORT_MONTHS))
_WEEKDAY = "|".join(day.capitalize() for day in WEEKDAYS)
_DATE = re.compile(rf"\b(?:{_MONTH})\b\.?(?:\s+\d{{1,2}}\b)?|\b(?:{_WEEKDAY})\b|\b(?:1[89]|20)\d\d\b")
# Not "one", which is seldom a number, and none above twelve, which are written in digits.
_SPELLED = "|".join(word for word, number in NUMBERS.items() if 2 <= number <= 12)
_NUMBER_WORD = rf"{_SPELLED}|dozens?|hundreds?|thousands?|half|third"
_NUMBER = re.compile(rf"[$€£]?\d[\d,.:]*\d?%?|\b(?:{_NUMBER_WORD})\b", re.IGNORECASE)
_AMOUNT = re.compile(r"[$€£]\s?\d|\d\s?(?:%|percent|per cent)|\d(?:\.\d+)?\s(?:million|billion|trillion)")
_WORD = r"[A-Z][\w’'&.-]*"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:(?:of|the|de|van|von|bin|al|and)\s+)?{_WORD})*")
_FIRST_WORD = re.compile(r"(?:^|[.!?:]\s+|[“\"‘(]\s*)([A-Z][\w’'-]*)")
_NAME_OR_NUMBER = re.compile(r"\b[^\W\da-z_][\w’'-]+|\b\d[\d,.]*")
_SPEECH = re.compile(
    r"\b(?:said|says|told|tells|added|announced|warned|called|claimed|argued|insisted|wrote|tweeted|according to"
    r"|stated|noted|explained|vowed|urged|described|stressed|underscored|emphasized|expressed)\b"
)
_REASON = re.compile(r"\b(?:because|due to|after|amid|over|since|so that|in order|following|reason|cause[ds]?|blam)\b")
_PRONOUN = re.compile(
    r"^[“\"‘]?(?:He|She|They|It|This|That|These|Those|His|Her|Their|Its|But|And|The (?:pair|move|deal))\b"
)

KINDS = ("person", "place", "number", "date", "reason", "speech", "thing")
_KIND_PATTERNS = {
    "person": r"\b(?:who|whom|whose)\b|\b(?:which|what) (?:\w+ ){0,3}(?:actor|actress|singer|president|player|star|"
    r"athlete|leader|politician|senator|minister|celebrity|artist|rapper|coach|director|candidate|lawmaker|musician)",
    "place": r"\bwhere\b|\b(?:which|what|whose) (?:\w+ ){0,3}(?:country|countries|nation|state|city|cities|town|"
    r"island|region|continent|province|place|location|area|county|river|sea|ocean|national park)\b",
    "number": r"\bhow (?:many|much|old|long|far|tall|big|often|high|large)\b|\b(?:what|which) (?:\w+ ){0,3}"
    r"(?:percentage|percent|age|number|amount|score|price|cost|share|rate|fine)\b",
    "date": r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:year|month|day|date|decade|century|time)\b|\bsince:",
    "reason": r"\bwhy\b|\bhow come\b|\bwhat (?:caused|led|prompted|is the reason)",
    "speech": r"\b(?:say|says|said|tell|told|think|claim|claims|argue|call for|respond|react|stance|view)\b",
}
_KIND = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _KIND_PATTERNS.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the features see it: the weight of each of its terms, and what it asks for."""

    weights: Mapping[str, float]
    rarest: Mapping[str, float]
    """Those of `weights` that come near the greatest."""
    terms: frozenset[str]
    names: frozenset[str]
    """Those that stand in the question as a name or a number."""
    kinds: tuple[float, ...]
    """One 0.0 or 1.0 for each of `KINDS`; "thing" where no other fits."""


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


def asked(question: str, weights: Mapping[str, float]) -> Asked:
    """The question's side of the features. `weights` are those of its content terms."""
    kinds = [float(bool(_KIND[kind].search(question))) for kind in KINDS[:-1]]
    most = max(weights.values(), default=0.0)
    rarest = {term: weight for term, weight in weights.items() if weight >= 0.8 * most}
    return Asked(
        weights=weights,
        rarest=rarest,
        terms=frozenset(terms(question)),
        names=_terms_of_names(question),
        kinds=(*kinds, float(not any(kinds))),
    )


def _terms_of_names(question: str) -> frozenset[str]:
    """The terms of what is written as a name or a number; the first word, which is always capital, is left out."""
    found = (match[0] for match in _NAME_OR_NUMBER.finditer(question) if match.start())
    return frozenset(term for text in found for term in terms(text))


@lru_cache(8192)
def facts(text: str) -> Facts:
    """What `text` holds. Remembered: the sentences of what is in the news are asked about again and again."""
    dates = frozenset(match[0].lower() for match in _DATE.finditer(text))
    return Facts(
        words=len(text.split()),
        terms=frozenset(terms(text)),
        names=frozenset(_names(text)),
        numbers=frozenset(match[0].lower().rstrip(".,") for match in _NUMBER.finditer(text)),
        dates=dates,
        amounts=len(_AMOUNT.findall(text)),
        speech=len(_SPEECH.findall(text)),
        quoted=sum(text.count(mark) for mark in '“"'),
        reasons=len(_REASON.findall(text)),
        pronoun_first=bool(_PRONOUN.match(text)),
    )


def _names(text: str) -> Iterable[str]:
    """Capitalised runs; one that opens a sentence counts only when it is more than a single common word."""
    openers = {match.start(1) for match in _FIRST_WORD.finditer(text)}
    for match in _NAME.finditer(text):
        name = match[0].strip(".’'-")
        if match.start() in openers:
            first, _, rest = name.partition(" ")
            if not content_terms(first) or len(content_terms(first)[0]) < 2 or first.lower() in _OPENERS:
                name = rest.removeprefix("the ").removeprefix("of ")
        name = name.lower().removesuffix("’s").removesuffix("'s")
        if len(name) > 1:
            yield name


_OPENERS = frozenset(
    """the a an in on at for from with but and or so yet if when while after before since as by to of this that these
    those it he she they we you i there here what who how why his her their its our my not no one some many most more
    all both each every another other two three according last first then now still also despite during under over
    about""".split()
)


def merged(parts: Sequence[Facts]) -> Facts:
    """The facts of a run of sentences, from those of each."""
    first = parts[0]
    if len(parts) == 1:
        return first
    return Facts(
        words=sum(part.words for part in parts),
        terms=frozenset().union(*(part.terms for part in parts)),
        names=frozenset().union(*(part.names for part in parts)),
        numbers=frozenset().union(*(part.numbers for part in parts)),
        dates=frozenset().union(*(part.dates for part in parts)),
        amounts=sum(part.amounts for part in parts),
        speech=sum(part.speech for part in parts),
        quoted=sum(part.quoted for part in parts),
        reasons=sum(part.reasons for part in parts),
        pronoun_first=first.pronoun_first,
    )


def held(weights: Mapping[str, float], present: frozenset[str]) -> float:
    """The share (0..1) of the weighted terms that are present."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in present) / total if total else 0.0


def inverse_frequencies(words: Sequence[str], frequencies: Sequence[int], passages: int) -> dict[str, float]:
    """The weight of each question term: rare ones tell more. Bounded, so that one odd word is not everything."""
    return {
        word: min(8.0, 1.0 + math.log((passages + 1) / (min(frequency, passages) + 1)))
        for word, frequency in zip(words, frequencies, strict=True)
    }
