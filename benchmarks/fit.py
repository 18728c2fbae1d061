"""Fit what chooses quotes and what decides whether to answer, from any question set in the standard format.

    python -m benchmarks.fit CORPUS QUESTIONS [--write]

Chooses nothing: it reports, on folds of the questions, how the fit does on questions it has not seen, then
fits on all of them and (with --write) replaces `retrieval/answering/weights/*.json`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold
from sklearn.preprocessing import StandardScaler

from bot.settings import load_settings
from retrieval.answering.choosing import ScoredSpan, choose
from retrieval.answering.confidence import CONFIDENCE_FEATURES, confidence_features, sigmoid
from retrieval.answering.spans import FEATURES, Findings, Span, describe, quotable
from retrieval.answering.trees import trees_of
from retrieval.evaluation.asking import withdraw
from retrieval.evaluation.labelled import LabelledQuestion, holds, read_questions
from retrieval.evaluation.run import corpus_settings
from retrieval.newsroom import Newsroom

WEIGHTS = Path(__file__).parents[1] / "retrieval" / "answering" / "weights"
FOLDS = 5
# Chosen on folds of the questions, where depth, rounds and truncation between half and twice these made no difference.
RANKING = {
    "objective": "lambdarank",
    "lambdarank_truncation_level": 20,
    "learning_rate": 0.05,
    "num_leaves": 8,
    "min_data_in_leaf": 60,
    "lambda_l2": 5,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "seed": 0,
    "deterministic": True,
    "verbose": -1,
}
ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its passages: the features of each quotable span, and which of them hold an answer."""

    labelled: LabelledQuestion
    findings: Findings
    spans: list[Span]
    rows: np.ndarray
    right: np.ndarray

    def ranked(self, scores: np.ndarray) -> list[ScoredSpan]:
        """The spans by their scores, best first."""
        return [ScoredSpan(self.spans[at], float(scores[at])) for at in np.argsort(-scores, kind="stable")]


def case(room: Newsroom, labelled: LabelledQuestion, without: Sequence[str] = ()) -> Case:
    """Consider a question, with some articles withdrawn."""
    findings = quotable(room.consider(labelled.question, as_of=labelled.as_of, without=without))
    spans, rows = describe(findings)
    right = np.array([holds(span.text, labelled.answers) for span in spans], bool)
    return Case(labelled=labelled, findings=findings, spans=spans, rows=rows, right=right)


def withdrawn(room: Newsroom, labelled: LabelledQuestion) -> Case | None:
    """The question without the articles that answer it; None when ever more of them turn up."""
    hidden, silent = withdraw(room, labelled, labelled.as_of, set(labelled.gold))
    return case(room, labelled, sorted(hidden)) if silent else None


def fitted_trees(cases: Sequence[Case]) -> lgb.Booster:
    """Small boosted trees that put the spans which hold an answer first (LambdaMART; Burges, 2010)."""
    asked = [each for each in cases if each.spans]
    dataset = lgb.Dataset(
        np.concatenate([each.rows for each in asked]),
        np.concatenate([each.right for each in asked]).astype(int),
        group=[len(each.spans) for each in asked],
    )
    return lgb.train(RANKING, dataset, ROUNDS)


def document(model: lgb.Booster) -> dict[str, object]:
    """The trees as `retrieval.answering.trees` reads them."""
    trees = [_nodes(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]
    return {"features": list(FEATURES), "bias": 0.0, "trees": trees}


def _nodes(root: dict[str, Any]) -> list[list[float]]:
    """A tree's nodes in a list, the root first; children are named by their place."""
    nodes: list[list[float]] = []
    waiting: list[tuple[dict[str, Any], list[float] | None, int]] = [(root, None, 0)]
    while waiting:
        node, parent, side = waiting.pop(0)
        if parent is not None:
            parent[side] = len(nodes)
        if "leaf_value" in node:
            nodes.append([round(float(node["leaf_value"]), 4)])
        else:
            nodes.append([int(node["split_feature"]), float(f"{node['threshold']:.5g}"), 0, 0])
            waiting += [(node["left_child"], nodes[-1], 2), (node["right_child"], nodes[-1], 3)]
    return nodes


def quote_report(cases: Sequence[Case], scores: Sequence[np.ndarray]) -> str:
    """How often the first quote, and the first three, hold an answer."""
    first, three, words = [], [], []
    for each, found in zip(cases, scores, strict=True):
        quotes = choose(each.ranked(found), 3)
        told = [holds(quote.text, each.labelled.answers) for quote in quotes]
        first.append(told[:1] == [True])
        three.append(any(told))
        words.append(len(quotes[0].text.split()) if quotes else 0)
    return f"first quote {np.mean(first):.3f}  first three {np.mean(three):.3f}  words {np.mean(words):.1f}"


def out_of_fold(
    cases: Sequence[Case], extra: Sequence[Case | None]
) -> tuple[list[np.ndarray], list[np.ndarray | None]]:
    """Scores of every case, and of its withdrawn twin, by trees that have not seen the question."""
    scores: list[np.ndarray] = [np.zeros(0)] * len(cases)
    twins: list[np.ndarray | None] = [None] * len(cases)
    for train, test in KFold(FOLDS, shuffle=True, random_state=0).split(np.arange(len(cases))):
        trees = trees_of(document(fitted_trees([cases[at] for at in train])))
        for at in test:
            scores[at] = trees.scores(cases[at].rows)
            twin = extra[at]
            twins[at] = trees.scores(twin.rows) if twin else None
    return scores, twins


def fit_confidence(rows: np.ndarray, answerable: np.ndarray) -> dict[str, float]:
    """A logistic regression, as weights of the plain features."""
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=0.2, class_weight="balanced", max_iter=1000).fit(scaler.transform(rows), answerable)
    slopes = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - (slopes * scaler.mean_).sum())
    return {"bias": bias, **dict(zip(CONFIDENCE_FEATURES, map(float, slopes), strict=True))}


def confidence_report(rows: np.ndarray, answerable: np.ndarray, groups: np.ndarray) -> str:
    """AUROC and the error rate at one in ten refused, on folds of the questions."""
    found = np.zeros(len(rows))
    questions = np.unique(groups)
    for train, test in KFold(FOLDS, shuffle=True, random_state=1).split(questions):
        seen, unseen = np.isin(groups, questions[train]), np.isin(groups, questions[test])
        weights = fit_confidence(rows[seen], answerable[seen])
        found[unseen] = weights["bias"] + rows[unseen] @ np.array([weights[name] for name in CONFIDENCE_FEATURES])
    threshold = np.quantile(found[answerable], 0.10)
    wrong = float((found[~answerable] >= threshold).mean())
    return f"AUROC {roc_auc_score(answerable, found):.3f}  wrongly answered at 10% refused {wrong:.3f}"


def main(corpus: Path, questions: Path, write: bool) -> None:
    """Fit, report, and write the weights."""
    labelled = [each for each in read_questions(questions) if each.answerable and each.answers]
    with Newsroom.open(corpus_settings(load_settings().newsroom(), corpus)) as room:
        room.reload()
        cases = [case(room, each) for each in labelled]
        twins = [withdrawn(room, each) for each in labelled]
    scores, twin_scores = out_of_fold(cases, twins)
    print("quotes on folds: ", quote_report(cases, scores))
    rows, answerable, groups = [], [], []
    for at, (each, twin) in enumerate(zip(cases, twins, strict=True)):
        for asking, found, label in ((each, scores[at], True), (twin, twin_scores[at], False)):
            if asking is not None and found is not None:
                ranked = asking.ranked(found)
                rows.append(list(confidence_features(asking.findings, ranked).values()))
                answerable.append(label)
                groups.append(at)
    table, labels = np.array(rows), np.array(answerable)
    print("silence on folds:", confidence_report(table, labels, np.array(groups)))
    trees = document(fitted_trees(cases))
    weights = fit_confidence(table, labels)
    odds = weights["bias"] + table[labels] @ np.array([weights[name] for name in CONFIDENCE_FEATURES])
    for share in (0.05, 0.10):
        print(f"confidence that refuses {share:.0%}: {sigmoid(float(np.quantile(odds, share))):.2f}")
    if write:
        body = ",\n".join(f"  {json.dumps(tree)}" for tree in trees["trees"])  # type: ignore[attr-defined]
        head = json.dumps({"features": trees["features"], "bias": trees["bias"]})[:-1]
        (WEIGHTS / "quotes.json").write_text(f'{head}, "trees": [\n{body}\n]}}\n')
        (WEIGHTS / "confidence.json").write_text(
            json.dumps({k: round(v, 4) for k, v in weights.items()}, indent=2) + "\n"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), "--write" in sys.argv[3:])
