"""Lists of words that are written out."""

from __future__ import annotations

Words = frozenset[str]


def words(text: str) -> Words:
    """The words of a list that is written out, in small letters."""
    return frozenset(text.split())
