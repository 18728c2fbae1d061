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

from retrieval.text.tongues import normalised

CATALOGUES = Path(__file__).parent / "locale"
ENGLISH = "en"

NAME = "name of a command"
OPTION = "name of an option"
"""The contexts in which catalogues hold these names."""

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)
_read: ContextVar[frozenset[str]] = ContextVar("languages that are read", default=frozenset({ENGLISH}))


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
    _read.set(_read_by(locale))


@contextmanager
def speaking(locale: str | None) -> Iterator[None]:
    """Speak this language within the block."""
    spoken, read = _spoken.set(language_of(locale)), _read.set(_read_by(locale))
    try:
        yield
    finally:
        _spoken.reset(spoken)
        _read.reset(read)


@contextmanager
def reading_too(language: str | None) -> Iterator[None]:
    """Take it within the block that whoever is spoken to reads this language, too: they wrote in it."""
    read = _read.set(_read.get() | ({language} if language else set()))
    try:
        yield
    finally:
        _read.reset(read)


def is_foreign(language: str | None) -> bool:
    """Whether a text in this language is in another one than those that whoever is spoken to surely reads."""
    return language is not None and language not in _read.get()


def _read_by(locale: str | None) -> frozenset[str]:
    """What a member with Discord's `locale` reads, whether or not it is spoken here."""
    return frozenset({normalised(locale) or ENGLISH})


def spoken() -> str:
    """The language that is spoken just now."""
    return _spoken.get()


def locale() -> str:
    """The locale by which numbers and days are written in the language that is spoken."""
    # Day before month in English, too: American English is but one of several.
    return "en_GB" if spoken() == ENGLISH else spoken()


def marked(message: str) -> str:
    """`message` as it is, marked for the catalogues: what is said with `_` elsewhere."""
    return message


def _(message: str) -> str:
    """`message`, which is in English, in the language that is spoken; fill its {places} afterwards."""
    return _catalogue(spoken()).gettext(message) if message else ""


def _n(one: str, many: str, count: int) -> str:
    """The form of a message that fits `count`; fill its {places} afterwards."""
    return _catalogue(spoken()).ngettext(one, many, count)


def translated(message: str, language: str, context: str | None = None) -> str | None:
    """`message` in `language`; None where its catalogue lacks it."""
    catalogue = _catalogue(language_of(language))
    found = catalogue.pgettext(context, message) if context else catalogue.gettext(message)
    return None if found == message else found


def named(command: str) -> str:
    """A command as Discord's menu names it in the language that is spoken, such as "/feeds add"."""
    return "/" + " ".join(_catalogue(spoken()).pgettext(NAME, word) for word in command.split())


@cache
def _catalogue(language: str) -> gnu.NullTranslations:
    path = CATALOGUES / f"{language}.po"
    if language == ENGLISH or not path.exists():
        return gnu.NullTranslations()
    # Who speaks English, as the terminal does, needs neither.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    for message in catalogue:
        if isinstance(message.string, tuple) and not all(message.string):
            message.string = ""  # English stands in for forms that are missing, too
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gnu.GNUTranslations(compiled)
