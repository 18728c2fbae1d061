"""The link that opens an article at the highlighted quote.

Its fragment is a text directive, https://wicg.github.io/scroll-to-text-fragment/:
`#:~:text=[prefix-,]textStart[,textEnd][,-suffix]`. A browser highlights the first place that matches it,
without regard to case, accents or the amount of white space; no term may reach over the end of a block.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import IntEnum
from itertools import product
from typing import NamedTuple
from urllib.parse import quote

from retrieval.text.addresses import web_url

_Span = tuple[int, int]

_BLOCK_END = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]")
# What a term may begin and end with: something between white space. CJK is written without any; there
# every character stands alone, as in the default rules of https://www.unicode.org/reports/tr29/.
_UNIT = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]|[^\s\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]+")
_WORD = re.compile(r"[^\W_]")
_BULLET = re.compile(r"[-*•‣◦▪●·]\s+")

_GAP = r"(?![^\S\n]*\n[^\S\n]*\n)\s+"
"""White space within a term: none that parts paragraphs."""

_LONGEST_EXACT = 300
"""Above this many characters a quote is named by its first and last words, as Chrome's own links are."""
_LONGEST_LINK = 512
"""Discord's link buttons take no longer url."""
_SHORTEST_BUDGET = 200
"""Characters for the directive where the url alone nearly fills, or overfills, `_LONGEST_LINK`."""
_RANGE_WORDS = (1, 2, 3, 4, 6, 9, 13)
_FEWEST_WORDS = 4
"""Fewer words at either end are only used when more do not fit."""
_CONTEXTS = [
    (0, 0),
    *((words * before, words * after) for words in (1, 2, 3, 5, 8, 12) for before, after in ((1, 0), (0, 1), (1, 1))),
]
_CONTEXT_WINDOW = 400
"""Characters around a quote in which its context is looked for."""


def highlight_link(url: str | None, body: str, start: int, end: int) -> str | None:
    """`url` with a text directive that highlights `body[start:end]`; None when it cannot be linked.

    The quote stands as a whole when it is short and in one block, else as its first and last words.
    Words before and after it are added when it would be found elsewhere in the body as well. The link
    keeps to 512 characters unless the url itself nearly fills them. A quote without a word, or of one
    overlong word, gets the url alone.
    """
    try:
        address = web_url(url or "")
    except ValueError:
        return None
    page, _, fragment = address.partition("#")
    fragment = fragment.partition(":~:")[0]
    address = f"{page}#{fragment}" if fragment else page
    opening = f"{page}#{fragment}:~:text="
    budget = max(_LONGEST_LINK - len(opening), _SHORTEST_BUDGET)
    directive = _directive(body, start, end, budget)
    return opening + directive if directive else address


class _Directive(NamedTuple):
    """The terms of a text directive, as spans of the body; an empty span is an absent term."""

    prefix: _Span
    text_start: _Span
    text_end: _Span
    suffix: _Span

    def encoded(self, body: str) -> str:
        """As it stands in the url."""
        prefix, text_start, text_end, suffix = (_encoded(body[left:right]) for left, right in self)
        terms = [prefix and f"{prefix}-", text_start, text_end, suffix and f"-{suffix}"]
        return ",".join(term for term in terms if term)


def _encoded(text: str) -> str:
    """Percent-encoded, "-" too: it marks prefix and suffix."""
    return quote(" ".join(text.split()), safe="", errors="replace").replace("-", "%2D")


class _Match(IntEnum):
    """What a directive finds in the body: the quote and nothing else, the quote first, or something else."""

    ONLY = 0
    FIRST = 1
    OTHER = 2


def _directive(body: str, start: int, end: int, budget: int) -> str | None:
    """The first directive of at most `budget` characters that matches the quote only.

    Failing that, one that the quote is the first to match, or one that matches the same words elsewhere.
    """
    words = [match.span() for match in _WORD.finditer(body, start, end)]
    if not words:
        return None
    start, end, after_bullet = _highlighted(body, start, end, words[0][0], words[-1][1])
    folded = body.translate(_FOLDED)
    second_best: tuple[_Match, str] | None = None
    for candidate in _candidates(body, start, end, after_bullet=after_bullet):
        encoded = candidate.encoded(body)
        if len(encoded) > budget:
            continue
        match = _match(folded, candidate, start, end)
        if match is _Match.ONLY:
            return encoded
        if match is _Match.OTHER and candidate.text_end != (end, end):
            continue  # from the first words somewhere to the last words elsewhere: not the same words
        if second_best is None or match < second_best[0]:
            second_best = match, encoded
    return second_best[1] if second_best else None


def _highlighted(body: str, start: int, end: int, first_word: int, last_word: int) -> tuple[int, int, bool]:
    """The part of the quote to highlight, and whether a bullet stands before it.

    That is all of it but for white space and lines without a word at its ends, and the bullet: a page
    shows one, but it is not text of the page.
    """
    start = max([gap.end() for gap in _BLOCK_END.finditer(body, start, first_word)], default=start)
    gap = _BLOCK_END.search(body, last_word, end)
    text = body[start : gap.start() if gap else end]
    start, end = start + len(text) - len(text.lstrip()), start + len(text.rstrip())
    bullet = _BULLET.match(body, start, end)
    return (bullet.end() if bullet else start), end, bullet is not None


def _candidates(body: str, start: int, end: int, *, after_bullet: bool) -> Iterator[_Directive]:
    """Directives for the quote, those to be preferred first: short ones, and none before they are needed.

    Context from another block comes last: a page may have a picture or an advertisement there.
    """
    forms = list(_forms(body, start, end))
    contexts = [(2.0 * (before + after), before, after) for before, after in _CONTEXTS]
    ranked = sorted(product(forms, contexts), key=lambda pair: pair[0][0] + pair[1][0])
    seen: set[_Directive] = set()
    for across in (False, True):
        for (_, text_start, text_end), (_, before, after) in ranked:
            prefix = (start, start) if after_bullet else _before(body, start, before, across)
            candidate = _Directive(
                prefix=prefix, text_start=text_start, text_end=text_end, suffix=_after(body, end, after, across)
            )
            if candidate not in seen:
                seen.add(candidate)
                yield candidate


def _forms(body: str, start: int, end: int) -> Iterator[tuple[float, _Span, _Span]]:
    """What it costs to choose it, textStart and textEnd, for every way to write the quote."""
    breaks = [(gap.start(), gap.end()) for gap in _BLOCK_END.finditer(body, start, end)]
    if not breaks:
        # A long quote stands as a whole only when nothing else is to be had.
        yield (0.0 if end - start <= _LONGEST_EXACT else 1000.0), (start, end), (end, end)
    first = _words(body, start, breaks[0][0] if breaks else end)
    last = _words(body, breaks[-1][1] if breaks else start, end)
    for wanted in _RANGE_WORDS:
        opening, closing = min(wanted, len(first)), min(wanted, len(last))
        if not breaks:
            opening = closing = min(wanted, len(first) // 2)
        if opening and closing:
            cost = 100.0 + 2 * wanted + (60 if wanted < _FEWEST_WORDS else 0)
            yield cost, (start, first[opening - 1][1]), (last[-closing][0], end)


def _words(body: str, start: int, end: int) -> list[_Span]:
    return [unit.span() for unit in _UNIT.finditer(body, start, end) if _WORD.search(unit[0])]


def _before(body: str, start: int, count: int, across: bool) -> _Span:
    """The last `count` words before `start` in one block, the previous one when `across`."""
    edge = max(0, start - _CONTEXT_WINDOW)
    stop = edge + len(body[edge:start].rstrip())
    gaps = list(_BLOCK_END.finditer(body, edge, start))
    if not count or (gaps and gaps[-1].end() > stop and not across):
        return start, start
    left = max([gap.end() for gap in gaps if gap.end() <= stop], default=edge)
    cut = left == edge > 0  # the window may end within a word
    words = _words(body, left, stop)[int(cut) :]
    if not words:
        return start, start
    # Where the words run out, the signs around them may still tell places apart.
    return (left if len(words) < count and not cut else words[-count:][0][0]), stop


def _after(body: str, end: int, count: int, across: bool) -> _Span:
    """The first `count` words after `end` in one block, the next one when `across`."""
    edge = min(len(body), end + _CONTEXT_WINDOW)
    begin = edge - len(body[end:edge].lstrip())
    gaps = list(_BLOCK_END.finditer(body, end, edge))
    if not count or (gaps and gaps[0].start() < begin and not across):
        return end, end
    right = min([gap.start() for gap in gaps if gap.start() >= begin], default=edge)
    cut = right == edge < len(body)
    words = _words(body, begin, right)
    words = words[:-1] if cut else words
    if not words:
        return end, end
    return begin, (right if len(words) < count and not cut else words[:count][-1][1])


def _match(folded: str, directive: _Directive, start: int, end: int) -> _Match:
    """What the directive finds in the folded body, by the standard's "find a range from a text directive".

    Word boundaries, and blocks smaller than paragraphs, are left out of account: so it can only find more.
    """
    prefix, text_start, text_end, suffix = (_pattern(folded[left:right]) for left, right in directive)
    exact = not text_end
    behind = rf"\s*{suffix}" if suffix else ""
    opening = re.compile((rf"{prefix}\s*" if prefix else "") + f"({text_start})" + (behind if exact else ""))
    first = opening.search(folded)
    if first is None or first.start(1) != start:
        return _Match.OTHER
    if not exact:
        closing = re.compile(f"({text_end}){behind}").search(folded, first.end())
        if closing is None or closing.end(1) != end:
            return _Match.OTHER
    return _Match.FIRST if opening.search(folded, first.start() + 1) else _Match.ONLY


def _pattern(term: str) -> str:
    return _GAP.join(re.escape(word) for word in term.split())


class _Folding(dict[int, int]):
    """Base letters without accents or case, one for one, so that offsets stay (UTS 10, primary level)."""

    def __missing__(self, code: int) -> int:
        base = unicodedata.normalize("NFD", chr(code))[0]
        self[code] = folded = ord(base.casefold()[0])
        return folded


_FOLDED = _Folding()
