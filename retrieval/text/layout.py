"""How a page shows the text of an article: its blocks, and what stands in or around it that is no part of the body.

Links that highlight a quote need that: a browser finds no words across the end of a block, nor across what is set apart
in the middle of a sentence, and of several places that say the same words it takes the first on the page.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from retrieval.article import Layout

SOFT, HARD = "\x1e", "\x1f"
"""Seams within a block: the edge of an element that mostly changes nothing, and of one that sets words apart."""

_SEAMS = re.compile(f"[{SOFT}{HARD}]")
_PIECE = re.compile(f"[{SOFT}{HARD}]|[^{SOFT}{HARD}]+")
# What no comparison of texts looks at: white space, seams, and marks that are not seen.
_UNSEEN = re.compile(f"[\\s{SOFT}{HARD}\xad\u034f\u200b-\u200f\u2060-\u2064\ufeff]")
_MOST_COMPARED = 200_000
_SHORTEST_RUN = 4
_MOST_MISSES = 2_000
_MOST_BETWEEN = 5_000
_MOST_BEFORE = 30_000
"""Characters of what a page shows besides the article's text: of more, only the last are kept."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """An article's text as a page shows it, "\\n" between blocks.

    `seams` are the places in it across which a term of a link may not match, ascending; across those that are `hard`
    it does not. `places` are the runs of the body in it: (offset in the body, offset in the text, length). `between`
    are blocks that stand between two of the body's.
    """

    text: str
    seams: tuple[int, ...]
    hard: frozenset[int]
    places: tuple[tuple[int, int, int], ...]
    between: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, body: str, layout: Layout) -> LaidOut:
        """`body` as `layout` has it."""
        parts: list[str] = []
        seams: dict[int, bool] = {}
        places: list[tuple[int, int, int]] = []
        between: list[tuple[int, int]] = []
        length = done = 0
        for start, end, shown in (*layout, (len(body), len(body), "")):
            places.append((done, length, start - done))
            parts.append(body[done:start])
            length += start - done
            if "\n" in shown and not body[start:end].strip():
                visible = _SEAMS.sub("", shown)
                between.append((length + visible.index("\n"), length + visible.rindex("\n")))
            for piece in _PIECE.findall(shown):
                if piece in (SOFT, HARD):
                    seams[length] = seams.get(length, False) or piece == HARD
                else:
                    parts.append(piece)
                    length += len(piece)
            done = end
        return cls(
            text="".join(parts),
            seams=tuple(sorted(seams)),
            hard=frozenset(at for at in seams if seams[at]),
            places=tuple(places),
            between=tuple(between),
        )

    def runs(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The spans of the text in which `body[start:end]` stands, without what is between them."""
        place, stop = self._place(start, 1), self._place(end, 0)
        for left, right in self.between:
            if place < left and right < stop:
                yield place, left
                place = right
        yield place, stop

    def _place(self, offset: int, behind: int) -> int:
        """Where what is before (0) or `behind` (1) `offset` stands; of what is not on the page, the next that is."""
        find = bisect_right if behind else bisect_left
        index = find(self.places, offset, key=lambda run: run[0]) - 1
        start, place, length = self.places[max(index, 0)]
        if offset - start < length + 1 - behind:
            return place + offset - start
        return self.places[index + 1][1] if behind and index + 1 < len(self.places) else place + length


def layout_of(shown: str, body: str) -> Layout | None:
    """How a page that shows `shown`, with its seams, lays `body` out; None where it is mostly not there."""
    if max(len(shown), len(body)) > _MOST_COMPARED:
        return None
    places = _visible(shown)
    offsets = _visible(body)
    runs = _runs("".join(body[at] for at in offsets), "".join(shown[at] for at in places), _paragraphs(body, offsets))
    pairs = [(offsets[at + i], places[place + i]) for at, place, size in runs for i in range(size)]
    if 2 * len(pairs) < len(offsets) or not pairs:
        return None
    layout: list[tuple[int, int, str]] = []
    last = (-1, -1)
    for pair in [*pairs, None]:
        start, end = last[0] + 1, pair[0] if pair else len(body)
        between = shown[last[1] + 1 : pair[1]] if pair else ""
        if not _alike(body[start:end], between):
            layout.append((start, end, between[-(_MOST_BETWEEN if start else _MOST_BEFORE) :]))
        last = pair or last
    return tuple(layout)


def _visible(text: str) -> list[int]:
    """The places of what texts are compared by."""
    return [at for at, sign in enumerate(text) if not _UNSEEN.match(sign)]


def _paragraphs(body: str, offsets: list[int]) -> list[tuple[int, int]]:
    """The paragraphs of a body, as spans of `offsets`."""
    ends = [bisect_left(offsets, gap.end()) for gap in re.finditer("\n+", body)]
    return [(start, end) for start, end in pairwise([0, *ends, len(offsets)]) if start < end]


def _runs(text: str, page: str, chunks: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Where `chunks` of `text` stand in `page`, in the order of both: (place in one, in the other, length).

    The longest is looked for first, then those before it, the nearest places first, and those behind it. What is not
    found is halved, so many times that a text which is not on the page costs little.
    """
    found: list[tuple[int, int, int]] = []
    misses = 0
    waiting = [(chunks, 0, len(page), False)]
    while waiting:
        chunks, low, high, backwards = waiting.pop()
        while chunks and misses < _MOST_MISSES:
            index = max(range(len(chunks)), key=lambda at: chunks[at][1] - chunks[at][0])
            start, end = chunks[index]
            place = (page.rfind if backwards else page.find)(text[start:end], low, high)
            if place >= 0:
                found.append((start, place, end - start))
                waiting += [
                    (chunks[:index], low, place, True),
                    (chunks[index + 1 :], place + end - start, high, False),
                ]
                break
            misses += 1
            middle = (start + end) // 2
            halves = [(start, middle), (middle, end)] if end - start >= 2 * _SHORTEST_RUN else []
            chunks = [*chunks[:index], *halves, *chunks[index + 1 :]]
    return list(_extended(text, page, sorted(found)))


def _extended(text: str, page: str, runs: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Runs as long as both texts go on alike, first forwards and then backwards."""
    done, reached = 0, 0
    for (start, place, size), (limit, most, _) in pairwise([*runs, (len(text), len(page), 0)]):
        while start > done and place > reached and text[start - 1] == page[place - 1]:
            start, place, size = start - 1, place - 1, size + 1
        while start + size < limit and place + size < most and text[start + size] == page[place + size]:
            size += 1
        done, reached = start + size, place + size
        yield start, place, size


def _alike(stored: str, shown: str) -> bool:
    """Whether what stands between two characters of a text is the same: nothing, a space, or the end of a block."""
    return shown == "\n" if "\n" in stored and not stored.strip() else stored == shown
