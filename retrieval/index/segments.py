"""Some vectors in FAISS that never change: in half precision, and as a few whole numbers of 8 bits.

Half precision is what ranks. But to compare with all in half precision takes as long as it takes to read them all. So
vectors are turned to the directions in which they differ most (their principal components), and of the first
`DIRECTIONS` their length is kept as whole numbers of 8 bits, which a processor multiplies by themselves: a sixth of the
memory. These find several times as many as are wanted, and half precision ranks what they found: on real vectors the
same passages with the same scores, but for one in a thousand of the last of 200 (`benchmarks/sizes/`). Where a model's
vectors are such that this would lose some, whole numbers of all components do it, or half precision alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import faiss
import numpy as np

from retrieval.index.by_meaning import Mask
from retrieval.index.embed import Vectors

CHUNK = 16_384  # vectors widened to float32 at a time: bounds the extra memory to 25 MB
FEW = 16_384  # vectors that are compared in half precision at once: as quick, and simpler
MOST = 131_072  # vectors of a segment: 120 MB, which are merged in about half a second
DIRECTIONS = 128
MORE_BY_SOME, MORE_BY_ALL = 1_000, 100  # so many more than wanted are found by `DIRECTIONS`, and by all components
SAMPLED, QUERIES, NEAREST = 4_096, 128, 8  # so many of a segment's vectors are asked for so many nearest of these
MOST_MISSED = 0.005  # of what is nearest

_EXACT, _ROUGH = faiss.ScalarQuantizer.QT_fp16, faiss.ScalarQuantizer.QT_8bit_direct_signed
_ZERO = 128  # what `_ROUGH` adds to a whole number before it is stored


@dataclass(frozen=True, slots=True)
class Rough:
    """Vectors as whole numbers of 8 bits: of `directions`, shape (dimension, kept), their lengths times `scale`.

    So many `more` than wanted are found by them.
    """

    index: faiss.IndexScalarQuantizer
    directions: np.ndarray
    scale: float
    more: int

    def numbers(self, query: np.ndarray) -> np.ndarray:
        """A query of shape (1, dimension), as whole numbers; those that are too large are as large as can be."""
        return _whole_numbers(np.einsum("rd,dk->rk", query, self.directions), self.scale)


@dataclass(frozen=True, slots=True)
class Scanned:
    """Rows, and their cosines, or, where whole numbers found them, roughly those; best first."""

    rows: np.ndarray
    scores: np.ndarray


@dataclass(frozen=True, slots=True)
class Segment:
    """Some vectors in half precision (`exact`), and as whole numbers (`rough`), where there are many and these do."""

    exact: faiss.IndexScalarQuantizer
    rough: Rough | None = None

    def __len__(self) -> int:
        return self.exact.ntotal

    @classmethod
    def of(cls, vectors: Vectors) -> Segment:
        """A segment of these vectors, shape (rows, dimension)."""
        exact = _holding(vectors.shape[1], _EXACT, [np.ascontiguousarray(vectors, "<f2")])
        return cls(exact) if len(vectors) <= FEW else _with_rough(exact)

    def rows(self, chosen: Mask | np.ndarray | slice) -> Vectors:
        """The vectors of these rows, as they were given."""
        codes = faiss.rev_swig_ptr(self.exact.codes.data(), len(self) * self.exact.code_size)
        return codes.view("<f2").reshape(len(self), self.exact.d)[chosen]

    def scan(self, query: np.ndarray, limit: int, mask: Mask) -> Scanned:
        """Those that are compared first: of the rows of `mask`, with which are the nearest to a query (1, dimension).

        Which are these, `cosines` of them tell, where there are `rough` ones.
        """
        there = int(np.count_nonzero(mask))
        if not there:
            return Scanned(np.empty(0, np.int64), np.empty(0, np.float32))
        selected = None if there == len(mask) else _only(mask)
        if self.rough is None:
            return Scanned(*_search(self.exact, query, min(limit, there), selected))
        wanted = min(limit + self.rough.more, there)
        rows, products = _search(self.rough.index, self.rough.numbers(query), wanted, selected)
        return Scanned(rows, products / self.rough.scale**2)

    def cosines(self, rows: np.ndarray, query: np.ndarray) -> np.ndarray:
        """The cosines of some rows with a query of shape (1, dimension), by half precision."""
        # (`@` has BLAS share so little out among threads, which takes longer where they have other work)
        return np.einsum("rd,d->r", self.rows(rows).astype(np.float32), query[0])


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


def _with_rough(exact: faiss.IndexScalarQuantizer) -> Segment:
    """The segment with whole numbers as well, if they find what half precision finds: a sample tells."""
    sample = Segment(exact).rows(slice(0, None, exact.ntotal // SAMPLED))[:SAMPLED]
    some, wide = Segment(_holding(exact.d, _EXACT, [sample.copy()])), sample.astype(np.float32)
    for directions, more in ((_principal(wide), MORE_BY_SOME), (np.eye(exact.d, dtype=np.float32), MORE_BY_ALL)):
        tried = _rough(some.exact, directions, more * SAMPLED // MOST)  # as large a share as of a whole segment
        if _missed(some, replace(some, rough=tried), wide) <= MOST_MISSED:
            return Segment(exact, _rough(exact, directions, more))
    return Segment(exact)


def _principal(vectors: np.ndarray) -> np.ndarray:
    """The directions in which vectors differ most, at most `DIRECTIONS`, shape (dimension, directions); float32."""
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(directions[:, ::-1][:, :DIRECTIONS], np.float32)


def _rough(exact: faiss.IndexScalarQuantizer, directions: np.ndarray, more: int) -> Rough:
    """All vectors as whole numbers, the largest of which uses all of the 8 bits."""
    chunks = [(at, min(CHUNK, exact.ntotal - at)) for at in range(0, exact.ntotal, CHUNK)]
    lengths = [exact.reconstruct_n(*chunk) @ directions for chunk in chunks]
    scale = 127 / max(float(np.abs(each).max()) for each in lengths)
    codes = np.concatenate([(_whole_numbers(each, scale) + _ZERO).astype(np.uint8) for each in lengths])
    return Rough(index=_holding(codes.shape[1], _ROUGH, [codes]), directions=directions, scale=scale, more=more)


def _missed(exact: Segment, tried: Segment, vectors: np.ndarray) -> float:
    """Of what is nearest to some of a sample's vectors, the share that is not found."""
    all_of_it, missed = np.ones(len(exact), np.bool_), 0
    for query in vectors[:: len(vectors) // QUERIES, None][:QUERIES]:
        nearest, found = exact.scan(query, NEAREST, all_of_it).rows, tried.scan(query, NEAREST, all_of_it).rows
        missed += len(np.setdiff1d(nearest, found))
    return missed / (QUERIES * NEAREST)


def _only(mask: Mask) -> faiss.SearchParameters:
    # FAISS's Python layer adds these two constructors, which its generated stubs do not know; it also keeps the bits
    # alive as long as the parameters.
    selector = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))  # pyright: ignore[reportCallIssue]
    return faiss.SearchParameters(sel=selector)  # pyright: ignore[reportCallIssue]


def _search(
    index: faiss.IndexScalarQuantizer, query: np.ndarray, limit: int, selected: faiss.SearchParameters | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Rows and scores of the best `limit`, at least one and at most as many as are selected."""
    # FAISS has a team of threads begin and end each search, though one question keeps one of them busy: where
    # processors have other work, to wait for them takes four times as long as to search. (Each thread sets its own.)
    faiss.omp_set_num_threads(1)
    scores, rows = index.search(query, limit, params=selected)
    there = rows[0] >= 0
    return rows[0][there], scores[0][there]
