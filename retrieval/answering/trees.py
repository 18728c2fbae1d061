"""Boosted regression trees as text: read from JSON, evaluated with numpy. (Friedman, Annals of Statistics 2001.)"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from itertools import accumulate
from typing import Any

import numpy as np

LEVELS = 3  # between two times that rows which have come to a leaf are put aside: most do long before the deepest


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble whose sum is a score. The nodes of all trees are numbered through; `roots` are those that trees begin
    with, and a leaf points to itself. `children[2 * node]` is where a row goes whose feature is above the threshold,
    and `children[2 * node + 1]` where the others go.
    """

    features: tuple[str, ...]
    bias: float
    feature: np.ndarray
    threshold: np.ndarray
    children: np.ndarray
    value: np.ndarray
    roots: np.ndarray

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """The score of each row; `rows` has the shape (n, len(features)), in the order of `features`.

        All rows go down all trees side by side: a step for each level, however many there are.
        """
        count, trees = len(rows), len(self.roots)
        cells = rows.astype(np.float64).ravel()
        node = np.tile(self.roots, count)
        under_way = np.arange(count * trees)
        at, first = node, np.repeat(np.arange(count) * rows.shape[1], trees)
        while len(under_way):
            for _ in range(LEVELS):
                left = cells.take(first + self.feature.take(at)) <= self.threshold.take(at)
                at = self.children.take(2 * at + left)
            node[under_way] = at
            going = np.flatnonzero(self.children.take(2 * at) != at)
            under_way, at, first = under_way[going], at[going], first[going]
        return self.bias + self.value.take(node).reshape(count, trees).sum(axis=1)


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
    """The ensemble of a parsed document; see `read_trees`."""
    trees: list[list[list[float]]] = document["trees"]
    roots = [0, *accumulate(map(len, trees))]
    nodes = [(root, number, node) for root, tree in zip(roots, trees, strict=False) for number, node in enumerate(tree)]
    feature, threshold, value = np.zeros(roots[-1], np.intp), np.zeros(roots[-1]), np.zeros(roots[-1])
    children = np.zeros(2 * roots[-1], np.intp)
    for root, number, node in nodes:
        at = root + number
        if len(node) == 1:
            value[at], children[2 * at], children[2 * at + 1] = node[0], at, at
        else:
            feature[at], threshold[at] = int(node[0]), node[1]
            children[2 * at + 1], children[2 * at] = root + int(node[2]), root + int(node[3])
    return Trees(
        features=tuple(document["features"]),
        bias=document["bias"],
        feature=feature,
        threshold=threshold,
        children=children,
        value=value,
        roots=np.array(roots[:-1], np.intp),
    )
