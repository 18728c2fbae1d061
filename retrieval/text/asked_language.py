"""The language in which a question is asked, however short it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from retrieval.text.languages.known import LANGUAGES
from retrieval.text.languages.language import Language
from retrieval.text.tongues import language_of

_WORD = re.compile(r"[^\W\d_]+")
_SURER = 2  # words more


def asked_language(text: str, preferred: str | None = None, among: Collection[str] | None = None) -> str | None:
    """The language of a question: what its words tell, else `preferred`; None where neither says anything.

    "Wer ist Olaf Scholz?" is too little for `language_of`, and may be any language's by its names. Where that is not
    sure, it is the one language of whose words that ask and carry grammar the question has most. `among` are those
    that it may be in, if they are known.
    """
    languages = LANGUAGES if among is None else {code: LANGUAGES[code] for code in among if code in LANGUAGES}
    counts = _words_in(text, languages)
    most = max(counts.values(), default=0)
    found = language_of(text)
    if found is not None and (among is None or found in among):
        # Of few words, function words tell more surely than a model does: "Gibt es was Neues?" is no English.
        if preferred is not None and most and counts.get(preferred) == most and found in counts:
            return preferred
        surer = [code for code, count in counts.items() if count >= counts.get(found, count) + _SURER]
        return surer[0] if len(surer) == 1 else found
    best = [code for code, count in counts.items() if count == most]
    return best[0] if most and len(best) == 1 else preferred


def _words_in(text: str, languages: Mapping[str, Language]) -> dict[str, int]:
    """How many words of each language carry grammar in a text; a word that asks counts twice: "was" carries grammar in
    English and asks in German."""
    if "¿" in text and "es" in languages:
        return {"es": 1}
    words = [word.casefold() for word in _WORD.findall(text)]
    return {
        code: sum((word in spoken.stop_words) + (word in spoken.question_words) for word in words)
        for code, spoken in languages.items()
    }
