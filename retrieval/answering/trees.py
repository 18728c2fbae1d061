"""Boosted regression trees as text: read from JSON, evaluated with numpy. (Friedman, Annals of Statistics 2001.)"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble whose sum is a score. Arrays have the shape (trees, nodes); a leaf points to itself."""

    features: tuple[str, ...]
    bias: float
    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    depth: int

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """The score of each row; `rows` has the shape (n, len(features)), in the order of `features`."""
        trees = np.arange(len(self.feature))[None, :]
        node = np.zeros((len(rows), len(self.feature)), np.int64)
        which = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            left = rows[which, self.feature[trees, node]] <= self.threshold[trees, node]
            node = np.where(left, self.left[trees, node], self.right[trees, node])
        return self.bias + self.value[trees, node].sum(axis=1)


def read_trees(name: str) -> Trees:
    """The ensemble `retrieval/answering/weights/NAME.json`.

    The file holds "features" (their names), "bias", and "trees": lists of nodes, each either
    [feature, threshold, left, right] or, for a leaf, [value]; node 0 is the root.
    """
    document = json.loads((files("retrieval.answering") / "weights" / f"{name}.json").read_text(encoding="utf-8"))
    return trees_of(document)


def read_weights(name: str) -> dict[str, float]:
    """The named weights of the linear model `retrieval/answering/weights/NAME.json`, "bias" among them."""
    return json.loads((files("retrieval.answering") / "weights" / f"{name}.json").read_text(encoding="utf-8"))


def trees_of(document: dict[str, Any]) -> Trees:
    """The ensemble of a parsed document; see `read_trees`."""
    trees: list[list[list[float]]] = document["trees"]
    shape = (len(trees), max(map(len, trees)))
    feature, left, right = (np.zeros(shape, np.int64) for _ in range(3))
    threshold, value = np.zeros(shape), np.zeros(shape)
    for tree, nodes in enumerate(trees):
        for number, node in enumerate(nodes):
            if len(node) == 1:
                left[tree, number] = right[tree, number] = number
                value[tree, number] = node[0]
            else:
                feature[tree, number], threshold[tree, number] = int(node[0]), node[1]
                left[tree, number], right[tree, number] = int(node[2]), int(node[3])
    return Trees(
        features=tuple(document["features"]),
        bias=document["bias"],
        feature=feature,
        threshold=threshold,
        left=left,
        right=right,
        value=value,
        depth=max(_depth(nodes, 0) for nodes in trees),
    )


def _depth(nodes: list[list[float]], number: int) -> int:
    node = nodes[number]
    return 0 if len(node) == 1 else 1 + max(_depth(nodes, int(node[2])), _depth(nodes, int(node[3])))
