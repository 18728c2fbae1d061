"""Question → ranked passages: candidates by meaning and by words, fused into one ranking.

An `Index` is one generation in memory. It never changes, so a question that holds one sees exactly one
generation, and any number of threads may search it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial, reduce
from operator import and_
from typing import NamedTuple

import numpy as np

from retrieval.index.by_meaning import Dense, Keys, Mask
from retrieval.index.embed import Vector
from retrieval.index.last_read import LastRead
from retrieval.index.lexical import Filters, LexicalSnapshot, Share
from retrieval.index.likeness import Scales, likeness
from retrieval.index.roll import Roll
from retrieval.index.shelf import Shelf
from retrieval.index.sight import Sight
from retrieval.index.store import Generation, Store

CANDIDATES = 200  # from each of the two rankings; more changed nothing in the first ten
MEANING = 0.5  # weight of the embedding's score against BM25's, each as a share of the best one
OF_NOW = 2.0  # how many times as much being new counts where a question asks for now
FRESHNESS = 0.2  # how much, in shares of the best relevance, being new can add to an ordinary question
HALF_LIFE = 30 * 86_400.0  # seconds after which that much is halved
HOME = Scales()
COMPARED = 10  # scores are told against the tenth best, which moves with the size of an index as the best does


@dataclass(frozen=True, slots=True)
class Moment:
    """When a question is asked, in seconds since 1970; being new counts more where it is `of_now`."""

    now: float
    of_now: bool = False


class Standing(NamedTuple):
    """Where a score stands among all that were found: nothing here moves with the size of an index as a score does.

    `share` is of the best one, `lead` by how much of the best it is above the `COMPARED`th best, and `spread` counts
    standard deviations above the median.
    """

    share: float = 0.0
    lead: float = 0.0
    spread: float = 0.0


class Candidate(NamedTuple):
    """A passage by key. `cosine`, which says the same of any model, is None and `bm25` 0 where that ranking missed it.

    What it says and how new it is are two things: `relevance` (0..1) is the one, and `freshness` the other, which
    halves with every `HALF_LIFE` of age from 1, or from `OF_NOW`; it is 0 without a date, or where age does not matter.
    `score` is what the order is by.
    """

    key: int
    score: float
    relevance: float
    cosine: float | None
    bm25: float
    freshness: float = 0.0
    by_cosine: Standing = Standing()
    by_bm25: Standing = Standing()


class Hits(NamedTuple):
    """What one ranking found: passages by key, and their scores (float64), best first."""

    keys: Keys
    scores: np.ndarray

    @classmethod
    def of(cls, found: Iterable[tuple[int, float]]) -> Hits:
        """What was found as (key, score)."""
        keys, scores = tuple(zip(*found, strict=True)) or ((), ())
        return cls(np.array(keys, np.int64), np.array(scores, np.float64))


@dataclass(frozen=True, slots=True)
class Sought:
    """A question in `language` as an index takes it: its terms, their grams, and its embedding.

    Without an embedding, words alone find passages. By `scales` cosines are read; where these tell of other languages
    than the question's, passages in them are found by meaning alone.
    """

    language: str | None
    words: Sequence[str]
    grams: Sequence[str] = ()
    vector: Vector | None = None
    scales: Scales = HOME


@dataclass(frozen=True)
class Index:
    """One generation as one reader sees it, ready to be searched. `owners`, `instants`, `sources` and `tongues` run
    beside `dense.keys`, row by row; `mask` tells which of these rows are seen, None for all."""

    generation: Generation
    sight: Sight
    roll: Roll
    dense: Dense
    lexical: LexicalSnapshot
    owners: np.ndarray
    """int64 keys of the versions of articles."""
    instants: np.ndarray
    """float64 seconds since 1970; -inf where undated."""
    sources: np.ndarray
    """int32 numbers of outlets, by `outlet_numbers`."""
    outlet_numbers: Mapping[str, int]
    tongues: np.ndarray
    """uint8 numbers of languages, by `language_numbers`; there are less than 200 codes."""
    language_numbers: Mapping[str, int]
    mask: Mask | None = None
    last_read: LastRead = field(default_factory=LastRead)
    """What was read for the last questions, of all readers."""

    def shelf(self, store: Store) -> Shelf:
        """This generation, in the store where it lies, for who only reads."""
        return Shelf(
            store=store,
            state=self.generation,
            sight=self.sight,
            articles=self.articles,
            outlets=self.outlets,
            languages=self.languages,
        )

    def seen(self, sight: Sight) -> Index:
        """What a reader sees of it; the columns and vectors are shared."""
        if sight.is_whole:
            return self
        there = np.isin(self.roll.keys, [*sight.unseen, *sight.copies], invert=True)
        within = np.ones(len(self.roll), np.bool_)
        if sight.sections is not None:
            within = np.isin(self.roll.sections, [*sight.sections])
        rows = self._rows
        alive = self.dense.alive
        mask = alive & (within & there)[rows] if len(self.roll) else alive
        without = self.dense.keys[alive & within[rows] & ~mask] if len(self.roll) else self.dense.keys[:0]
        share = Share(
            sections=None if within.all() else frozenset(np.unique(self.roll.sections[within]).tolist()),
            without=frozenset(without.tolist()),
            passages=int(np.count_nonzero(mask)),
        )
        lexical = self.lexical.seen(share)
        return replace(self, sight=sight, roll=self.roll.only(within & there), lexical=lexical, mask=mask)

    @cached_property
    def _rows(self) -> np.ndarray:
        """In which row of the roll the article of each passage stands; of what is dead, in any."""
        return self.roll.rows_of(self.owners)

    # What is told of all articles is found when it is first asked for: few questions ask for all of it.

    @cached_property
    def published(self) -> np.ndarray:
        """When each article was published, ascending; float64 seconds since 1970, -inf where undated."""
        return np.sort(self.roll.instants, kind="stable")

    @cached_property
    def outlets(self) -> tuple[str, ...]:
        """The outlets of its articles, in alphabetical order."""
        return _names_of(self.outlet_numbers, self.roll.sources)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of its articles, by their codes in alphabetical order."""
        return _names_of(self.language_numbers, self.roll.tongues)

    @cached_property
    def begun(self) -> np.ndarray:
        """The earliest instant of each outlet, by its number; inf where it has no passages."""
        begun = np.full(len(self.outlet_numbers), np.inf)
        seen = self.dense.alive if self.mask is None else self.mask
        np.minimum.at(begun, self.sources[seen], self.instants[seen])
        return begun

    @property
    def articles(self) -> int:
        """How many articles it holds, copies of one report counted once."""
        return len(self.roll)

    @property
    def passages(self) -> int:
        """How many passages it holds."""
        return len(self.dense) if self.mask is None else int(np.count_nonzero(self.mask))

    def articles_by(self, until: float | None) -> int:
        """How many were published by `until`, in seconds since 1970, or are undated; all of them when it is None."""
        return self.articles if until is None else int(np.searchsorted(self.published, until, side="right"))

    def outlets_by(self, until: float | None) -> tuple[str, ...]:
        """The outlets of articles published by `until`, in seconds since 1970; of all articles when it is None."""
        if until is None:
            return self.outlets
        there = set(np.flatnonzero(self.begun <= until).tolist())
        return tuple(outlet for outlet in self.outlets if self.outlet_numbers.get(outlet) in there)

    def search(self, sought: Sought, limit: int, filters: Filters, moment: Moment | None) -> list[Candidate]:
        """The best passages for what is sought, best first. Freshness is measured from `moment`; None leaves it out."""
        near = [] if sought.vector is None else self.dense.search(sought.vector, CANDIDATES, self._allowed(filters))
        dense = Hits.of(near)
        lexical = self._embedded(Hits.of(self.lexical.search(sought.words, CANDIDATES, filters, sought.grams)))
        scales = sought.scales
        read = likeness(dense.scores, scales.home)
        abroad = frozenset[int]()
        if scales.abroad and (abroad := self._abroad(np.concatenate([dense.keys, lexical.keys]), sought.language)):
            read = np.where(np.isin(dense.keys, list(abroad)), likeness(dense.scores, scales.abroad), read)
        freshness = partial(self._freshness, moment) if moment else None
        return fuse(Hits(dense.keys, read), lexical, freshness, limit, abroad)

    def _abroad(self, keys: Keys, language: str | None) -> frozenset[int]:
        """Which of the passages `keys` are known to be in another language than `language`; none if that is unknown."""
        if language is None:
            return frozenset()
        tongues = self.tongues[np.searchsorted(self.dense.keys, keys)]
        same = (self.language_numbers.get(each, -1) for each in ("", language))
        return frozenset(keys[~np.isin(tongues, list(same))].tolist())

    def _embedded(self, found: Hits) -> Hits:
        """Those passages that are searched by meaning, too: one whose vector is damaged is not."""
        first = np.searchsorted(self.dense.keys, found.keys)
        there = first < np.searchsorted(self.dense.keys, found.keys, side="right")
        return Hits(found.keys[there], found.scores[there])

    def _freshness(self, moment: Moment, keys: Keys) -> np.ndarray:
        instants = self.instants[np.searchsorted(self.dense.keys, keys)]  # -inf where undated, which makes it 0
        return (OF_NOW if moment.of_now else 1.0) * 0.5 ** (np.maximum(0.0, moment.now - instants) / HALF_LIFE)

    def _allowed(self, filters: Filters) -> Mask | None:
        masks: list[Mask] = [] if self.mask is None else [self.mask]
        if filters.since is not None:
            masks.append(self.instants >= filters.since)
        if filters.until is not None:
            masks.append(self.instants <= filters.until)
        if filters.source is not None:
            masks.append(self.sources == self.outlet_numbers.get(filters.source, -1))
        if filters.language is not None:
            masks.append(self.tongues == self.language_numbers.get(filters.language, -1))
        if filters.without:
            masks.append(~np.isin(self.dense.keys, list(filters.without)))
        return reduce(and_, masks) if masks else None


def fuse(
    dense: Hits,
    lexical: Hits,
    freshness: Callable[[Keys], np.ndarray] | None = None,
    limit: int | None = None,
    abroad: Collection[int] = frozenset(),
) -> list[Candidate]:
    """One ranking of two; ties by key. At most its `limit` best.

    Of the passages `abroad`, which are in another language than the question, only the first ranking tells.

    A passage's relevance is the convex sum of its scores, each as a share of the best (Bruch, Gai and Ingber,
    ACM TOIS 2023, find it better than fusing ranks). Freshness is a bounded prior on top: it can make up for
    `FRESHNESS` of the best relevance and no more, or `OF_NOW` times as much, so that it decides between what is about
    as relevant.
    """
    keys = np.concatenate([dense.keys, lexical.keys])
    if not len(keys):
        return []
    keys.sort()
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]  # (`np.unique` takes several times as long)
    near, cosines = _in_rows(keys, dense)
    _, bm25 = _in_rows(keys, lexical)
    least = dense.scores.min() if len(dense.scores) else 0.0  # what that ranking missed is no nearer than its last
    by_cosine = _standings(np.maximum(0.0, np.where(near, cosines, least)))
    by_bm25 = _standings(bm25)
    relevances = MEANING * by_cosine[0] * near + (1 - MEANING) * by_bm25[0]
    if abroad:
        relevances = np.where(np.isin(keys, list(abroad)), by_cosine[0] * near, relevances)
    fresh = freshness(keys) if freshness else np.zeros(len(keys))
    scores = relevances + FRESHNESS * relevances.max() * fresh
    best = np.argsort(-scores, kind="stable")[:limit]
    told = [each[best].tolist() for each in (keys, scores, relevances, near, cosines, bm25, fresh)]
    by_both = [map(Standing._make, each.T[best].tolist()) for each in (by_cosine, by_bm25)]
    found = zip(*told, *by_both, strict=True)
    return [
        Candidate(
            key=key,
            score=score,
            relevance=relevance,
            cosine=cosine if is_near else None,
            bm25=words,
            freshness=new,
            by_cosine=one,
            by_bm25=other,
        )
        for key, score, relevance, is_near, cosine, words, new, one, other in found
    ]


def _in_rows(keys: Keys, ranking: Hits) -> tuple[np.ndarray, np.ndarray]:
    """Which of the keys, which ascend, a ranking has, and its scores; 0 where it has none."""
    there, scores = np.zeros(len(keys), np.bool_), np.zeros(len(keys))
    rows = np.searchsorted(keys, ranking.keys)
    there[rows], scores[rows] = True, ranking.scores
    return there, scores


def _standings(scores: np.ndarray) -> np.ndarray:
    """Each score against the others, as the rows of `Standing`; where all are 0, nothing stands out."""
    ordered = np.sort(scores)[::-1]
    best, tenth = ordered[0] or 1.0, ordered[:COMPARED][-1]
    median = (ordered[len(ordered) // 2] + ordered[(len(ordered) - 1) // 2]) / 2
    apart = scores - np.add.reduce(scores) / len(scores)
    deviation = math.sqrt(np.add.reduce(apart * apart) / len(scores))  # (`std` takes several times as long)
    return np.array((scores / best, (scores - tenth) / best, (scores - median) / (deviation or 1.0)))


def _names_of(numbers: Mapping[str, int], held: np.ndarray) -> tuple[str, ...]:
    """The names whose numbers are held, in alphabetical order; "" is none."""
    there = set(np.unique(held).tolist())
    return tuple(sorted(name for name, number in numbers.items() if number in there and name))
