"""How surely two articles tell of one event: pure functions of their words, names and days.

A logistic model over a few likenesses, as Miranda et al. (EMNLP 2018, https://aclanthology.org/D18-1483) compare a
document with what a stream has brought; fitted by `benchmarks/stories.py`. The embeddings added nothing to the words
there, so stories are the same whatever model embeds, and stay when it is exchanged.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nlargest
from importlib.resources import files

from retrieval.article import Article
from retrieval.text.names import never_small
from retrieval.text.terms import content_terms, terms

READ = 3_000  # characters of a body; what follows is background that many stories share
LEAD = 800  # characters of a body that say what it is about
FEATURES = ("body", "title", "names", "gap")
_WORD = re.compile(r"\b[^\W\d_]{2,}\b|\b\d[\d.,]*")

Weigh = Callable[[Collection[str]], Mapping[str, float]]
"""How much each of these terms tells: nothing if all articles hold it."""
Likeness = tuple[float, float, float, float]
"""The `FEATURES` of two articles."""
Weights = Mapping[str, float]
"""Terms of a text with how much they tell there."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared of an article: its terms by what they tell, those of `body` as a vector of length 1, and when it
    came out, in seconds since 1970.
    """

    moment: float
    body: Weights
    title: Weights
    names: Weights

    def telling(self, count: int) -> list[str]:
        """The terms that tell most of it."""
        return nlargest(count, self.body, key=lambda term: (self.body[term], term))


def compared_of(article: Article, moment: float, weigh: Weigh) -> Compared:
    """What is compared of an article."""
    counts, title, names = _terms_of(article.title, article.body[:READ], article.language)
    weights = weigh({*counts, *title, *names})
    return Compared(
        moment=moment,
        body=_vector(counts, weights),
        title={term: weights[term] for term in title},
        names={term: weights[term] for term in names},
    )


@lru_cache(512)  # what is in the news is compared with again and again
def _terms_of(title: str, opening: str, language: str | None) -> tuple[Mapping[str, int], Sequence[str], Sequence[str]]:
    """The terms of an article's headline and opening with how often each stands there, those of the headline, and those
    of names.
    """
    counts = Counter(terms(f"{title}\n{opening}", language))
    return counts, content_terms(title, language), _names(f"{title}\n{opening[:LEAD]}", language)


def likeness(one: Compared, other: Compared) -> Likeness:
    """The `FEATURES` of two reports; symmetric. `gap` is the logarithm of the days between them."""
    return (
        _product(one.body, other.body),
        _dice(one.title, other.title),
        _dice(one.names, other.names),
        math.log1p(abs(one.moment - other.moment) / 86_400),
    )


def sureness(features: Sequence[float]) -> float:
    """How sure it is that two reports with these `FEATURES` tell of one event (0..1)."""
    weights = _weights()
    total = weights["bias"] + sum(weights[name] * value for name, value in zip(FEATURES, features, strict=True))
    return 1 / (1 + math.exp(-total))


@cache
def _weights() -> dict[str, float]:
    return json.loads((files("retrieval.index") / "weights" / "same_event.json").read_text(encoding="utf-8"))


def _names(text: str, language: str | None) -> list[str]:
    """The terms of words that are never written small, and of figures: of names, mostly."""
    return content_terms(" ".join(never_small(_WORD.findall(text))), language)


def _vector(counts: Mapping[str, int], weights: Weights) -> Weights:
    """The TF-IDF vector of counted terms, of length 1."""
    vector = {term: (1 + math.log(count)) * weights[term] for term, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {term: weight / length for term, weight in vector.items()}


def _product(one: Weights, other: Weights) -> float:
    few, many = sorted((one, other), key=len)
    return sum(weight * many[term] for term, weight in few.items() if term in many)


def _dice(one: Weights, other: Weights) -> float:
    total = sum(one.values()) + sum(other.values())
    return 2 * sum(weight for term, weight in one.items() if term in other) / total if total else 0.0
