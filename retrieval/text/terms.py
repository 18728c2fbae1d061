"""Words as the lexical index sees them: the analyser that index, questions and quotes share."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from retrieval.text.letters import letters_to_match
from retrieval.text.words import STOP_WORDS

ANALYZER = "news and letters"
"""To be renamed whenever terms become others: an index of other terms is then built anew."""

REMEMBERED = 65_536
"""Words whose terms are remembered: some 10 MB, and all that a language uses daily."""

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_LETTER_BETWEEN_STOPS = re.compile(r"\.[^\W\d_]\.")
# What the analyser splits at becomes a space: all of it that is ASCII, and what is common of the rest.
_MARKS = "’“”‘—–…"
_SPACED = bytes(code if code > 127 or chr(code).isalnum() else 32 for code in range(256))
_LONGEST_REMEMBERED = 64  # bytes; what is longer is a script without spaces, or no word


def folded(text: str) -> str:
    """`text` with plain letters and "U.S." as "US": the tokenizer would take it apart and miss the other spelling."""
    text = letters_to_match(text)
    # One look for what all such have tells of most texts that they hold none.
    if _LETTER_BETWEEN_STOPS.search(text) is None:
        return text
    return _DOTTED.sub(lambda match: match[0].replace(".", ""), text)


@lru_cache(1)
def analyzer() -> TextAnalyzer:
    """Splits at everything but letters and digits, lowers, folds accents and stems (English)."""
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for step in (Filter.remove_long(40), Filter.lowercase(), Filter.ascii_fold(), Filter.stemmer("english")):
        builder = builder.filter(step)
    return builder.build()


class _Analysed(dict[bytes, tuple[str, ...]]):
    """The terms of what stands between two spaces or ASCII signs, in UTF-8: mostly one word, which has one.

    The analyser splits there in any case, so it makes the same of the parts as of the whole. Looking a word up takes a
    fifth of the time of analysing it, and a question looks at some ten thousand words.
    """

    def __missing__(self, part: bytes) -> tuple[str, ...]:
        found = tuple(analyzer().analyze(part.decode()))
        if len(part) <= _LONGEST_REMEMBERED:
            if len(self) >= REMEMBERED:
                self.clear()
            self[part] = found
        return found


_ANALYSED = _Analysed()


def terms(text: str) -> list[str]:
    """Every term of `text` in order, stop words and repetitions included."""
    text = folded(text)
    if not text.isascii():
        for mark in _MARKS:
            text = text.replace(mark, " ")
    return list(chain.from_iterable(map(_ANALYSED.__getitem__, text.encode().translate(_SPACED).split())))


@lru_cache(8192)
def term_set(text: str) -> frozenset[str]:
    """The distinct terms of a short text, such as a name."""
    return frozenset(terms(text))


@lru_cache(1)
def _stop_terms() -> frozenset[str]:
    return frozenset(terms(" ".join(STOP_WORDS)))


def content_terms(text: str) -> list[str]:
    """The distinct terms that carry meaning, in order of appearance; all of them when none does."""
    distinct = list(dict.fromkeys(terms(text)))
    return [term for term in distinct if term not in _stop_terms()] or distinct


def subject_terms(text: str) -> frozenset[str]:
    """The distinct terms that carry meaning; none when none does."""
    return term_set(text) - _stop_terms()
