"""What finds passages by the meaning of a question: `Dense`. Which one does, `loading.nothing_yet` decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import numpy as np

from retrieval.index.embed import Vector, Vectors
from retrieval.index.store import Generation

Keys = np.ndarray[tuple[int], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Dense(Protocol):
    """One state of the vectors, which never changes. Safe to use from many threads."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        ...

    @property
    def keys(self) -> Keys:
        """The keys of the passages, row by row; they ascend."""
        ...

    @property
    def alive(self) -> Mask:
        """Which of the rows are held; the others are gone."""
        ...

    def __len__(self) -> int:
        """How many rows are alive."""
        ...

    def changed(self, added: Iterable[tuple[Keys, Vectors]], removed: Sequence[int] = ()) -> Dense:
        """The state after removing the keys `removed` and adding unit vectors, chunk by chunk.

        A chunk is (keys, vectors of shape (len(keys), dimension)); keys ascend and are all new.
        """
        ...

    def search(self, vector: Vector, limit: int, allowed: Mask | None = None) -> list[tuple[int, float]]:
        """The nearest passages as (key, cosine), best first; `allowed` masks rows out (filters)."""
        ...


Nothing = Callable[[Generation], Dense]
"""The state of no vectors, for the model of a generation."""


def rows_of(keys: Keys, wanted: Sequence[int] | np.ndarray) -> np.ndarray:
    """In which rows those of the keys, which ascend, stand that are there; each once, ascending."""
    found = np.unique(np.array(wanted, np.int64))
    rows = np.searchsorted(keys, found)
    there = rows < len(keys)
    return rows[there][keys[rows[there]] == found[there]]
