"""The titles of feeds and entries as plain text, and the outlet that a feed's title names."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from retrieval.text.addresses import canonical_url
from retrieval.text.controls import storable_line
from retrieval.text.domains import registered_domain

_TAG = re.compile(
    r"<(/?)(a|abbr|b|bdi|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|mark|p|q|s|small|span|strike|strong|sub|sup|u"
    r"|wbr)(\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_WITHOUT_END = ("br", "img", "wbr")
# A tag that stands as a word does is one: "The <div> tag turns thirty".
_WORD_BEFORE = re.compile(r"(?:\A|[\s\"'“‘(])\Z")
_WORD_AFTER = re.compile(r"\Z|[\s\"'”’),.:;!?]")
_LONGEST_TITLE = 5_000  # characters with all markup
_SEPARATOR = re.compile(r"\s+[-|–—»·:/]+\s+|\s*[|»]\s*|:\s+")
_NOT_A_NAME = re.compile(
    r"\b(?:rss|atom|xml|json)\b(?:\s+(?:\d\.\d|news))?|\b(?:news\s*)?feeds?\b|\b(?:latest|top|all|recent|breaking)\s+"
    r"(?:news|stories|headlines|articles|posts|entries)\b|\bheadlines\b|\bhome\s?page\b|\btopics\b",
    re.IGNORECASE,
)


def plain_title(text: str | None) -> str | None:
    """A title on one line, without markup and entities; None if nothing is left.

    What closes is markup, and what names an element in the midst of other words is one of them. What is far longer than
    any headline is none.
    """
    title = text if text and len(text) <= _LONGEST_TITLE else ""
    if _TAG.search(title):
        from retrieval.reading.markup import inline_text  # lxml, which few titles need

        title = inline_text(_markup_alone(title))
    return storable_line(html.unescape(title)) or None


def _markup_alone(title: str) -> str:
    """`title` as HTML in which the tags of words' markup are such, and every other "<" is the sign."""
    tags = list(_TAG.finditer(title))
    closed: set[int] = set()
    waiting: dict[str, list[int]] = {}
    for place, tag in enumerate(tags):
        name = tag[2].lower()
        if not tag[1]:
            waiting.setdefault(name, []).append(place)
        elif waiting.get(name):
            closed |= {waiting[name].pop(), place}
    parts: list[str] = []
    at = 0
    for place, tag in enumerate(tags):
        parts.append(title[at : tag.start()].replace("<", "&lt;"))
        at = tag.end()
        alone = _WORD_BEFORE.search(title[max(0, tag.start() - 1) : tag.start()]) and _WORD_AFTER.match(title, at)
        is_word = place not in closed and tag[2].lower() not in _WITHOUT_END and not tag[3] and alone
        parts.append(html.escape(tag[0]) if is_word else tag[0])
    return "".join([*parts, title[at:].replace("<", "&lt;")])


def outlet_name(title: str | None, addresses: Iterable[str | None]) -> str | None:
    """The outlet behind a feed: what of the feed's title names it, else the registered domain of the first address.

    "World news | The Guardian" of theguardian.com is "The Guardian"; "Latest news - RSS feed" names nobody.
    """
    domains = [domain for address in addresses if address and (domain := registered_domain(canonical_url(address)))]
    whole = plain_title(title) or ""
    parts = [name for part in _SEPARATOR.split(whole) if (name := _name(part))]
    for domain in domains:
        label = domain.partition(".")[0].replace("-", "")
        for part in parts:
            letters = re.sub(r"[\W_]+", "", part).casefold()
            if letters and (letters in label or label in letters or letters.removeprefix("the") in label):
                return part[:100]
    name = _name(whole)
    if name and len(parts) == 1 and len(name) <= 100:
        return name
    return domains[0] if domains else (name or None) and name[:100]


def _name(text: str) -> str:
    return storable_line(_NOT_A_NAME.sub(" ", text)).strip(" -–—|:»·,.()[]")
