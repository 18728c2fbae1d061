"""Links that open an article in the reader's browser, scrolled to the highlighted quote (`directives.py` has how).

The page is not asked when a link is made: where it was read, the layout of its text was kept; else the article's text
stands for it, below its headline and key points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from functools import lru_cache

from retrieval.answering.directives import Directive, Page, Span
from retrieval.article import Layout
from retrieval.text.addresses import web_url
from retrieval.text.layout import LaidOut

_LONGEST_LINK = 512
"""Discord's link buttons take no longer url."""
_SHORTEST_BUDGET = 200
"""Characters for the directives where the url alone nearly fills, or overfills, `_LONGEST_LINK`."""
_BLOCK = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_BULLET = re.compile(r"[-*•‣◦▪●·]\s+")
_MOST_EDGES = 2
_DOUBT = 8.0
"""A directive of this cost may miss: another, for a part of the quote, stands beside it."""


def highlight_link(
    url: str | None, body: str, start: int, end: int, *, layout: Layout | None = None, above: tuple[str, ...] = ()
) -> str | None:
    """`url` with text directives that highlight `body[start:end]`; None when it cannot be linked.

    Each block of the quote has a directive of its own, so that what a page shows between them stays plain: the first
    and last words of it, and words around those where they would be found elsewhere as well. Where the page was not
    kept as `layout`, `above` is what it says before the body. The link keeps to 512 characters unless the url itself
    nearly fills them. A quote without a word, or of one overlong word, gets the url alone.
    """
    try:
        address = web_url(url or "")
    except ValueError:
        return None
    page, _, fragment = address.partition("#")
    fragment = fragment.partition(":~:")[0]
    address = f"{page}#{fragment}" if fragment else page
    opening = f"{page}#{fragment}:~:"
    known = layout is not None
    laid_out, kept = _shown(body, layout if layout is not None else ((0, 0, "".join(f"{line}\n" for line in above)),))
    shown = copy(kept)  # with the tries of this link
    blocks = list(_blocks(shown.text, laid_out, start, end, known))
    directives = _chosen(shown, blocks, max(_LONGEST_LINK - len(opening), _SHORTEST_BUDGET), known)
    return opening + "&".join(directives) if directives else address


@lru_cache(maxsize=16)
def _shown(body: str, layout: Layout) -> tuple[LaidOut, Page]:
    laid_out = LaidOut.of(body, layout)
    first = next(laid_out.runs(0, 1))[0] if body else 0
    return laid_out, Page(laid_out, first)


def _blocks(text: str, laid_out: LaidOut, start: int, end: int, known: bool) -> Iterator[Span]:
    """The quote, block by block, without what the page shows between two parts of the body.

    A list's sign is in no term unless the page itself has it among its words.
    """
    for left, right in laid_out.runs(start, end):
        for block in _BLOCK.finditer(text, left, right):
            begin, stop = block.span()
            begin += len(block[0]) - len(block[0].lstrip())
            stop -= len(block[0]) - len(block[0].rstrip())
            bullet = None if known else _BULLET.match(text, begin, stop)
            begin = bullet.end() if bullet else begin
            yield begin, stop


def _chosen(page: Page, blocks: list[Span], budget: int, known: bool) -> list[str]:
    """Directives for all blocks, within the budget: those that highlight them whole, then those in case they miss.

    Where these are too long, as in scripts of which each letter takes nine characters, the shortest that do; else one
    from the first words of all to the last; else the first blocks alone.
    """
    found = [best for block in blocks if (best := _best(page, block, budget) or _part(page, block, budget))]
    if not _fits(page, found, budget):
        found = [_best(page, each.block, budget, short=True) or each for each in found]
        if (
            not _fits(page, found, budget)
            and (joined := page.joined(found[0], found[-1]))
            and _fits(page, [joined], budget)
        ):
            found = [joined]
    spare = [each for best in found for each in _spare(page, best, budget, known)]
    taken: list[str] = []
    for directive in [*found, *spare]:
        encoded = directive.encoded(page.text)
        if encoded not in taken and len("&".join([*taken, encoded])) <= budget:
            taken.append(encoded)
    return taken


def _fits(page: Page, directives: list[Directive], budget: int) -> bool:
    return len("&".join(each.encoded(page.text) for each in directives)) <= budget


def _best(page: Page, block: Span, budget: int, *, short: bool = False) -> Directive | None:
    """The best directive that fits or, if it is to be `short`, the shortest of those that are not doubtful."""
    fitting = (each for each in page.directives(*block) if _fits(page, [each], budget))
    if short:
        sure = (each for each in fitting if each.cost < _DOUBT)
        return min(sure, key=lambda each: len(each.encoded(page.text)), default=None)
    return next(fitting, None)


def _spare(page: Page, best: Directive, budget: int, known: bool) -> Iterator[Directive]:
    """Directives in case the `best` one of a block misses.

    Where its words reach across the edge of an element, one from before the first to behind the last of these, and one
    for what is on either side. Where it may miss all the same, as on a page that is not known, or at the beginning of a
    text, whose first letter may be set apart, one for a large part of the block by other words.
    """
    block = best.block
    if best.cost >= _DOUBT:
        if outer := page.around(best):
            yield outer
        yield from _sides(page, best, budget)
        part = _part(page, block, budget)
    elif not known:
        part = _part(page, block, budget, after=best.start[1], before=best.end[0])
    elif block[0] == page.opening:
        part = _part(page, block, budget, after=block[0] + 1)
    else:
        return
    if part:
        yield part


def _sides(page: Page, best: Directive, budget: int) -> list[Directive]:
    start, end = best.block
    sides: list[Directive] = []
    for edge in [*page.edges(best)[:_MOST_EDGES], end]:
        if page.has_words(start, edge):
            side = _best(page, (start, edge), budget)
            if side is None or side.cost >= 2 * _DOUBT:  # context is needed here
                return []
            sides.append(side)
        start = edge
    return sides if len(sides) > 1 else []


def _part(page: Page, block: Span, budget: int, *, after: int = 0, before: int | None = None) -> Directive | None:
    """A directive for a large part of a block, between `after` and `before`, by words that are surely found."""
    for each in page.parts(*block, after, before):
        part = _best(page, each, budget)
        if part is not None and part.cost < _DOUBT:
            return part
    return None
