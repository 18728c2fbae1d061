"""What a page shows, as far as it tells without its style sheets: blocks, and what is set apart within them."""

from __future__ import annotations

import re
import unicodedata

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # compiled
from lxml.html import HtmlElement

from retrieval.text.layout import HARD, SOFT

# Not shown, and words on both sides are found together all the same.
_NOTHING = frozenset("head link meta noscript param script source style template title track".split())
# Shown otherwise than as text.
_NO_TEXT = frozenset(
    "audio canvas embed iframe img input meter object picture progress select svg textarea video".split()
)
_BLOCKS = frozenset(
    """
    address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup p pre search section summary
    table tbody td tfoot th thead tr ul
    """.split()
)
_INLINE = frozenset(
    """
    a abbr acronym b bdo big cite code data del dfn em font i ins kbd label mark output q s samp small span strike
    strong sub sup time tt u var
    """.split()
)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_AS_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item|flow-root)", re.IGNORECASE)
_APART = re.compile(r"(?:display|float|position|clip)\s*:", re.IGNORECASE)
_FOLDED = re.compile(r"[ \t\n\r\f]+")
_SEAMS = re.compile(f"[{SOFT}{HARD}]")


def shown_text(tree: HtmlElement) -> str:
    """The page's text, "\\n" between blocks, with a seam at the edges of what stands within them."""
    found: list[str] = []
    left_out: HtmlElement | None = None
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            if left_out is None:
                found.append(_folded(element.tail))
            continue
        if left_out is None:
            edge, is_shown = _edge(element)
            found.append(edge)
            if event == "start":
                if is_shown:
                    found.append(_folded(element.text))
                else:
                    left_out = element
        elif left_out is element and event == "end":
            left_out = None
        if event == "end" and left_out is None:
            found.append(_folded(element.tail))
    blocks = (block.strip(f" {SOFT}{HARD}") for block in "".join(found).split("\n"))
    return unicodedata.normalize("NFC", "\n".join(block for block in blocks if block))


def _edge(element: HtmlElement) -> tuple[str, bool]:
    """What stands at both ends of an element, and whether what is in it is shown as text."""
    name = element.tag if isinstance(element.tag, str) else ""
    style = element.get("style") or ""
    if name in _NOTHING or name == "wbr":
        return "", name == "wbr"
    if name in _NO_TEXT or element.get("hidden") is not None or _HIDDEN.search(style):
        return HARD, False
    if name in _BLOCKS or _AS_BLOCK.search(style):
        return "\n", True
    return (SOFT if name in _INLINE and not _APART.search(style) else HARD), True


def _folded(text: str | None) -> str:
    """White space as most pages show it, with a seam where a page may show it as it is."""
    return _FOLDED.sub(lambda gap: " " if gap[0] == " " else f" {SOFT}", _SEAMS.sub("", text or ""))
