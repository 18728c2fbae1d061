"""The FAISS snapshots: exact, immutable, and cheap to change."""

from __future__ import annotations

import math
import threading

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index import dense
from retrieval.index.dense import DenseIndex
from retrieval.index.segments import DIRECTIONS, FEW, Scanned, Segment

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


def test_no_segment_holds_more_than_the_most_and_searching_stays_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "MOST", 100)
    random, index, held = np.random.default_rng(8), DenseIndex.empty(DIMENSION), {}
    for count in [*[7] * 30, 390, 1, 205, *[3] * 20]:
        first = max(held, default=0) + 1
        removed = [key for key in held if random.random() < 0.03]
        vectors = unit_vectors(count, first)
        index = index.changed([(np.arange(first, first + count), vectors)], removed)
        held = {key: held[key] for key in held if key not in set(removed)}
        held |= dict(zip(range(first, first + count), vectors, strict=True))
        assert max(map(len, index.segments)) <= 100
    query = unit_vectors(1, 9)[0].astype(np.float32)
    assert [key for key, _ in index.search(query, 300)] == brute_force(held, query, 300)
    assert len(index.segments) <= 2 * len(held) / 100 + math.log2(100)


def test_a_change_copies_no_more_vectors_in_a_large_index_than_in_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "MOST", 200)
    written: list[int] = []
    made = Segment.of
    monkeypatch.setattr(Segment, "of", lambda vectors: written.append(len(vectors)) or made(vectors))

    def copied(there: int) -> int:
        """Vectors written, at most, by one of a hundred changes of ten vectors each."""
        index = DenseIndex.empty(DIMENSION).changed([(np.arange(there), unit_vectors(there, 1))])
        most = 0
        for at in range(there, there + 1_000, 10):
            written.clear()
            index = index.changed([(np.arange(at, at + 10), unit_vectors(10, at))], removed=[at - there])
            most = max(most, sum(written))
        return most

    assert copied(20_000) <= copied(2_000) <= 10 + 2 * 200


def test_several_large_segments_are_searched_beside_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = unit_vectors(1_000, 11)
    together = DenseIndex.empty(DIMENSION).changed([(np.arange(1_000), vectors)], removed=[])
    monkeypatch.setattr(dense, "MOST", 300)
    monkeypatch.setattr(dense, "FEW", 50)
    searched: set[str] = set()
    scan = Segment.scan

    def noted(self: Segment, query: np.ndarray, limit: int, mask: np.ndarray) -> Scanned:
        searched.add(threading.current_thread().name)
        return scan(self, query, limit, mask)

    monkeypatch.setattr(Segment, "scan", noted)
    parts = DenseIndex.empty(DIMENSION).changed([(np.arange(1_000), vectors)])
    assert len(parts.segments) == 4
    odd = np.arange(1_000) % 2 == 1
    for allowed in (None, odd):
        assert parts.search(vectors[3].astype(np.float32), 40, allowed) == together.search(
            vectors[3].astype(np.float32), 40, allowed
        )
    assert any(name.startswith("segments") for name in searched)


def test_a_question_waits_for_no_team_of_threads() -> None:
    index = DenseIndex.empty(DIMENSION).changed([(np.arange(10), unit_vectors(10, 3))])
    faiss.omp_set_num_threads(4)
    index.search(np.ones(DIMENSION, np.float32), 3)
    assert faiss.omp_get_max_threads() == 1


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
    assert small.segments[0] is large.segments[0]


def test_many_small_changes_leave_few_shards_and_no_dead_weight() -> None:
    index = DenseIndex.empty(DIMENSION)
    for at in range(200):
        index = index.changed([(np.arange(at * 5, at * 5 + 5), unit_vectors(5, at))], removed=[at * 5 - 1])
    assert len(index) == 801
    assert len(index.segments) <= math.log2(1_000) + 1
    assert len(index.keys) <= 2 * len(index)


def clustered(count: int, dimension: int) -> np.ndarray:
    """Unit vectors in some hundred clusters, as those of news are."""
    random = np.random.default_rng(6)
    vectors = random.standard_normal((100, dimension))[random.integers(0, 100, count)] + random.standard_normal(
        (count, dimension)
    )
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)


def test_many_vectors_are_first_compared_roughly_and_nothing_is_missed() -> None:
    vectors = clustered(FEW + 4_000, 128)
    index = DenseIndex.empty(128).changed([(np.arange(len(vectors)), vectors)]).changed([], removed=[5])
    assert index.segments[0].rough is not None
    queries = clustered(30, 128).astype(np.float32)
    exact = queries @ vectors.astype(np.float32).T
    exact[:, 5] = -np.inf
    for query, scores in zip(queries, exact, strict=True):
        found = index.search(query, 100)
        # (of two that are as near but for rounding, either may come first)
        assert np.allclose([cosine for _, cosine in found], np.sort(scores)[::-1][:100], atol=1e-6)
        assert np.allclose(scores[[key for key, _ in found]], np.sort(scores)[::-1][:100], atol=1e-6)
    some = np.arange(len(vectors)) % 100 == 5
    assert {key % 100 for key, _ in index.search(queries[0], 1_000, some)} == {5}
    assert len(index.search(queries[0], 1_000, some)) == some.sum() - 1


@pytest.mark.parametrize(("dimension", "kept"), [(128, 128), (300, DIRECTIONS)])
def test_of_many_components_those_are_first_compared_that_tell_most(dimension: int, kept: int) -> None:
    vectors = clustered(FEW + 2_000, dimension)
    index = DenseIndex.empty(dimension).changed([(np.arange(len(vectors)), vectors)])
    assert index.segments[0].rough is not None
    assert index.segments[0].rough.directions.shape == (dimension, kept)
    queries = clustered(40, dimension).astype(np.float32)
    nearest = np.argsort(-queries @ vectors.astype(np.float32).T, axis=1)[:, :10]
    found = [[key for key, _ in index.search(query, 10)] for query in queries]
    same = [len({*right.tolist()} & {*each}) for right, each in zip(nearest, found, strict=True)]
    assert sum(same) >= 0.99 * 10 * len(queries)


def test_vectors_that_differ_in_all_directions_alike_are_compared_in_all() -> None:
    random = np.random.default_rng(12)
    vectors = random.standard_normal((FEW + 10, 300)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = DenseIndex.empty(300).changed([(np.arange(len(vectors)), vectors.astype(np.float16))])
    assert index.segments[0].rough is not None
    assert index.segments[0].rough.directions.shape == (300, 300)


def test_vectors_that_whole_numbers_would_tell_apart_no_more_are_compared_exactly() -> None:
    vectors = clustered(FEW + 10, 128).astype(np.float32) / 40
    vectors[:, 0] = 1.0  # one component of all is so large that there is no room for the others
    index = DenseIndex.empty(128).changed([(np.arange(len(vectors)), vectors.astype(np.float16))])
    assert index.segments[0].rough is None
    assert index.search(vectors[9], 1)[0][0] == 9


def test_an_empty_index_finds_nothing() -> None:
    assert DenseIndex.empty(DIMENSION).search(np.ones(DIMENSION, np.float32), 5) == []
