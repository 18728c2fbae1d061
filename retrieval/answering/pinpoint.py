"""Which words of a quote answer: the name, number, date, place or reason that was asked for, where that is clear.

Every run of words that could be it (`retrieval.answering.runs`) is described by some numbers: whether it is of the kind
that is asked for, whether it stands by the question's own words, and how many of the articles found say it, too.
Boosted trees make a chance of these; the likeliest run is taken where its chance is good enough.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

import numpy as np

from retrieval.answering.confidence import sigmoid
from retrieval.answering.features import KINDS, held
from retrieval.answering.grammar import grammar_of
from retrieval.answering.runs import RUN_KINDS, Run, Word, runs_of, word_texts, words_of
from retrieval.answering.spans import Evidence, Findings, Span
from retrieval.answering.trees import Trees, read_trees
from retrieval.answering.wanted import TYPES, Wanted, wanted
from retrieval.index.lines import spaced
from retrieval.text.names import is_place

_STATES = frozenset(
    state.strip()
    for state in """
    alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, georgia, hawaii, idaho,
    illinois, indiana, iowa, kansas, kentucky, louisiana, maine, maryland, massachusetts, michigan, minnesota,
    mississippi, missouri, montana, nebraska, nevada, new hampshire, new jersey, new mexico, new york, north carolina,
    north dakota, ohio, oklahoma, oregon, pennsylvania, rhode island, south carolina, south dakota, tennessee, texas,
    utah, vermont, virginia, washington, west virginia, wisconsin, wyoming
    """.split(",")
)
_BODIES = frozenset(
    """inc corp co company university college club city united bank group party court house committee department
    association league agency airlines institute council commission times post news museum park center centre act
    award awards cup games day hospital school""".split()
)
# How much it counts whether the quotes agree, and from which chance on a run is marked: on folds of the questions that
# the trees were fitted on, about there the answers marked are most ahead of what else is.
AGREEMENT = 5.0
SURE_FROM = 0.25
_FAR = 20  # words: as far as any

# What is the same for every run of a question.
_OF_QUESTION = (*(f"asked_{kind}" for kind in KINDS), *(f"type_{name}" for name in TYPES))
# What a run looks like, wherever it stands.
_OF_LOOK = (
    *(f"is_{kind}" for kind in RUN_KINDS),
    *("words", "characters", "capitals", "all_capitals", "country", "state", "person_like", "body_like"),
    *("amount", "percent", "year", "age", "digits", "quoted"),
)
# What of it the question says, and how much of the articles found (by their scores) say it: at all, near the question's
# words, in headlines; where in a sentence they do; and its first and last word by itself.
_OF_SUPPORT = (
    *("asked_share", "head_inside", "support", "titles", "best_sentence", "near_support", "own_title"),
    *("first_word", "last_word", "small", "said_at_place", "said_acting", "said_owning", "said_the"),
)
# Where it stands in its quote.
_OF_PLACE = (
    *("sentence", "sentence_lead", "near", "nearest", "left_asked", "right_asked", "beside", "head_left", "head_right"),
    *("at", "relative", "sentence_number", "after_place", "after_of", "after_by", "after_to", "after_determiner"),
    *("before_possessive", "before_act", "after_comma", "before_comma", "order"),
)
# The difference to the best of the runs of the same kind beside it.
_LEADING = ("support", "titles", "near_support", "near")
_OWN = (*_OF_LOOK, *_OF_SUPPORT, *_OF_PLACE)
RUN_FEATURES = (*_OF_QUESTION, *_OWN, *(f"{name}_lead" for name in _LEADING))
_LEADING_AT = [_OWN.index(name) for name in _LEADING]
_IS_KIND = {kind: tuple(kind == each for each in RUN_KINDS) for kind in RUN_KINDS}


class _Said(NamedTuple):
    """A sentence's words in order, with a space before and after each: as it writes them, and in small letters; and
    each of these."""

    written: str
    text: str
    low: frozenset[str]


@lru_cache(8192)
def _as_said(text: str, language: str | None) -> _Said:
    written = spaced(word_texts(text, language))
    low = written.lower()
    return _Said(written, low, frozenset(low.split(" ")))


class Ground:
    """The passages found, as what runs are looked up in: who else says it, and how near to the question. The words that
    runs begin and end with are `sought` in them."""

    def __init__(self, asks: Wanted, evidence: Sequence[Evidence], sought: Set[str]) -> None:
        self._titles: dict[int, str] = {}
        self._beside: dict[int, tuple[frozenset[str], ...]] = {}
        """Of each article's language, what stands before a place, "the", and what a name does."""
        self._sentences: list[tuple[_Said, int, float]] = []
        """Of each: its words, the article, and how much of the question it holds."""
        self._holding: dict[str, list[int]] = defaultdict(list)
        """The sentences that a word stands in, by number, of those that are sought."""
        weights: dict[int, float] = {}
        for item in evidence:
            key, language = item.span.stored.key, item.span.stored.article.language
            if key not in self._titles:
                grammar = grammar_of(language)
                self._titles[key] = _as_said(item.span.stored.article.title, language).text
                self._beside[key] = (grammar.beside("place"), grammar.beside("the"), grammar.beside("act"))
                weights[key] = item.candidate.relevance
            for text, holds in zip(item.span.sentences, item.span.facts, strict=True):
                said = _as_said(text, language)
                for word in sought & said.low:
                    self._holding[word].append(len(self._sentences))
                self._sentences.append((said, key, held(asks.asked.weights, holds.terms)))
        total = sum(weights.values()) or 1.0
        self._shares = {key: weight / total for key, weight in weights.items()}
        self._weights, self._total = weights, total
        self._all_titles = "".join(self._titles.values())
        self._known: dict[str, tuple[float, ...]] = {}
        self._shares_of: dict[str, float] = {}
        """Of words by themselves, how much of the articles has them."""

    def support(self, words: Sequence[Word], own: int) -> tuple[float, ...]:
        """What is said of a run that stands in the article `own`: `_OF_SUPPORT` from "support" on."""
        run = " ".join([word.low for word in words])
        if (known := self._known.get(run)) is None:
            known = self._known[run] = self._said(run, words[0].low)
        share, titles, best, near, *contexts = known
        first, last = (self._share(words[0].low), self._share(words[-1].low)) if len(words) > 1 else (share, share)
        in_title = f" {run} " in self._titles.get(own, "")
        return (share, titles, best, near, in_title, first, last, len(words) == 1 and self._is_small(run), *contexts)

    def _share(self, word: str) -> float:
        if (share := self._shares_of.get(word)) is None:
            holding = dict.fromkeys([self._sentences[number][1] for number in self._holding.get(word, ())])
            share = self._shares_of[word] = sum([self._shares[key] for key in holding])
        return share

    def _is_small(self, word: str) -> bool:
        """Whether any sentence writes a word in small letters."""
        sought = f" {word} "
        return any(sought in self._sentences[number][0].written for number in self._holding.get(word, ()))

    def _said(self, run: str, first: str) -> tuple[float, ...]:
        nearness: dict[int, float] = {}
        sought, times = f" {run} ", 0
        at_place = acting = owning = the = 0
        for said, key, near in map(self._sentences.__getitem__, self._holding.get(first, ())):
            before, found, after = said.text.partition(sought)
            if not found:
                continue
            nearness[key] = max(nearness.get(key, 0.0), near)
            before, after = before.rpartition(" ")[2], after.partition(" ")[0]
            times += 1
            places, articles, acts = self._beside[key]
            at_place += before in places
            the += before in articles
            acting += after in acts
            owning += after in ("'s", "’s")
        titles = 0.0
        if sought in self._all_titles:
            titles = sum([self._weights[key] for key, title in self._titles.items() if sought in title]) / self._total
        share = sum([self._shares[key] for key in nearness])
        near = sum([self._shares[key] * held for key, held in nearness.items()])
        often = max(1, times)
        best = max(nearness.values(), default=0.0)
        return (share, titles, best, near, at_place / often, acting / often, owning / often, the / often)


class Scene:
    """A quote with its runs, and what speaks for each on the ground. `order` is its place among the quotes."""

    def __init__(self, asks: Wanted, quote: Span, order: int) -> None:
        self._text, self._asks = quote.text, asks
        self._own, self._order = quote.stored.key, order
        self._language = quote.stored.article.language
        self._grammar = grammar_of(self._language)
        self._beside = [self._grammar.beside(kind) for kind in ("place", "of", "by", "to", "determiner")]
        self._words = words_of(quote.text, self._language)
        self._terms = list(map(quote.stored.lines.terms_of, [word.text for word in self._words]))
        weights, terms = asks.asked.weights, asks.asked.terms
        self._weight = [sum([weights.get(term, 0.0) for term in found]) for found in self._terms]
        self._asked_at = [at for at, weight in enumerate(self._weight) if weight]
        bounds = [start - quote.start for start, _ in quote.stored.sentences[quote.first + 1 : quote.last]]
        self._sentence = [bisect_right(bounds, word.start) for word in self._words]
        self._held = [held(weights, each.terms) for each in quote.facts]
        self._most_held = max(self._held)
        # What the question says itself is no answer to it.
        told = [found <= terms for found in self._terms]
        self.runs = [
            run
            for run in runs_of(self._text, self._words, self._language, asks.kinds)
            if not all(told[run.first : run.last])
        ]

    @property
    def said(self) -> list[str]:
        """The words of each run, in small letters."""
        return [self._text[run.start : run.end].lower() for run in self.runs]

    @property
    def ends(self) -> set[str]:
        """The first and last word of each run, in small letters."""
        return {self._words[at].low for run in self.runs for at in (run.first, run.last - 1)}

    def _inside(self, run: Run) -> frozenset[str]:
        return frozenset().union(*self._terms[run.first : run.last])

    def told(self, ground: Ground) -> Iterator[tuple[float, ...]]:
        """Of each run, `_OWN`."""
        return ((*self._look(run), *self._supported(run, ground), *self._place(run)) for run in self.runs)

    def _look(self, run: Run) -> tuple[float, ...]:
        words, text = self._words[run.first : run.last], self._text[run.start : run.end]
        low = text.lower()
        capitals = sum([word.is_capital for word in words])
        of_body = not _BODIES.isdisjoint(low.split())
        return (
            *_IS_KIND[run.kind],
            len(words),
            len(text),
            capitals / len(words),
            len(text) > 1 and text.isalpha() and text.isupper(),
            is_place(low, self._language),
            low in _STATES,
            2 <= len(words) <= 3 and capitals == len(words) and not of_body,
            of_body,
            text[0] in "$€£",
            "%" in text or "percent" in low,
            len(text) == 4 and text.isdigit() and text[0] in "12",
            "year" in low and "old" in low,
            any(map(str.isdigit, text)),
            self._text[run.start - 1 : run.start] in ("“", '"', "‘"),
        )

    def _supported(self, run: Run, ground: Ground) -> tuple[float, ...]:
        inside = self._inside(run)
        return (
            len(inside & self._asks.asked.terms) / max(1, len(inside)),
            not inside.isdisjoint(self._asks.heads),
            *ground.support(self._words[run.first : run.last], self._own),
        )

    def _place(self, run: Run) -> tuple[float, ...]:
        words, sentence = self._words, self._sentence[run.first]
        first, last = bisect_left(self._sentence, sentence), bisect_right(self._sentence, sentence)
        near, nearest, left, right, beside, head_left, head_right = 0.0, _FAR, 0.0, 0.0, _FAR, _FAR, _FAR
        for at in self._asked_at[bisect_left(self._asked_at, first) : bisect_left(self._asked_at, last)]:
            if run.first <= at < run.last:
                continue
            ahead = at < run.first
            by = run.first - at if ahead else at - run.last + 1
            near += self._weight[at] / (1 + by)
            nearest = min(nearest, by)
            if by <= 2:
                left, right = (left + self._weight[at], right) if ahead else (left, right + self._weight[at])
            if not self._terms[at].isdisjoint(self._asks.beside):
                beside = min(beside, by)
            if not self._terms[at].isdisjoint(self._asks.heads):
                head_left, head_right = (min(head_left, by), head_right) if ahead else (head_left, min(head_right, by))
        total = self._asks.total
        before = words[run.first - 1].low if run.first > first else ""
        after = words[run.last].low if run.last < last else ""
        return (
            *(self._held[sentence], self._held[sentence] - self._most_held),
            *(near / total, nearest, left / total, right / total, beside, head_left, head_right),
            *(run.first - first, (run.first - first) / (last - first), sentence),
            *[before in words for words in self._beside],
            *(after in ("'s", "’s"), self._grammar.is_act(after)),
            "," in self._text[words[run.first - 1].end : run.start] if before else False,
            "," in self._text[run.end : words[run.last].start] if after else False,
            self._order,
        )


def scenes(question: str, findings: Findings, quotes: Sequence[Span]) -> tuple[list[Scene], np.ndarray]:
    """The quotes chosen for a question, each with its runs, and the features of all these runs, one after another."""
    asks = wanted(question, findings.asked)
    told = [Scene(asks, quote, order) for order, quote in enumerate(quotes)]
    sought = set[str]().union(*[scene.ends for scene in told])
    return told, _rows(asks, told, Ground(asks, findings.evidence if sought else (), sought))


def by_scene(told: Sequence[Scene], rows: np.ndarray) -> list[np.ndarray]:
    """What the runs of all scenes have, scene by scene."""
    ends = list(accumulate([len(scene.runs) for scene in told]))
    return [rows[first:last] for first, last in pairwise([0, *ends])]


def _rows(asks: Wanted, told: Sequence[Scene], ground: Ground) -> np.ndarray:
    """The features of the runs of all scenes, shape (runs, len(RUN_FEATURES))."""
    found = chain.from_iterable(chain.from_iterable([scene.told(ground) for scene in told]))
    # (`np.array` looks at each of so many numbers twice, to find what kind they are)
    own = np.fromiter(found, np.float32).reshape(-1, len(_OWN))
    rows = np.empty((len(own), len(RUN_FEATURES)), np.float32)
    asked, others = len(_OF_QUESTION), len(RUN_FEATURES) - len(_LEADING)
    rows[:, :asked], rows[:, asked:others], rows[:, others:] = asks.row, own, _leads(told, own[:, _LEADING_AT])
    return rows


def _leads(told: Sequence[Scene], values: np.ndarray) -> np.ndarray:
    """How far each run is ahead of the best other one of its scene and kind; its own values where there is none."""
    if not len(values):
        return values
    places = [(at, run.first, run.last, RUN_KINDS.index(run.kind)) for at, each in enumerate(told) for run in each.runs]
    scene, first, last, kind = np.array(places).T
    beside = (scene[:, None] == scene) & (kind[:, None] == kind)
    beside &= (last <= first[:, None]) | (last[:, None] <= first)
    others = np.where(beside[:, :, None], values[None, :, :], -np.inf).max(axis=1)
    return values - np.where(np.isfinite(others), others, 0.0)


@lru_cache(1)
def _trees() -> Trees:
    return read_trees("pinpoint")


def pinpoint(question: str, findings: Findings, quotes: Sequence[Span]) -> list[tuple[int, int] | None]:
    """Of each quote the span of its text that answers the question; None where that is not clear."""
    told, rows = scenes(question, findings, quotes)
    if not len(rows):
        return [None] * len(quotes)
    chances = in_agreement([scene.said for scene in told], by_scene(told, _trees().scores(rows)))
    return [_likeliest(scene, found) for scene, found in zip(told, chances, strict=True)]


def in_agreement(said: Sequence[Sequence[str]], scores: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The chance of each run of the quotes of one question, from the scores of the trees (log odds).

    There is one answer: what another quote says, too, is likelier, and less so what a likely other run stands against,
    in whichever quote. `said` are the runs' words in small letters.
    """
    by_run: dict[str, dict[int, float]] = {}
    for at, (runs, found) in enumerate(zip(said, scores, strict=True)):
        for run, score in zip(runs, found, strict=True):
            places = by_run.setdefault(run, {})
            places[at] = max(places.get(at, 0.0), sigmoid(float(score)))
    best = {run: max(places.values()) for run, places in by_run.items()}
    ranked = sorted(by_run, key=lambda run: -best[run])
    rival = {
        run: next((best[other] for other in ranked if other not in run and run not in other), 0.0) for run in by_run
    }
    chances: list[np.ndarray] = []
    for at, (runs, found) in enumerate(zip(said, scores, strict=True)):
        others = (max((chance for place, chance in by_run[run].items() if place != at), default=0.0) for run in runs)
        for_it = [other - rival[run] for run, other in zip(runs, others, strict=True)]
        chances.append(np.array([sigmoid(float(each)) for each in found + AGREEMENT * np.array(for_it)]))
    return chances


def _likeliest(scene: Scene, chances: np.ndarray) -> tuple[int, int] | None:
    if not len(chances) or chances.max() < SURE_FROM:
        return None
    run = scene.runs[int(chances.argmax())]
    return run.start, run.end
