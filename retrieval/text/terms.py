"""Words as the lexical index sees them: the analysis that index, questions and quotes share, by language.

What a word becomes is decided by its letters first: a name in Latin letters is the same word in a Russian article, and
what is written without spaces is cut into pairs of characters, of which none is a word and all together find one
(bigrams do as well as a dictionary: Nie and Ren, 1999, https://doi.org/10.1016/S0306-4573(98)00051-7). What is left is
stemmed as the language does it, or else as English, where a text's language is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from retrieval.text.languages.known import language as known
from retrieval.text.letters import letters_to_match

ANALYZER = "terms by language"
"""To be renamed whenever terms become others: an index of other terms is then built anew."""

REMEMBERED = 65_536
"""Words of a language whose terms are remembered: some 10 MB, and all that it uses daily."""
GRAM = 4
"""Letters; with one more or less, as much was gained in some languages as lost in others."""

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_LETTER_BETWEEN_STOPS = re.compile(r"\.[^\W\d_]\.")
# What the analyser splits at becomes a space: all of it that is ASCII, and what is common of the rest.
_MARKS = "’“”‘—–…«»„¿¡"
_SPACED = bytes(code if code > 127 or chr(code).isalnum() else 32 for code in range(256))
_LONGEST_REMEMBERED = 64  # bytes; what is longer is a script without spaces, or no word

# Thai and its neighbours, kana, Chinese characters and, as particles are written in one with words, Korean.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u3096\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff"
)
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_RUN = re.compile(f"([{_UNSPACED}]+)|[^\\W{_UNSPACED}]+")

_STEMMERS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "sv": "swedish",
    "tr": "turkish",
    "ar": "arabic",
    "el": "greek",
    "ru": "russian",
    "ta": "tamil",
}
"""Those that tantivy has (Snowball), by language."""
_SCRIPTS = (
    (re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), "el", frozenset(["el"])),
    (re.compile("[\u0400-\u052f]"), "ru", frozenset("be bg kk ky mk mn ru sr tg uk".split())),
    (re.compile("[\u0600-\u06ff\u0750-\u077f]"), "ar", frozenset("ar fa ku ps sd ug ur".split())),
    (re.compile("[\u0b80-\u0bff]"), "ta", frozenset(["ta"])),
)
"""Letters, the language that they are taken for where the text's is another, and those that are written with them."""
_NOT_LATIN = frozenset().union(*(languages for *_, languages in _SCRIPTS)) | frozenset(
    "am bn gu he hi hy ja ka km kn ko lo ml mr my ne pa si ta te th zh".split()
)


def folded(text: str) -> str:
    """`text` with plain letters and "U.S." as "US": the tokenizer would take it apart and miss the other spelling."""
    text = letters_to_match(text)
    # One look for what all such have tells of most texts that they hold none.
    if _LETTER_BETWEEN_STOPS.search(text) is None:
        return text
    return _DOTTED.sub(lambda match: match[0].replace(".", ""), text)


@lru_cache
def _analyzer(language: str) -> TextAnalyzer:
    """Splits at everything but letters and digits, lowers, folds accents and stems."""
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for step in (Filter.remove_long(40), Filter.lowercase(), Filter.ascii_fold()):
        builder = builder.filter(step)
    if language in _STEMMERS:
        builder = builder.filter(Filter.stemmer(_STEMMERS[language]))
    return builder.build()


class _Analysed(dict[bytes, tuple[str, ...]]):
    """The terms of what stands between two spaces or ASCII signs, in UTF-8: mostly one word, which has one.

    The analyser splits there in any case, so it makes the same of the parts as of the whole. Looking a word up takes a
    fifth of the time of analysing it, and a question looks at some ten thousand words.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, part: bytes) -> tuple[str, ...]:
        found = tuple(self._terms(part.decode()))
        if len(part) <= _LONGEST_REMEMBERED:
            if len(self) >= REMEMBERED:
                self.clear()
            self[part] = found
        return found

    def _terms(self, part: str) -> list[str]:
        if part.isascii() or not _HAS_UNSPACED.search(part):
            return _analyzer(_stemmed_as(part, self._language)).analyze(part)
        return [term for run in _RUN.finditer(part) for term in (_pairs(run[1]) if run[1] else self._terms(run[0]))]


def _stemmed_as(part: str, language: str) -> str:
    """The language by whose rules a word of a text in `language` is stemmed."""
    if not part.isascii():
        for letters, default, languages in _SCRIPTS:
            if letters.search(part):
                return language if language in languages else default
    return "en" if language in _NOT_LATIN else language


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


@lru_cache
def _analysed(language: str | None) -> _Analysed:
    return _Analysed(language or "en")


def grams(found: Iterable[str], language: str | None) -> list[str]:
    """Every four letters side by side in the terms of a text, each term's beginning marked.

    So words that are put together are found by their parts, and forms that the stemmer keeps apart by what they share
    (McNamee and Mayfield, 2004, https://doi.org/10.1023/B:INRT.0000009441.78971.be). English gains nothing by it, nor
    what is cut into pairs.
    """
    if language in (None, "en"):
        return []
    marked = (f"_{term}" for term in found if term.isalpha() and not _HAS_UNSPACED.match(term))
    return [each[at : at + GRAM] for each in marked for at in range(max(1, len(each) - GRAM + 1))]


def terms(text: str, language: str | None = None) -> list[str]:
    """Every term of `text` in order, stop words and repetitions included."""
    text = folded(text)
    if not text.isascii():
        for mark in _MARKS:
            text = text.replace(mark, " ")
    found = map(_analysed(language).__getitem__, text.encode().translate(_SPACED).split())
    return list(chain.from_iterable(found))


@lru_cache(8192)
def term_set(text: str, language: str | None = None) -> frozenset[str]:
    """The distinct terms of a short text, such as a name."""
    return frozenset(terms(text, language))


@lru_cache
def _stop_terms(language: str | None) -> frozenset[str]:
    return frozenset(terms(" ".join(known(language).stop_words), language))


def _is_stop(term: str, language: str | None) -> bool:
    """Whether a term carries grammar; a pair of characters does where both of them do."""
    stops = _stop_terms(language)
    return term in stops or (not term.isascii() and bool(_HAS_UNSPACED.match(term)) and stops.issuperset(term))


def content_terms(text: str, language: str | None = None) -> list[str]:
    """The distinct terms that carry meaning, in order of appearance; all of them when none does."""
    distinct = list(dict.fromkeys(terms(text, language)))
    return [term for term in distinct if not _is_stop(term, language)] or distinct


def subject_terms(text: str, language: str | None = None) -> frozenset[str]:
    """The distinct terms that carry meaning; none when none does."""
    return frozenset(term for term in term_set(text, language) if not _is_stop(term, language))
