"""Boosted trees of LightGBM as the bot reads them; see `retrieval.answering.trees`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lightgbm as lgb

WEIGHTS = Path(__file__).parents[1] / "retrieval" / "answering" / "weights"


def document(model: lgb.Booster, features: Sequence[str]) -> dict[str, Any]:
    """The trees as they are written."""
    trees = [_nodes(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]
    return {"features": list(features), "bias": 0.0, "trees": trees}


def _nodes(root: dict[str, Any]) -> list[list[float]]:
    """A tree's nodes in a list, the root first; children are named by their place."""
    nodes: list[list[float]] = []

    def put(node: dict[str, Any]) -> int:
        at = len(nodes)
        nodes.append([])
        if "leaf_value" in node:
            nodes[at] = [round(float(node["leaf_value"]), 4)]
        else:
            split = [int(node["split_feature"]), float(f"{node['threshold']:.5g}")]
            nodes[at] = [*split, put(node["left_child"]), put(node["right_child"])]
        return at

    put(root)
    return nodes


def write_trees(folder: Path, name: str, trees: dict[str, Any]) -> None:
    """Replace NAME.json in a folder of weights."""
    body = ",\n".join(f"  {json.dumps(tree)}" for tree in trees["trees"])
    head = json.dumps({"features": trees["features"], "bias": trees["bias"]})[:-1]
    (folder / f"{name}.json").write_text(f'{head}, "trees": [\n{body}\n]}}\n', encoding="utf-8")
