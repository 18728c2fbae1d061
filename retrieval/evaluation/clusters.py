"""How well stories agree with labelled events, and what the simplest way to make them would do: pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import bcubed
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from retrieval.evaluation.events import Event
from retrieval.evaluation.measures import RESAMPLES, SEED
from retrieval.evaluation.reliability import Floats

Clusters = Mapping[str, Hashable]
"""The cluster of each article, by its id."""
THRESHOLDS = tuple(at / 100 for at in range(40, 91, 5))
APART = 30 * 86_400.0  # seconds; articles that are further apart are not joined by the baseline either


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of clusters with events, over the `articles` of these.

    `precision`, `recall` and `f1` are B-cubed (Bagga and Baldwin, 1998). `pair_precision` is the share of pairs in one
    cluster that are of one event, without those of different events that share a name, which may be one after all;
    `pair_recall` that of the pairs of one event that are in one cluster.
    """

    articles: int
    events: int
    several: int
    """Events with more than one article."""
    precision: float
    recall: float
    f1: float
    pair_precision: float
    pair_recall: float


def agreement(events: Sequence[Event], clusters: Clusters) -> Agreement:
    """How well clusters agree with labelled events. Raises ValueError where there are no events."""
    if not events:
        raise ValueError("there are no events")
    labels = {id_: {at} for at, event in enumerate(events) for id_ in event.articles}
    found = {id_: {clusters[id_]} for id_ in labels}
    precision, recall = float(bcubed.precision(found, labels)), float(bcubed.recall(found, labels))
    right = of_others = 0
    for at, where in _pairs_within(events, clusters):
        right += at == where
        of_others += at != where and not events[at].names & events[where].names
    same = sum(len(event.articles) * (len(event.articles) - 1) // 2 for event in events)
    return Agreement(
        articles=len(labels),
        events=len(events),
        several=sum(len(event.articles) > 1 for event in events),
        precision=precision,
        recall=recall,
        f1=float(bcubed.fscore(precision, recall)),
        pair_precision=right / (right + of_others) if right + of_others else 1.0,
        pair_recall=right / same if same else 1.0,
    )


def _pairs_within(events: Sequence[Event], clusters: Clusters) -> Iterator[tuple[int, int]]:
    """Of each pair of articles in one cluster the numbers of their events."""
    within: dict[Hashable, list[int]] = {}
    for at, event in enumerate(events):
        for id_ in event.articles:
            within.setdefault(clusters[id_], []).append(at)
    for members in within.values():
        yield from combinations(members, 2)


def ahead(events: Sequence[Event], ours: Clusters, theirs: Clusters) -> tuple[float, float]:
    """95% confidence limits of how much greater the B-cubed F1 of `ours` is, by a bootstrap that draws events."""
    scores = [_sums(events, clusters) for clusters in (ours, theirs)]
    drawn = np.random.default_rng(SEED).integers(len(events), size=(RESAMPLES, len(events)))
    one, other = (_f1(each[drawn].sum(axis=1)) for each in scores)
    low, high = np.quantile(one - other, (0.025, 0.975))
    return float(low), float(high)


def _sums(events: Sequence[Event], clusters: Clusters) -> Floats:
    """A row an event: the precision of its articles and their recall, each summed, and how many these are."""
    sizes = Counter(clusters[id_] for event in events for id_ in event.articles)
    rows: list[tuple[float, float, float]] = []
    for event in events:
        own = Counter(clusters[id_] for id_ in event.articles)
        precision = sum(count * count / sizes[cluster] for cluster, count in own.items())
        recall = sum(count * count for count in own.values()) / len(event.articles)
        rows.append((precision, recall, float(len(event.articles))))
    return np.array(rows)


def _f1(sums: Floats) -> Floats:
    precision, recall = sums[:, 0] / sums[:, 2], sums[:, 1] / sums[:, 2]
    return 2 * precision * recall / (precision + recall)


def single_link(ids: Sequence[str], moments: Floats, vectors: np.ndarray, events: Sequence[Event]) -> Clusters:
    """The baseline: articles whose first passages are near enough in meaning are one story, and so is what these join,
    at the threshold that agrees best with the events themselves. `vectors` are unit vectors, row by row.
    """
    order = np.argsort(moments, kind="stable")
    rows, columns, cosines = _near(moments[order], vectors[order])
    best: tuple[float, Clusters] | None = None
    for threshold in THRESHOLDS:
        kept = cosines >= threshold
        graph = coo_array((np.ones(kept.sum()), (rows[kept], columns[kept])), shape=(len(ids), len(ids)))
        labels = connected_components(graph, directed=False)[1]
        found: Clusters = {ids[int(place)]: int(label) for place, label in zip(order, labels, strict=True)}
        reached = agreement(events, found).f1
        if best is None or reached > best[0]:
            best = reached, found
    assert best is not None
    return best[1]


def _near(moments: Floats, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of rows that any threshold joins, with their cosines; `moments` ascend."""
    first = np.searchsorted(moments, moments - APART)
    found = []
    for row, since in enumerate(first):
        cosines = vectors[since:row] @ vectors[row]
        near = np.flatnonzero(cosines >= THRESHOLDS[0])
        found.append((np.full(len(near), row), since + near, cosines[near]))
    rows, columns, cosines = zip(*found, strict=True)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(cosines)
