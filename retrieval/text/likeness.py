"""Whether two texts that are much alike tell of one thing, or of two in one frame.

An agency's report comes back edited: with a new lead, a paragraph less, another word here and there. A report made
from a template comes back with other figures, names or days in the same sentences: the quake of Thursday is not that
of Monday, however many words both share. So sentences are paired, and what stands in one place of both is compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from babel import Locale

from retrieval.text.shingles import same_report, shingles
from retrieval.text.words import NUMBERS

_COMPARED = 80  # sentences of each text that the other does not have; beyond that little can be one frame
_LONGEST = 120  # words of a sentence
_SHARED = 3  # words that two sentences need in common to be one with other facts, and half of the longer one's

_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’»)]*\s+|\s*\n\s*|(?<=[。！？])")
_TOKEN = re.compile(
    r"\d+(?:[.,:]\d+)*"
    r"|[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]"  # scripts without spaces: a sign is a word
    r"|[^\W\d_\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+(?:\.[^\W\d_](?![^\W\d_]))*"
)
_WORD = re.compile(r"\w+")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
# Opposite turns of what is told; forms of one word, and words of several languages.
_UP = frozenset(
    """
    rose rises rising risen up higher more most gained gains gaining increased increases increase increasing grew grows
    grown climbed jumped surged soared advanced won wins approved approves passed adopted accepted opened reopened
    raised hired began started allowed legalised legalized upheld agreed acquitted best record-high improved widened
    stieg steigt steigen gestiegen höher mehr gewann gewonnen zugelegt hausse augmenté augmente progressé gagné monté
    plus subió suben subieron aumentó crece creció ganó alza más salito sale aumentato cresciuto rialzo più steeg stijgt
    gestegen hoger subiu aumentou cresceu mais
    """.split()
)
_DOWN = frozenset(
    """
    fell falls falling fallen down lower less fewer least lost loses losing decreased decreases decrease decreasing
    declined declines dropped drops dipped slid slipped sank plunged tumbled retreated shrank rejected rejects refused
    closed cut cuts lowered fired ended stopped denied banned overturned convicted worst worsened narrowed defeated
    fiel fällt fallen gefallen sank sinkt sinken gesunken niedriger tiefer weniger verlor verloren baisse baissé reculé
    recule perdu chuté moins bajó bajan bajaron cayó disminuyó perdió baja menos sceso scende calato diminuito ribasso
    meno daalde daalt gedaald lager caiu desceu diminuiu
    """.split()
)
_TURNS = frozenset(("up", "down"))
_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
_FORMS_OF_ADDRESS = frozenset("mr mrs ms dr prof sir".split())


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared of an article."""

    title: str
    body: str


def copies(one: Report, other: Report) -> bool:
    """Whether both hold the same report, word for word or slightly edited. Texts that are too short never do."""
    return same_report(shingles(one.body), shingles(other.body)) and not other_facts(one, other)


def same_words(one: str, other: str) -> bool:
    """Whether two texts agree in every word, however that is spaced and capitalised."""
    return one.casefold().split() == other.casefold().split()


def alike(one: str, other: str) -> bool:
    """Whether the shorter of two texts has half of its words from the other; unrelated ones share about a quarter."""
    words, others = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    return 2 * len(words & others) >= min(len(words), len(others))


def other_facts(one: Report, other: Report) -> bool:
    """Whether both say the same of different things: other figures, names or days in like sentences, or headlines.

    A headline of the same report may be another one, but what it names stands in the report.
    """
    if _in_one_frame(one.title, other.title) or _differ(_strange_facts(one, other), _strange_facts(other, one)):
        return True
    sentences, others = _sentences(one.body), _sentences(other.body)
    left = [each for each in sentences if each not in others][:_COMPARED]
    right = [each for each in others if each not in sentences][:_COMPARED]
    return any(_in_one_frame(each, another) for each in left for another in right)


def _strange_facts(one: Report, other: Report) -> set[str]:
    """The kinds of facts in a headline of which the other report, as a whole, knows nothing."""
    told = {word for word, _ in _read(other.title)} | {word.casefold() for word in _TOKEN.findall(other.body)}
    told |= {str(NUMBERS[word]) for word in told if word in NUMBERS}
    return {kind for word, kind in _read(one.title) if kind and word not in told}


def _sentences(text: str) -> dict[str, None]:
    return dict.fromkeys(sentence for part in _SENTENCE.split(text) if (sentence := part.strip()))


def _in_one_frame(one: str, other: str) -> bool:
    """Whether two sentences are one, but for a figure, a day or a name that stands where the other has another one."""
    words, others = _read(one), _read(other)
    shared = sum((Counter(word for word, _ in words) & Counter(word for word, _ in others)).values())
    if shared < _SHARED or 2 * shared < max(len(words), len(others)):
        return False
    return any(
        _differ({kind for _, kind in words[start:end]}, {kind for _, kind in others[begin:stop]})
        for change, start, end, begin, stop in SequenceMatcher(None, words, others, autojunk=False).get_opcodes()
        if change == "replace"
    )


def _differ(kinds: Set[str], others: Set[str]) -> bool:
    """Whether facts of these kinds, each in the place of the other, are other facts; turns are if they are opposite."""
    one, other = kinds & _TURNS, others & _TURNS
    return bool((kinds & others) - _TURNS - {""}) or (len(one) == len(other) == 1 and one != other)


@lru_cache(1_024)
def _read(sentence: str) -> tuple[tuple[str, str], ...]:
    """The words of a sentence, each with the kind of fact that it is, if any: "figure", "day", "name", "up" or "down".

    A word at the beginning has its capital for that, and in a headline in capitals these tell nothing.
    """
    tokens = _TOKEN.findall(sentence)[:_LONGEST]
    capitals = sum(token[0].isupper() for token in tokens[1:])
    cased = 2 * capitals <= len(tokens)
    return tuple(_fact(token, cased and at > 0) for at, token in enumerate(tokens))


def _fact(token: str, cased: bool) -> tuple[str, str]:
    word = token.casefold().replace(".", "") if token[0].isalpha() else _THOUSANDS.sub("", token)
    word = str(NUMBERS[word]) if word in NUMBERS else word
    if word[0].isdigit():
        return word, "figure"
    if word in _calendar():
        return word, "day"
    if word in _UP or word in _DOWN:
        return word, "up" if word in _UP else "down"
    return word, "name" if cased and token[0].isupper() and word not in _FORMS_OF_ADDRESS else ""


@cache
def _calendar() -> frozenset[str]:
    """Months and weekdays, in small letters."""
    locales = [Locale(language) for language in _LANGUAGES]
    names = [name for each in locales for part in (each.months, each.days) for name in part["format"]["wide"].values()]
    return frozenset(name.casefold() for name in names)
