"""A page as the tree that browsers make of it: all that it shows is in its body, wherever that seems to begin."""

from __future__ import annotations

import re

from lxml.html import Element, HtmlElement
from trafilatura import load_html

_TAG = re.compile(r"<[a-z]", re.IGNORECASE)
_OPENED = re.compile(r"<html\b", re.IGNORECASE)
# Browsers go on behind them: two pages in one answer are one page.
_CLOSED = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_OF_THE_HEAD = frozenset("base link meta noscript script style template title".split())
# With browsers they end the paragraph before them; the parser, older than they are, leaves them in it.
_END_PARAGRAPHS = frozenset(
    "article aside details dialog figcaption figure footer header hgroup main nav search section summary".split()
)


def page_tree(text: str) -> HtmlElement | None:
    """The tree of the HTML `text`, with a body; None if there is no HTML in it."""
    if not _TAG.search(text):
        return None
    whole = text if _OPENED.search(text) else f"<html>{text}"  # of a mere paragraph nothing would be read
    tree = load_html(_CLOSED.sub("", whole))
    if tree is None:
        return None
    if tree.find("body") is None and tree.find("frameset") is None:
        _give_body(tree)
    for paragraph in [*tree.iter("p")]:
        _end(paragraph)
    return tree


def _give_body(tree: HtmlElement) -> None:
    """Begin the body of a page that has none where its head ends: at the first element that is none of a head's."""
    head = tree.find("head")
    parts = [*(head if head is not None else ()), *(each for each in tree if each is not head)]
    begun = next(
        (at for at, each in enumerate(parts) if isinstance(each.tag, str) and each.tag not in _OF_THE_HEAD), len(parts)
    )
    body = Element("body")
    body.extend(parts[begun:])
    tree.append(body)


def _end(paragraph: HtmlElement) -> None:
    """Leave in a paragraph what stands before the first block in it; that and the rest follow it."""
    begun = next((at for at, each in enumerate(paragraph) if each.tag in _END_PARAGRAPHS), None)
    if begun is None or paragraph.getparent() is None:
        return
    rest = paragraph[begun:]
    rest[-1].tail = (rest[-1].tail or "") + (paragraph.tail or "")
    paragraph.tail = None
    for each in reversed(rest):
        paragraph.addnext(each)
