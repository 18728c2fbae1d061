"""Fit what tells which words of a quote answer, from any question set in the standard format.

    python -m benchmarks.pinpoint CORPUS QUESTIONS [--write]

It reports, on folds of the questions, how often the likeliest run of words is an answer and from which chance on it is
to be marked, then fits on all of them and (with --write) replaces `retrieval/answering/weights/pinpoint.json`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
from sklearn.model_selection import KFold

from benchmarks.boosted import WEIGHTS, document, write_trees
from bot.settings import load_settings
from retrieval.answering.choosing import choose, ranked_spans
from retrieval.answering.pinpoint import RUN_FEATURES, by_scene, in_agreement, scenes
from retrieval.answering.pipeline import read_for
from retrieval.answering.trees import trees_of
from retrieval.article import Scope
from retrieval.evaluation.labelled import LabelledQuestion, holds, marks, read_questions
from retrieval.evaluation.run import corpus_settings
from retrieval.newsroom import Newsroom

FOLDS = 5
SHOWN, CHOSEN = 3, 8  # quotes that are judged, and those that are fitted on
WRONG = (0.08, 0.10, 0.12, 0.15)  # shares of the quotes that hold an answer in which something else may be marked
BESIDE = 0.3  # what a run counts for in a quote that holds no labelled answer: some of these answer in other words
KEPT = 0.6  # the share of the runs that do not answer on which is fitted: there are twenty for each that does
# Chosen on folds of the questions, where more and smaller trees did no better; shallow, as every question waits for it.
GROWING = {
    "objective": "binary",
    "learning_rate": 0.06,
    "num_leaves": 16,
    "max_depth": 6,
    "min_data_in_leaf": 100,
    "lambda_l2": 5,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "seed": 0,
    "deterministic": True,
    "num_threads": 1,
    "verbose": -1,
}
ROUNDS = 150


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote of a question by number: the features of its runs, which of them are an answer, whether it holds one."""

    question: int
    said: list[str]
    shown: bool
    holds: bool
    rows: np.ndarray
    right: np.ndarray


def quoted(room: Newsroom, labelled: Sequence[LabelledQuestion]) -> Iterator[Quoted]:
    """The quotes of every question that have a run in them."""
    for number, each in enumerate(labelled):
        findings = read_for(room.corpus(), each.question, Scope(until=each.as_of))
        chosen = choose(ranked_spans(findings), CHOSEN)
        told, features = scenes(each.question, findings, chosen)
        for order, (span, scene, rows) in enumerate(zip(chosen, told, by_scene(told, features), strict=True)):
            if scene.runs:
                yield Quoted(
                    question=number,
                    said=scene.said,
                    shown=order < SHOWN,
                    holds=holds(span.text, each.answers),
                    rows=rows,
                    right=np.array([marks(span.text[run.start : run.end], each.answers) for run in scene.runs], bool),
                )


def fitted(quotes: Sequence[Quoted]) -> dict[str, Any]:
    """Trees that tell whether a run is an answer, as `retrieval.answering.trees` reads them."""
    generator = np.random.default_rng(0)
    right = np.concatenate([quote.right for quote in quotes])
    weight = np.concatenate([np.full(len(quote.right), 1.0 if quote.holds else BESIDE) for quote in quotes])
    kept = right | (generator.random(len(right)) < KEPT)
    dataset = lgb.Dataset(
        np.concatenate([quote.rows for quote in quotes])[kept],
        right[kept].astype(int),
        weight=np.where(right, weight, weight / KEPT)[kept],
    )
    return document(lgb.train(GROWING, dataset, ROUNDS), RUN_FEATURES)


def out_of_fold(quotes: Sequence[Quoted]) -> list[np.ndarray]:
    """The scores of each quote's runs, by trees that have not seen its question."""
    scores: list[np.ndarray] = [np.zeros(0)] * len(quotes)
    questions = np.unique([quote.question for quote in quotes])
    for seen, _ in KFold(FOLDS, shuffle=True, random_state=0).split(questions):
        known = frozenset(questions[seen].tolist())
        trees = trees_of(fitted([quote for quote in quotes if quote.question in known]))
        for at, quote in enumerate(quotes):
            if quote.question not in known:
                scores[at] = trees.scores(quote.rows)
    return scores


def report(quotes: Sequence[Quoted], scores: Sequence[np.ndarray]) -> Iterator[str]:
    """Of the first three quotes that hold an answer: how often it is marked, and something else, by the chance."""
    by_question: dict[int, list[int]] = {}
    for at, quote in enumerate(quotes):
        if quote.shown:
            by_question.setdefault(quote.question, []).append(at)
    chances: dict[int, np.ndarray] = {}
    for beside in by_question.values():
        chances |= zip(
            beside, in_agreement([quotes[at].said for at in beside], [scores[at] for at in beside]), strict=True
        )
    best = np.array([found.max() for at, found in chances.items() if quotes[at].holds])
    right = np.array([quotes[at].right[found.argmax()] for at, found in chances.items() if quotes[at].holds], bool)
    others = np.array([found.max() for at, found in chances.items() if not quotes[at].holds])
    yield f"{len(best)} quotes that hold an answer; the likeliest run is one in {right.mean():.3f}"
    for share in WRONG:
        least = next((each for each in np.sort(best) if ((best >= each) & ~right).mean() <= share), np.inf)
        marked = best >= least
        yield (
            f"from a chance of {least:.2f}: the answer is marked in {(marked & right).mean():.3f}, something else in "
            f"{(marked & ~right).mean():.3f}; in quotes without an answer something in {(others >= least).mean():.3f}"
        )


def main(corpus: Path, questions: Path, write: bool) -> None:
    """Report, fit, and write the trees."""
    labelled = [each for each in read_questions(questions) if each.answerable and each.answers]
    with Newsroom.open(corpus_settings(load_settings().newsroom(), corpus)) as room:
        room.reload(at_once=True)
        quotes = list(quoted(room, labelled))
    print("\n".join(report(quotes, out_of_fold(quotes))))
    if write:
        write_trees(WEIGHTS, "pinpoint", fitted(quotes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), "--write" in sys.argv[3:])
