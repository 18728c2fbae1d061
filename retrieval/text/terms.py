"""Words as the lexical index sees them: the analyser that index, questions and quotes share."""

from __future__ import annotations

import re
from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from retrieval.text.letters import letters_to_match
from retrieval.text.words import STOP_WORDS

ANALYZER = "news and letters"
"""To be renamed whenever terms become others: an index of other terms is then built anew."""

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")


def folded(text: str) -> str:
    """`text` with plain letters and "U.S." as "US": the tokenizer would take it apart and miss the other spelling."""
    return _DOTTED.sub(lambda match: match[0].replace(".", ""), letters_to_match(text))


@lru_cache(1)
def analyzer() -> TextAnalyzer:
    """Splits at everything but letters and digits, lowers, folds accents and stems (English)."""
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for step in (Filter.remove_long(40), Filter.lowercase(), Filter.ascii_fold(), Filter.stemmer("english")):
        builder = builder.filter(step)
    return builder.build()


def terms(text: str) -> list[str]:
    """Every term of `text` in order, stop words and repetitions included."""
    return analyzer().analyze(folded(text))


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
