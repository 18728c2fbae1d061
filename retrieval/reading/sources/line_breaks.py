"""`<br>` as it is meant: at the edge of a block it shows nothing, and within a sentence it only wraps the line."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # compiled
from lxml.html import HtmlElement

from retrieval.reading.markup import drop
from retrieval.reading.sources.page_text import BLOCKS
from retrieval.reading.wrapping import broken_lines, gap

_LEAST = 3  # words of a line that is broken: authors end the lines of lists so


@dataclass(slots=True)
class _Lines:
    """The lines between the edges of two blocks, and the breaks between them."""

    texts: list[list[str]] = field(default_factory=lambda: [[]])
    breaks: list[HtmlElement] = field(default_factory=list)

    def end(self, line_break: HtmlElement) -> None:
        self.breaks.append(line_break)
        self.texts.append([])


def settle_breaks(tree: HtmlElement) -> None:
    """Leave no `<br>` that ends no line of the text: an extractor would make two paragraphs of one sentence."""
    for lines in _lines(tree):
        texts = [" ".join("".join(parts).split()) for parts in lines.texts]
        for line_break, between in zip(lines.breaks, _between(texts), strict=True):
            if between is not None:
                line_break.tail = between + (line_break.tail or "")
                drop(line_break)


def _lines(tree: HtmlElement) -> list[_Lines]:
    found = [_Lines()]
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if name in BLOCKS and found[-1].breaks:
            found.append(_Lines())
        elif name in BLOCKS:
            found[-1] = _Lines()
        if name == "br" and event == "start":
            found[-1].end(element)
        text = element.tail if event == "end" else element.text if name != "style" else ""
        found[-1].texts[-1].append(text or "")
    return found


def _between(lines: list[str]) -> list[str | None]:
    """What stands in place of each break between the lines; None where it breaks them indeed."""
    shown = [at for at, line in enumerate(lines) if line]
    if not shown:
        return [""] * (len(lines) - 1)
    between: list[str | None] = [None if shown[0] <= at < shown[-1] else "" for at in range(len(lines) - 1)]
    parts: list[list[int]] = []
    for at in shown:
        if parts and parts[-1][-1] == at - 1:
            parts[-1].append(at)
        else:
            parts.append([at])
    texts = [[lines[at] for at in part] for part in parts]
    for part, broken in zip(parts, broken_lines(texts, least=_LEAST), strict=True):
        for at, is_broken in zip(part, broken, strict=False):
            if is_broken:
                between[at] = gap(lines[at], lines[at + 1])
    return between
