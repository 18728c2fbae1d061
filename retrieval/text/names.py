"""Names in a question, told by their capitals; and which of them cannot be a person's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from babel import Locale, UnknownLocaleError

from retrieval.text.words import ARTICLES, AUXILIARIES, MONTHS, PREPOSITIONS, QUESTION_WORDS, WEEKDAYS

# What a question asks with and its small words. Some stop words could be part of a name ("Most", "Under", "Must").
SMALL_WORDS = frozenset((*QUESTION_WORDS, *AUXILIARIES, *ARTICLES, *PREPOSITIONS)) | frozenset(
    """i and but so then also about tell show give any it he she they there this that if as after before since
    during""".split()
)
_BODIES = frozenset(
    """army association bank bureau club commission committee company congress council court group house kremlin
    ministry nations organisation organization parliament party pentagon police senate states times union
    university""".split()
)
_CALLED = frozenset("america britain england scotland wales usa uk eu crimea gaza".split())

CALENDAR = "|".join((*MONTHS, *WEEKDAYS))
_CAPITAL = "[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĪİŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽА-Я]"
_WRITTEN = rf"(?:(?:[A-Z]\.){{2,}}|{_CAPITAL}(?:[\w&-]|\.(?=\w)|['’](?={_CAPITAL}))*)"
_NO_NAME = "|".join(sorted(SMALL_WORDS))
# Only the first word is looked at: "Theresa May" is a name, "May" a month.
_NAME = re.compile(
    rf"(?:\bthe\s+)?(?<![\w'’])(?!(?i:{_NO_NAME}|{CALENDAR}|[a-z])(?![\w-]))"
    rf"{_WRITTEN}(?:\s+(?:(?:of|de|von|van|bin|al)\s+(?:the\s+)?)?{_WRITTEN})*"
)


def names_in(text: str) -> list[re.Match[str]]:
    """The names in a text by their capitals, "the" included; none where capitals tell nothing ("What Did He Say")."""
    return list(_NAME.finditer(text)) if _is_cased(text) else []


def _is_cased(text: str) -> bool:
    return not any(word.casefold() in SMALL_WORDS and word[0].isupper() and word != "I" for word in text.split()[1:])


def never_small(words: Sequence[str]) -> list[str]:
    """Those of a text's words that are nowhere in it written small: of names, mostly, and figures."""
    small = {word for word in words if word.islower()}
    return [word for word in words if word.casefold() not in small]


def is_name(topic: str) -> bool:
    """Whether `topic` is one name and nothing else; that of a country in small letters, too."""
    return is_place(topic) or (_is_cased(f"of {topic}") and bool(re.fullmatch(rf"{_NAME.pattern}(?:['’]s)?", topic)))


def is_place(name: str, language: str | None = None) -> bool:
    """Whether a name is that of a country or a continent, as it is called in `language`."""
    return name.casefold().removeprefix("the ") in _places(language or "en")


def is_where(text: str, name: re.Match[str]) -> bool:
    """Whether a name in a text is that of a place, by itself or by the word before it."""
    return is_place(name[0]) or bool(re.search(r"\b(?:in|at|near)\s$", text[: name.start()], re.IGNORECASE))


def is_body(name: str) -> bool:
    """Whether a name is that of a place, an office or a company, which is no he or she."""
    bare = name.removeprefix("the ")
    words = bare.casefold().split()
    return is_place(name) or (len(bare) > 1 and bare.isupper()) or not _BODIES.isdisjoint(words)


@cache
def _places(language: str) -> frozenset[str]:
    """Countries and continents, as they are called in a language, in small letters; none where nobody knows."""
    try:
        names = (name.casefold() for name in Locale(language).territories.values())
    except UnknownLocaleError:
        return frozenset()
    return frozenset(names) | (_CALLED if language == "en" else frozenset())
