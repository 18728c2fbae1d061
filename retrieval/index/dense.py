"""The vectors in FAISS: exact search over half-precision vectors, as immutable snapshots.

FAISS cannot search an index safely while another thread changes it, and a question must see one
generation. So nothing is ever changed: a snapshot is a few FAISS shards (oldest and largest first) and a
mask of the rows that still live. A reload adds a shard with what is new and shares the rest; shards of
similar size are merged, as in a log-structured merge tree (O'Neil et al., 1996), so that there are never
more than about log2(n) of them and each vector is copied that often at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import faiss
import numpy as np

from retrieval.index.embed import Vector, Vectors

Keys = np.ndarray[tuple[int], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

CHUNK = 65_536  # vectors widened to float32 at a time while adding: bounds the extra memory to 100 MB


def _new_shard(dimension: int) -> faiss.IndexScalarQuantizer:
    return faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def _add(shard: faiss.IndexScalarQuantizer, vectors: np.ndarray) -> None:
    for at in range(0, len(vectors), CHUNK):
        shard.add(np.ascontiguousarray(vectors[at : at + CHUNK], np.float32))


@dataclass(frozen=True, slots=True)
class DenseIndex:
    """One state of the vectors. Rows are numbered through all shards; `keys[row]` is the passage's key."""

    dimension: int
    shards: tuple[faiss.IndexScalarQuantizer, ...]
    keys: Keys
    alive: Mask

    @classmethod
    def empty(cls, dimension: int) -> DenseIndex:
        """An index of nothing."""
        return cls(dimension=dimension, shards=(), keys=np.empty(0, np.int64), alive=np.empty(0, np.bool_))

    def __len__(self) -> int:
        return int(self.alive.sum())

    def changed(self, added: Iterable[tuple[Keys, Vectors]], removed: Sequence[int] = ()) -> DenseIndex:
        """The state after removing the keys `removed` and adding unit vectors, chunk by chunk.

        A chunk is (keys, vectors of shape (len(keys), dimension)); keys ascend and are all new.
        """
        alive = self.alive & ~np.isin(self.keys, np.array(removed, np.int64))
        shards = list(self.shards)
        keys = [self.keys]
        for chunk, vectors in added:
            if len(shards) == len(self.shards):
                shards.append(_new_shard(self.dimension))
            _add(shards[-1], vectors)
            keys.append(chunk)
        all_keys = np.concatenate(keys)
        alive = np.concatenate([alive, np.ones(len(all_keys) - len(alive), np.bool_)])
        return _compacted(self.dimension, shards, all_keys, alive)

    def search(self, vector: Vector, limit: int, allowed: Mask | None = None) -> list[tuple[int, float]]:
        """The nearest passages as (key, cosine), best first; `allowed` masks rows out (filters)."""
        mask = self.alive if allowed is None else self.alive & allowed
        found: list[tuple[int, float]] = []
        query = np.ascontiguousarray(vector, np.float32)[None, :]
        start = 0
        for shard in self.shards:
            part = mask[start : start + shard.ntotal]
            found += [(start + row, cosine) for row, cosine in _search_shard(shard, query, limit, part)]
            start += shard.ntotal
        found.sort(key=lambda pair: (-pair[1], pair[0]))
        return [(int(self.keys[row]), cosine) for row, cosine in found[:limit]]


def _search_shard(
    shard: faiss.IndexScalarQuantizer, query: np.ndarray, limit: int, mask: Mask
) -> list[tuple[int, float]]:
    wanted = min(limit, int(mask.sum()))
    if not wanted:
        return []
    params = None
    if wanted < shard.ntotal and not mask.all():
        # FAISS's Python layer adds these two constructors, which its generated stubs do not know; it also
        # keeps the bits alive as long as the parameters.
        selector = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))  # pyright: ignore[reportCallIssue]
        params = faiss.SearchParameters(sel=selector)  # pyright: ignore[reportCallIssue]
    scores, rows = shard.search(query, wanted, params=params)
    return [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]


def _compacted(dimension: int, shards: list[faiss.IndexScalarQuantizer], keys: Keys, alive: Mask) -> DenseIndex:
    """Merge shards of similar size from the young end, and rewrite a shard that is mostly dead."""
    bounds = np.cumsum([0, *(shard.ntotal for shard in shards)])
    live = [int(alive[a:b].sum()) for a, b in pairwise(bounds)]
    # The groups of neighbouring shards that become one each: `cuts` are where groups begin.
    cuts: list[int] = []
    for at in range(len(shards)):
        cuts.append(at)
        while len(cuts) > 1 and sum(live[cuts[-2] : cuts[-1]]) <= 2 * sum(live[cuts[-1] : at + 1]):
            cuts.pop()
    merged: list[faiss.IndexScalarQuantizer] = []
    kept = np.ones(len(keys), np.bool_)
    for first, last in pairwise([*cuts, len(shards)]):
        rows = slice(bounds[first], bounds[last])
        count = sum(live[first:last])
        if last - first == 1 and 2 * count >= shards[first].ntotal > 0:
            merged.append(shards[first])
            continue
        kept[rows] = alive[rows]
        if count:
            merged.append(_merge(dimension, shards[first:last], alive[rows]))
    return DenseIndex(dimension=dimension, shards=tuple(merged), keys=keys[kept], alive=alive[kept])


def _merge(dimension: int, shards: list[faiss.IndexScalarQuantizer], alive: Mask) -> faiss.IndexScalarQuantizer:
    """One shard of the living rows; half precision survives the round trip through float32 unchanged."""
    merged = _new_shard(dimension)
    start = 0
    for shard in shards:
        for at in range(0, shard.ntotal, CHUNK):
            count = min(CHUNK, shard.ntotal - at)
            vectors = shard.reconstruct_n(at, count)
            _add(merged, vectors[alive[start + at : start + at + count]])
        start += shard.ntotal
    return merged
