"""Words as the lexical index sees them: the analyser that index, questions and quotes share."""

from __future__ import annotations

import re
from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

ANALYZER = "news"

# Words that carry a question's grammar, not its subject. Lower case, as written before stemming.
_STOPWORDS = """
a about after all also am an and any are as at be because been before being both but by can could did do does
doing during each for from further had has have having he her here hers him his how i if in into is it its just
many may me might more most much must my no nor not of off on once only or other our out over own say said says
same shall she should so some such tell than that the their them then there these they this those through to too
under until up very was we were what when where which while who whom whose why will with would you your
s t d ll re ve m
""".split()

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")


def undotted(text: str) -> str:
    """`text` with "U.S." as "US": the tokenizer would take it apart and miss the other spelling."""
    return _DOTTED.sub(lambda match: match[0].replace(".", ""), text)


@lru_cache(1)
def analyzer() -> TextAnalyzer:
    """Splits at everything but letters and digits, lowers, folds accents and stems (English)."""
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for step in (Filter.remove_long(40), Filter.lowercase(), Filter.ascii_fold(), Filter.stemmer("english")):
        builder = builder.filter(step)
    return builder.build()


def terms(text: str) -> list[str]:
    """Every term of `text` in order, stop words and repetitions included."""
    return analyzer().analyze(undotted(text))


@lru_cache(8192)
def term_set(text: str) -> frozenset[str]:
    """The distinct terms of a short text, such as a name."""
    return frozenset(terms(text))


@lru_cache(1)
def _stop_terms() -> frozenset[str]:
    return frozenset(terms(" ".join(_STOPWORDS)))


def content_terms(text: str) -> list[str]:
    """The distinct terms that carry meaning, in order of appearance; all of them when none does."""
    distinct = list(dict.fromkeys(terms(text)))
    return [term for term in distinct if term not in _stop_terms()] or distinct


def subject_terms(text: str) -> frozenset[str]:
    """The distinct terms that carry meaning; none when none does."""
    return term_set(text) - _stop_terms()
