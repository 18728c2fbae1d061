"""Boosted regression trees as text: read from JSON, evaluated with numpy. (Friedman, Annals of Statistics 2001.)

No tree is walked. A condition that is not met rules out the leaves on its left, and of those that none rules out, the
leftmost is where a row comes to (QuickScorer: Lucchese et al., SIGIR 2015, https://doi.org/10.1145/2766462.2767733).
Which leaves of all trees a feature leaves open depends only on how many of the thresholds for it a value is above, and
so is written down for each number: a row takes one line of a table for each feature, whatever the trees' depth.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np

LEAVES = 16
"""Of a tree at most; each is a bit."""
_OPEN = np.uint16(2**LEAVES - 1)


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble whose sum is a score.

    Of each feature, `thresholds` ascend, and `open` has a line for each number of them that a value can be above, from
    none to all, shape (thresholds + 1, trees): the leaves of each tree that are left, the leftmost as the lowest bit.
    `values` are those of leaves, `LEAVES` to a tree.
    """

    features: tuple[str, ...]
    bias: float
    thresholds: tuple[np.ndarray, ...]
    open: tuple[np.ndarray, ...]
    values: np.ndarray

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """The score of each row; `rows` has the shape (n, len(features)), in the order of `features`."""
        trees = len(self.values) // LEAVES
        left = np.full((len(rows), trees), _OPEN)
        for cells, thresholds, lines in zip(rows.T.astype(np.float64), self.thresholds, self.open, strict=True):
            if len(thresholds):
                left &= lines.take(thresholds.searchsorted(cells), axis=0)
        lowest = np.bitwise_count(~left & (left - np.uint16(1)))
        return self.bias + self.values.take(lowest + LEAVES * np.arange(trees)).sum(axis=1)


def read_trees(name: str, *, by_meaning: bool = True) -> Trees:
    """The ensemble `retrieval/answering/weights/NAME.json`, or the one that was fitted without embeddings.

    The file holds "features" (their names), "bias", and "trees": lists of nodes, each either
    [feature, threshold, left, right] or, for a leaf, [value]; node 0 is the root.
    """
    return trees_of(_document(name, by_meaning))


def read_weights(name: str, *, by_meaning: bool = True) -> dict[str, float]:
    """The named weights of the linear model `retrieval/answering/weights/NAME.json`, "bias" among them; or of the one
    that was fitted without embeddings."""
    return _document(name, by_meaning)


def _document(name: str, by_meaning: bool) -> Any:
    folder = files("retrieval.answering") / "weights" / ("." if by_meaning else "by_words")
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def trees_of(document: dict[str, Any]) -> Trees:
    """The ensemble of a parsed document; see `read_trees`. Raises ValueError where a tree has more than `LEAVES`."""
    trees: list[list[list[float]]] = document["trees"]
    splits: list[list[tuple[float, int, int]]] = [[] for _ in document["features"]]
    values = np.zeros((len(trees), LEAVES))
    for number, tree in enumerate(trees):
        leaves = [node for node in tree if len(node) == 1]
        if len(leaves) > LEAVES:
            raise ValueError(f"tree {number} has {len(leaves)} leaves, and a tree may have {LEAVES}")
        _put(tree, number, splits, values)
    ordered = [sorted(each) for each in splits]
    return Trees(
        features=tuple(document["features"]),
        bias=document["bias"],
        thresholds=tuple(np.array([threshold for threshold, *_ in each]) for each in ordered),
        open=tuple(_open(each, len(trees)) for each in ordered),
        values=values.ravel(),
    )


def _put(tree: list[list[float]], number: int, splits: list[list[tuple[float, int, int]]], values: np.ndarray) -> None:
    """Put a tree's leaves into its row of `values`, from the left, and its conditions to their features: the threshold,
    the number of the tree, and the bits of the leaves on the left."""

    def put(at: int, before: int) -> int:
        """Below a node, with so many leaves before it; how many with it."""
        if len(tree[at]) == 1:
            values[number, before] = tree[at][0]
            return before + 1
        feature, threshold, left, right = tree[at]
        middle = put(int(left), before)
        splits[int(feature)].append((threshold, number, (1 << middle) - (1 << before)))
        return put(int(right), middle)

    put(0, 0)


def _open(splits: list[tuple[float, int, int]], trees: int) -> np.ndarray:
    """For each number of a feature's conditions, in order, that are not met, the leaves of each tree that are left."""
    lines = np.full((len(splits) + 1, trees), _OPEN)
    for line, (_, tree, left) in enumerate(splits, 1):
        lines[line:, tree] &= np.uint16(~left & int(_OPEN))
    return lines
