"""Text directives: the words by which a browser finds a stretch of a page, chosen so that it finds that and no other.

`text=[prefix-,]textStart[,textEnd][,-suffix]`, https://wicg.github.io/scroll-to-text-fragment/. A browser highlights
the first place that matches, without regard to case or accents. Every term must match from its first character to its
last, at word bounds, within what the browser takes for one block of visible text; what stands between textStart and
textEnd does not matter. So terms are few words at either end, which reach across no seam if they can help it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice, product
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import quote

from retrieval.text.layout import LaidOut

Span = tuple[int, int]

_STOPS = "\u3001-\u3003\u3008-\u3011\u3014-\u301f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
# What a term may begin and end with: something between white space or, as in scripts that are written without any, up
# to a stop, since only a dictionary knows where words end in between. A narrow space is part of a word (UAX 29).
# (White space one by one: a class is run through several times as fast as a choice between it and that space.)
_SPACES = "\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u205f\u3000"
_UNIT = re.compile(f"[^{_SPACES}{_STOPS}]+[{_STOPS}]*|[{_STOPS}]+")
_WORD = re.compile(r"[^\W_]")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
# Marks that are not seen, and spaces of other widths: browsers differ in what they find. A dotless i that a page shows
# in capitals is an I to them.
_DOUBTFUL = re.compile(
    "[ı\xad\u034f\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff"
    "\t\r\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u205f\u3000]"  # white space but spaces and ends of lines
)
_UNSAFE = re.compile(r"[^\w.~ ]", re.ASCII)
_FOLDED_BY_PAGES = re.compile(r"[ \t\r\n\f]+")

_MOST_WORDS = 10
_FEW_COST = (6.0, 2.0, 0.5)
"""Of one, two or three words that tell the place from others: a page that has changed may have them elsewhere."""
_LETTERS, _SIGNS = 6, 2
"""Of a word, at most times, and in a script without spaces."""
_MANY_COST = 0.5
"""Of each word above five at the beginning, or three at the end."""
_OPENING_COSTS = tuple(_MANY_COST * max(0, count - 5) for count in range(1, _MOST_WORDS + 1))
_CLOSING_COSTS = tuple(_MANY_COST * max(0, count - 3) for count in range(1, _MOST_WORDS + 1))
"""What that comes to for so many words, from one on."""
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
_LEFT_OUT = sorted(product(range(_MOST_LEFT_OUT), repeat=2), key=lambda both: (sum(both), both))[1:]
"""Words of a block that a part of it lacks before and after, the fewest first."""
TRIES = 300
"""Of directives for one link: a page of ever the same words would take seconds, and ordinary ones take a few."""
_NEIGHBOUR_COST = 40.0
"""Of context from the next block: a page may come to show something between."""
_BY_COST = itemgetter(4)
"""The cost of a directive, or of what makes one."""


_Form = tuple[int, int, Span, Span, float]
"""How many words the first term of a directive has, and is worth by its length; that and the last one, or none; and
what they cost."""


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
        prefix, start, end, suffix = [_encoded(text[left:right]) if left < right else "" for left, right in self[:4]]
        terms = [prefix and f"{prefix}-", start, end, suffix and f"-{suffix}"]
        return "text=" + ",".join(term for term in terms if term)


@lru_cache(256)
def _encoded(term: str) -> str:
    """Percent-encoded, "-" too: it marks prefix and suffix. Only the white space that a page folds is folded.

    Remembered, as a directive is written to see whether it fits, and once more with those beside it.
    """
    return _UNSAFE.sub(lambda sign: _quoted(sign[0]), _FOLDED_BY_PAGES.sub(" ", term.strip())).replace(" ", "%20")


@lru_cache(256)
def _quoted(sign: str) -> str:
    return quote(sign, safe="", errors="replace").replace("-", "%2D")


class Page:
    """A page's text, in which directives are tried. `opening` is where the article's begins."""

    def __init__(self, laid_out: LaidOut, opening: int) -> None:
        self.opening = opening
        self.tries_left = TRIES
        """Each link is made from a copy of the page, and so has all of them."""
        self.text = laid_out.text
        strange = set(_STRANGE.findall(self.text))
        self._searched, self._gone = _with_single_spaces(_folded(self.text, strange))
        """Base letters, with one space for each white space in a line, so that terms are found as they are; and which
        places of the text are left out in it."""
        self._edges = laid_out.seams
        doubtful = _DOUBTFUL.finditer(self.text) if _DOUBTFUL.search("".join(strange)) else ()
        self._seams = sorted({*self._edges, *(match.end() for match in doubtful)})
        self._hard = laid_out.hard
        self._known: dict[Span, list[Span]] = {}
        """Words of what was looked at: each block and part of one is looked at again."""
        self._between = laid_out.between

    def __copy__(self) -> Page:
        """The same page with all tries, on which nothing was looked at."""
        page = object.__new__(Page)
        page.__dict__.update(self.__dict__)
        page._known = {}
        return page

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

    def parts(self, start: int, end: int, least: int = 0, most: int | None = None) -> Iterator[Span]:
        """Parts of `text[start:end]` of whole words, the largest first: some words less at either end, so many that
        they are within `text[least:most]`."""
        if self.tries_left <= 0:
            return
        words = self._words(start, end)
        starts = [start, *(word[0] for word in words[1:_MOST_LEFT_OUT])]
        ends = [end, *(word[1] for word in words[-2 : -1 - _MOST_LEFT_OUT : -1])]
        few = bisect_left(starts, least)
        lacks = 0 if most is None else sum(stop > most for stop in ends)
        for before, after in _LEFT_OUT:
            if before >= few and after >= lacks and before + after < len(words):
                part = starts[before], ends[after]
                self._known[part] = words[before : len(words) - after]
                yield part

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
        if (words := self._known.get((start, end))) is None:
            units = _UNIT.finditer(self.text, start, end)
            words = [unit.span() for unit in units if unit[0][0].isalnum() or _WORD.search(unit[0])]
            self._known[start, end] = words
        return words

    def _word_length(self, at: int) -> int:
        """Of how many signs a term that begins there is worth a word: between white space or stops may be a clause."""
        return _SIGNS if _UNSPACED.match(self.text, at) else _LETTERS

    def _crossing(self, start: int, end: int) -> float:
        """What it costs a term to reach from `start` to `end`."""
        crossed = self._crossed(start, end)
        seams = sum([_HARD_COST if seam in self._hard else _SEAM_COST for seam in crossed]) if crossed else 0.0
        term = self.text[start:end]
        return seams + _LENGTH_COST * (len(term) if term.isascii() else len(term.encode(errors="replace")))

    def _crossed(self, start: int, end: int) -> list[int]:
        return self._seams[bisect_left(self._seams, start + 1) : bisect_left(self._seams, end)]

    def _crossing_within(self, start: int, end: int) -> Callable[[int, int], float]:
        """`_crossing` for terms of `text[start:end]`: mostly there is no seam in all of it, and each sign is a byte."""
        if self._crossed(start, end) or not self.text[start:end].isascii():
            return self._crossing
        return lambda start, end: _LENGTH_COST * (end - start)

    def _cheapest_first(self, start: int, end: int, words: list[Span]) -> Iterator[Directive]:
        """Candidates by what they cost. Those with context are hundreds, and mostly one without does."""
        forms = self._forms(start, end, words)
        plain = sorted(_candidates(forms, [(0.0, 0, (end, end), (end, end))]), key=_BY_COST)
        least = min([cost for *_, cost in forms]) + _CONTEXT_COST + 1  # of any with context
        sure = bisect_left(plain, least, key=_BY_COST)
        yield from map(Directive._make, plain[:sure])
        rest = chain(plain[sure:], _candidates(forms, list(self._contexts(start, end))))
        yield from map(Directive._make, sorted(rest, key=_BY_COST))

    def _forms(self, start: int, end: int, words: list[Span]) -> list[_Form]:
        """How a directive can name the text."""
        crossing, length = self._crossing_within(start, end), self._word_length(start)
        count, worth = len(words), (end - start) // length
        whole = _WHOLE_COST * max(0, max(count, worth) - 5)
        forms: list[_Form] = [(count, worth, (start, end), (end, end), whole + crossing(start, end))]
        closing = self._closing(end, words, crossing)
        best = 0
        for opening, ((_, stop), many) in enumerate(zip(words[:-1], _OPENING_COSTS, strict=False), 1):
            while best < len(closing) and closing[best][1] <= stop:  # nor is it behind any longer opening
                best += 1
            if best == len(closing):
                break
            cost, begin = closing[best]
            cost += many + crossing(start, stop)
            forms.append((opening, (stop - start) // length, (start, stop), (begin, end), cost))
        return forms

    def _closing(self, end: int, words: list[Span], crossing: Callable[[int, int], float]) -> list[tuple[float, int]]:
        """What may be textEnd, the best first: what it costs, and where it begins."""
        begins = [begin for begin, _ in words[:0:-1]]
        costs = [(crossing(begin, end) + many, begin) for begin, many in zip(begins, _CLOSING_COSTS, strict=False)]
        if begins and end - begins[0] < 2 * self._word_length(begins[0]):
            costs[0] = costs[0][0] + _SHORT_END_COST, begins[0]
        return sorted(costs)

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
        prefix, opening, closing, suffix = [
            self._sought(left, right) if left < right else "" for left, right in directive[:4]
        ]
        first, wanted = self._place(prefix, opening, "" if closing else suffix), self._place_of(start)
        if first != wanted or not closing:
            return first == wanted
        return self._place("", closing, suffix, first + len(opening)) + len(closing) == self._place_of(end - 1) + 1

    def _sought(self, start: int, end: int) -> str:
        return " ".join(self._searched[self._place_of(start) : self._place_of(end)].split())

    def _place_of(self, at: int) -> int:
        """Where in the searched text a sign of the text stands, or the white space that it is part of."""
        return at - bisect_right(self._gone, at)

    def _place(self, before: str, term: str, after: str, start: int = 0) -> int:
        """Where in the searched text the first `term` stands that has the others beside it; -1 if nowhere."""
        text, at = self._searched, start - 1
        while (at := text.find(term, at + 1)) >= 0:
            edge, behind = at, at + len(term)
            while before and text[edge - 1 : edge].isspace():
                edge -= 1
            while after and text[behind : behind + 1].isspace():
                behind += 1
            if text.endswith(before, 0, edge) and text.startswith(after, behind):
                return at
        return -1


def _is_none(term: Span) -> bool:
    return term[0] == term[1]


def _candidates(
    forms: Sequence[_Form], contexts: Sequence[tuple[float, int, Span, Span]]
) -> Iterator[tuple[Span, Span, Span, Span, float]]:
    """Directives, as plain tuples, for few of them are tried."""
    for count, worth, term, last, cost in forms:
        alone = _is_none(last)
        for context, more, prefix, suffix in contexts:
            if alone or _is_none(suffix):  # else the suffix would be that of the last words
                words = max(count + more, worth)
                few = _FEW_COST[words - 1] if words <= len(_FEW_COST) else 0.0
                yield prefix, term, last, suffix, cost + context + few


class _Folding(dict[str, str]):
    """Base letters without accents or case, one for one, so that offsets stay (UTS 10, primary level). What else is
    white space in a line becomes a space."""

    def __missing__(self, sign: str) -> str:
        base = unicodedata.normalize("NFD", sign)[0]
        self[sign] = folded = " " if sign.isspace() else base.casefold()[0]
        return folded


_FOLDED = _Folding()
_STRANGE = re.compile(r"[^\n -\x7f]")
_FEW_STRANGE = 100  # different signs, up to which it is quicker to replace each in all of a text


def _folded(text: str, strange: Collection[str]) -> str:
    """The base letters of a text that holds these `strange` signs; those of ASCII are its small ones."""
    if len(strange) > _FEW_STRANGE:
        return _STRANGE.sub(lambda sign: _FOLDED[sign[0]], text).lower()
    for sign in strange:  # one after another, which is as good as all at once: no base letter has another base
        text = text.replace(sign, _FOLDED[sign])
    return text.lower()


_RUN = re.compile(r"\s\s+")


def _with_single_spaces(text: str) -> tuple[str, Sequence[int]]:
    """A text with one sign for each run of white space, the end of a line where it holds one and else a space; and
    which places of the text are left out in it.

    A text that has but an empty line between others, as most have, stays as it is: to look at each white space takes
    several times as long.
    """
    if "  " not in text and " \n" not in text and "\n\n\n" not in text:
        return text, ()
    gone = [at for run in _RUN.finditer(text) for at in range(run.start() + 1, run.end())]
    return _RUN.sub(lambda run: "\n" if "\n" in run[0] else " ", text), gone
