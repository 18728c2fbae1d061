"""What a sentence states, in parts that can be compared: words, names, figures, days, hedges, negation.

Two sentences are about one thing when all the parts agree but for a word or two of detail; what still
differs is then a different figure or a denial. Precision comes before recall: where in doubt, None.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from retrieval.text.figures import Figure, find_figures
from retrieval.text.terms import terms
from retrieval.text.words import ARTICLES, BEING_AND_HAVING, NEGATIONS, STOP_WORDS, WEEKDAYS

Relation = Literal["same", "figures", "denial"]

_AGREEING = 0.7  # Dice coefficient of the words of two sentences on the same thing
_SHARED_WORDS = 3
_VOUCHING_WORDS = 6  # shared words that let one word stand in place of another where figures differ
_DENIED_WORDS = 4  # a denial has no figure to vouch that one thing is meant

# Words in which two reports of one thing differ without meaning: grammar, but for what limits or compares a statement,
# attribution, time of telling.
_LIMITING = frozenset("if may might more most must only other same should until very".split())
_TELLING = """
saying told telling according reported reports report announced confirmed added stated spokesman spokeswoman
spokesperson officials official authorities statement news agency people person persons now later far denying wo ca mr
mrs ms dr total yesterday today tonight overnight
""".split()
_LIGHT = frozenset(terms(" ".join((*(STOP_WORDS - _LIMITING), *NEGATIONS, *WEEKDAYS, *_TELLING, "among"))))
# Stems of one word that the stemmer keeps apart, and the few synonyms that news is full of.
_ONE_WORD = {
    stem: group.split()[0]
    for group in (
        "kill die dead death fatal",
        "injur wound hurt",
        "rise rose risen climb increas grow grew grown jump",
        "fall fell fallen drop declin decreas",
        "earthquak quak",
        "buy bought purchas acquir",
        "fire blaze",
        "explos blast",
        *"win won,know knew known,go went gone,take took taken,give gave given,make made,meet met,pay paid".split(","),
        *"hold held,leav left,lose lost,send sent,sell sold,speak spoke spoken,begin began,break broke".split(","),
        *"find found,see saw seen,come came,write wrote written,build built,get got,shoot shot,hit".split(","),
    )
    for stem in group.split()
}
# What figures count decides how long two of them can be about one state of things: victims and costs are
# revised for days, prices and scores are another day's tomorrow, a wind is another within the hour.
_REVISED_WORDS = """
killed injured missing displaced evacuated trapped hospitalized victims bodies casualties arrested detained
cost costs costing damage damages deal worth fine fined settlement budget loss losses debt bail ransom
"""
_MOVING_WORDS = """
share shares stock stocks index dow nasdaq price prices barrel point points yield rate rates inflation poll polls
approval rating case cases infections new daily claims close closed trading gallon average score scored goal goals
yards rebounds assists touchdown touchdowns win wins seats vote votes outages cancellations jackpot
"""
_FLEETING_WORDS = "wind winds mph kph mb pressure temperature temperatures degrees located gusts knots mile miles"
_REVISED, _MOVING, _FLEETING = (
    frozenset(_ONE_WORD.get(term, term) for term in terms(words))
    for words in (_REVISED_WORDS, _MOVING_WORDS, _FLEETING_WORDS)
)
# Words that make another statement even where a sentence only adds them.
_OPPOSED_WORDS = """
north south east west northern southern eastern western male female men women boys girls up down rise fall higher lower
increase decrease win lose gain loss best worst highest lowest minimum maximum guilty innocent former current
only alone separately hourly weekly monthly annual annually quarterly overall worldwide nationwide statewide
"""
_OPPOSED = frozenset(_ONE_WORD.get(term, term) for term in terms(_OPPOSED_WORDS))
_SAYING = frozenset("said says say told tells added adds wrote announced".split())
_HEDGES = frozenset(
    "if whether may might could should unless before after until except yet longer ever still first last next"
    " another other more additional each every per daily".split()
)
_NEGATION = re.compile(
    r"\b(?:(?:not|never|no|nor|none|nobody|nothing|neither|without|cannot|against)\b"
    r"|den(?:y|ied|ies|ying)\s+(?=(?:that|any|the|reports|he|she|it|they|\w+ing)\b))"
    r"(?!\.?\s*\d|\s+(?:only|just|least|doubt|longer|one|more|fewer|less)\b)",
    re.IGNORECASE,
)
_CLOSERS = "\"'”’»)]」』 \n"
_WORD = re.compile(r"[^\W_]+(?:[.'&/:,-][^\W_]+)*")
_DAYS_AGO = {"today": 0, "tonight": 0, "overnight": 0, "yesterday": 1}
_PERIODS = {"week": "%G-%V", "weekend": "%G-%V", "month": "%Y-%m", "quarter": "%Y-%m", "year": "%Y", "night": "%F"}
_BETWEEN = ARTICLES | BEING_AND_HAVING | {"being", "of", "people", "person", "persons"}


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with the stems of the words before and after it, which tell what it counts."""

    figure: Figure
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Statement:
    """The parts of a sentence, words as stems.

    `names` are its names by their last word, `actors` those that are not just the source of the words; `when` its
    days and periods, resolved against the day it was published.
    """

    text: str
    words: frozenset[str]
    names: tuple[str, ...]
    actors: tuple[str, ...]
    figures: tuple[Measured, ...]
    when: frozenset[str]
    hedges: frozenset[str]
    negations: int

    @property
    def days(self) -> int:
        """How many days later a report can still be about the same state of things; -1: not even another one today."""
        if self.words & _FLEETING:
            return -1
        if self.words & _MOVING or "still" in self.hedges or any(item.figure.unit == "%" for item in self.figures):
            return 0
        return 7 if self.words & _REVISED or not self.figures else 2


@lru_cache(1_024)
def read_statement(text: str, published: date | None) -> Statement:
    """The statement that a sentence published on that day makes."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("n't", " not")
    figures = find_figures(text)
    plain = text
    for figure in figures:
        plain = plain[: figure.start] + " " * (figure.end - figure.start) + plain[figure.end :]
    spelled = [(match.start(), match[0]) for match in _WORD.finditer(plain)]
    lowered = [word.casefold() for _, word in spelled]
    names = list(_names(spelled, plain))
    return Statement(
        text=text,
        words=frozenset(_weighty(plain)),
        names=tuple(name for name, _ in names),
        actors=tuple(name for name, speaks in names if not speaks),
        figures=tuple(_measured(figure, plain) for figure in figures),
        when=frozenset(_when(lowered, published)),
        hedges=frozenset(lowered) & _HEDGES,
        negations=len(_NEGATION.findall(plain)),
    )


def relation(a: Statement, b: Statement) -> Relation | None:
    """ "same" when both say one thing, "figures" or "denial" when they contradict each other on it, else None."""
    if not _on_one_thing(a, b):
        return None
    pairs = list(zip(a.figures, b.figures, strict=True))
    equal = a.when == b.when and all(one.figure.value == two.figure.value for one, two in pairs)
    # A word in place of another ("provide", "offer"; "tennis", "golf") may make another statement; detail does not.
    swapped = min(len(a.words - b.words), len(b.words - a.words))
    if a.negations == b.negations:
        if equal:
            return None if swapped else "same"
        contradict = any(one.figure.contradicts(two.figure) for one, two in pairs)
        close = not swapped or (swapped == 1 and len(a.words & b.words) >= _VOUCHING_WORDS)
        return "figures" if contradict and close and _sentences(a, b) else None
    affirmed, negated = sorted((a, b), key=lambda statement: statement.negations)
    # A word that only the denial has may be all that it denies ("but no passengers").
    close = negated.words <= affirmed.words and len(affirmed.words) - len(negated.words) <= 1
    one_denies = affirmed.negations == 0 and negated.negations == 1
    shared = len(negated.words) >= _DENIED_WORDS
    return "denial" if equal and one_denies and close and shared and _sentences(a, b) else None


def _sentences(a: Statement, b: Statement) -> bool:
    """Whether both are sentences: rows of a table and headings contradict nobody."""
    return all(statement.text.rstrip(_CLOSERS).endswith((".", "!", "。", "！")) for statement in (a, b))


def _on_one_thing(a: Statement, b: Statement) -> bool:
    shared = len(a.words & b.words)
    if shared < _SHARED_WORDS or 2 * shared < _AGREEING * (len(a.words) + len(b.words)):
        return False
    apart = a.words ^ b.words
    if apart & _OPPOSED or any(any(map(str.isdigit, word)) for word in apart):
        return False
    if a.hedges != b.hedges:
        return False
    if len(a.figures) != len(b.figures) or not all(map(_measure_alike, a.figures, b.figures)):
        return False
    return _days_agree(a, b) and _named_in(a, b) and _named_in(b, a) and _order(a, b) == _order(b, a)


def _days_agree(a: Statement, b: Statement) -> bool:
    return a.when == b.when or (a.days == 7 and (a.when < b.when or b.when < a.when))


def _measure_alike(a: Measured, b: Measured) -> bool:
    if a.figure.unit != b.figure.unit:
        return False
    return bool(a.after and a.after == b.after) or bool(a.before and a.before == b.before)


def _named_in(a: Statement, b: Statement) -> bool:
    """Whether `b` has every name of `a`, at least by its last word ("Joe Biden", "Biden")."""
    return b.words.issuperset(a.names)


def _order(a: Statement, b: Statement) -> list[str]:
    """Who comes before whom: "Russia attacked Ukraine" is not "Ukraine attacked Russia"."""
    return list(dict.fromkeys(name for name in a.actors if name in b.names))


def _weighty(text: str) -> Iterator[str]:
    return (_ONE_WORD.get(term, term) for term in terms(text) if term not in _LIGHT)


@lru_cache(16_384)
def _stem(word: str) -> str:
    """The weighty stem of a word, the first one of "anti-government"; "" when it has none."""
    return next(_weighty(word), "")


def _names(words: list[tuple[int, str]], text: str) -> Iterator[tuple[str, bool]]:
    """The last stem of each run of capitalised words, and whether it stands beside a verb of saying."""
    runs: list[list[int]] = []
    for index, (start, word) in enumerate(words):
        if not word[0].isupper() or not _stem(word):
            continue
        before, spelled = words[index - 1]
        if runs and runs[-1][-1] == index - 1 and text[before + len(spelled) : start] == " ":
            runs[-1].append(index)
        else:
            runs.append([index])
    for run in runs:
        beside = {word.casefold() for _, word in words[max(0, run[0] - 1) : run[-1] + 2]}
        yield _stem(words[run[-1]][1]), not beside.isdisjoint(_SAYING)


def _measured(figure: Figure, text: str) -> Measured:
    before = _WORD.findall(text[max(0, figure.start - 60) : figure.start].casefold())
    after = _WORD.findall(text[figure.end : figure.end + 60].casefold())
    return Measured(
        figure,
        next((_stem(word) or word for word in reversed(before) if word not in _BETWEEN), ""),
        next((_stem(word) or word for word in after if word not in _BETWEEN), ""),
    )


def _when(words: list[str], published: date | None) -> Iterator[str]:
    """Days and periods that the words tell, as dates where the day of publication is known."""
    for word, following in pairwise([*words, ""]):
        name = word.removesuffix("'s")
        if name in WEEKDAYS:
            yield _day(published, (published.weekday() - WEEKDAYS.index(name)) % 7) if published else name
        elif name in _DAYS_AGO:
            yield _day(published, _DAYS_AGO[name]) if published else name
        elif word in ("this", "last", "next") and (period := following.removesuffix("'s")) in _PERIODS:
            yield f"{word} {period} {published.strftime(_PERIODS[period]) if published else ''}"


def _day(published: date, ago: int) -> str:
    return str(date.fromordinal(max(1, published.toordinal() - ago)))
