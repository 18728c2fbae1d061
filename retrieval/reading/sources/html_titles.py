"""The headline of a page among what it, its tab and its tags for sharing say: none of them is always the article's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from retrieval.text.controls import storable_line
from retrieval.text.domains import outlet_key
from retrieval.text.headlines import AGREE, shared

_MAX_TITLE = 500  # characters, as `fields` checks
_BETWEEN = re.compile(r"\s+[|–—·•»:/-]\s+|\s*[|»]\s*|:\s+")
_READ = 20  # paragraphs


@dataclass(frozen=True, slots=True)
class Titles:
    """What a page says its headline is: its only h1 and its tab (`shown`), all h1s, and its tags for `sharing`.

    `names` are the keys of its outlet (`domains.outlet_key`).
    """

    shown: Sequence[str]
    h1s: Sequence[str]
    sharing: Sequence[str]
    names: frozenset[str]
    tree: HtmlElement

    @classmethod
    def of(cls, tree: HtmlElement, sharing: Sequence[str], names: Iterable[str], address: str | None) -> Titles:
        """The titles of the page in `tree` at `address`, of an outlet that goes by `names`."""
        known = {outlet_key(name) for name in (*names, urlsplit(address or "").hostname)}
        h1s = [storable_line(heading.text_content()) for heading in tree.iterfind(".//h1")]
        return cls(page_headlines(tree), h1s, sharing, frozenset(known - {""}), tree)

    def without_outlet(self, title: str) -> str:
        """The title without the outlet's name before or behind it; "" if there is nothing else in it."""
        start, end = 0, len(title)
        gaps = list(_BETWEEN.finditer(title))
        for gap in gaps:
            if outlet_key(title[start : gap.start()]) not in self.names:
                break
            start = gap.end()
        for gap in reversed(gaps):
            if gap.end() <= start or outlet_key(title[gap.end() : end]) not in self.names:
                break
            end = gap.start()
        left = title[start:end].strip()
        return "" if outlet_key(left) in self.names else left

    def is_of_another(self, elsewhere: bool) -> bool:
        """Whether the tags for sharing are of another page: those of the site or a section, left by its template.

        Headlines for sharing are worded anew. So besides having no word in common with what the page shows it takes
        the outlet's name before it, another page's address beside it (`elsewhere`), an h1 and a tab that agree, or
        that the text has the words of the h1 and not its own.
        """
        told = self.without_outlet(self.sharing[0]) if self.sharing else ""
        shown = [left for title in self.shown if (left := self.without_outlet(title))]
        if not told or not shown:
            return False
        if all(shared(told, each) == 0 for each in shown):
            agree = len(shown) == 2 and shared(*shown) >= AGREE
            return elsewhere or agree or not self.sharing[0].startswith(told)
        if len(shown) == 2 and shared(told, shown[0]) == 0:
            prose = " ".join(each.text_content() for each in islice(self.tree.iter("p"), _READ))
            return shared(shown[0], prose) >= max(AGREE, 2 * shared(told, prose))
        return False

    def best(self, headlines: Sequence[str], *, of_another: bool) -> str | None:
        """The title of the article: its `headlines` in linked data first; what is the site's only if nothing else is.

        `of_another` tells that the tags for sharing are, with what is worded alike.
        """
        sharing = self.sharing[:1] if of_another else []
        candidates = [*headlines, *([] if of_another else self.sharing), *self.shown, *self.h1s]
        titles = [title for title in candidates if title and len(title) <= _MAX_TITLE]
        own = (
            self.without_outlet(title) for title in titles if not any(shared(title, each) >= AGREE for each in sharing)
        )
        return next(filter(None, own), titles[0] if titles else None)


def page_headlines(tree: HtmlElement) -> list[str]:
    """What the page itself shows as its headline: its only h1, and what its tab says."""
    return list(filter(None, _shown(tree)))


def _shown(tree: HtmlElement) -> Iterator[str]:
    headings = list(islice(tree.iterfind(".//h1"), 2))
    if len(headings) == 1:
        yield storable_line(headings[0].text_content())
    if (head := tree.find(".//title")) is not None:
        yield storable_line(head.text_content())
