"""The languages that there is a module for."""

from __future__ import annotations

from functools import cache

from retrieval.text.languages.arabic import ARABIC
from retrieval.text.languages.chinese import CHINESE
from retrieval.text.languages.english import ENGLISH
from retrieval.text.languages.french import FRENCH
from retrieval.text.languages.german import GERMAN
from retrieval.text.languages.japanese import JAPANESE
from retrieval.text.languages.korean import KOREAN
from retrieval.text.languages.language import Language
from retrieval.text.languages.russian import RUSSIAN
from retrieval.text.languages.spanish import SPANISH

LANGUAGES = {each.code: each for each in (ENGLISH, GERMAN, FRENCH, SPANISH, RUSSIAN, ARABIC, CHINESE, JAPANESE, KOREAN)}
"""By their ISO 639-1 codes."""


@cache
def language(code: str | None) -> Language:
    """What is known of a language. Of one that is unknown it is assumed that it is English, which articles mostly are;
    of one that is known and has no module, nothing is."""
    return LANGUAGES[code or ENGLISH.code] if (code or ENGLISH.code) in LANGUAGES else Language(code or "")
