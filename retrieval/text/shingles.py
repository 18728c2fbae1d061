"""Whether two texts are the same report: word for word, or slightly edited.

Each text is reduced to a MinHash signature (Broder, 1997) of its runs of four words. The signature is cut into
bands (locality-sensitive hashing; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", ch. 3), so that
near-identical texts share a band and are found by an index lookup. The bands are kept in the store, beside the
articles: datasketch's own index lives in memory or in a server.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

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
    from datasketch import MinHash  # a quarter of a second of every start, were it above: it brings half of scipy

    signature = MinHash(num_perm=BANDS * ROWS)
    signature.update_batch([run.encode() for run in runs])
    rows = signature.hashvalues.astype("<u4").reshape(BANDS, ROWS)
    # A band's place is part of its number, or the third band of one text would meet the fifth of another.
    return [_hash64(number, row) for number, row in enumerate(rows)]


def _hash64(number: int, row: np.ndarray) -> int:
    digest = hashlib.blake2b(number.to_bytes(1, "little") + row.tobytes(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def same_report(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts, given as their shingles, are copies of one report (Jaccard similarity)."""
    together = len(one | other)
    return together > 0 and len(one & other) >= SAME_REPORT * together
