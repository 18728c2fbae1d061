"""Some vectors in FAISS that never change: in half precision, and as whole numbers of 8 bits.

Half precision is what ranks. But to compare with all in half precision takes four times as long as with their
components as whole numbers of 8 bits, which a processor multiplies by themselves. So these find somewhat more than is
wanted, and half precision ranks what they found: on real vectors the same passages with the same scores
(`benchmarks/sizes/`). Where a model's vectors are such that 8 bits would lose some, half precision does it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import faiss
import numpy as np

from retrieval.index.embed import Vectors

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

CHUNK = 16_384  # vectors widened to float32 at a time: bounds the extra memory to 25 MB
FEW = 16_384  # vectors that are compared in half precision at once: as quick, and simpler
MORE = 1.5  # times as many as wanted are found by 8 bits
SAMPLED, QUERIES = 4_096, 64  # so many of a segment's vectors are asked for their nearest, to see whether 8 bits do
MOST_MISSED = 0.002  # of these nearest

_EXACT, _ROUGH = faiss.ScalarQuantizer.QT_fp16, faiss.ScalarQuantizer.QT_8bit_direct_signed
_ZERO = 128  # what `_ROUGH` adds to a whole number before it is stored


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
    def of(cls, vectors: Vectors) -> Segment:
        """A segment of these vectors, shape (rows, dimension)."""
        exact = _holding(vectors.shape[1], _EXACT, [np.ascontiguousarray(vectors, "<f2")])
        return cls(exact) if len(vectors) <= FEW else _with_rough(exact)

    def rows(self, chosen: Mask) -> Vectors:
        """The vectors of these rows, as they were given; `chosen` has the length of the segment."""
        codes = faiss.rev_swig_ptr(self.exact.codes.data(), len(self) * self.exact.code_size)
        return codes.view("<f2").reshape(len(self), self.exact.d)[chosen]

    def search(self, query: np.ndarray, limit: int, mask: Mask) -> tuple[np.ndarray, np.ndarray]:
        """The rows nearest to a query of shape (1, dimension) among those of `mask`, and their cosines."""
        there = int(np.count_nonzero(mask))
        wanted = min(limit, there)
        if not there:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        selected = None if there == len(mask) else _only(mask)
        if self.rough is None:
            return _search(self.exact, query, wanted, selected)
        rows, _ = _search(self.rough, _whole_numbers(query, self.scale), min(int(MORE * limit), there), selected)
        cosines = self.exact.reconstruct_batch(rows) @ query[0]
        best = np.lexsort((rows, -cosines))[:wanted]
        return rows[best], cosines[best]


def _holding(dimension: int, kind: int, codes: Sequence[np.ndarray]) -> faiss.IndexScalarQuantizer:
    """An index of vectors that are given as it keeps them, for to widen and narrow them takes as long as to read them.

    Memory is taken once: what grows takes up to twice as much.
    """
    index = faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)
    for each in codes:
        index.add_sa_codes(each.view(np.uint8))  # pyright: ignore[reportCallIssue] (FAISS's Python layer counts them)
    return index


def _whole_numbers(vectors: np.ndarray, scale: float) -> np.ndarray:
    return np.clip(np.rint(vectors * scale), -128, 127).astype(np.float32)


def _rough(exact: faiss.IndexScalarQuantizer, rows: int, scale: float) -> faiss.IndexScalarQuantizer:
    """The first rows as whole numbers."""
    codes = np.empty((rows, exact.d), np.uint8)
    for at in range(0, rows, CHUNK):
        vectors = exact.reconstruct_n(at, min(CHUNK, rows - at))
        codes[at : at + CHUNK] = _whole_numbers(vectors, scale) + _ZERO
    return _holding(exact.d, _ROUGH, [codes])


def _with_rough(exact: faiss.IndexScalarQuantizer) -> Segment:
    """The segment with whole numbers as well, if they find what half precision finds: a sample tells."""
    chunks = [(at, min(CHUNK, exact.ntotal - at)) for at in range(0, exact.ntotal, CHUNK)]
    scale = 127 / max(float(np.abs(exact.reconstruct_n(*chunk)).max()) for chunk in chunks)
    sample = exact.reconstruct_n(0, SAMPLED)
    some = _holding(exact.d, _EXACT, [sample.astype("<f2")])
    tried, all_of_it = Segment(some, _rough(some, SAMPLED, scale), scale), np.ones(SAMPLED, np.bool_)
    missed = 0
    for query in sample[:: SAMPLED // QUERIES, None]:
        nearest, _ = _search(some, query, QUERIES)
        missed += QUERIES - len(np.intersect1d(nearest, tried.search(query, QUERIES, all_of_it)[0]))
    if missed > MOST_MISSED * QUERIES * QUERIES:
        return Segment(exact)
    return Segment(exact, _rough(exact, exact.ntotal, scale), scale)


def _only(mask: Mask) -> faiss.SearchParameters:
    # FAISS's Python layer adds these two constructors, which its generated stubs do not know; it also keeps the bits
    # alive as long as the parameters.
    selector = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))  # pyright: ignore[reportCallIssue]
    return faiss.SearchParameters(sel=selector)  # pyright: ignore[reportCallIssue]


def _search(
    index: faiss.IndexScalarQuantizer, query: np.ndarray, limit: int, selected: faiss.SearchParameters | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Rows and scores of the best `limit`, at least one and at most as many as are selected."""
    scores, rows = index.search(query, limit, params=selected)
    there = rows[0] >= 0
    return rows[0][there], scores[0][there]
