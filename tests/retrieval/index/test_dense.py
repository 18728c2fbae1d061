"""The FAISS snapshots: exact, immutable, and cheap to change."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.dense import DenseIndex

DIMENSION = 16


def unit_vectors(count: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)


def brute_force(held: dict[int, np.ndarray], query: np.ndarray, limit: int) -> list[int]:
    scores = {key: float(vector.astype(np.float32) @ query) for key, vector in held.items()}
    return sorted(scores, key=lambda key: -scores[key])[:limit]


changes = st.lists(st.tuples(st.integers(0, 40), st.floats(0, 1)), min_size=1, max_size=12)


@given(changes, st.integers(1, 12), st.integers(0, 999))
def test_search_is_exact_through_any_history(history: list[tuple[int, float]], limit: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    index, held, next_key = DenseIndex.empty(DIMENSION), {}, 1
    for count, share in history:
        removed = [key for key in held if random.random() < share]
        keys = np.arange(next_key, next_key + count)
        vectors = unit_vectors(count, seed + next_key)
        index = index.changed([(keys, vectors)] if count else [], removed)
        for key in removed:
            del held[key]
        held.update(zip(keys.tolist(), vectors, strict=True))
        next_key += count
    query = unit_vectors(1, seed + 5_000)[0].astype(np.float32)
    assert len(index) == len(held)
    assert [key for key, _ in index.search(query, limit)] == brute_force(held, query, limit)


def test_an_earlier_snapshot_does_not_change() -> None:
    vectors = unit_vectors(50, 1)
    before = DenseIndex.empty(DIMENSION).changed([(np.arange(50), vectors)])
    query = vectors[7].astype(np.float32)
    found = before.search(query, 5)
    before.changed([(np.arange(50, 60), unit_vectors(10, 2))], removed=[7])
    assert before.search(query, 5) == found
    assert found[0][0] == 7


def test_a_mask_hides_rows() -> None:
    index = DenseIndex.empty(DIMENSION).changed([(np.arange(10), unit_vectors(10, 3))])
    odd = np.arange(10) % 2 == 1
    found = index.search(np.ones(DIMENSION, np.float32), 10, odd)
    assert sorted(key for key, _ in found) == [1, 3, 5, 7, 9]
    assert index.search(np.ones(DIMENSION, np.float32), 10, np.zeros(10, np.bool_)) == []


def test_a_small_change_shares_the_large_shard() -> None:
    large = DenseIndex.empty(DIMENSION).changed([(np.arange(1_000), unit_vectors(1_000, 4))])
    small = large.changed([(np.arange(1_000, 1_010), unit_vectors(10, 5))], removed=[3])
    assert small.shards[0] is large.shards[0]


def test_many_small_changes_leave_few_shards_and_no_dead_weight() -> None:
    index = DenseIndex.empty(DIMENSION)
    for at in range(200):
        index = index.changed([(np.arange(at * 5, at * 5 + 5), unit_vectors(5, at))], removed=[at * 5 - 1])
    assert len(index) == 801
    assert len(index.shards) <= math.log2(1_000) + 1
    assert len(index.keys) <= 2 * len(index)


def test_an_empty_index_finds_nothing() -> None:
    assert DenseIndex.empty(DIMENSION).search(np.ones(DIMENSION, np.float32), 5) == []
