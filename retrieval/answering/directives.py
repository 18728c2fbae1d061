"""Text directives: the words by which a browser finds a stretch of a page, chosen so that it finds that and no other.

`text=[prefix-,]textStart[,textEnd][,-suffix]`, https://wicg.github.io/scroll-to-text-fragment/. A browser highlights
the first place that matches, without regard to case or accents. Every term must match from its first character to its
last, at word bounds, within what the browser takes for one block of visible text; what stands between textStart and
textEnd does not matter. So terms are few words at either end, which reach across no seam if they can help it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice, product
from typing import NamedTuple
from urllib.parse import quote

import numpy as np

from retrieval.text.layout import LaidOut

Span = tuple[int, int]

_STOPS = "\u3001-\u3003\u3008-\u3011\u3014-\u301f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
# What a term may begin and end with: something between white space or, as in scripts that are written without any, up
# to a stop, since only a dictionary knows where words end in between. A narrow space is part of a word (UAX 29).
_UNIT = re.compile(f"(?:[^\\s{_STOPS}]|\u202f)+[{_STOPS}]*|[{_STOPS}]+")
_WORD = re.compile(r"[^\W_]")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
# Marks that are not seen, and spaces of other widths: browsers differ in what they find. A dotless i that a page shows
# in capitals is an I to them.
_DOUBTFUL = re.compile(
    "[ı\xad\u034f\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff"
    "\t\r\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u205f\u3000]"  # white space but spaces and ends of lines
)
_FOLDED_BY_PAGES = re.compile(r"[ \t\r\n\f]+")

_MOST_WORDS = 10
_FEW_COST = (6.0, 2.0, 0.5)
"""Of one, two or three words that tell the place from others: a page that has changed may have them elsewhere."""
_LETTERS, _SIGNS = 6, 2
"""Of a word, at most times, and in a script without spaces."""
_MANY_COST = 0.5
"""Of each word above five at the beginning, or three at the end."""
_SHORT_END_COST = 1.0
"""Of one word at the end."""
_WHOLE_COST = 0.4
"""Of each word above five of a quote that is named as a whole."""
_LENGTH_COST = 0.02
"""Of each byte of a term."""
_SEAM_COST, _HARD_COST = 10.0, 1000.0
_PREFIXES = (1, 2, 3, 5, 8)
_CONTEXT_COST = 3.0
_MOST_LEFT_OUT = 8
TRIES = 300
"""Of directives for one link: a page of ever the same words would take seconds, and ordinary ones take a few."""
_NEIGHBOUR_COST = 40.0
"""Of context from the next block: a page may come to show something between."""


class Directive(NamedTuple):
    """The terms, as spans of a page's text; an empty one is absent. `cost` tells how readily it may miss."""

    prefix: Span
    start: Span
    end: Span
    suffix: Span
    cost: float

    @property
    def block(self) -> Span:
        """What it highlights."""
        return self.start[0], self.end[1] if self.end[0] < self.end[1] else self.start[1]

    def encoded(self, text: str) -> str:
        """As it stands in the url."""
        prefix, start, end, suffix = (_encoded(text[slice(*term)]) for term in self[:4])
        terms = [prefix and f"{prefix}-", start, end, suffix and f"-{suffix}"]
        return "text=" + ",".join(term for term in terms if term)


@lru_cache(256)
def _encoded(term: str) -> str:
    """Percent-encoded, "-" too: it marks prefix and suffix. Only the white space that a page folds is folded.

    Remembered, as a directive is written to see whether it fits, and once more with those beside it.
    """
    if not term:
        return ""
    return quote(_FOLDED_BY_PAGES.sub(" ", term.strip()), safe="", errors="replace").replace("-", "%2D")


class Page:
    """A page's text, in which directives are tried. `opening` is where the article's begins."""

    def __init__(self, laid_out: LaidOut, opening: int) -> None:
        self.opening = opening
        self.tries_left = TRIES
        """Each link is made from a copy of the page, and so has all of them."""
        self.text = laid_out.text
        self._folded = _folded(self.text)
        self._searched, self._places = _with_single_spaces(self._folded)
        """One sign for each white space, so that terms are found as they are: within a block it is a space. And where
        in it each sign of the text stands."""
        self._edges = laid_out.seams
        self._seams = sorted({*self._edges, *(match.end() for match in _DOUBTFUL.finditer(self.text))})
        self._hard = laid_out.hard
        self._between = laid_out.between

    def directives(self, start: int, end: int) -> Iterator[Directive]:
        """Those that highlight `text[start:end]`, which is within one block, the best first.

        After those that find it alone or first comes one that may find the same words elsewhere.
        """
        words = self._words(start, end)
        if not words:
            return
        first = None
        for candidate in islice(self._cheapest_first(start, end, words), max(0, self.tries_left)):
            self.tries_left -= 1
            if self._finds(candidate, start, end):
                yield candidate
            elif first is None and candidate.end[0] == candidate.end[1] == end:
                first = candidate
        if first:
            yield first._replace(cost=first.cost + _HARD_COST)

    def joined(self, first: Directive, last: Directive) -> Directive | None:
        """One from the first words of one directive to the last of another; None if something else is between."""
        start, end = first.block[0], last.block[1]
        if any(start < left and right < end for left, right in self._between):
            return None
        closing = last.end if last.end[0] < last.end[1] else last.start
        cost = max(first.cost, last.cost)
        directive = Directive(prefix=first.prefix, start=first.start, end=closing, suffix=(end, end), cost=cost)
        return directive if self._finds(directive, start, end) else None

    def parts(self, start: int, end: int) -> Iterator[Span]:
        """Parts of `text[start:end]` of whole words, the largest first: some words less at either end."""
        words = self._words(start, end)
        if self.tries_left <= 0:
            return
        left_out = sorted(product(range(_MOST_LEFT_OUT), repeat=2), key=lambda both: (sum(both), both))
        for before, after in left_out[1:]:
            if before + after < len(words):
                yield (words[before][0] if before else start), (words[-1 - after][1] if after else end)

    def has_words(self, start: int, end: int) -> bool:
        """Whether there is anything to look for in `text[start:end]`."""
        return _WORD.search(self.text, start, end) is not None

    def edges(self, directive: Directive) -> list[int]:
        """The edges of elements that its first and last words reach across."""
        return [
            edge
            for start, end in (directive.start, directive.end)
            for edge in self._edges[bisect_left(self._edges, start + 1) : bisect_left(self._edges, end)]
        ]

    def around(self, directive: Directive) -> Directive | None:
        """One for the same block, from what stands before the first edge that it reaches across to its last words.

        It holds where phrases of a script without spaces are blocks of their own, so that lines break between them.
        """
        start, end = directive.block
        edges = self.edges(directive)
        closing = self._words(edges[-1], end) if edges else []
        opening = min(edges[0], directive.start[1]) if edges else start
        if not closing or not self.has_words(start, opening):
            return None
        outer = directive._replace(start=(start, opening), end=(closing[-1][0], end), suffix=(end, end))
        return outer if self._finds(outer, start, end) else None

    def _words(self, start: int, end: int) -> list[Span]:
        return [unit.span() for unit in _UNIT.finditer(self.text, start, end) if _WORD.search(unit[0])]

    def _weight(self, words: int, term: Span) -> int:
        """How many words a term is worth: what stands between white space or stops may be a clause."""
        letters = _SIGNS if _UNSPACED.match(self.text, term[0]) else _LETTERS
        return max(words, (term[1] - term[0]) // letters)

    def _crossing(self, start: int, end: int) -> float:
        """What it costs a term to reach from `start` to `end`."""
        crossed = self._seams[bisect_left(self._seams, start + 1) : bisect_left(self._seams, end)]
        seams = sum([_HARD_COST if seam in self._hard else _SEAM_COST for seam in crossed]) if crossed else 0.0
        term = self.text[start:end]
        return seams + _LENGTH_COST * (len(term) if term.isascii() else len(term.encode(errors="replace")))

    def _cheapest_first(self, start: int, end: int, words: list[Span]) -> Iterator[Directive]:
        """Candidates by what they cost. Those with context are hundreds, and mostly one without does."""

        def by_cost(found: Iterable[Directive]) -> list[Directive]:
            return sorted(found, key=lambda directive: directive.cost)

        forms = self._forms(start, end, words)
        plain = by_cost(self._candidates(forms, [(0.0, 0, (end, end), (end, end))]))
        least = min(cost for *_, cost in forms) + _CONTEXT_COST + 1  # of any with context
        sure = sum(candidate.cost < least for candidate in plain)
        yield from plain[:sure]
        yield from by_cost(chain(plain[sure:], self._candidates(forms, list(self._contexts(start, end)))))

    def _forms(self, start: int, end: int, words: list[Span]) -> list[tuple[int, Span, Span, float]]:
        """How a directive can name the text: how many words its first term has, both terms, and what these cost."""
        none = (end, end)
        forms = [(len(words), (start, end), none, _WHOLE_COST * max(0, self._weight(len(words), (start, end)) - 5))]
        closing = self._closing(end, words)
        for opening in range(1, min(_MOST_WORDS, len(words) - 1) + 1):
            term = start, words[opening - 1][1]
            cost, last = next((each for each in closing if each[1][0] > term[1]), (0.0, none))
            if last != none:
                forms.append((opening, term, last, cost + _MANY_COST * max(0, opening - 5)))
        return [(count, term, last, cost + self._crossing(*term)) for count, term, last, cost in forms]

    def _candidates(
        self,
        forms: Sequence[tuple[int, Span, Span, float]],
        contexts: Sequence[tuple[float, int, Span, Span]],
    ) -> Iterator[Directive]:
        for count, term, last, cost in forms:
            for context, more, prefix, suffix in contexts:
                if _is_none(last) or _is_none(suffix):  # else the suffix would be that of the last words
                    total = cost + context + _few(self._weight(count + more, term))
                    yield Directive(prefix=prefix, start=term, end=last, suffix=suffix, cost=total)

    def _closing(self, end: int, words: list[Span]) -> list[tuple[float, Span]]:
        """What may be textEnd, the best first."""
        terms = [(words[-count][0], end) for count in range(1, min(_MOST_WORDS, len(words) - 1) + 1)]
        costs = [
            self._crossing(*term) + _SHORT_END_COST * (self._weight(count, term) < 2) + _MANY_COST * max(0, count - 3)
            for count, term in enumerate(terms, 1)
        ]
        return sorted(zip(costs, terms, strict=True))

    def _contexts(self, start: int, end: int) -> Iterator[tuple[float, int, Span, Span]]:
        """What it costs, how many words it has, prefix and suffix."""
        none = (end, end)
        before, after = list(self._before(start)), list(self._after(end))
        yield from ((cost, count, term, none) for cost, count, term in before)
        yield from ((cost + 1, count, none, term) for cost, count, term in after)
        for (one, count, prefix), (other, more, suffix) in product(before, after):
            yield one + other, count + more, prefix, suffix

    def _before(self, start: int) -> Iterator[tuple[float, int, Span]]:
        """Words before `start`, of its block or, where there are none, of the one before."""
        stop = len(self.text[:start].rstrip())
        begin = self.text.rfind("\n", max(0, stop - 400), stop) + 1
        yield from self._context(self._words(max(begin, stop - 400), stop), stop, start, backwards=True)

    def _after(self, end: int) -> Iterator[tuple[float, int, Span]]:
        """Words after `end`, likewise."""
        rest = self.text[end : end + 400]
        begin = end + len(rest) - len(rest.lstrip())
        stop = self.text.find("\n", begin, begin + 400)
        yield from self._context(self._words(begin, stop if stop > 0 else end + 400), begin, end, backwards=False)

    def _context(
        self, words: list[Span], edge: int, quoted: int, *, backwards: bool
    ) -> Iterator[tuple[float, int, Span]]:
        near, far = min(edge, quoted), max(edge, quoted)
        across = _NEIGHBOUR_COST if "\n" in self.text[near:far] else 0.0
        for count in _PREFIXES:
            if count > len(words):
                return
            term = (words[-count][0], edge) if backwards else (edge, words[count - 1][1])
            yield _CONTEXT_COST + count + across + self._crossing(*term), count, term

    def _finds(self, directive: Directive, start: int, end: int) -> bool:
        """Whether a browser finds `text[start:end]` by it, as the standard's "find a range from a text directive".

        Word bounds and seams are left out of account, so that it can only find more.
        """
        prefix, opening, closing, suffix = (" ".join(self._folded[slice(*term)].split()) for term in directive[:4])
        first = self._place(prefix, opening, "" if closing else suffix)
        if first != self._places[start] or not closing:
            return first == self._places[start]
        return self._place("", closing, suffix, first + len(opening)) + len(closing) == self._places[end - 1] + 1

    def _place(self, before: str, term: str, after: str, start: int = 0) -> int:
        """Where in the searched text the first `term` stands that has the others beside it; -1 if nowhere."""
        text, at = self._searched, start - 1
        while (at := text.find(term, at + 1)) >= 0:
            edge = at - text[at - 1 : at].isspace()
            behind = at + len(term)
            behind += text[behind : behind + 1].isspace()
            if text.endswith(before, start, edge) and text.startswith(after, behind):
                return at
        return -1


def _is_none(term: Span) -> bool:
    return term[0] == term[1]


def _few(count: int) -> float:
    return _FEW_COST[count - 1] if count <= len(_FEW_COST) else 0.0


class _Folding(dict[str, str]):
    """Base letters without accents or case, one for one, so that offsets stay (UTS 10, primary level)."""

    def __missing__(self, sign: str) -> str:
        base = unicodedata.normalize("NFD", sign)[0]
        self[sign] = folded = base.casefold()[0]
        return folded


_FOLDED = _Folding()
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def _folded(text: str) -> str:
    """The base letters of a text; those of ASCII are its small ones."""
    return _NOT_ASCII.sub(lambda sign: _FOLDED[sign[0]], text).lower()


_SPACES = np.array([chr(code).isspace() for code in range(0x3002)])
"""By code point, up to one behind the last white space."""


def _with_single_spaces(text: str) -> tuple[str, np.ndarray]:
    """A text with one sign for each run of white space, the end of a line where it holds one and else a space; and
    where in it each sign of the text stands.

    Reckoned on code points, as an expression that looks at each white space takes ten times as long.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    spaces = _SPACES[np.minimum(codes, len(_SPACES) - 1)]
    kept = np.ones(len(codes), np.bool_)
    kept[1:] = ~(spaces[1:] & spaces[:-1])
    places = np.cumsum(kept) - 1
    signs = np.where(spaces, ord(" "), codes)[kept]
    signs[places[codes == ord("\n")]] = ord("\n")
    return signs.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass"), places
