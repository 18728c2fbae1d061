"""What a question asks for: of what kind, by which words, and whether a few words can answer it at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.answering.features import Asked
from retrieval.answering.runs import RUN_KINDS, RunKind, Word, words_of
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
_TYPE = {name: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for name, pattern in TYPES.items()}
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


def wanted(question: str, asked: Asked) -> Wanted:
    """What a question asks for, by the last of its words that ask."""
    asking = list(_ASKS.finditer(question))
    word = asking[-1][0].lower() if asking else ""
    following = words_of(question[asking[-1].end() :] if asking else question[-60:])
    count = 0
    if word in ("which", "what", "whose"):
        while count < min(4, len(following)) and _is_of_noun(following[count]):
            count += 1
    window = f"{word} {' '.join(each.text for each in following[: max(count, 2)])}"
    after = [each for each in following[count:] if each.low not in STOP_WORDS][:2]
    return Wanted(
        asked=asked,
        total=sum(asked.weights.values()) or 1.0,
        row=(*asked.kinds, *(float(bool(pattern.search(window))) for pattern in _TYPE.values())),
        kinds=_kinds(word, question[asking[-1].end() :] if asking else question, named=count > 0),
        heads=_terms(following[:count]),
        beside=_terms(after),
    )


def _kinds(word: str, following: str, *, named: bool) -> frozenset[RunKind]:
    """The kinds of runs that can answer; none where no few words can: what somebody said, how it came, whether it did.

    `word` asks, and `following` is what follows it, a noun that is `named` first.
    """
    if not word:  # a sentence to complete ("The new song is titled:"), or no question for a name or number
        return frozenset(RUN_KINDS) if following.rstrip().endswith((":", "...", "…", "_")) else frozenset()
    if word == "how":
        return frozenset(("number",)) if _MEASURED.match(following) else frozenset()
    if word == "what" and not named and _SAYING.search(following):
        return frozenset()
    return _ANSWERING.get(word, frozenset(RUN_KINDS))


def _is_of_noun(word: Word) -> bool:
    return word.low not in STOP_WORDS and word.low not in AUXILIARIES and not word.low.endswith("ed")


def _terms(words: Sequence[Word]) -> frozenset[str]:
    return frozenset().union(*(term_set(word.text) for word in words))
