"""The generation that is served as each reader sees it, found once for as long as nothing changes of either."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

from retrieval.index.generations import Generations
from retrieval.index.search import Index
from retrieval.index.seeing import sight_of
from retrieval.index.store import Store

ROWS = 32_000_000
"""Passages of all views that are kept, together: a view takes some bytes for each."""
FEWEST, MOST = 8, 256
"""Views that are kept, whatever the number of passages."""


@dataclass(frozen=True, slots=True)
class _View:
    whole: Index
    chosen: str
    index: Index


class Views:
    """What `generations` serves as readers see it. `offered` are the collections that are read by whoever did not
    choose, None for all. Safe to use from many threads."""

    def __init__(self, generations: Generations, offered: Collection[str] | None) -> None:
        self.generations = generations
        self._store = generations.store
        self._offered = offered
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _View] = OrderedDict()

    def of(self, reader: str) -> Index:
        """What a reader sees of the generation that is served."""
        whole, chosen = self.generations.current(), _chosen(self._store, reader)
        with self._lock:
            kept = self._kept.get(reader)
        if kept is None or kept.whole is not whole or kept.chosen != chosen:
            sight = sight_of(self._store, whole.generation.number, reader, self._offered)
            kept = _View(whole, chosen, whole.seen(sight))
        with self._lock:
            self._kept[reader] = kept
            self._kept.move_to_end(reader)
            most = min(MOST, max(FEWEST, ROWS // max(1, len(whole.dense.keys))))
            while len(self._kept) > most:
                self._kept.popitem(last=False)
        return kept.index


def _chosen(store: Store, reader: str) -> str:
    """All that decides what a reader sees, and may change without a new generation; of the day, where that does."""
    (told,) = (
        store.connection()
        .execute(
            "SELECT json_array((SELECT json_group_array(json_array(number, shared)) FROM section),"
            " (SELECT json_group_array(json_array(section, since, joined, until)) FROM reads WHERE reader = :reader),"
            " (SELECT json_group_array(json_array(id, canonical)) FROM hidden WHERE reader = :reader),"
            " (SELECT generation FROM twinned),"
            " (SELECT json_array(days, date('now')) FROM keeps WHERE reader = :reader))",
            {"reader": reader},
        )
        .fetchone()
    )
    return told
