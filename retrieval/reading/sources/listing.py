"""Pages that list other articles: section fronts, archives, the answers of a search. Known by what they are made of.

A front is headline after headline, each leading to another page of its site, with a few words below it or the whole of
what stands there, and no text of its own before them. An article with other stories beside or below it has its text in
one piece, most of all that is on the page or right at its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # compiled
from lxml.html import HtmlElement

from retrieval.reading.sources.page_text import BLOCKS, HEADINGS
from retrieval.reading.sources.surroundings import leads_away
from retrieval.text.addresses import canonical_url
from retrieval.text.controls import storable_line
from retrieval.text.domains import registered_domain

_AROUND = ("aside", "nav", "footer", "form", "script", "style", "template", "noscript", "figcaption")
_LEAST_HEADED, _LEAST = 3, 4  # stories: of such as have a heading, and of all
_HEADLINE = 4  # words at least of one that is no heading
_INVITATION = 4  # words at most
_LEAD = 25  # words that a front has before its first story, and more where it is long:
_LEAD_SHARE, _LONGEST_LEAD = 1 / 8, 50
_TEASER = 80  # words
_MOST_TEASERS = 0.8  # of the stories are no longer, at least
_MOST_IN_ONE = 0.5  # of all words, at most, are of one story
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{2}|\w+")
_STOPPED = re.compile(r"[.!?…。！？][\"”’»)\]]*\s*\Z")


@dataclass(slots=True)
class _Stories:
    """What a page tells: words before its first story, then those of each; `headed` counts those with a heading."""

    words: list[int] = field(default_factory=lambda: [0])
    places: set[str] = field(default_factory=set)
    headed: int = 0

    def begin(self, place: str, *, headed: bool) -> None:
        if place not in self.places:
            self.places.add(place)
            self.words.append(0)
            self.headed += headed

    @property
    def are_a_list(self) -> bool:
        lead, *told = self.words
        total = lead + sum(told)
        if self.headed < _LEAST_HEADED and len(told) < _LEAST:
            return False
        if lead > _LEAD and lead > min(_LONGEST_LEAD, _LEAD_SHARE * total):
            return False
        if total and max(told) > _MOST_IN_ONE * total:
            return False
        return self.headed >= _LEAST_HEADED or sum(words <= _TEASER for words in told) >= _MOST_TEASERS * len(told)


@dataclass(frozen=True, slots=True)
class _Block:
    """A line of the page, with the links in it; `headed` tells that it is a heading, which may stand in a link."""

    text: str
    links: Sequence[HtmlElement]
    headed: bool

    def leads_by(self, link: HtmlElement) -> bool:
        """Whether the block is, or begins with, a headline that is this link, or invites to read on by it."""
        if self.headed:
            return True
        text = storable_line(link.text_content())
        words = len(_WORD.findall(text))
        rest = self.text.removeprefix(text).lstrip()
        if self.text.startswith(text) and words >= _HEADLINE:
            return not rest[:1].islower() and rest[:1] not in tuple(",;")
        before = self.text.removesuffix(text)
        return 0 < words <= _INVITATION and before != self.text and bool(_STOPPED.search(before))


def lists_others(tree: HtmlElement, url: str | None) -> bool:
    """Whether the page in `tree`, read from `url`, is a list of other pages of its site."""
    stories = _Stories()
    body = tree.find("body")
    for block in _blocks(body if body is not None else tree):
        for link in block.links:
            place = _on_its_site(link.get("href", ""), url)
            if place and block.leads_by(link):
                stories.begin(place, headed=block.headed)
        if not block.headed:
            linked = sum(len(_WORD.findall(link.text_content())) for link in block.links)
            stories.words[-1] += max(0, len(_WORD.findall(block.text)) - linked)
    return stories.are_a_list


def _blocks(body: HtmlElement) -> Iterator[_Block]:
    text: list[str] = []
    links: list[HtmlElement] = []
    heading: HtmlElement | None = None
    hidden: HtmlElement | None = None
    for event, element in etree.iterwalk(body, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if hidden is None and (name in BLOCKS or name == "br"):
            if line := storable_line("".join(text)):
                around = [] if links or heading is None else [*heading.iterancestors("a")]
                yield _Block(line, [*links, *around], heading is not None)
            text.clear()
            links.clear()
        if event == "start":
            if hidden is None and name in _AROUND:
                hidden = element
            if hidden is None:
                heading = element if name in HEADINGS else heading
                text.append(element.text or "")
                if name == "a" and not any(each.tag in BLOCKS for each in element.iterdescendants()):
                    links.append(element)
            continue
        heading = None if element is heading else heading
        hidden = None if element is hidden else hidden
        if hidden is None:
            text.append(element.tail or "")


def _on_its_site(href: str, url: str | None) -> str | None:
    """The address of another page of the site to which a link leads."""
    if not leads_away(href, url):
        return None
    try:
        place = urljoin(url or "", href.strip())
    except ValueError:
        return None
    if url and registered_domain(canonical_url(place)) != registered_domain(canonical_url(url)):
        return None
    return canonical_url(place)
