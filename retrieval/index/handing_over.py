"""What a generation holds is handed over to the database that finds passages by their vectors (`dense_remote.py`).

Passages of a later generation have later keys, so what is to be handed over is what comes after the last key that was;
whatever broke off before is made up for by that, too. What died is taken back some generations later, when nobody
answers from one that had it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from retrieval.index.sight import LIVE
from retrieval.index.since import can_tell_since
from retrieval.index.store import Generation, Store

if TYPE_CHECKING:
    from retrieval.index.by_meaning import Keys
    from retrieval.index.embed import Vectors
    from retrieval.replicas.vectors import Held, SharedVectors, Writing

KEPT = 50
"""For so many generations what died is kept."""
READ = 4_096  # vectors read and written at a time


def hand_over(store: Store, vectors: SharedVectors, most: int) -> bool:
    """Hand over what was not yet, of the newest generation; whether more than `most` passages are left to be.

    The caller is the only one who may change articles, and `store` is at the head of what it follows. Raises
    `DatabaseUnavailable`, and `StoreUnavailable` if the database cannot hold vectors.
    """
    generation = store.generation()
    if generation.model_key is None:
        return False
    vectors.prepare()
    with vectors.writing() as writing:
        held = writing.held()
        if held is None or not _goes_on(store, held, generation):
            until = max(generation.number - KEPT, 0)
            held = writing.begin(store.identity, generation.model_key, generation.dimension, until)
        key, left = held.key, most
        for keys, rows in _later(store, generation, key, most):
            writing.add(keys, rows)
            key, left = int(keys[-1]), left - len(keys)
        swept = _take_back(store, writing, held, generation)
        writing.keep(
            replace(held, generation=generation.number, committed=str(generation.committed), key=key, swept=swept)
        )
    return left <= 0


def _goes_on(store: Store, held: Held, generation: Generation) -> bool:
    """Whether what is held is of an earlier generation of this very store, by the same model."""
    same = (held.store, held.model, held.dimension) == (store.identity, generation.model_key, generation.dimension)
    before = store.earlier(held.generation)
    return same and before is not None and str(before.committed) == held.committed


def _later(store: Store, generation: Generation, key: int, most: int) -> Iterator[tuple[Keys, Vectors]]:
    """The passages of a generation after `key`, at most so many, in chunks by ascending key."""
    rows = store.connection().execute(
        "SELECT p.key, p.vector FROM passage p CROSS JOIN article a ON a.key = p.article"
        f" WHERE {LIVE} AND p.key > :key AND p.model = :model AND length(p.vector) = :length"
        " ORDER BY p.key LIMIT :most",
        {
            "generation": generation.number,
            "key": key,
            "model": generation.model_key,
            "length": 2 * generation.dimension,
            "most": most,
        },
    )
    while chunk := rows.fetchmany(READ):
        keys, vectors = zip(*chunk, strict=True)
        yield np.array(keys, np.int64), np.frombuffer(b"".join(vectors), "<f2").reshape(-1, generation.dimension)


def _take_back(store: Store, writing: Writing, held: Held, generation: Generation) -> int:
    """Delete what nobody sees any more; up to which generation that is."""
    until = generation.number - KEPT
    if until <= held.swept:
        return held.swept
    rows = store.connection().execute(
        "SELECT p.key FROM article a JOIN passage p ON p.article = a.key WHERE a.died > :after AND a.died <= :until"
        " UNION SELECT key FROM dead WHERE kind = 'passage' AND died > :after AND died <= :until",
        {"after": held.swept, "until": until},
    )
    died = [key for (key,) in rows]
    if not can_tell_since(store, held.swept):
        there = store.connection().execute("SELECT key FROM passage WHERE model = ?", (generation.model_key,))
        died += np.setdiff1d(writing.keys(), np.array([key for (key,) in there], np.int64)).tolist()
    if died:
        writing.remove(died)
    return until
