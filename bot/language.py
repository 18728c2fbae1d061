"""The language in which the bot speaks: that of the member it speaks to, where there is a catalogue for it.

A catalogue is one file, `locale/<language>.po`. English, in which the code is written, needs none.
"""

from __future__ import annotations

import gettext as gnu
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent / "locale"
ENGLISH = "en"

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


@cache
def languages() -> frozenset[str]:
    """The languages that are spoken, as codes such as "de"."""
    return frozenset({ENGLISH, *(path.stem for path in CATALOGUES.glob("*.po"))})


def language_of(locale: str | None) -> str:
    """The language to speak to a member with Discord's `locale`, such as "en-GB" or "es-419"."""
    language = (locale or ENGLISH).replace("_", "-").partition("-")[0].casefold()
    return language if language in languages() else ENGLISH


def speak(locale: str | None) -> None:
    """Speak this language from now on in the present task, and in those that it starts."""
    _spoken.set(language_of(locale))


@contextmanager
def speaking(locale: str | None) -> Iterator[None]:
    """Speak this language within the block."""
    token = _spoken.set(language_of(locale))
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The language that is spoken just now."""
    return _spoken.get()


def _(message: str) -> str:
    """`message`, which is in English, in the language that is spoken; fill its {places} afterwards."""
    return _catalogue(spoken()).gettext(message)


def _n(one: str, many: str, count: int) -> str:
    """The form of a message that fits `count`; fill its {places} afterwards."""
    return _catalogue(spoken()).ngettext(one, many, count)


def translated(message: str, language: str, context: str | None = None) -> str | None:
    """`message` in `language`; None where its catalogue lacks it."""
    catalogue = _catalogue(language_of(language))
    found = catalogue.pgettext(context, message) if context else catalogue.gettext(message)
    return None if found == message else found


@cache
def _catalogue(language: str) -> gnu.NullTranslations:
    path = CATALOGUES / f"{language}.po"
    if language == ENGLISH or not path.exists():
        return gnu.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gnu.GNUTranslations(compiled)
