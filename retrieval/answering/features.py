"""What a span of text offers to a question: the plain facts from which quotes are chosen.

No model is run here. A sentence is reduced to its facts once (the names, numbers and dates in it, whether
somebody is quoted), and every run of sentences is described by some thirty numbers: what the question asks
for against what the run holds, where it stands, and how many of the best passages say the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from retrieval.text.languages.known import language as known
from retrieval.text.terms import term_set, terms

_NAME_OR_NUMBER = re.compile(r"\b[^\W\da-z_][\w’'-]+|\b\d[\d,.]*")
_NUMBER = re.compile(r"\d[\d,.]*")

KINDS = ("person", "place", "number", "date", "reason", "speech", "thing")
_RARE = 0.8  # of the greatest weight of a term in a question
_NAMES = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the features see it: the weight of each of its terms, and what it asks for."""

    weights: Mapping[str, float]
    rarest: Mapping[str, float]
    """Those of `weights` that come near the greatest."""
    terms: frozenset[str]
    names: frozenset[str]
    """Those that stand in the question as a name or a number."""
    kinds: tuple[float, ...]
    """One 0.0 or 1.0 for each of `KINDS`; "thing" where no other fits."""
    language: str | None = None


def asked(question: str, weights: Mapping[str, float], language: str | None = None) -> Asked:
    """The question's side of the features. `weights` are those of its content terms, `language` is the question's."""
    patterns = _kind_patterns(language)
    kinds = [float(pattern is not None and pattern.search(question) is not None) for pattern in patterns]
    most = max(weights.values(), default=0.0)
    rarest = {term: weight for term, weight in weights.items() if weight >= _RARE * most}
    return Asked(
        weights=weights,
        rarest=rarest,
        terms=term_set(question, language),
        names=_terms_of_names(question, rarest, language),
        kinds=(*kinds, float(not any(kinds))),
        language=language,
    )


@cache
def _kind_patterns(language: str | None) -> tuple[re.Pattern[str] | None, ...]:
    asks = known(language).asks
    return tuple(re.compile(asks[kind], re.IGNORECASE) if kind in asks else None for kind in KINDS[:-1])


def _terms_of_names(question: str, rarest: Mapping[str, float], language: str | None) -> frozenset[str]:
    """The terms of what is written as a name or a number; the first word, which is always capital, is left out.

    Where capitals tell no names, the rarest terms stand for them, as many as an English question has names.
    """
    if known(language).capitals_tell_names:
        found = (match[0] for match in _NAME_OR_NUMBER.finditer(question) if match.start())
        return frozenset(term for text in found for term in terms(text, language))
    first = sorted(rarest, key=lambda term: -rarest[term])[:_NAMES]
    return frozenset(first) | term_set(" ".join(_NUMBER.findall(question)), language)


def held(weights: Mapping[str, float], present: frozenset[str]) -> float:
    """The share (0..1) of the weighted terms that are present."""
    here = [weight for term, weight in weights.items() if term in present]
    return sum(here) / (sum(weights.values()) or 1.0) if here else 0.0


def inverse_frequencies(words: Sequence[str], frequencies: Sequence[int], passages: int) -> dict[str, float]:
    """The weight of each question term: rare ones tell more. Bounded, so that one odd word is not everything."""
    return {
        word: min(8.0, 1.0 + math.log((passages + 1) / (min(frequency, passages) + 1)))
        for word, frequency in zip(words, frequencies, strict=True)
    }
