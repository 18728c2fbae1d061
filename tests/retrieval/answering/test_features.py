"""The facts of a text and the trees that weigh them."""

from __future__ import annotations

import json
import math
from importlib.resources import files

import numpy as np
import pytest

from retrieval.answering.confidence import CONFIDENCE_FEATURES
from retrieval.answering.describing import FEATURES
from retrieval.answering.features import KINDS, asked
from retrieval.answering.ranking import RANKING_FEATURES
from retrieval.answering.trees import read_trees, read_weights, trees_of
from retrieval.text.facts import facts


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who won the cup?", "person"),
        ("Which actor left the show?", "person"),
        ("Where did it happen?", "place"),
        ("Which US state banned plastic bags?", "place"),
        ("How many people were hurt?", "number"),
        ("What percentage of voters stayed at home?", "number"),
        ("When does the law begin?", "date"),
        ("In what year was it built?", "date"),
        ("Why is there no ceasefire?", "reason"),
        ("What did Rutte say about Russia?", "speech"),
        ("Which candy brand changed its mascots?", "thing"),
    ],
)
def test_what_a_question_asks_for(question: str, kind: str) -> None:
    assert asked(question, {}).kinds[KINDS.index(kind)] == 1.0


def test_what_a_sentence_holds() -> None:
    found = facts("On Monday, Mark Rutte said 14 ships and $5 billion went to the U.S. Navy.")
    assert {"mark rutte"} <= found.names
    assert {"14", "$5"} <= found.numbers
    assert "monday" in found.dates
    assert (found.speech, found.amounts) == (1, 1)
    assert not found.pronoun_first
    assert facts("He said so.").pronoun_first


def test_a_common_word_that_opens_a_sentence_is_no_name() -> None:
    assert facts("Many ships sank.").names == frozenset()
    assert "nato" in facts("The war went on. NATO met.").names


def test_trees_are_evaluated_as_they_read() -> None:
    trees = trees_of(
        {
            "features": ["x", "y"],
            "bias": 0.5,
            "trees": [[[0, 1.0, 1, 2], [-1.0], [1, 0.0, 3, 4], [2.0], [3.0]], [[10.0]]],
        }
    )
    rows = np.array([[1.0, 9.0], [2.0, 0.0], [2.0, 0.1]])
    assert trees.scores(rows).tolist() == [0.5 - 1 + 10, 0.5 + 2 + 10, 0.5 + 3 + 10]


@pytest.mark.parametrize("name", ["quotes", "ranking", "pinpoint"])
def test_fitted_trees_are_evaluated_as_if_each_was_walked(name: str) -> None:
    document = json.loads((files("retrieval.answering") / "weights" / f"{name}.json").read_text(encoding="utf-8"))
    random, edges = np.random.default_rng(1), [0.0, 1.0, np.nan]
    edges += [node[1] for tree in document["trees"] for node in tree if len(node) > 1]
    rows = random.choice(edges, (50, len(document["features"])))
    rows += random.choice([-1e-9, 0.0, 1e-9], rows.shape)

    def walked(tree: list[list[float]], row: np.ndarray, at: int = 0) -> float:
        if len(tree[at]) == 1:
            return tree[at][0]
        feature, threshold, left, right = tree[at]
        return walked(tree, row, int(left if row[int(feature)] <= threshold else right))

    sums = [document["bias"] + np.sum([walked(tree, row) for tree in document["trees"]]) for row in rows]
    assert trees_of(document).scores(rows).tolist() == sums


def test_a_tree_of_more_leaves_than_are_told_apart_is_refused() -> None:
    chain = [node for at in range(0, 34, 2) for node in ([0, float(at), at + 1, at + 2], [1.0])]
    with pytest.raises(ValueError, match="tree 1 has 18 leaves"):
        trees_of({"features": ["x"], "bias": 0.0, "trees": [[[0.0]], [*chain, [2.0]]]})


def test_the_fitted_weights_fit_the_features() -> None:
    assert read_trees("quotes").features == FEATURES
    assert read_trees("ranking").features == RANKING_FEATURES
    weights = read_weights("confidence")
    assert set(weights) == {"bias", *CONFIDENCE_FEATURES}
    assert all(math.isfinite(weight) for weight in weights.values())
