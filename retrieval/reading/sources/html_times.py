"""When a page's `<time>` says that it was published; others are of related articles, or of what is told."""

from __future__ import annotations

import re
from typing import cast

from lxml.html import HtmlElement

from retrieval.reading.sources.page_text import BLOCKS, HEADINGS
from retrieval.reading.sources.surroundings import leads_away
from retrieval.text.controls import storable_line

ARTICLE_TYPE = re.compile(r"Article$|BlogPosting$|^Report$|^Review$|^LiveBlogPosting$")
"""Types of schema.org."""

_STATED_TIME = (".//*[@itemprop='datePublished']", ".//time[@pubdate]")
_ANY_TIME = ".//time[@datetime][not(ancestor::aside or ancestor::nav or ancestor::footer)]"
_TIME_OF_ARTICLE = _ANY_TIME.replace(".//time", ".//article[.//h1]//time")
# A line around a time that is more than its label is a sentence that speaks of that time.
_LABEL_WORDS = 8
_LABELLED = re.compile(
    r"\W*(?:first |last )?(?:published|posted|updated|created|modified|veröffentlicht|aktualisiert|erschienen|stand"
    r"|publié|mis à jour|publicado|actualizado|pubblicato|aggiornato|gepubliceerd|opublikowano|publicerad"
    r"|by |von |par )",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]\W*\Z")
_TEASER = 80  # words at most
_HEADLINE = 5  # words at least of a link that is one; of names and sections are fewer, of signs without spaces more
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]{10}")


def stated_times(tree: HtmlElement, url: str | None) -> list[str]:
    """The times of publication that the page in `tree`, at `url`, shows."""
    for path in _STATED_TIME:
        for element in cast("list[HtmlElement]", tree.xpath(path)):
            text = element.get("datetime") or element.get("content") or storable_line(element.text_content())
            if text and is_articles(element) and not _is_of_another(element, url):
                return [text]
    times = [time for time in cast("list[HtmlElement]", tree.xpath(_TIME_OF_ARTICLE)) if _is_own(time, url)]
    if times:
        return [times[0].get("datetime", "")]
    times = [time for time in cast("list[HtmlElement]", tree.xpath(_ANY_TIME)) if _is_own(time, url)]
    stamps = {time.get("datetime", "") for time in times}
    return list(stamps) if len(stamps) == 1 else []


def is_articles(element: HtmlElement) -> bool:
    """Whether a microdata property is of the page's article: of no item, or of one that holds the page's headline."""
    scope = next((each for each in element.iterancestors() if "itemscope" in each.attrib), None)
    if scope is None:
        return True
    kind = (scope.get("itemtype") or "").rstrip("/").rpartition("/")[2]
    if kind in ("WebPage", ""):
        return True
    heading = element.getroottree().find(".//h1")
    inside = heading is None or scope in heading.iterancestors()
    return bool(ARTICLE_TYPE.search(kind)) and (inside or scope.find(".//*[@itemprop='headline']") is None)


def _is_own(time: HtmlElement, url: str | None) -> bool:
    return not _is_told(time) and not _is_of_another(time, url)


def _is_told(time: HtmlElement) -> bool:
    """Whether a sentence tells of the time, which is no day of publication then: "It opened on <time>Monday</time>"."""
    around = next((each for each in time.iterancestors() if each.tag in BLOCKS), time)
    if around.tag in ("body", "article", "main", "section"):
        return False
    line = storable_line(around.text_content())
    rest = line.replace(storable_line(time.text_content()), "", 1)
    if _LABELLED.match(line) and len(rest.split()) <= 2 * _LABEL_WORDS:
        return False
    return len(rest.split()) > _LABEL_WORDS or bool(rest.strip(" .") and _SENTENCE_END.search(rest))


def _is_of_another(time: HtmlElement, url: str | None) -> bool:
    """Whether the time stands in a box of a few words with the headline of another story, which leads to that."""
    for box in time.iterancestors():
        if box.tag in ("body", "main") or box.find(".//h1") is not None or len(box.text_content().split()) > _TEASER:
            return False
        links = [*box.iter("a"), *([box] if box.tag == "a" else [])]
        if any(_is_headline(link) and leads_away(link.get("href", ""), url) for link in links):
            return True
    return False


def _is_headline(link: HtmlElement) -> bool:
    text = link.text_content()
    around = {each.tag for each in (*link.iter(), *link.iterancestors())}
    return bool(around.intersection(HEADINGS) or len(text.split()) >= _HEADLINE or _UNSPACED.search(text))
