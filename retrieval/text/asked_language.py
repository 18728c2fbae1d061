"""The language in which a question is asked, however short it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from retrieval.text.languages.known import LANGUAGES
from retrieval.text.languages.language import Language
from retrieval.text.tongues import language_of

_WORD = re.compile(r"[^\W\d_]+")


def asked_language(text: str, preferred: str | None = None, among: Collection[str] | None = None) -> str | None:
    """The language of a question: what its words tell, else `preferred`; None where neither says anything.

    "Wer ist Olaf Scholz?" is too little for `language_of`, and may be any language's by its names. Where that is not
    sure, it is the one language of whose words that ask and carry grammar the question has most. `among` are those
    that it may be in, if they are known.
    """
    found = language_of(text)
    if found is not None and (among is None or found in among):
        return found
    return (
        _by_words(text, LANGUAGES if among is None else {code: LANGUAGES[code] for code in among if code in LANGUAGES})
        or preferred
    )


def _by_words(text: str, languages: Mapping[str, Language]) -> str | None:
    """The one language of which most words are; None where there is none, or where there are several."""
    if "¿" in text and "es" in languages:
        return "es"
    words = [word.casefold() for word in _WORD.findall(text)]
    # A word that asks tells more: "was" carries grammar in English and asks in German.
    counts = {
        code: sum((word in spoken.stop_words) + (word in spoken.question_words) for word in words)
        for code, spoken in languages.items()
    }
    most = max(counts.values(), default=0)
    best = [code for code, count in counts.items() if count == most]
    return best[0] if most and len(best) == 1 else None
