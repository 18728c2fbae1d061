"""Markdown as the plain text that a reader sees: no markup, no link targets, no images, no HTML, nothing struck."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from retrieval.reading.sources.text import TextParts
from retrieval.text.controls import storable_line
from retrieval.workers import outside

_SHORT = 16_000  # characters, of which the parser needs half a second at most
_SOFT_BREAK = "\r"
"""Stands for the end of a source line, which a reader sees as a space; the text itself has no "\\r"."""


class _Block(NamedTuple):
    """A block of plain text; `list_number` counts the top-level lists, `level` is of a heading."""

    text: str
    level: int | None
    list_number: int | None


def split_markdown(text: str, title: str | None) -> TextParts:
    """Title, key points and body of Markdown (CommonMark with tables and strikethrough).

    The title is `title` when given (front matter has it), else the first heading of level 1, else the
    first heading, else the first line. A list right after it holds the key points. The body is the
    rest, its blocks (paragraphs, list items, table cells, code) separated by blank lines.

    Some kinds take the parser seconds for each 64 KB, so longer texts are read by a worker. Raises `Overrun`, and
    `WorkerUnavailable`.
    """
    return outside(_split, text, title) if len(text) > _SHORT else _split(text, title)


def _split(text: str, title: str | None) -> TextParts:
    blocks = _blocks(text)
    at = _title_at(blocks, title)
    if at is not None:
        heading = blocks[at]
        # A paragraph that stands in for a heading gives its first line only.
        lines = re.split("[\r\n]", heading.text, maxsplit=0 if heading.level else 1)
        title, rest = (" ".join(lines), "") if heading.level else (lines[0], "".join(lines[1:]))
        blocks[at : at + 1] = [_Block(rest, None, heading.list_number)] if rest.strip() else []
    follows = at or 0
    points: list[str] = []
    if follows < len(blocks) and (number := blocks[follows].list_number) is not None:
        items = [block for block in blocks[follows:] if block.list_number == number]
        points = [storable_line(item.text) for item in items]
        del blocks[follows : follows + len(items)]
    body = "\n\n".join(block.text.replace(_SOFT_BREAK, " ") for block in blocks)
    return TextParts(title, tuple(points), body.strip())


def _title_at(blocks: Sequence[_Block], title: str | None) -> int | None:
    """The index of the block to take as the title; None when front matter's title stands alone."""
    headings = [at for at, block in enumerate(blocks) if block.level is not None]
    headings.sort(key=lambda at: blocks[at].level != 1)
    if title is None:
        return headings[0] if headings else (0 if blocks else None)
    return next((at for at in headings if storable_line(blocks[at].text) == storable_line(title)), None)


def _blocks(text: str) -> list[_Block]:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    blocks: list[_Block] = []
    lists = depth = 0
    level: int | None = None
    for token in parser.parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists += depth == 0
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type == "heading_close":
            level = None
        elif token.type in ("inline", "fence", "code_block"):
            plain = _inline(token.children or []) if token.type == "inline" else token.content
            if plain.strip():
                blocks.append(_Block(plain.strip("\n"), level, lists if depth else None))
    return blocks


def _inline(tokens: Sequence[Token]) -> str:
    parts: list[str] = []
    struck = 0
    for token in tokens:
        struck += (token.type == "s_open") - (token.type == "s_close")
        if token.type == "s_close" and parts and parts[-1].endswith(" "):
            parts[-1] = parts[-1][:-1]  # of the two spaces around it
        if struck:
            continue
        if token.type in ("text", "text_special", "code_inline"):
            parts.append(token.content)
        elif token.type == "softbreak":
            parts.append(_SOFT_BREAK)
        elif token.type == "hardbreak":
            parts.append("\n")
    return "".join(parts).strip()
