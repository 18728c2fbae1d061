"""Lines that a program broke where they were full, and those that an author ended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]{0,3}\Z")
_WRAPPED = 0.3
"""The share of line ends in the middle of a sentence from which on text was wrapped by machine."""


def paragraphs_of(parts: Sequence[Sequence[str]]) -> list[str]:
    """The paragraphs that the lines of `parts` are, which blank lines part: each line one, unless it is broken."""
    found: list[str] = []
    for part, broken in zip(parts, broken_lines(parts), strict=True):
        paragraph = part[0]
        for (line, following), is_broken in zip(pairwise(part), broken, strict=True):
            if is_broken:
                paragraph += gap(line, following) + following
            else:
                found.append(paragraph)
                paragraph = following
        found.append(paragraph)
    return found


def broken_lines(parts: Sequence[Sequence[str]], *, least: int = 1) -> list[list[bool]]:
    """For each line of each part but its last, whether it is broken: the next one goes on with it.

    Lines of fewer than `least` words are those of a list.
    """
    pairs = [pair for part in parts for pair in pairwise(part)]
    broken = sum(_goes_on(line, following, least) for line, following in pairs)
    if not broken or broken < _WRAPPED * len(pairs):
        return [[False] * (len(part) - 1) for part in parts]
    width = max(len(line) for line, _ in pairs)
    return [[_is_full(*pair, width) or _goes_on(*pair, least) for pair in pairwise(part)] for part in parts]


def gap(line: str, following: str) -> str:
    """What stands between two lines that are joined; a word is broken at its hyphen."""
    return "" if re.search(r"\w-\Z", line) and following[0].islower() else " "


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.partition(" ")[0]) > width


def _goes_on(line: str, following: str, least: int) -> bool:
    return following[0].islower() and not _ENDS.search(line) and len(line.split()) >= least
