"""What a publisher changed between two versions of an article, word by word, with a little of what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from retrieval.text.controls import one_line

if TYPE_CHECKING:
    from retrieval.index.versions import Version

CONTEXT = 5
"""Words shown on either side of a change."""
MOST_WORDS = 2_000
"""A passage of more words is shown as taken out and put in whole: comparing takes time that grows with their square."""

Piece = tuple[Literal["same", "gone", "new"], str]


@dataclass(frozen=True, slots=True)
class Change:
    """A place where two versions differ, as pieces in their order; `where` is "headline" or "text"."""

    where: Literal["headline", "text"]
    pieces: tuple[Piece, ...]


def changes(before: Version, after: Version) -> list[Change]:
    """The places where `after` differs from `before`, in the order in which they stand."""
    found: list[Change] = []
    titles = one_line(before.article.title), one_line(after.article.title)
    if titles[0] != titles[1]:
        found.append(Change("headline", _words(*titles)))
    old, new = _sentences(before), _sentences(after)
    for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            found.append(Change("text", _words(" ".join(old[first:last]), " ".join(new[start:end]))))
    return found


def _sentences(version: Version) -> list[str]:
    body = version.article.body
    return [one_line(body[start:end]) for start, end in version.stored.sentences]


def _words(before: str, after: str) -> tuple[Piece, ...]:
    old, new = before.split(), after.split()
    if not old or not new or len(old) + len(new) > MOST_WORDS:
        return tuple(_differing(old, new))
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            at_start, at_end = first == start == 0, (last, end) == (len(old), len(new))
            pieces.append(("same", _around(old[first:last], at_start=at_start, at_end=at_end)))
        else:
            pieces += _differing(old[first:last], new[start:end])
    return tuple(pieces)


def _differing(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    if old:
        yield "gone", " ".join(old)
    if new:
        yield "new", " ".join(new)


def _around(words: Sequence[str], *, at_start: bool, at_end: bool) -> str:
    """Of words that stand between two changes those next to them; before the first and after the last on one side."""
    head = [] if at_start else list(words[:CONTEXT])
    tail = [] if at_end else list(words[-CONTEXT:])
    if len(words) <= len(head) + len(tail):
        return " ".join(words)
    return " ".join([*head, "…", *tail])
