"""Runs of words that could be what a question asks for: names, numbers with their units, dates, short phrases.

Pure, and quick: a text is cut into words once, and every run is some of these words side by side. What is language in
it is a `Grammar`; of a text in a language of which too little is known, only numbers and what is quoted are runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Literal, NamedTuple

from retrieval.answering.grammar import ENGLISH, Grammar, grammar_of
from retrieval.text.languages.known import language as known
from retrieval.text.languages.times import NOTHING
from retrieval.text.proper_names import proper_names
from retrieval.text.words import NUMBERS

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
_CLAUSE_END = re.compile(r"[.,;:?!—–()“”\"]|\s-\s")


class Word(NamedTuple):
    """A word `[start, end)` of a text; `joined` tells that only a space parts it from the one before."""

    start: int
    end: int
    text: str
    joined: bool
    low: str
    """In small letters."""
    is_capital: bool
    """Whether it is written as a name is."""


class Run(NamedTuple):
    """`[start, end)` of a text: its words number `first` to `last` (not included), and what they look like."""

    start: int
    end: int
    first: int
    last: int
    kind: RunKind


@cache
def _cut(language: str | None) -> re.Pattern[str]:
    """What cuts a text into words: where some are written in one with the next ("l'Ukraine"), they are two."""
    phrasing = known(language).phrasing
    if phrasing is None or phrasing.elided == NOTHING:
        return _WORD
    return re.compile(rf"\b{phrasing.elided}|{_WORD.pattern}", re.IGNORECASE)


def word_texts(text: str, language: str | None = None) -> list[str]:
    """The words of a text as they are written, in order."""
    return _cut(language).findall(text)


def words_of(text: str, language: str | None = None) -> list[Word]:
    """The words of a text in `language`, in order."""
    words: list[Word] = []
    before: Word | None = None
    for match in _cut(language).finditer(text):
        start, end = match.span()
        word = match[0]
        joined = before is not None and (text[before.end : start] == " " or _is_joined(text, before, start))
        before = Word(start=start, end=end, text=word, joined=joined, low=word.lower(), is_capital=word[0].isupper())
        words.append(before)
    return words


def _is_joined(text: str, before: Word, start: int) -> bool:
    gap = text[before.end : start]
    if gap.startswith(". ") and (before.low in _TITLE or (len(before.text) == 1 and before.is_capital)):
        gap = gap[1:]
    return bool(_GAP.fullmatch(gap))


def runs_of(
    text: str, words: Sequence[Word], language: str | None = None, kinds: Collection[RunKind] = RUN_KINDS
) -> list[Run]:
    """Every run of these kinds that could answer, each once, of a text in `language`."""
    grammar = grammar_of(language)
    found: dict[tuple[int, int], Run] = {}
    # What is a date is no number, and so on: so those before a kind are looked for, too, and those behind it need not.
    finders: tuple[tuple[RunKind, Callable[[], Iterator[Run]]], ...] = (
        ("date", lambda: _matched(text, words, grammar.dates, 0, "date", small=grammar.small_months)),
        ("number", lambda: _numbers(words, grammar)),
        ("quoted", lambda: _matched(text, words, grammar.quoted, 1, "quoted")),
        ("name", lambda: _names(text, words, grammar, language)),
        ("phrase", lambda: _phrases(words, grammar)),
        ("reason", lambda: _reasons(text, words, grammar)),
    )
    last = max([at for at, (kind, _) in enumerate(finders, 1) if kind in kinds], default=0)
    for _, finder in finders[:last]:
        for run in finder():
            if run.last - run.first <= RUN_WORDS:
                found.setdefault((run.first, run.last), run)
    return sorted([run for run in found.values() if run.kind in kinds], key=itemgetter(0, 1))


def _run(words: Sequence[Word], first: int, last: int, kind: RunKind) -> Run:
    return Run(start=words[first].start, end=words[last - 1].end, first=first, last=last, kind=kind)


def _matched(
    text: str, words: Sequence[Word], pattern: re.Pattern[str], group: int, kind: RunKind, *, small: bool = False
) -> Iterator[Run]:
    for match in pattern.finditer(text):
        inside = [
            at for at, word in enumerate(words) if match.start(group) <= word.start and word.end <= match.end(group)
        ]
        if (
            inside
            and words[inside[0]].start - match.start(group) < 2
            and (small or kind != "date" or words[inside[0]].text[0].isdigit() or words[inside[0]].is_capital)
        ):
            yield _run(words, inside[0], inside[-1] + 1, kind)


def is_number(word: Word, grammar: Grammar = ENGLISH) -> bool:
    """Whether a word is a number, in digits or spelled out."""
    if word.text.lstrip("$€£#")[:1].isdigit() or word.low in grammar.numbers:
        return True
    return grammar is ENGLISH and word.low.partition("-")[0] in NUMBERS


_THOUSANDS = re.compile(r"\d{3}(?:,\d+)?")


def _numbers(words: Sequence[Word], grammar: Grammar) -> Iterator[Run]:
    """A number with its scale ("$19 million") and its unit ("12 years")."""
    more = grammar.scales | grammar.numbers
    at = 0
    while at < len(words):
        if not is_number(words[at], grammar):
            at += 1
            continue
        end = at + 1
        while end < len(words) and words[end].joined and (words[end].low in more or _is_thousands(words, end, grammar)):
            end += 1
        while end < len(words) and end - at < 4 and words[end].joined and words[end].low in grammar.units:
            end += 1
        yield _run(words, at, end, "number")
        at = end


def _is_thousands(words: Sequence[Word], at: int, grammar: Grammar) -> bool:
    """ "1 200": where thousands are set apart by spaces."""
    return (
        grammar is not ENGLISH
        and _THOUSANDS.fullmatch(words[at].text) is not None
        and words[at - 1].text.isdigit()
        and len(words[at - 1].text) <= 3
    )


def _names(text: str, words: Sequence[Word], grammar: Grammar, language: str | None) -> Iterator[Run]:
    """Words with capitals side by side, of several joined by "and" each as well; a noun that is no name is a phrase."""
    if not (grammar.capitals or grammar.nouns):
        return
    proper = frozenset(proper_names(text, language)) if grammar.nouns else None
    for run in _capitals(words, grammar):
        is_name = proper is None or run.last - run.first > 1 or text[run.start : run.end].lower() in proper
        yield run if is_name else run._replace(kind="phrase")


def _capitals(words: Sequence[Word], grammar: Grammar) -> Iterator[Run]:
    at = 0
    while at < len(words):
        if not _opens_name(words[at], grammar):
            at += 1
            continue
        end = at + 1
        joint = []
        while True:
            ahead = end
            while ahead < len(words) and ahead - end < 2 and _is_inside(words[ahead], grammar):
                ahead += 1
            if ahead == len(words) or not words[ahead].joined or not _continues(words[ahead]):
                break
            if any(grammar.nouns or words[between].low in grammar.joins for between in range(end, ahead)):
                joint.append((end, ahead))
            end = ahead + 1
        edges = [at, *(edge for pair in joint for edge in pair), end]
        yield _run(words, at, end, "name")
        if joint:
            for first, last in zip(edges[::2], edges[1::2], strict=True):
                yield _run(words, first, last, "name")
        at = end


def _is_inside(word: Word, grammar: Grammar) -> bool:
    return word.joined and word.low in grammar.inside_names


def _continues(word: Word) -> bool:
    return word.text[0].isupper() or (word.text[0].isdigit() and len(word.text) < 5)


def _opens_name(word: Word, grammar: Grammar) -> bool:
    """Whether a name may begin so: "On Tuesday Mr Lee" says when he did it, and "Taco Tuesday" is a name."""
    return (
        word.is_capital
        and word.low not in grammar.stop_words
        and word.low not in grammar.plain_speech
        and word.low not in grammar.weekdays
    )


def is_plain(word: Word, grammar: Grammar = ENGLISH) -> bool:
    """Whether a common word could be part of a phrase that answers."""
    return (
        word.text[0].isalpha()
        and (grammar.nouns or not word.is_capital)
        and len(word.text) > 2
        and word.low not in grammar.stop_words
        and word.low not in grammar.plain_speech
        and not (grammar.adverbs and word.low.endswith(grammar.adverbs))
    )


def _phrases(words: Sequence[Word], grammar: Grammar) -> Iterator[Run]:
    """Of common words side by side every few: "baby formula", "formula"."""
    if not grammar.stop_words:
        return
    at = 0
    while at < len(words):
        if not is_plain(words[at], grammar):
            at += 1
            continue
        end = at + 1
        while end < len(words) and words[end].joined and is_plain(words[end], grammar):
            end += 1
        for last in range(at + 1, end + 1):
            for first in range(max(at, last - PHRASE_WORDS), last):
                yield _run(words, first, last, "phrase")
        at = end


def _reasons(text: str, words: Sequence[Word], grammar: Grammar) -> Iterator[Run]:
    """The clause behind a word that gives a reason."""
    for match in grammar.reasons.finditer(text) if grammar.reasons else ():
        stop = _CLAUSE_END.search(text, match.end())
        end = stop.start() if stop else len(text)
        inside = [at for at, word in enumerate(words) if match.end() <= word.start and word.end <= end]
        while len(inside) > RUN_WORDS or (inside and words[inside[-1]].low in grammar.prepositions):
            inside.pop()
        if len(inside) > 1:
            yield _run(words, inside[0], inside[-1] + 1, "reason")
