"""Whether two headlines are of one story: publishers word them anew for the page, its tab, its feed and for sharing."""

from __future__ import annotations

import re

from retrieval.text.terms import subject_terms

_WITHOUT_SPACES = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_SHORTEST = 4  # letters: shorter words are too often those that any two sentences share, in any language
AGREE = 0.5
"""From this share of common words on two headlines are taken for one story's."""


def shared(one: str, other: str) -> float:
    """The share of the shorter headline's words that the other has, 0 to 1; of pairs of signs where no spaces are."""
    words, others = _words(one), _words(other)
    return len(words & others) / min(len(words), len(others)) if words and others else 0.0


def missing(headline: str, text: str) -> bool:
    """Whether `text` has not a single word of `headline`, which has some to be looked for."""
    words = _words(headline)
    return bool(words) and not words & _words(text)


def _words(text: str) -> frozenset[str]:
    if _WITHOUT_SPACES.search(text):
        signs = "".join(re.findall(r"\w+", text.casefold()))
        return frozenset(signs[at : at + 2] for at in range(len(signs) - 1))
    words = subject_terms(text)
    return frozenset(word for word in words if len(word) >= _SHORTEST or any(map(str.isdigit, word))) or words
