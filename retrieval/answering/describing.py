"""What each run of sentences offers to a question, as the numbers that quotes are chosen by.

`describe` turns every run of one to three sentences into a row of `FEATURES`. The rows are what the trees of
`weights/quotes.json` were fitted on, so their order and meaning are part of that file. There are a hundred runs to a
question, of some sixty sentences: what each sentence holds is a row of an array, and all runs are put together at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import numpy as np

from retrieval.answering.features import KINDS, Asked
from retrieval.answering.spans import QUOTE_SENTENCES, Evidence, Findings, Span, quotable_runs, run_of
from retrieval.text.facts import Facts, facts
from retrieval.text.terms import term_set

FEATURES = (
    # the passage: its relevance and its place, how far its score is behind the best one, its scores in the search
    *("relevance", "rank", "behind", "cosine_lead", "bm25_share"),
    # the share of the question's weighted terms: in the span, with the headline, in the headline, in its best
    # sentence, in the passage, in the sentences before and after, and of the rarest terms in the span
    *("terms", "terms_or_title", "title_terms", "sentence_terms", "passage_terms", "before", "after", "rare_terms"),
    # the span itself: length, and its place in the article
    *("words", "sentences", "position", "relative_position"),
    # what it holds that the question does not (and the headline neither): something that could be the answer
    *("names", "names_beyond_title", "numbers", "dates", "amounts", "speech", "quotation", "reasons", "pronoun"),
    # how many of the best passages hold the same name, number or date, weighted by their relevance
    *("novelty", "name_support", "names_support", "number_support", "date_support"),
    # what is asked for, and how much of that kind there is
    *("expected", *KINDS),
)
SPAN_TERMS = FEATURES.index("terms_or_title")


def describe(findings: Findings) -> tuple[list[Span], np.ndarray]:
    """The quotable spans of the passages (best first), and their features, shape (spans, len(FEATURES))."""
    told = _Told()
    for item in findings.evidence:
        told.add(item.span)
    if not told.runs:
        return [], np.empty((0, len(FEATURES)), np.float32)
    support = _support(findings.evidence)
    columns = {
        **_ranking(told, findings.evidence),
        **_terms(told, findings.asked),
        **_places(told),
        **_counts(told),
        **_names(told, findings.asked, support),
    }
    columns["expected"] = _expected(columns, findings.asked)
    own = np.array([columns[name] for name in FEATURES[: -len(KINDS)]], np.float32).T
    return told.runs, np.hstack((own, np.tile(np.array(findings.asked.kinds, np.float32), (len(own), 1))))


_NOTHING = facts("")


@dataclass
class _Told:
    """The sentences of the passages and beside them, line by line, and the runs of them that can be quoted.

    Of a run, `lines` are the numbers of the lines of its sentences, and `beside` those of the sentences before and
    after it; 0 is no sentence.
    """

    passages: list[Span] = field(default_factory=list)
    held: list[Facts] = field(default_factory=lambda: [_NOTHING])
    within: list[int] = field(default_factory=lambda: [-1])
    """Of each line, the number of the passage that it is a sentence of; -1 where it is beside one."""
    article_of: list[int] = field(default_factory=lambda: [0])
    """Of each line, the number of a passage of its article."""
    runs: list[Span] = field(default_factory=list)
    numbers: list[tuple[int, int]] = field(default_factory=list)
    """Of each run, the numbers of its sentences in the article, `[first, last)`."""
    of: list[int] = field(default_factory=list)
    """Of each run, the number of its passage."""
    lines: list[list[int]] = field(default_factory=list)
    beside: list[tuple[int, int]] = field(default_factory=list)

    def add(self, passage: Span) -> None:
        """Take in a passage and the runs that begin in it."""
        stored, number, runs = passage.stored, len(self.passages), list(quotable_runs(passage))
        opening, closing = passage.first, passage.last
        stop = max([closing, *(last for _, last in runs)])
        begin, end = max(0, opening - 1), min(stop + 1, len(stored.sentences))
        offset = len(self.held) - begin
        self.held += map(stored.lines.facts, range(begin, end))
        self.within += [number if opening <= at < closing else -1 for at in range(begin, end)]
        self.article_of += [number] * (end - begin)
        for first, last in runs:
            self.runs.append(run_of(stored, first, last))
            self.numbers.append((first, last))
            self.of.append(number)
            inside = [at + offset for at in range(first, last)]
            self.lines.append(inside + [0] * (QUOTE_SENTENCES - len(inside)))
            self.beside.append((first - 1 + offset if first else 0, last + offset if last < end else 0))
        self.passages.append(passage)

    @cached_property
    def _at(self) -> np.ndarray:
        """`lines`, once all are taken in."""
        return np.array(self.lines)

    def of_runs(self, lines: np.ndarray) -> np.ndarray:
        """What the lines of each run have, shape (runs, QUOTE_SENTENCES, …), from what each line has."""
        return lines[self._at]


class _Numbered(dict[str, int]):
    """Words by number, in the order in which they are met."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


def _members(sets: Sequence[Collection[str]], first: Sequence[str] = ()) -> tuple[list[str], np.ndarray]:
    """The distinct words of all the sets, those given first, and whether a set holds a word: (sets, words)."""
    columns = _Numbered(zip(first, range(len(first)), strict=True))
    there = list(map(columns.__getitem__, chain.from_iterable(sets)))
    holding = np.zeros((len(sets), len(columns)), np.bool_)
    holding[np.repeat(np.arange(len(sets)), [len(each) for each in sets]), there] = True
    return list(columns), holding


Columns = dict[str, np.ndarray]


def _ranking(told: _Told, evidence: Sequence[Evidence]) -> Columns:
    """How the passage of each run stands in the search."""
    best = max(item.candidate.score for item in evidence)
    found = [item.candidate for item in evidence]
    of = np.array(told.of)
    return {
        "relevance": np.array([each.relevance for each in found])[of],
        "rank": 1 / (1 + of),
        "behind": best - np.array([each.score for each in found])[of],
        "cosine_lead": np.array([each.by_cosine.lead for each in found])[of],
        "bm25_share": np.array([each.by_bm25.share for each in found])[of],
    }


def _terms(told: _Told, asked: Asked) -> Columns:
    """What runs, headlines and what is around them hold of the question's terms, and how much else they tell."""
    words = tuple(asked.weights)
    weigh, weigh_rare = (np.array([each.get(word, 0.0) for word in words]) for each in (asked.weights, asked.rarest))
    wanted = frozenset(words)
    titles = [passage.stored.title_terms for passage in told.passages]
    lines = _members([wanted & each.terms for each in told.held], words)[1]
    titled = _members([wanted & title for title in titles], words)[1]
    within = np.array(told.within) == np.arange(len(titles))[:, None]
    runs, of = np.logical_or.reduce(told.of_runs(lines), axis=1), np.array(told.of)

    def share(holding: np.ndarray, weights: np.ndarray = weigh) -> np.ndarray:
        return holding @ weights / (weights.sum() or 1.0)

    of_lines = share(lines)
    before, after = np.array(told.beside).T
    return {
        "terms": share(runs),
        "terms_or_title": share(runs | titled[of]),
        "title_terms": share(titled)[of],
        "sentence_terms": told.of_runs(of_lines).max(axis=1),
        "passage_terms": share(within @ lines | titled)[of],
        "before": of_lines[before],
        "after": of_lines[after],
        "rare_terms": share(runs, weigh_rare),
        "novelty": np.array(_novelty(told, [asked.terms | title for title in titles])),
    }


def _novelty(told: _Told, known: Sequence[frozenset[str]]) -> list[float]:
    """The share of a run's terms that are not known, which is by passage."""
    runs = [frozenset().union(*[told.held[line].terms for line in run]) for run in told.lines]
    return [len(run - known[of]) / max(1, len(run)) for run, of in zip(runs, told.of, strict=True)]


def _places(told: _Told) -> Columns:
    """Where a run stands in its article, and of how many sentences it is.

    The first sentence is the first of the text: a dateline or a stamp above it counts for none.
    """
    articles = [passage.stored for passage in told.passages]
    above = [next(filter(stored.lines.is_prose, range(len(stored.sentences))), 0) for stored in articles]
    of, (first, last) = np.array(told.of), np.array(told.numbers).T
    counts = np.array([len(stored.sentences) for stored in articles])
    return {
        "sentences": last - first,
        "position": np.log1p(np.maximum(0, first - np.array(above)[of])),
        "relative_position": first / counts[of],
    }


def _counts(told: _Told) -> Columns:
    """What is counted in the sentences of a run."""
    names = ("words", "amounts", "speech", "quotation", "reasons")
    lines = np.array([(each.words, each.amounts, each.speech, each.quoted, each.reasons) for each in told.held])
    pronouns = np.array([each.pronoun_first for each in told.held])
    counted = told.of_runs(lines).sum(axis=1).T
    return {**dict(zip(names, counted, strict=True)), "pronoun": told.of_runs(pronouns)[:, 0]}


def _names(told: _Told, asked: Asked, support: Mapping[str, float]) -> Columns:
    """What a run holds that the question does not: names, numbers and dates, and how many passages hold the same."""

    held = {each for facts in told.held for each in chain(facts.names, facts.numbers, facts.dates)}
    terms_of = {each: term_set(each, asked.language) for each in held}

    def beyond(found: Collection[str], known: frozenset[str]) -> list[str]:
        return [each for each in found if not terms_of[each] <= known]

    def runs_holding(sets: Sequence[Collection[str]]) -> tuple[np.ndarray, np.ndarray]:
        words, lines = _members(sets)
        return np.logical_or.reduce(told.of_runs(lines), axis=1), np.array([support.get(word, 0.0) for word in words])

    titles = [passage.stored.title_terms for passage in told.passages]
    names = [beyond(each.names, asked.terms) for each in told.held]
    new = [beyond(found, titles[of]) for found, of in zip(names, told.article_of, strict=True)]
    held_names, name_support = runs_holding(names)
    numbers, number_support = runs_holding([beyond(each.numbers, asked.terms) for each in told.held])
    dates, date_support = runs_holding([beyond(each.dates, asked.terms) for each in told.held])
    return {
        "names": held_names.sum(axis=1),
        "names_beyond_title": runs_holding(new)[0].sum(axis=1),
        "numbers": numbers.sum(axis=1),
        "dates": dates.sum(axis=1),
        "name_support": (held_names * name_support).max(axis=1, initial=0.0),
        "names_support": held_names @ name_support,
        "number_support": (numbers * number_support).max(axis=1, initial=0.0),
        "date_support": (dates * date_support).max(axis=1, initial=0.0),
    }


def _expected(columns: Columns, asked: Asked) -> np.ndarray:
    """How much a run holds of what is asked for, each kind counted up to three times."""
    of_kind = {
        **dict.fromkeys(("person", "place", "thing"), columns["names"]),
        "number": columns["numbers"],
        "date": columns["dates"],
        "reason": columns["reasons"],
        "speech": columns["speech"] + columns["quotation"],
    }
    counted = [asks * np.minimum(of_kind[kind], 3) for kind, asks in zip(KINDS, asked.kinds, strict=True)]
    return np.sum(counted, axis=0)


def _support(evidence: Sequence[Evidence]) -> dict[str, float]:
    """For each name, number and date: the share of the passages' relevance that goes to articles that hold it."""
    support: dict[str, float] = {}
    counted: set[tuple[str, int]] = set()
    for item in evidence:
        for found in frozenset().union(*(each.names | each.numbers | each.dates for each in item.span.facts)):
            if (found, item.span.stored.key) not in counted:
                counted.add((found, item.span.stored.key))
                support[found] = support.get(found, 0.0) + item.candidate.relevance
    total = sum(item.candidate.relevance for item in evidence) or 1.0
    return {found: score / total for found, score in support.items()}
