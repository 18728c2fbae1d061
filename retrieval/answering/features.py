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

from retrieval.text.terms import terms

_NAME_OR_NUMBER = re.compile(r"\b[^\W\da-z_][\w’'-]+|\b\d[\d,.]*")

KINDS = ("person", "place", "number", "date", "reason", "speech", "thing")
_KIND_PATTERNS = {
    "person": r"\b(?:who|whom|whose)\b|\b(?:which|what) (?:\w+ ){0,3}(?:actor|actress|singer|president|player|star|"
    r"athlete|leader|politician|senator|minister|celebrity|artist|rapper|coach|director|candidate|lawmaker|musician)",
    "place": r"\bwhere\b|\b(?:which|what|whose) (?:\w+ ){0,3}(?:country|countries|nation|state|city|cities|town|"
    r"island|region|continent|province|place|location|area|county|river|sea|ocean|national park)\b",
    "number": r"\bhow (?:many|much|old|long|far|tall|big|often|high|large)\b|\b(?:what|which) (?:\w+ ){0,3}"
    r"(?:percentage|percent|age|number|amount|score|price|cost|share|rate|fine)\b",
    "date": r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:year|month|day|date|decade|century|time)\b|\bsince:",
    "reason": r"\bwhy\b|\bhow come\b|\bwhat (?:caused|led|prompted|is the reason)",
    "speech": r"\b(?:say|says|said|tell|told|think|claim|claims|argue|call for|respond|react|stance|view)\b",
}
_KIND = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _KIND_PATTERNS.items()}


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


def asked(question: str, weights: Mapping[str, float]) -> Asked:
    """The question's side of the features. `weights` are those of its content terms."""
    kinds = [float(bool(_KIND[kind].search(question))) for kind in KINDS[:-1]]
    most = max(weights.values(), default=0.0)
    rarest = {term: weight for term, weight in weights.items() if weight >= 0.8 * most}
    return Asked(
        weights=weights,
        rarest=rarest,
        terms=frozenset(terms(question)),
        names=_terms_of_names(question),
        kinds=(*kinds, float(not any(kinds))),
    )


def _terms_of_names(question: str) -> frozenset[str]:
    """The terms of what is written as a name or a number; the first word, which is always capital, is left out."""
    found = (match[0] for match in _NAME_OR_NUMBER.finditer(question) if match.start())
    return frozenset(term for text in found for term in terms(text))


def held(weights: Mapping[str, float], present: frozenset[str]) -> float:
    """The share (0..1) of the weighted terms that are present."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in present) / total if total else 0.0


def inverse_frequencies(words: Sequence[str], frequencies: Sequence[int], passages: int) -> dict[str, float]:
    """The weight of each question term: rare ones tell more. Bounded, so that one odd word is not everything."""
    return {
        word: min(8.0, 1.0 + math.log((passages + 1) / (min(frequency, passages) + 1)))
        for word, frequency in zip(words, frequencies, strict=True)
    }
