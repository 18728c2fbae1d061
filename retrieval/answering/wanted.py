"""What a question asks for: of what kind, by which words, and whether a few words can answer it at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from retrieval.answering.features import Asked
from retrieval.answering.runs import RUN_KINDS, RunKind, Word, words_of
from retrieval.text.languages.known import language as known
from retrieval.text.languages.questions import Phrasing
from retrieval.text.languages.times import NOTHING
from retrieval.text.terms import term_set
from retrieval.text.words import AUXILIARIES, STOP_WORDS

TYPES = {
    "country": r"country|countries|nations?",
    "state": r"states?",
    "city": r"city|cities|town|capital",
    "spot": r"park|island|museum|university|college|school|river|lake|airport|stadium|region|continent|county|province"
    r"|venue|location|place|area|part",
    "body": r"company|companies|retailer|chain|brand|airline|bank|network|platform|app|agency|organi[sz]ation|group"
    r"|party|automaker|carmaker|manufacturer|maker|store|restaurant|service|giant|firm|department|newspaper|outlet"
    r"|court|league|committee|business",
    "team": r"team|club|side|squad",
    "work": r"film|movie|show|series|song|album|book|game|musical|play|novel|track|titled?|called|named?",
    "human": r"actor|actress|singer|president|players?|star|athlete|leader|politician|senator|minister|celebrity|artist"
    r"|rapper|coach|director|candidate|lawmaker|musician|king|queen|prince|governor|ceo|billionaire|author|golfer"
    r"|justice|official|figure|comedian|host|model|quarterback|republican|democrat|congressman|congresswoman|icon"
    r"|boxer|runner|driver|person|man|woman|legend",
    "money": r"how much|price|cost|fine|salary|worth|paid?",
    "share": r"percentage|percent|rate|share",
    "age": r"how old|age|how long|years?",
    "several": r"two|three|pair|countries|states|companies|cities|players|teams",
}
_ASKS = re.compile(r"\b(?:which|what|whose|who|whom|where|when|why|how)\b", re.IGNORECASE)
_MEASURED = re.compile(r"\s+(?:many|much|old|long|far|tall|big|often|high|large|deep|wide|fast|heavy)\b", re.IGNORECASE)
_SAYING = re.compile(
    r"\b(?:say|says|said|tell|told|think|thinks|claim|argue|respond|react|mean|happens?|happened)\b|\bdo\?"
)
_ANSWERING: Mapping[str, frozenset[RunKind]] = {
    "who": frozenset(("name", "quoted", "phrase")),
    "whom": frozenset(("name", "quoted", "phrase")),
    "where": frozenset(("name", "phrase")),
    "when": frozenset(("date", "number", "phrase")),
    "why": frozenset(("reason",)),
    "how many": frozenset(("number",)),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for: `kinds` are those of the runs that can answer it, `heads` the terms of the noun behind
    "which" or "what", `beside` those of the words that follow, mostly the verb.
    """

    asked: Asked
    total: float
    row: tuple[float, ...]
    kinds: frozenset[RunKind]
    heads: frozenset[str]
    beside: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """How a language tells what is asked for: `asks` finds a word that asks, and `means` what it is in English."""

    asks: re.Pattern[str]
    means: Mapping[str, str]
    types: Sequence[re.Pattern[str]]
    measured: re.Pattern[str]
    saying: re.Pattern[str]
    stop_words: frozenset[str]
    clauses: re.Pattern[str] | None = None
    """Where what is asked begins anew; where it is None, the last word that asks counts."""


def _types(patterns: Mapping[str, str]) -> Sequence[re.Pattern[str]]:
    return [re.compile(rf"\b(?:{patterns.get(name, NOTHING)})\b", re.IGNORECASE) for name in TYPES]


_ENGLISH = _Reading(
    asks=_ASKS,
    means={},
    types=_types(TYPES),
    measured=_MEASURED,
    saying=_SAYING,
    stop_words=STOP_WORDS,
)


@cache
def _reading(language: str | None) -> _Reading:
    spoken = known(language)
    if spoken.code == "en":
        return _ENGLISH
    phrasing = spoken.phrasing or Phrasing()
    wanting = phrasing.wanting
    asking = sorted(wanting.means, key=len, reverse=True)
    return _Reading(
        asks=re.compile(rf"\b(?:{'|'.join(asking) or NOTHING})\b", re.IGNORECASE),
        means=wanting.means,
        types=_types(wanting.types),
        measured=re.compile(wanting.measured, re.IGNORECASE),
        saying=re.compile(wanting.saying, re.IGNORECASE),
        stop_words=spoken.stop_words,
        clauses=re.compile(rf"[.!?:;]\s|,\s{phrasing.leaning.joined}\s"),
    )


def wanted(question: str, asked: Asked) -> Wanted:
    """What a question asks for, by the last of its words that ask; elsewhere than in English, these are pronouns, too,
    and the first of the last clause that has one counts."""
    reading, language = _reading(asked.language), asked.language
    asking = _asking(question, reading)
    word = _meaning(asking[0], reading) if asking else ""
    behind = question[asking.end() :] if asking else question
    following = words_of(behind if asking else question[-60:], language)
    count = 0
    if word in ("which", "what", "whose"):
        while count < min(4, len(following)) and _is_of_noun(following[count], reading):
            count += 1
    window = f"{asking[0] if asking else ''} {' '.join(each.text for each in following[: max(count, 2)])}"
    after = [each for each in following[count:] if each.low not in reading.stop_words][:2]
    return Wanted(
        asked=asked,
        total=sum(asked.weights.values()) or 1.0,
        row=(*asked.kinds, *(float(bool(pattern.search(window))) for pattern in reading.types)),
        kinds=_kinds(word, behind, reading, named=count > 0),
        heads=_terms(following[:count], language),
        beside=_terms(after, language),
    )


def _asking(question: str, reading: _Reading) -> re.Match[str] | None:
    found = list(reading.asks.finditer(question))
    if reading.clauses is None or not found:
        return found[-1] if found else None
    begins = [0, *(match.end() for match in reading.clauses.finditer(question))]
    last = max(begin for begin in begins if begin <= found[-1].start())
    return next(match for match in found if match.start() >= last)


def _meaning(asking: str, reading: _Reading) -> str:
    """The English for what asks."""
    low = asking.lower()
    if not reading.means:
        return low
    return reading.means.get(low) or next(
        meaning for pattern, meaning in reading.means.items() if re.fullmatch(pattern, low, re.IGNORECASE)
    )


def _kinds(word: str, following: str, reading: _Reading, *, named: bool) -> frozenset[RunKind]:
    """The kinds of runs that can answer; none where no few words can: what somebody said, how it came, whether it did.

    `word` asks, in English, and `following` is what follows it, a noun that is `named` first.
    """
    if not word:  # a sentence to complete ("The new song is titled:"), or no question for a name or number
        return frozenset(RUN_KINDS) if following.rstrip().endswith((":", "...", "…", "_")) else frozenset()
    if word == "how":
        return frozenset(("number",)) if reading.measured.match(following) else frozenset()
    if word == "what" and not named and reading.saying.search(following):
        return frozenset()
    return _ANSWERING.get(word, frozenset(RUN_KINDS))


def _is_of_noun(word: Word, reading: _Reading) -> bool:
    if reading is _ENGLISH and (word.low in AUXILIARIES or word.low.endswith("ed")):
        return False
    return word.low not in reading.stop_words


def _terms(words: Sequence[Word], language: str | None) -> frozenset[str]:
    return frozenset().union(*(term_set(word.text, language) for word in words))
