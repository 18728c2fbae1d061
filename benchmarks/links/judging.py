"""What a link highlighted, against the quote that it was made for."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

import numpy as np

from benchmarks.links.browsers import Shown


class Outcome(StrEnum):
    """What a browser highlighted: the quote, a part of it and nothing else, more than it, other words, or nothing."""

    EXACT = "exact"
    PART = "a part"
    MORE = "more"
    ELSEWHERE = "elsewhere"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where each character of a body stands on a page (-1: nowhere)."""

    places: np.ndarray

    @classmethod
    def of(cls, body: str, shown: Shown) -> Alignment:
        """Of the longest runs that both have. What is set apart is only taken for what nothing else stands for."""
        visible = [index for index, sign in enumerate(body) if not sign.isspace()]
        text = "".join(body[index] for index in visible)
        apart = shown.aside | shown.unseen
        signs = ["\0" if one else sign for sign, one in zip(shown.characters, apart, strict=True)]
        blocks = SequenceMatcher(None, text, signs, autojunk=False).get_matching_blocks()
        places = np.full(len(body), -1)
        done = reached = 0
        for start, place, size in blocks:
            whole = "".join(sign[0] for sign in shown.characters[reached:place])
            if start > done and (at := whole.find(text[done:start])) >= 0:
                places[visible[done:start]] = range(reached + at, reached + at + start - done)
            places[visible[start : start + size]] = range(place, place + size)
            done, reached = start + size, place + size
        return cls(places)


def judged(alignment: Alignment, start: int, end: int, shown: Shown) -> Outcome | None:
    """What became of the link to `body[start:end]`; None where the page does not show the quote.

    What the body lacks of a paragraph, and what cannot be seen, may be highlighted with it or not.
    """
    places = alignment.places[start:end]
    places = places[places >= 0]
    if not len(places):
        return None
    wanted = np.zeros(len(shown.characters), bool)
    wanted[places] = True
    wanted &= ~shown.unseen
    free = shown.unseen.copy()
    for left, right in pairwise(places):
        free[left + 1 : right] |= ~shown.aside[left + 1 : right]
    highlighted = shown.highlighted
    if not (highlighted & ~shown.unseen).any():
        return Outcome.NOTHING
    beyond = bool((highlighted & ~wanted & ~free).any())
    if not beyond:
        return Outcome.EXACT if not (wanted & ~highlighted).any() else Outcome.PART
    return Outcome.MORE if (highlighted & wanted).any() else Outcome.ELSEWHERE
