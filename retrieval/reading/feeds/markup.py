"""The HTML of titles and entries as plain text."""

from __future__ import annotations

import html
import re

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # compiled
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from retrieval.text.controls import storable, storable_line

_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|br|cite|code|div|em|font|h[1-6]|i|img|mark|p|q|s|small|span|strong|sub|sup|u|wbr)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# lxml takes no text that says how it is encoded.
_PROLOG = re.compile(r"<\?xml\b[^>]{0,200}>", re.IGNORECASE)
_BLOCKS = set(
    """
    address article aside blockquote br body caption center dd details div dl dt fieldset figure footer h1 h2 h3 h4
    h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul
    """.split()
)
_NO_TEXT = set("button canvas figcaption form head iframe noscript object script select style svg textarea".split())
_MOST_ELEMENTS = 50_000
# What feeds put below an entry, and is no part of it.
_BELOW = re.compile(
    r"(?:the post .{1,300} (?:first appeared|appeared first) on .{1,100}|(?:continue|keep) reading.{0,100}"
    r"|(?:read|see) (?:more|on|the (?:full|rest)).{0,60}|[\W\d]*comments?[\W\d]*)",
    re.IGNORECASE | re.DOTALL,
)
_CUT_SHORT = re.compile(
    r"(?:…|\.\.\.|\[(?:…|\.\.\.|&hellip;)\]|\b(?:continue|keep) reading|\bread (?:more|on))[\s\W]*\Z", re.IGNORECASE
)


def plain_title(text: str | None) -> str | None:
    """A title on one line, without markup and entities; None if nothing is left."""
    return storable_line(html.unescape(_INLINE.sub("", text or ""))) or None


def plain_text(markup: str) -> str:
    """The paragraphs of an HTML fragment, blank lines between them; "" if there are none.

    Left out are scripts, forms, captions, and what feeds put below an entry ("The post … appeared first on …").
    """
    if not markup.strip():
        return ""
    try:
        tree = document_fromstring(
            _PROLOG.sub("", storable(markup)), parser=HTMLParser(encoding=None, remove_comments=True)
        )
    except (etree.ParserError, ValueError):  # only a comment, or nothing at all
        return ""
    return _joined(_paragraphs(tree))


def plain_lines(text: str) -> str:
    """Text that is no HTML, in paragraphs: at its blank lines, or at its lines where it has none."""
    text = storable(text).replace("\r\n", "\n").replace("\r", "\n").strip()
    parts = re.split(r"\n\s*\n", text) if re.search(r"\n\s*\n", text) else text.split("\n")
    return _joined([line for part in parts if (line := storable_line(part))])


def is_cut_short(text: str) -> bool:
    """Whether it ends as a teaser does: "…", "[...]", "Read more"."""
    return bool(_CUT_SHORT.search(text[-200:]))


def _joined(paragraphs: list[str]) -> str:
    while paragraphs and _BELOW.fullmatch(paragraphs[-1]):
        paragraphs.pop()
    return "\n\n".join(paragraphs)


def _paragraphs(tree: HtmlElement) -> list[str]:
    found: list[str] = []
    line: list[str] = []

    def flush() -> None:
        if text := storable_line("".join(line)):
            found.append(text)
        line.clear()

    hidden: HtmlElement | None = None
    for count, (event, element) in enumerate(etree.iterwalk(tree, events=("start", "end"))):
        if count > 2 * _MOST_ELEMENTS:
            break
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if hidden is None and (name in _NO_TEXT or not name):
                hidden = element
            if hidden is None:
                if name in _BLOCKS:
                    flush()
                if name == "li":
                    line.append("- ")
                line.append(element.text or "")
        else:
            if hidden is None and name in _BLOCKS:
                flush()
            if hidden is element:
                hidden = None
            if hidden is None:
                line.append(element.tail or "")
    flush()
    return [text for text in found if text != "-"]
