"""Plain text: the title on the first line, then key points as bullet lines, then the body."""

from __future__ import annotations

import re
from typing import NamedTuple

from retrieval.text.controls import storable_line

_BULLET = re.compile(r"[ \t]*[-•*][ \t]+(?=\S)")
_CONTINUATION = re.compile(r"(?:[ ]{2,}|\t)[ \t]*\S")


class TextParts(NamedTuple):
    """What a text or Markdown file is made of; `title` is None when it has no line for one."""

    title: str | None
    key_points: tuple[str, ...]
    body: str


def split_text(text: str, title: str | None) -> TextParts:
    """Title, key points and body of `text`, whose lines end in "\\n".

    The first line that is not blank is the title. When `title` is given (front matter has it), that is
    the title; the first line then is only taken off when it repeats it. The bullet lines that
    follow are key points, each going on over indented lines. The rest is the body, exactly as
    it stands but for white space at its ends.
    """
    lines = text.split("\n")
    at = _next_line(lines, 0)
    if at < len(lines) and (title is None or storable_line(lines[at]) == storable_line(title)):
        title = lines[at]
        at = _next_line(lines, at + 1)
    points: list[str] = []
    while at < len(lines) and (bullet := _BULLET.match(lines[at])):
        point = [lines[at][bullet.end() :]]
        at += 1
        while at < len(lines) and _CONTINUATION.match(lines[at]) and not _BULLET.match(lines[at]):
            point.append(lines[at])
            at += 1
        points.append(storable_line(" ".join(point)))
        at = _next_line(lines, at)
    return TextParts(title, tuple(points), "\n".join(lines[at:]).strip())


def _next_line(lines: list[str], at: int) -> int:
    """The index of the first line from `at` on that is not blank."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at
