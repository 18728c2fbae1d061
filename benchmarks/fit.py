"""Fit what ranks passages, what chooses quotes and what decides whether to answer, from any question set in the
standard format.

    python -m benchmarks.fit CORPUS QUESTIONS [--words] [--write]

Every question is asked on its day and later, of all articles and of parts of them (see `benchmarks.cases`). Chooses
nothing: it reports, on folds of the questions, how the fit does on questions it has not seen, then fits on all of
them and (with --write) replaces `retrieval/answering/weights/*.json`.
With --words it does all that as for a question in a language that the embedding model does not know, by words alone
(`weights/by_words/`). What follows on another fit (quotes on the
ranking, the confidence on both) is fitted on what that one says of questions it has not seen.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import lightgbm as lgb
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold
from sklearn.preprocessing import StandardScaler

from benchmarks.boosted import WEIGHTS, document, write_trees
from benchmarks.cases import Case, collected
from bot.settings import load_settings
from retrieval.answering.choosing import ScoredSpan, best_first, choose
from retrieval.answering.confidence import CONFIDENCE_FEATURES, confidence_features, sigmoid
from retrieval.answering.describing import FEATURES, describe
from retrieval.answering.pipeline import to_quote_from
from retrieval.answering.ranking import RANKING_FEATURES, in_order
from retrieval.answering.spans import Findings, Span
from retrieval.answering.trees import Trees, trees_of
from retrieval.answering.understanding import asks_of_now
from retrieval.evaluation.labelled import holds, read_questions
from retrieval.evaluation.reliability import reliability
from retrieval.index.embed import Embedder

FOLDS = 5
# Chosen on folds of the questions, where depth, rounds and truncation between half and twice these made no difference.
LAMBDAMART = {
    "objective": "lambdarank",
    "learning_rate": 0.05,
    "lambda_l2": 5,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "seed": 0,
    "deterministic": True,
    "verbose": -1,
}
RANKING = {"num_leaves": 4, "min_data_in_leaf": 100, "lambdarank_truncation_level": 5, "label_gain": [0, 1, 3, 7]}
RANKING_ROUNDS = 300
CHOICE = {"num_leaves": 16, "min_data_in_leaf": 300, "lambdarank_truncation_level": 20}
CHOICE_ROUNDS = 200
REFUSED = 0.05  # of the questions that the articles answer; leaves room to refuse no more than 10% of others


@dataclass(frozen=True, slots=True)
class Quotable:
    """A case with its spans: their features, shape (spans, len(FEATURES)), and which of them hold an answer."""

    case: Case
    findings: Findings
    spans: list[Span]
    rows: np.ndarray
    right: np.ndarray

    def ranked(self, scores: np.ndarray) -> list[ScoredSpan]:
        """The spans by their scores, best first."""
        return best_first(self.spans, self.rows, scores)


# --- the three fits ----------------------------------------------------------------------------------


def fit_trees(groups: Sequence[tuple[np.ndarray, np.ndarray]], settings: dict[str, Any], rounds: int) -> lgb.Booster:
    """Small boosted trees that order the rows of each group by its labels (LambdaMART; Burges, 2010)."""
    groups = [(rows, labels) for rows, labels in groups if len(rows)]
    dataset = lgb.Dataset(
        np.concatenate([rows for rows, _ in groups]),
        np.concatenate([labels for _, labels in groups]).astype(int),
        group=[len(rows) for rows, _ in groups],
    )
    return lgb.train(LAMBDAMART | settings, dataset, rounds)


def fit_ranking(cases: Sequence[Case]) -> dict[str, Any]:
    """What puts passages of the articles that answer first, as it is written."""
    groups = [(each.rows, each.right) for each in cases if each.answerable]
    return document(fit_trees(groups, RANKING, RANKING_ROUNDS), RANKING_FEATURES)


def fit_choice(cases: Sequence[Quotable]) -> dict[str, Any]:
    """What puts the spans that hold an answer first, as it is written."""
    groups = [(each.rows, each.right) for each in cases if each.case.answerable]
    return document(fit_trees(groups, CHOICE, CHOICE_ROUNDS), FEATURES)


def fit_confidence(rows: np.ndarray, cases: Sequence[Case]) -> dict[str, float]:
    """A logistic regression, as weights of the plain features. Each question counts as much with as without an
    answer, under however many conditions it was asked.
    """
    answerable = np.array([each.answerable for each in cases])
    asked = Counter((each.labelled.id, each.answerable) for each in cases)
    counts = np.array([1 / asked[each.labelled.id, each.answerable] for each in cases])
    counts[~answerable] *= counts[answerable].sum() / counts[~answerable].sum()
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=0.2, max_iter=2000).fit(scaler.transform(rows), answerable, sample_weight=counts)
    slopes = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - (slopes * scaler.mean_).sum())
    return {"bias": bias, **dict(zip(CONFIDENCE_FEATURES, map(float, slopes), strict=True))}


def certainty(weights: dict[str, float], rows: np.ndarray) -> np.ndarray:
    """The confidence of each row."""
    odds = weights["bias"] + rows @ np.array([weights[name] for name in CONFIDENCE_FEATURES])
    return np.array([sigmoid(float(each)) for each in odds])


# --- on folds ----------------------------------------------------------------------------------------


def folds_of(cases: Iterable[Case]) -> dict[str, int]:
    """The fold of each question, by id: all cases of a question are seen or unseen together."""
    ids = sorted({each.labelled.id for each in cases})
    parts = KFold(FOLDS, shuffle=True, random_state=0).split(ids)
    return {ids[at]: fold for fold, (_, unseen) in enumerate(parts) for at in unseen}


Seen = TypeVar("Seen")
Fitted = TypeVar("Fitted")


def unseen(
    cases: Sequence[Seen], fold_of: Callable[[Seen], int], fit: Callable[[Sequence[Seen]], Fitted]
) -> list[Fitted]:
    """For each case, what was fitted without its fold."""
    fitted = [fit([each for each in cases if fold_of(each) != fold]) for fold in range(FOLDS)]
    return [fitted[fold_of(each)] for each in cases]


def scores_of(trees: Trees, rows: np.ndarray) -> np.ndarray:
    """The score of each row, of which there may be none."""
    return trees.scores(rows) if len(rows) else np.zeros(0)


def quotable_case(case: Case, scores: np.ndarray) -> Quotable:
    """The spans of a case's passages in the order of these scores."""
    ordered = in_order(case.findings.evidence, scores)
    findings = to_quote_from(replace(case.findings, evidence=ordered))
    spans, rows = describe(findings)
    right = np.array([holds(span.text, case.labelled.answers) for span in spans], bool)
    return Quotable(case=case, findings=findings, spans=spans, rows=rows, right=right)


# --- reports -----------------------------------------------------------------------------------------


def condition_of(case: Case) -> str:
    """What a table of the report calls the conditions that are alike."""
    if case.brief:
        return f"brief, {case.condition.articles or 'all'}"
    if case.condition.articles:
        return f"{case.condition.articles} articles"
    days = case.condition.delay
    later = next((f"up to {most} days" for most in (30, 120, 400) if days <= most), "later still")
    return ("its day, of now" if asks_of_now(case.labelled.question) else "its day") if not days else later


def quote_report(cases: Sequence[Quotable], scores: Sequence[np.ndarray]) -> None:
    """How often the best article is a right one, and how often the first quote and the first three hold an answer."""
    told: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    for each, found in zip(cases, scores, strict=True):
        if each.case.answerable:
            quotes = [holds(span.text, each.case.labelled.answers) for span in choose(each.ranked(found), 3)]
            best = each.findings.evidence[:1]
            hit = any(item.span.stored.article.id in each.case.labelled.gold for item in best)
            told[condition_of(each.case)].append((hit, quotes[:1] == [True], any(quotes)))
    print("quotes on folds")
    for condition, rows in sorted(told.items()):
        hit, first, three = np.mean(rows, axis=0)
        print(f"  {condition:16}{len(rows):6}  Hit@1 {hit:.3f}  first quote {first:.3f}  first three {three:.3f}")


def silence_report(cases: Sequence[Case], sure: np.ndarray) -> float:
    """How answerable and withdrawn questions are told apart; returns the confidence that refuses `REFUSED`."""
    labels = np.array([each.answerable for each in cases])
    threshold = float(np.quantile(sure[labels], REFUSED))
    print(f"silence on folds; {threshold:.2f} refuses {REFUSED:.0%}, {np.quantile(sure[labels], 0.1):.2f} refuses 10%")
    rows: dict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(cases):
        rows[condition_of(each)].append(at)
        rows["all"].append(at)
    for condition, of in sorted(rows.items()):
        found, right = sure[of], labels[of]
        calibrated = reliability(found, right)
        error = calibrated.calibration_error if calibrated else float("nan")
        print(
            f"  {condition:16}{len(of):6}  AUROC {roc_auc_score(right, found):.3f}  refused"
            f" {np.mean(found[right] < threshold):.3f}  wrongly answered {np.mean(found[~right] >= threshold):.3f}"
            f"  calibration error {error:.3f}"
        )
    return threshold


def main(corpus: Path, questions: Path, *, write: bool) -> None:
    """Fit, report, and write the weights."""
    labelled = [each for each in read_questions(questions) if each.answerable and each.answers]
    cases = [each for each in collected(load_settings().newsroom(), corpus, labelled) if len(each.rows)]
    folds = folds_of(cases)
    rankings = unseen(cases, lambda each: folds[each.labelled.id], lambda seen: trees_of(fit_ranking(seen)))
    spans = [quotable_case(each, trees.scores(each.rows)) for each, trees in zip(cases, rankings, strict=True)]
    choices = unseen(spans, lambda each: folds[each.case.labelled.id], lambda seen: trees_of(fit_choice(seen)))
    scores = [scores_of(trees, each.rows) for each, trees in zip(spans, choices, strict=True)]
    quote_report(spans, scores)
    table = np.array(
        [
            list(confidence_features(each.findings, each.ranked(found)).values())
            for each, found in zip(spans, scores, strict=True)
        ]
    )
    at = list(range(len(cases)))
    weights = unseen(
        at,
        lambda row: folds[cases[row].labelled.id],
        lambda seen: fit_confidence(table[list(seen)], [cases[row] for row in seen]),
    )
    silence_report(cases, np.array([certainty(each, table[[row]])[0] for row, each in enumerate(weights)]))
    if write:
        folder = WEIGHTS / ("." if cases[0].findings.by_meaning else "by_words")
        write_trees(folder, "ranking", fit_ranking(cases))
        write_trees(folder, "quotes", fit_choice(spans))
        confidence = {name: round(weight, 4) for name, weight in fit_confidence(table, cases).items()}
        (folder / "confidence.json").write_text(json.dumps(confidence, indent=2) + "\n")


if __name__ == "__main__":
    knows_nothing = patch.object(Embedder, "knows", lambda *_: False)
    with knows_nothing if "--words" in sys.argv[3:] else nullcontext():
        main(Path(sys.argv[1]), Path(sys.argv[2]), write="--write" in sys.argv[3:])
