"""The key points that a page puts above its article: taken out of the text, and kept as what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from retrieval.reading.markup import drop
from retrieval.reading.sources.surroundings import box_below, names_of, prose_words
from retrieval.text.controls import storable_line

_NAMED = re.compile(
    r"(?:[a-z0-9]+-){0,3}(?:key-?(?:points?|takeaways?|facts)|takeaways?|(?:story|article|news)-?(?:highlights?|summary)"
    r"|highlights|tl-?dr|at-a-glance|in-(?:brief|short)|bullet-?(?:points|summary)|summary-(?:box|bullets|list|points)"
    r"|kernpunkte|das-wichtigste|auf-einen-blick|essentiel|points-cles|puntos-clave|lo-mas-importante|punti-chiave"
    r"|in-sintesi|kernpunten|pontos-chave)(?:-(?:list|box|block|container|wrapper|module|section|content|items?|\d+)){0,3}"
)
_HEADED = re.compile(
    r"\W*(?:(?:the )?key (?:points?|takeaways?|facts|developments)|(?:main |top )?takeaways?|(?:the )?highlights"
    r"|at a glance|in (?:brief|short|a nutshell)|tl;?dr|what (?:you need|we|to) (?:to )?know|the (?:main )?points"
    r"|(?:das )?wichtigste(?: in kürze| im überblick)?|auf einen blick|in kürze|kernpunkte|die fakten"
    r"|l['’]essentiel|les points clés|en bref|ce qu['’]il faut (?:savoir|retenir)|lo esencial|las claves|puntos clave"
    r"|in sintesi|i punti chiave|kernpunten|in het kort|pontos-chave|em resumo)\W*",
    re.IGNORECASE,
)
_HEADINGS = ("h2", "h3", "h4", "h5", "h6", "strong", "b", "p", "summary")
_MOST = 12  # points
_LEAST_NAMED, _LEAST_HEADED = 2, 1  # a box of one, without a heading that says so, may be the standfirst
_LONGEST = 45  # words of a point
_ABOVE = 80  # words of text, at most, stand before them
_LEAST_LEFT = 30  # words of text: with fewer left, they were the article


def take_key_points(tree: HtmlElement) -> list[str]:
    """The key points of the page in `tree`, whose box is taken out; none if no box above the text is one of those."""
    for box, least in _boxes(tree):
        points = _points(box)
        inside = sum(prose_words(each) for each in box)
        rest = prose_words(tree) - inside
        if least <= len(points) <= _MOST and rest >= _LEAST_LEFT and _words_before(tree, box[0]) <= _ABOVE:
            for each in box:
                drop(each)
            return points
    return []


def _boxes(tree: HtmlElement) -> Iterator[tuple[list[HtmlElement], int]]:
    """What may be a box of key points, each as the elements of it, with how many are in it at least."""
    for element in tree.iter("div", "section", "aside", "ul", "ol", "details"):
        if any(map(_NAMED.fullmatch, names_of(element))) and element.find(".//h1") is None:
            yield [element], _LEAST_NAMED
    for heading in tree.iter(*_HEADINGS):
        text = storable_line(heading.text_content())
        if len(text) <= 60 and _HEADED.fullmatch(text):
            following = heading.getnext()
            if following is not None and following.tag in ("ul", "ol"):
                yield [heading, following], _LEAST_HEADED
            elif (box := box_below(heading)) is not None and box.tag not in ("p", "li") and box is not heading:
                yield [box], _LEAST_HEADED


def _points(box: list[HtmlElement]) -> list[str]:
    lines = [line for each in box for line in each.iter("li")] or [line for each in box for line in each.iter("p")]
    texts = [storable_line(line.text_content()) for line in lines]
    points = [text for text in texts if text and not _HEADED.fullmatch(text)]
    return points if all(len(point.split()) <= _LONGEST for point in points) else []


def _words_before(tree: HtmlElement, box: HtmlElement) -> int:
    words = 0
    for element in tree.iter("p", "div", "section", "aside", "ul", "ol", "details", *_HEADINGS):
        if element is box:
            break
        words += len(element.text_content().split()) if element.tag == "p" else 0
    return words
