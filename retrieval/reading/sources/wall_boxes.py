"""Walls that are known by the element they stand in, in whatever language: boxes of consent, payment and checks.

A page that has its article beside such a box loses the box; one that has nothing beside it is a wall.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from retrieval.reading.markup import drop
from retrieval.reading.sources.walls import CHECKS, CONSENT_FIRST, MOST_WORDS, SUBSCRIPTION_FIRST, signs_in


def _named(names: str) -> re.Pattern[str]:
    return re.compile(rf"(?:\A|-)(?:{names})")


# Products by name, and what sites call their own.
_NAMED = {
    CONSENT_FIRST: _named(
        r"onetrust|ot-sdk|didomi|sp-message|sourcepoint|usercentrics|uc-(?:banner|container|wall)|qc-cmp|cybotcookiebot"
        r"|cookiebot|fc-(?:consent|dialog)|truste|trustarc|iubenda|cky-(?:consent|modal|overlay)|termly|borlabs"
        r"|klaro|tarteaucitron|osano-cm|evidon|axeptio|cmp(?:box|-(?:box|modal|wall|banner|dialog|ui))?\Z"
        r"|(?:cookie|consent|gdpr|privacy|dsgvo|rgpd)-?(?:wall|banner|notice|consent|modal|dialog|layer|popup|overlay"
        r"|gate|message|manager|box|container|screen)|pur-?(?:abo|layer|wall)"
    ),
    SUBSCRIPTION_FIRST: _named(
        r"(?:pay|reg|login|registration|subscription|subscriber|membership|premium)-?(?:wall|gate|barrier|lock)"
        r"(?:-(?:offer|prompt|box|message|banner|modal|cta|overlay|container|content|inner))?\b|piano-|tp-(?:modal"
        r"|container)|(?:subscription|subscribe|abo|premium)-?(?:offer|prompt|cta|teaser|box|overlay)\b"
    ),
    CHECKS: _named(
        r"(?:px|g-re|h|re)-?captcha|captcha(?:-(?:container|box|form|wrapper))?\b|cf-(?:challenge|error|wrapper|turnstile)"
        r"|challenge-(?:form|running|stage|body|platform|container)|datadome"
    ),
}
_OF_THE_PAGE = re.compile(r"(?:no|has|with|without|is|show|hide|enable|allow)-")
_NEVER = ("html", "body", "main", "article", "head", "script", "style", "meta", "link", "iframe", "noscript")
_CONTROLS = ("button", "input", "iframe", "select")
_AROUND = ("nav", "header", "footer", "script", "style", "template", "noscript", "title")
_LEAST = 20  # words beside a box are the article
_MOST = 200  # boxes are looked at


def take_away_walls(tree: HtmlElement) -> str | None:
    """What the page does instead of showing an article, if all of it is in a box for that; such boxes are taken out.

    A box without the words of its kind or anything to press is none: sites name the text behind a wall so, too.
    """
    boxes = [(box, does) for box, does in _boxes(tree) if does is not None]
    if not boxes:
        return None
    inside = {each for box, _ in boxes for each in box.iter()}
    if _words_without(tree, inside) < _LEAST:
        return boxes[0][1]
    for box, _ in boxes:
        drop(box)
    return None


def _boxes(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str | None]]:
    """The outermost boxes, each with what it does."""
    found: set[HtmlElement] = set()
    for element in tree.iter():
        if len(found) >= _MOST:
            return
        if not isinstance(element.tag, str) or element.tag in _NEVER or element.getparent() is None:
            continue
        names = f"{element.get('id') or ''} {element.get('class') or ''}"[:500].lower().replace("_", "-").split()
        named = next((does for does, each in _NAMED.items() if any(_names(each, name) for name in names)), None)
        is_dialog = element.get("role") in ("dialog", "alertdialog") or element.get("aria-modal") == "true"
        if (named or is_dialog) and not any(each in found for each in element.iterancestors()):
            does = _does(element, named)
            if does is not None:
                found.add(element)
                yield element, does


def _names(kind: re.Pattern[str], name: str) -> bool:
    return bool(kind.search(name)) and not _OF_THE_PAGE.match(name)


def _does(box: HtmlElement, named: str | None) -> str | None:
    text = " ".join(box.text_content().split())
    said = signs_in(text)
    if named == SUBSCRIPTION_FIRST and len(text.split()) > MOST_WORDS:
        return None
    if named and (said.get(named) or (named != SUBSCRIPTION_FIRST and next(box.iter(*_CONTROLS), None) is not None)):
        return named
    does = max(said, key=lambda each: said[each], default=None)
    return does if does and said[does] > 1 else None


def _words_without(tree: HtmlElement, boxes: set[HtmlElement]) -> int:
    words, waiting = 0, [tree]
    while waiting:
        element = waiting.pop()
        if element in boxes or not isinstance(element.tag, str) or element.tag in _AROUND:
            continue
        words += len((element.text or "").split())
        words += sum(len((child.tail or "").split()) for child in element)
        waiting += list(element)
    return words
