"""The vectors in PostgreSQL: pgvector finds what is near a question, and vectors in the store rank what it found.

Memory holds the keys alone. What the database finds is a little more than what is wanted, and may lack some; how near
each is tell the same numbers that FAISS ranks by, read from the store, so that both give the same answers. What the
database has not been given yet, what a narrow filter leaves, and all of it where no database answers, is compared one
by one with what the store holds: that takes long, but finds the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from retrieval.errors import DatabaseUnavailable
from retrieval.index.by_meaning import Keys, Mask, rows_of
from retrieval.index.embed import Vector, Vectors
from retrieval.index.store import Store

if TYPE_CHECKING:
    from retrieval.replicas.vectors import SharedVectors

FEW = 3_000  # vectors that are read from the store as soon as the database finds some of them
AS_SOON = 3  # where more are searched, so many are read as soon as one is found
ROOM = 4  # times as many as wanted are asked for
LEAST = 400  # so many are asked for in any case
MOST = 20_000  # if it would take so many to find enough that a filter leaves, what it leaves is read instead
READ = 8_192  # vectors read from the store at once
CLOSE = 3  # up to so many rows are read for each that is wanted, rather than looked for one by one


@dataclass(frozen=True, slots=True)
class RemoteDense:
    """One state of the vectors by `model`, of which `store` has each and `vectors` finds some."""

    dimension: int
    model: int
    store: Store
    vectors: SharedVectors
    keys: Keys
    alive: Mask

    def __len__(self) -> int:
        return int(np.count_nonzero(self.alive))

    def changed(self, added: Iterable[tuple[Keys, Vectors]], removed: Sequence[int] = ()) -> RemoteDense:
        """As `by_meaning.Dense` says; the vectors are looked for in the store when they are needed."""
        keys = np.concatenate([self.keys, *(chunk for chunk, _ in added)])
        alive = np.concatenate([self.alive, np.ones(len(keys) - len(self.alive), np.bool_)])
        alive[rows_of(self.keys, removed)] = False
        if 2 * np.count_nonzero(alive) < len(alive):
            keys, alive = keys[alive], alive[alive]
        return replace(self, keys=keys, alive=alive)

    def search(self, vector: Vector, limit: int, allowed: Mask | None = None) -> list[tuple[int, float]]:
        """The nearest passages as (key, cosine), best first; `allowed` masks rows out (filters)."""
        query = np.ascontiguousarray(vector, np.float32)
        keys, cosines = self._ranked(query, limit, self._near(query, limit, self._seen(allowed)))
        return list(zip(keys.tolist(), cosines.tolist(), strict=True))

    def _seen(self, allowed: Mask | None) -> Mask:
        return self.alive if allowed is None else self.alive & allowed

    def _near(self, query: Vector, limit: int, seen: Mask) -> Keys:
        """Keys of what is seen, among which the nearest are."""
        count = int(np.count_nonzero(seen))
        wanted = min(max(ROOM * limit, LEAST), count)
        first = int(np.ceil(wanted * len(seen) / max(count, 1)))
        if count <= max(FEW, AS_SOON * first) or first > MOST:
            return self.keys[seen]

        def kept(keys: np.ndarray) -> np.ndarray:
            rows = rows_of(self.keys, keys)
            return rows[seen[rows]]

        enough = (limit + wanted) // 2
        try:
            found = self.vectors.nearest(
                self.store.identity, self.model, query, first, lambda keys: len(kept(keys)) >= enough
            )
        except DatabaseUnavailable:
            return self.keys[seen]
        late = int(np.searchsorted(self.keys, found.up_to, side="right"))
        rows = kept(found.keys)
        rows = rows[rows < late]
        if len(rows) < min(limit, int(np.count_nonzero(seen[:late]))):
            return self.keys[seen]  # the filter leaves so little of what is near that the search gave up
        return np.concatenate([self.keys[rows], self.keys[late:][seen[late:]]])

    def _ranked(self, query: Vector, limit: int, among: Keys) -> tuple[Keys, np.ndarray]:
        """The best of some passages, and their cosines."""
        keys, cosines = np.empty(0, np.int64), np.empty(0, np.float32)
        for found, vectors in stored_vectors(self.store, among, self.dimension):
            keys = np.concatenate([keys, found])
            # (as in `segments.Segment.cosines`)
            cosines = np.concatenate([cosines, np.einsum("rd,d->r", vectors.astype(np.float32), query)])
            best = np.lexsort((keys, -cosines))[:limit]
            keys, cosines = keys[best], cosines[best]
        return keys, cosines


def stored_vectors(store: Store, keys: Keys, dimension: int) -> Iterator[tuple[Keys, Vectors]]:
    """The vectors of passages as they are stored, in chunks, each with its keys in any order; damaged ones are left
    out."""
    for at in range(0, len(keys), READ):
        wanted = keys[at : at + READ]
        first, last = int(wanted[0]), int(wanted[-1])
        close = last - first < CLOSE * len(wanted)
        among = "BETWEEN ? AND ?" if close else "IN (SELECT value FROM json_each(?))"
        rows = store.connection().execute(
            f"SELECT key, vector FROM passage WHERE key {among} AND length(vector) = ?",
            (*((first, last) if close else (json.dumps(wanted.tolist()),)), 2 * dimension),
        )
        found, vectors = zip(*rows, strict=True) if (rows := rows.fetchall()) else ((), ())
        named = np.array(found, np.int64)
        there = np.isin(named, wanted)
        yield named[there], np.frombuffer(b"".join(vectors), "<f2").reshape(-1, dimension)[there]
