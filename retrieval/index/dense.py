"""The vectors in FAISS: all of them are compared with a question, first roughly and then exactly; immutable snapshots.

Half precision is what ranks. But to compare with all in half precision takes four times as long as with their
components as whole numbers of 8 bits, which a processor multiplies by themselves. So these find somewhat more than is
wanted, and half precision ranks what they found: on real vectors the same passages with the same scores
(`benchmarks/vectors.py`). Where a model's vectors are such that 8 bits would lose some, half precision does it alone.

FAISS cannot search an index safely while another thread changes it, and a question must see one
generation. So nothing is ever changed: a snapshot is a few FAISS segments (oldest and largest first) and a
mask of the rows that still live. A reload adds a segment with what is new and shares the rest; segments of
similar size are merged, as in a log-structured merge tree (O'Neil et al., 1996), so that there are never
more than about log2(n) of them and each vector is copied that often at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import faiss
import numpy as np

from retrieval.index.embed import Vector, Vectors

Keys = np.ndarray[tuple[int], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

CHUNK = 16_384  # vectors widened to float32 at a time while adding: bounds the extra memory to 25 MB
FEW = 16_384  # vectors that are compared in half precision at once: as quick, and simpler
MORE = 1.5  # times as many as wanted are found by 8 bits
SAMPLED, QUERIES = 4_096, 64  # so many of a segment's vectors are asked for their nearest, to see whether 8 bits do
MOST_MISSED = 0.002  # of these nearest


_EXACT, _ROUGH = faiss.ScalarQuantizer.QT_fp16, faiss.ScalarQuantizer.QT_8bit_direct_signed


def _filled(dimension: int, kind: int, vectors: Iterable[np.ndarray]) -> faiss.IndexScalarQuantizer:
    index = faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)
    for chunk in vectors:
        for at in range(0, len(chunk), CHUNK):
            index.add(np.ascontiguousarray(chunk[at : at + CHUNK], np.float32))
    return index


@dataclass(frozen=True, slots=True)
class Segment:
    """Some vectors in half precision (`exact`), and as whole numbers of 8 bits (`rough`), multiplied by `scale`.

    `rough` is None where there are few, or where it would find others.
    """

    exact: faiss.IndexScalarQuantizer
    rough: faiss.IndexScalarQuantizer | None = None
    scale: float = 0.0

    def __len__(self) -> int:
        return self.exact.ntotal

    @classmethod
    def of(cls, dimension: int, vectors: Iterable[np.ndarray]) -> Segment:
        """A segment of these vectors, given chunk by chunk."""
        exact = _filled(dimension, _EXACT, vectors)
        return cls(exact) if exact.ntotal <= FEW else _with_rough(exact)

    def search(self, query: np.ndarray, limit: int, mask: Mask) -> tuple[np.ndarray, np.ndarray]:
        """The rows nearest to a query of shape (1, dimension) among those of `mask`, and their cosines."""
        wanted = min(limit, int(mask.sum()))
        if self.rough is None:
            return _search(self.exact, query, wanted, mask)
        found = min(int(MORE * limit), int(mask.sum()))
        rows, _ = _search(self.rough, _whole_numbers(query, self.scale), found, mask)
        cosines = self.exact.reconstruct_batch(rows) @ query[0]
        best = np.lexsort((rows, -cosines))[:wanted]
        return rows[best], cosines[best]


def _whole_numbers(vectors: np.ndarray, scale: float) -> np.ndarray:
    return np.clip(np.rint(vectors * scale), -128, 127).astype(np.float32)


def _with_rough(exact: faiss.IndexScalarQuantizer) -> Segment:
    """The segment with whole numbers as well, if they find what half precision finds: a sample tells."""
    chunks = [(at, min(CHUNK, exact.ntotal - at)) for at in range(0, exact.ntotal, CHUNK)]
    scale = 127 / max(float(np.abs(exact.reconstruct_n(*chunk)).max()) for chunk in chunks)
    sample, all_of_it = exact.reconstruct_n(0, SAMPLED), np.ones(SAMPLED, np.bool_)
    tried = Segment(
        _filled(exact.d, _EXACT, [sample]), _filled(exact.d, _ROUGH, [_whole_numbers(sample, scale)]), scale
    )
    missed = 0
    for query in sample[:: SAMPLED // QUERIES, None]:
        nearest, _ = _search(tried.exact, query, QUERIES, all_of_it)
        missed += QUERIES - len(np.intersect1d(nearest, tried.search(query, QUERIES, all_of_it)[0]))
    if missed > MOST_MISSED * QUERIES * QUERIES:
        return Segment(exact)
    return Segment(
        exact, _filled(exact.d, _ROUGH, (_whole_numbers(exact.reconstruct_n(*each), scale) for each in chunks)), scale
    )


def _search(
    index: faiss.IndexScalarQuantizer, query: np.ndarray, limit: int, mask: Mask
) -> tuple[np.ndarray, np.ndarray]:
    """Rows and scores of the best `limit`, at least one and at most as many as `mask` lets through."""
    params = None
    if not mask.all():
        # FAISS's Python layer adds these two constructors, which its generated stubs do not know; it also
        # keeps the bits alive as long as the parameters.
        selector = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))  # pyright: ignore[reportCallIssue]
        params = faiss.SearchParameters(sel=selector)  # pyright: ignore[reportCallIssue]
    scores, rows = index.search(query, limit, params=params)
    there = rows[0] >= 0
    return rows[0][there], scores[0][there]


@dataclass(frozen=True, slots=True)
class DenseIndex:
    """One state of the vectors. Rows are numbered through all segments; `keys[row]` is the passage's key."""

    dimension: int
    segments: tuple[Segment, ...]
    keys: Keys
    alive: Mask

    @classmethod
    def empty(cls, dimension: int) -> DenseIndex:
        """An index of nothing."""
        return cls(dimension=dimension, segments=(), keys=np.empty(0, np.int64), alive=np.empty(0, np.bool_))

    def __len__(self) -> int:
        return int(self.alive.sum())

    def changed(self, added: Iterable[tuple[Keys, Vectors]], removed: Sequence[int] = ()) -> DenseIndex:
        """The state after removing the keys `removed` and adding unit vectors, chunk by chunk.

        A chunk is (keys, vectors of shape (len(keys), dimension)); keys ascend and are all new.
        """
        alive = self.alive & ~np.isin(self.keys, np.array(removed, np.int64))
        keys = [self.keys]

        def vectors() -> Iterator[np.ndarray]:
            for chunk, given in added:
                keys.append(chunk)
                yield given

        new = Segment.of(self.dimension, vectors())
        segments = [*self.segments, new] if len(new) else [*self.segments]
        all_keys = np.concatenate(keys)
        alive = np.concatenate([alive, np.ones(len(all_keys) - len(alive), np.bool_)])
        return _compacted(self.dimension, segments, all_keys, alive)

    def search(self, vector: Vector, limit: int, allowed: Mask | None = None) -> list[tuple[int, float]]:
        """The nearest passages as (key, cosine), best first; `allowed` masks rows out (filters)."""
        mask = self.alive if allowed is None else self.alive & allowed
        query = np.ascontiguousarray(vector, np.float32)[None, :]
        rows, cosines = [np.empty(0, np.int64)], [np.empty(0, np.float32)]
        start = 0
        for segment in self.segments:
            part = mask[start : start + len(segment)]
            if part.any():
                found, scores = segment.search(query, limit, part)
                rows.append(start + found)
                cosines.append(scores)
            start += len(segment)
        every, scored = np.concatenate(rows), np.concatenate(cosines)
        best = np.lexsort((every, -scored))[:limit]
        return list(zip(self.keys[every[best]].tolist(), scored[best].tolist(), strict=True))


def _compacted(dimension: int, segments: list[Segment], keys: Keys, alive: Mask) -> DenseIndex:
    """Merge segments of similar size from the young end, and rewrite a segment that is mostly dead."""
    bounds = np.cumsum([0, *map(len, segments)])
    live = [int(alive[a:b].sum()) for a, b in pairwise(bounds)]
    # The groups of neighbouring segments that become one each: `cuts` are where groups begin.
    cuts: list[int] = []
    for at in range(len(segments)):
        cuts.append(at)
        while len(cuts) > 1 and sum(live[cuts[-2] : cuts[-1]]) <= 2 * sum(live[cuts[-1] : at + 1]):
            cuts.pop()
    merged: list[Segment] = []
    kept = np.ones(len(keys), np.bool_)
    for first, last in pairwise([*cuts, len(segments)]):
        rows = slice(bounds[first], bounds[last])
        count = sum(live[first:last])
        if last - first == 1 and 2 * count >= len(segments[first]) > 0:
            merged.append(segments[first])
            continue
        kept[rows] = alive[rows]
        if count:
            merged.append(_merge(dimension, segments[first:last], alive[rows]))
    return DenseIndex(dimension=dimension, segments=tuple(merged), keys=keys[kept], alive=alive[kept])


def _merge(dimension: int, segments: list[Segment], alive: Mask) -> Segment:
    """One segment of the living rows; half precision survives the round trip through float32 unchanged."""

    def living() -> Iterator[np.ndarray]:
        start = 0
        for segment in segments:
            for at in range(0, len(segment), CHUNK):
                count = min(CHUNK, len(segment) - at)
                yield segment.exact.reconstruct_n(at, count)[alive[start + at : start + at + count]]
            start += len(segment)

    return Segment.of(dimension, living())
