"""The vectors in FAISS: all of them are compared with a question; immutable snapshots.

FAISS cannot search an index safely while another thread changes it, and a question must see one
generation. So nothing is ever changed: a snapshot is a few FAISS segments (oldest and largest first) and a
mask of the rows that still live. A reload adds a segment with what is new and shares the rest; segments of
similar size are merged, as in a log-structured merge tree (O'Neil et al., 1996), so that there are never
more than about log2(n) of them and each vector is copied that often at most. A segment holds `MOST` vectors at
most: so no merge copies more than these, however many there are, and several processors can search one question.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

import numpy as np

from retrieval.index.by_meaning import Keys, Mask, rows_of
from retrieval.index.embed import Vector, Vectors
from retrieval.index.segments import FEW, MOST, Scanned, Segment


@cache
def _processors() -> ThreadPoolExecutor:
    """Threads that search segments beside each other: FAISS, which uses one for a question, lets others run."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="segments")


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
        return int(np.count_nonzero(self.alive))

    def changed(self, added: Iterable[tuple[Keys, Vectors]], removed: Sequence[int] = ()) -> DenseIndex:
        """The state after removing the keys `removed` and adding unit vectors, chunk by chunk.

        A chunk is (keys, vectors of shape (len(keys), dimension)); keys ascend and are all new.
        """
        keys = [self.keys]

        def vectors() -> Iterator[Vectors]:
            for chunk, given in added:
                keys.append(chunk)
                yield given

        segments = [*self.segments, *map(Segment.of, in_segments(vectors()))]
        all_keys = np.concatenate(keys)
        alive = np.concatenate([self.alive, np.ones(len(all_keys) - len(self.alive), np.bool_)])
        alive[rows_of(self.keys, removed)] = False
        return _compacted(self.dimension, segments, all_keys, alive)

    def search(self, vector: Vector, limit: int, allowed: Mask | None = None) -> list[tuple[int, float]]:
        """The nearest passages as (key, cosine), best first; `allowed` masks rows out (filters)."""
        mask = self.alive if allowed is None else self.alive & allowed
        query = np.ascontiguousarray(vector, np.float32)[None, :]
        bounds = list(pairwise(accumulate(map(len, self.segments), initial=0)))

        def scanned(number: int) -> Scanned:
            return self.segments[number].scan(query, limit, mask[slice(*bounds[number])])

        # What is small is searched sooner than another thread begins.
        large = [number for number, each in enumerate(self.segments) if len(each) > FEW]
        beside = large if len(large) > 1 else []
        waiting = [_processors().submit(scanned, number) for number in beside]
        found = {number: scanned(number) for number in range(len(bounds)) if number not in beside}
        found |= {number: each.result() for number, each in zip(beside, waiting, strict=True)}
        rows, cosines = self._ranked(query, limit, found, bounds)
        best = np.lexsort((rows, -cosines))[:limit]
        return list(zip(self.keys[rows[best]].tolist(), cosines[best].tolist(), strict=True))

    def _ranked(
        self, query: np.ndarray, limit: int, found: dict[int, Scanned], bounds: list[tuple[int, int]]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Rows and their cosines: of what was found roughly, as many as one segment gives, the best of all."""
        rough = {number: each.rough for number, each in enumerate(self.segments) if each.rough}
        scores = np.concatenate([np.empty(0, np.float32), *(found[number].scores for number in rough)])
        most = limit + max((each.more for each in rough.values()), default=0)
        least = np.partition(scores, -most)[-most] if len(scores) > most else -np.inf
        rows, cosines = [np.empty(0, np.int64)], [np.empty(0, np.float32)]
        for number, each in found.items():
            kept = each.rows[each.scores >= least] if number in rough else each.rows
            rows.append(bounds[number][0] + kept)
            cosines.append(self.segments[number].cosines(kept, query) if number in rough else each.scores)
        return np.concatenate(rows), np.concatenate(cosines)


def in_segments(chunks: Iterable[Vectors]) -> Iterator[Vectors]:
    """The vectors of all chunks, `MOST` at a time."""
    held: list[Vectors] = []
    for chunk in chunks:
        rest = chunk
        while sum(map(len, held)) + len(rest) >= MOST:
            room = MOST - sum(map(len, held))
            yield np.concatenate([*held, rest[:room]])
            held, rest = [], rest[room:]
        held.append(rest)
    if any(map(len, held)):
        yield np.concatenate(held)


def _compacted(dimension: int, segments: list[Segment], keys: Keys, alive: Mask) -> DenseIndex:
    """Merge segments of similar size from the young end, and rewrite a segment that is mostly dead."""
    bounds = np.cumsum([0, *map(len, segments)])
    live = [int(np.count_nonzero(alive[a:b])) for a, b in pairwise(bounds)]
    merged: list[Segment] = []
    kept = np.ones(len(keys), np.bool_)
    for first, last in pairwise([*_groups(live), len(segments)]):
        rows = slice(bounds[first], bounds[last])
        count = sum(live[first:last])
        if last - first == 1 and 2 * count >= len(segments[first]) > 0:
            merged.append(segments[first])
            continue
        kept[rows] = alive[rows]
        if count:
            parts = zip(segments[first:last], pairwise(bounds[first : last + 1]), strict=True)
            merged.append(Segment.of(np.concatenate([each.rows(alive[a:b]) for each, (a, b) in parts])))
    if not kept.all():
        keys, alive = keys[kept], alive[kept]
    return DenseIndex(dimension=dimension, segments=tuple(merged), keys=keys, alive=alive)


def _groups(live: Sequence[int]) -> list[int]:
    """Where groups of neighbouring segments begin that become one each, by how many live in each segment."""
    cuts: list[int] = []
    for at in range(len(live)):
        cuts.append(at)
        while len(cuts) > 1:
            before, here = sum(live[cuts[-2] : cuts[-1]]), sum(live[cuts[-1] : at + 1])
            if before > 2 * here or before + here > MOST:
                break
            cuts.pop()
    return cuts
