"""Whether two texts are the same report: word for word, or slightly edited.

Each text is reduced to a MinHash signature (Broder, 1997) of its runs of four words. The signature is cut into
bands (locality-sensitive hashing; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", ch. 3), so that
near-identical texts share a band and are found by an index lookup. The bands are kept in the store, beside the
articles.

The signatures are those of datasketch 2, of which stores have bands: it is done without here because it imports half of
scipy for an index that is not needed, half a second and 56 MB of each process that takes anything in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache, lru_cache

import numpy as np

SHINGLE_WORDS = 4
BANDS, ROWS = 25, 5  # finds 99% of the pairs with a similarity of 0.7, and 95% of those with 0.65
SAME_REPORT = 0.65  # the share of their runs of words that two copies of one report have in common, at least
SHORTEST = 40  # words; a text below that is too short for its runs of words to tell anything

_WORD = re.compile(r"\w+")


def shingles(text: str) -> frozenset[str]:
    """The runs of four words of a text, without case and punctuation; none when it is too short to tell."""
    words = _WORD.findall(text.casefold())
    if len(words) < SHORTEST:
        return frozenset()
    return frozenset(" ".join(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1))


@lru_cache(4)
def bands(text: str) -> list[int]:
    """The `BANDS` numbers (signed, 64 bits) by which a text is looked up; none when it is too short to tell.

    Remembered for a moment: what was looked up as new is written right after. The list is not to be changed.
    """
    runs = shingles(text)
    if not runs:
        return []
    rows = _signature(runs).astype("<u4").reshape(BANDS, ROWS)
    # A band's place is part of its number, or the third band of one text would meet the fifth of another.
    return [_hash64(number, row) for number, row in enumerate(rows)]


def _signature(runs: Iterable[str]) -> np.ndarray:
    """The least of the runs' hashes under each of `BANDS * ROWS` permutations; uint32."""
    hashes = np.frombuffer(b"".join([hashlib.sha1(run.encode()).digest()[:4] for run in runs]), "<u4")  # noqa: S324
    # The last step of MurmurHash3 (Appleby) mixes them well enough for permutations as simple as these.
    hashes = (hashes ^ (hashes >> 16)) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ (hashes >> 13)) * np.uint32(0xC2B2AE35)
    hashes ^= hashes >> 16
    odd, added = _permutations()
    return (hashes[:, None] * odd + added).min(axis=0)


@cache
def _permutations() -> tuple[np.ndarray, np.ndarray]:
    """The same in every process and for ever, or stored bands would be in vain: h to odd * h + added, modulo 2**32."""
    drawn = np.random.RandomState(1)  # whose stream NumPy keeps as it is, which it does not promise of newer ones
    odd = 2 * drawn.randint(0, 2**31, BANDS * ROWS, np.uint32) + np.uint32(1)
    return odd, drawn.randint(0, 2**32, BANDS * ROWS, np.uint32)


def _hash64(number: int, row: np.ndarray) -> int:
    digest = hashlib.blake2b(number.to_bytes(1, "little") + row.tobytes(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def same_report(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts, given as their shingles, are copies of one report (Jaccard similarity)."""
    together = len(one | other)
    return together > 0 and len(one & other) >= SAME_REPORT * together
