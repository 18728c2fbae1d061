"""The languages of articles as they are called in the language that is spoken, and as members call them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from babel.localedata import exists

from bot.wording.amounts import counted
from bot.wording.language import ENGLISH, locale
from retrieval.text.tongues import CODES, language_name, normalised


def called(code: str) -> str:
    """A language in a sentence: "German", "allemand"."""
    return language_name(code, locale())


def headed(code: str) -> str:
    """A language where a line begins with it: "German", "Allemand"."""
    name = called(code)
    return name[:1].upper() + name[1:]


def articles_in(code: str, count: int) -> str:
    """A language, and how many articles there are in it."""
    return counted(count, "{language}: {count} article", "{language}: {count} articles", language=headed(code))


def holding(typed: str, codes: Iterable[str]) -> list[str]:
    """Those of the languages that begin with what was typed, as they are called here, in English or in themselves, or
    whose code that is.
    """
    wanted = typed.strip().casefold()
    return [code for code in codes if wanted == code or any(name.startswith(wanted) for name in _names(code))]


def meant(typed: str, codes: Iterable[str]) -> str:
    """The code of a language that was typed, by code or by name; what was typed itself where it is none of these.

    What those of `codes` are called in themselves is known, too.
    """
    wanted = typed.strip().casefold()
    if code := normalised(typed):
        return code
    found = (code for code in codes if wanted in _names(code))
    others = (code for code in sorted(CODES) if wanted in _translated(code))
    return next(chain(found, others), typed)


def _names(code: str) -> set[str]:
    own = {language_name(code, code).casefold()} if exists(code) else set[str]()
    return _translated(code) | own


def _translated(code: str) -> set[str]:
    return {language_name(code, each).casefold() for each in (locale(), ENGLISH)}
