"""How a sentence speaks: of the page that it stands on, as its writer, to its reader, of what is to come.

English, with some words of other languages. Looked up word by word where that does, for it is asked of many sentences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from retrieval.text.languages.known import language as known
from retrieval.text.words import NUMBERS, WEEKDAYS

_OF_ITS_PAGE = tuple(
    phrase.strip()
    for phrase in """
    newsletter|subscribe |sign up for|sign up here|sign up at|signed up for| click |crossword|your inbox|ai-assisted
    |contributed to this|originally appeared|originally published|this story|this article|read on|keep reading
    |we may earn|affiliate link|pictured|seen here|file photo|shown here|privacy policy|terms of service|terms of use
    |you agree|use cookies|we will use|we may use|we shall use|live updates|our coverage|live blog|here is |here are
    |here's what|here's how|here's why|here's everything|what to know|need to know|what we know|contains spoilers
    |email him|email her|email us|follow us|story tips|today's episode|follow him on|follow her on|editor's note
    """.replace("\n", "").split("|")
)
_BEGINS_SO = re.compile(
    r"(?:catch up|check out|find|see|read|watch|click|play|prep|scroll|listen|look|stay tuned|need|want|welcome to"
    r"|for the latest|for more|the following|contributing|correction|clarification|editor|staff|by) ",
    re.IGNORECASE,
)
_WRITER = re.compile(
    r"\bis an? (?:\w{1,20}[ -]){0,4}(?:reporter|columnist|correspondent|journalist|writer|editor|contributor)\b"
)


@cache
def _its_page(language: str | None) -> re.Pattern[str] | None:
    anaphora = known(language).anaphora
    return re.compile(anaphora.its_page, re.IGNORECASE) if anaphora else None


def of_its_page(sentence: str, language: str | None = None) -> bool:
    """Whether it speaks of its page or its writers, or tells the reader what to do there."""
    low = sentence.casefold().replace("’", "'")
    if (told := _its_page(language)) and told.search(sentence):
        return True
    return (
        any(phrase in low for phrase in _OF_ITS_PAGE)
        or "@" in low
        or bool(_BEGINS_SO.match(sentence))
        or (" is a" in low and bool(_WRITER.search(low)))
    )


_WORD = re.compile(r"\w+")
_TO_THE_READER = frozenset("we We our Our us you You your Your yourself my My let Let".split())
_OWN = re.compile(r"\bI(?:['’](?:m|ve|d|ll))?\s")
_LINKING = frozenset("also too however instead therefore meanwhile then another such likewise these those".split())
_THIS = re.compile(r"\bthis (?!week|weekend|month|year|season|summer|winter|spring|fall|morning|afternoon|evening)")
_INTERPOSED = re.compile(r",\s(?:however|though|too|meanwhile|therefore|instead|then|in turn)[,.]")
_AHEAD = frozenset(
    "will would planned plan plans expected scheduled upcoming wird werden sera seront será serán".split()
)
_AHEAD_PHRASES = (" set to ", " is to ", " are to ", " next week", " next month", " next year")
_SOON = frozenset((*(day.capitalize() for day in WEEKDAYS), *"today tonight tomorrow".split()))
_SOON_PHRASES = ("this week", "this morning", "this afternoon", "this evening")
_COUNTING = frozenset(NUMBERS) - {"zero", "one"} | frozenset("dozen dozens hundreds thousands millions".split())


@dataclass(frozen=True, slots=True)
class Voice:
    """How a sentence speaks, apart from what it quotes.

    `own`: as "I". `to_reader`: as "we" or "you". `linked`: with a word that joins it to the sentence before it,
    `interposed`: between commas. `ahead`: of what is to come; `soon`: names a day by which most of that has come.
    """

    own: bool
    to_reader: bool
    linked: bool
    interposed: bool
    ahead: bool
    soon: bool


@lru_cache(4_096)
def voice_of(said: str) -> Voice:
    """How a sentence speaks that says this, without what it quotes."""
    words = frozenset(_WORD.findall(said))
    return Voice(
        own="I" in words and bool(_OWN.search(said)),
        to_reader=not _TO_THE_READER.isdisjoint(words),
        linked=not _LINKING.isdisjoint(words) or ("this" in words and bool(_THIS.search(said))),
        interposed=bool(_INTERPOSED.search(said)),
        ahead=not _AHEAD.isdisjoint(words) or any(phrase in said for phrase in _AHEAD_PHRASES),
        soon=not _SOON.isdisjoint(words) or any(phrase in said for phrase in _SOON_PHRASES),
    )


def counts(sentence: str) -> bool:
    """Whether there is a number in it, in digits or in words."""
    return any(map(str.isdigit, sentence)) or not _COUNTING.isdisjoint(sentence.casefold().split())
