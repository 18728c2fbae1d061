"""Runs of words that could be what a question asks for: names, numbers with their units, dates, short phrases.

Pure, and quick: a text is cut into words once, and every run is some of these words side by side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from retrieval.text.words import (
    ANY_MONTH,
    MONTHS,
    NUMBERS,
    PREPOSITIONS,
    SCALES,
    SHORT_MONTHS,
    STOP_WORDS,
    WEEKDAYS,
)

RUN_WORDS = 8  # a run is no longer than this: what is bold is to be seen at a glance
PHRASE_WORDS = 3  # the same for a run of common words

RunKind = Literal["name", "number", "date", "quoted", "phrase", "reason"]
RUN_KINDS: tuple[RunKind, ...] = ("name", "number", "date", "quoted", "phrase", "reason")

# A possessive is a word of its own, so that it is never part of a run; "U.S.", "AT&T" and "1,200.5" are one word.
_WORD = re.compile(
    r"['’]s\b|(?:[^\W\d_]\.){2,}|[$€£#]?\d+(?:[.,:/]\d+)*%?(?:-[^\W\d_]+)*|[^\W_]+(?:(?:['’](?!s\b)|[-&.])[^\W_]+)*"
)
_GAP = re.compile(r"[ \u00a0]*(?:& )?")  # what may stand between two words of one run
_TITLE = frozenset(
    "mr mrs ms dr sen rep gov gen lt col sgt st no jan feb mar apr jun jul aug sep sept oct nov dec".split()
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
_MONTHS = frozenset((*MONTHS, *SHORT_MONTHS))
_DATES = re.compile(
    rf"\b(?:{ANY_MONTH})\b\.?(?: \d{{1,2}}(?:st|nd|rd|th)?\b(?!,\d))?(?:,? (?:1[6-9]|20)\d\d\b)?"
    rf"|\b(?:{'|'.join(WEEKDAYS)})\b(?: (?:morning|afternoon|evening|night)\b)?"
    r"|(?<![\d,.$€£])(?:1[6-9]|20)\d\d\b(?![,.]\d)s?",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"]([^“”\"\n]{2,80}?)[,.!?]?[”\"]")
_REASON = re.compile(
    r"\b(?:because of|because|due to|owing to|thanks to|caused by|after|amid|following|over|citing|in order to|so that)"
    r" (?=\w)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[.,;:?!—–()“”\"]|\s-\s")
_PLAIN_SPEECH = frozenset(
    """said says told tells added announced warned called claimed argued wrote according reported reports report
    including made make makes get got take took taken going come came went""".split()
)


_NO_START = STOP_WORDS | _PLAIN_SPEECH | frozenset(WEEKDAYS)


@dataclass(frozen=True, slots=True)
class Word:
    """A word `[start, end)` of a text; `joined` tells that only a space parts it from the one before."""

    start: int
    end: int
    text: str
    joined: bool
    low: str
    """In small letters."""
    is_capital: bool
    """Whether it is written as a name is."""


@dataclass(frozen=True, slots=True)
class Run:
    """`[start, end)` of a text: its words number `first` to `last` (not included), and what they look like."""

    start: int
    end: int
    first: int
    last: int
    kind: RunKind


def word_texts(text: str) -> list[str]:
    """The words of a text as they are written, in order."""
    return _WORD.findall(text)


def words_of(text: str) -> list[Word]:
    """The words of a text, in order."""
    words: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        joined = bool(words) and _is_joined(text, words[-1], match.start(), end)
        word = match[0]
        words.append(
            Word(
                start=match.start(),
                end=match.end(),
                text=word,
                joined=joined,
                low=word.lower(),
                is_capital=word[0].isupper(),
            )
        )
        end = match.end()
    return words


def _is_joined(text: str, before: Word, start: int, end: int) -> bool:
    gap = text[end:start]
    if gap == " ":
        return True
    if gap.startswith(". ") and (before.low in _TITLE or (len(before.text) == 1 and before.is_capital)):
        gap = gap[1:]
    return bool(_GAP.fullmatch(gap))


def runs_of(text: str, words: Sequence[Word]) -> list[Run]:
    """Every run that could answer, each once."""
    found: dict[tuple[int, int], Run] = {}
    finders: tuple[Callable[[], Iterator[Run]], ...] = (
        lambda: _matched(text, words, _DATES, 0, "date"),
        lambda: _numbers(words),
        lambda: _matched(text, words, _QUOTED, 1, "quoted"),
        lambda: _names(words),
        lambda: _phrases(words),
        lambda: _reasons(text, words),
    )
    for finder in finders:
        for run in finder():
            if run.last - run.first <= RUN_WORDS:
                found.setdefault((run.first, run.last), run)
    return sorted(found.values(), key=lambda run: (run.start, run.end))


def _run(words: Sequence[Word], first: int, last: int, kind: RunKind) -> Run:
    return Run(start=words[first].start, end=words[last - 1].end, first=first, last=last, kind=kind)


def _matched(text: str, words: Sequence[Word], pattern: re.Pattern[str], group: int, kind: RunKind) -> Iterator[Run]:
    for match in pattern.finditer(text):
        inside = [
            at for at, word in enumerate(words) if match.start(group) <= word.start and word.end <= match.end(group)
        ]
        if (
            inside
            and words[inside[0]].start - match.start(group) < 2
            and (kind != "date" or words[inside[0]].text[0].isdigit() or words[inside[0]].is_capital)
        ):
            yield _run(words, inside[0], inside[-1] + 1, kind)


def is_number(word: Word) -> bool:
    """Whether a word is a number, in digits or spelled out."""
    return word.text.lstrip("$€£#")[:1].isdigit() or word.low in _NUMBER_WORDS or word.low.partition("-")[0] in NUMBERS


def _numbers(words: Sequence[Word]) -> Iterator[Run]:
    """A number with its scale ("$19 million") and its unit ("12 years")."""
    at = 0
    while at < len(words):
        if not is_number(words[at]):
            at += 1
            continue
        end = at + 1
        while end < len(words) and words[end].joined and (words[end].low in SCALES or words[end].low in _NUMBER_WORDS):
            end += 1
        while end < len(words) and end - at < 4 and words[end].joined and words[end].low in _UNITS:
            end += 1
        yield _run(words, at, end, "number")
        at = end


def _names(words: Sequence[Word]) -> Iterator[Run]:
    """Words with capitals side by side; of several joined by "and" each as well."""
    at = 0
    while at < len(words):
        if not _opens_name(words[at]):
            at += 1
            continue
        end = at + 1
        joint = []
        while True:
            ahead = end
            while ahead < len(words) and ahead - end < 2 and words[ahead].joined and words[ahead].low in _INSIDE_NAMES:
                ahead += 1
            if ahead == len(words) or not words[ahead].joined or not _continues(words[ahead]):
                break
            if any(words[between].low == "and" for between in range(end, ahead)):
                joint.append((end, ahead))
            end = ahead + 1
        edges = [at, *(edge for pair in joint for edge in pair), end]
        yield _run(words, at, end, "name")
        if joint:
            for first, last in zip(edges[::2], edges[1::2], strict=True):
                yield _run(words, first, last, "name")
        at = end


def _continues(word: Word) -> bool:
    return word.text[0].isupper() or (word.text[0].isdigit() and len(word.text) < 5)


def _opens_name(word: Word) -> bool:
    """Whether a name may begin so: "On Tuesday Mr Lee" says when he did it, and "Taco Tuesday" is a name."""
    return word.is_capital and word.low not in _NO_START


def is_plain(word: Word) -> bool:
    """Whether a common word could be part of a phrase that answers."""
    return (
        word.text[0].isalpha()
        and not word.is_capital
        and len(word.text) > 2
        and word.low not in STOP_WORDS
        and word.low not in _PLAIN_SPEECH
        and not word.low.endswith("ly")
    )


def _phrases(words: Sequence[Word]) -> Iterator[Run]:
    """Of common words side by side every few: "baby formula", "formula"."""
    at = 0
    while at < len(words):
        if not is_plain(words[at]):
            at += 1
            continue
        end = at + 1
        while end < len(words) and words[end].joined and is_plain(words[end]):
            end += 1
        for last in range(at + 1, end + 1):
            for first in range(max(at, last - PHRASE_WORDS), last):
                yield _run(words, first, last, "phrase")
        at = end


def _reasons(text: str, words: Sequence[Word]) -> Iterator[Run]:
    """The clause behind a word that gives a reason."""
    for match in _REASON.finditer(text):
        stop = _CLAUSE_END.search(text, match.end())
        end = stop.start() if stop else len(text)
        inside = [at for at, word in enumerate(words) if match.end() <= word.start and word.end <= end]
        while len(inside) > RUN_WORDS or (inside and words[inside[-1]].low in PREPOSITIONS):
            inside.pop()
        if len(inside) > 1:
            yield _run(words, inside[0], inside[-1] + 1, "reason")
