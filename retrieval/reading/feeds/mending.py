"""XML that is not well-formed, mended as far as every reader would: what is left of it is checked anew.

Feeds hold control characters, raw "&", prefixes that nobody declared, words of their server before or behind the
document, and entries with faults of their own. Those that can be read one by one are kept. Nothing is looked up and
no entity is replaced but the names of HTML, and every step takes time as the text is long.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = "\x0b\x0c"
_BY_NUMBER = re.compile(r"&#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,9}));", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}\?>", re.IGNORECASE)
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}
_RAW_AMPERSAND = re.compile(r"&(?!(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);)")
_ROOT = re.compile(r"<((?:[A-Za-z][\w.-]{0,20}:)?(?:rss|feed|rdf|opml))\b", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_ENTRY = re.compile(r"<(/?)((?:[A-Za-z][\w.-]{0,20}:)?(?:item|entry))(?=[\s>/])[^<>]{0,1000}>")
_LITERAL = re.compile(r"<!\[CDATA\[|<!--")
_LITERAL_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}  # of three signs each
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]{0,40}):[A-Za-z_]|\s([A-Za-z_][\w.-]{0,40}):[\w.-]{1,60}\s?=\s?[\"']")
_DECLARED = re.compile(r"\bxmlns:([A-Za-z_][\w.-]{0,40})\s{0,9}=")
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}
_MEDIA_PREFIX = re.compile(r"""\bxmlns:([A-Za-z_][\w.-]{0,40})\s{0,9}=\s{0,9}["']https?://search\.yahoo\.com/mrss""")
_OWN_TEXT = re.compile(r"<(?:description|summary|content|content:encoded)(?=[\s>])")
_MOST_PREFIXES = 50
_FIELDS = ("title", "description", "summary", "content", "content:encoded", "link", "author", "dc:creator")
_CDATA_MARK = re.compile(r"<!\[CDATA\[|\]\]>")

Check = Callable[[str], bool]
"""Whether a text is well-formed XML."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """A feed of the entries that could be read, and how many could not."""

    text: str
    lost: int


_NAMESPACE = re.compile(r"""(\sxmlns(?::[^\s=<>"']{1,99})?\s{0,9}=\s{0,9})("[^"<>]{0,999}"|'[^'<>]{0,999}')""")
_SPACE = re.compile(r"\s")


def spelled_out(text: str) -> str:
    """`text` without its declaration and byte order marks, and with what only HTML has a name for ("&nbsp;")."""
    text = _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1).lstrip()
    return _NAMED_ENTITY.sub(_by_sign, text)


def _by_sign(name: re.Match[str]) -> str:
    """What HTML means by a name; one that it does not know stays as a reader would see it."""
    return name[0] if name[1] in _XML_NAMES else html.escape(html.unescape(name[0]), quote=False)


def root_at(text: str) -> int | None:
    """Where the document begins that a server may have put words before; None if there is none."""
    found = _ROOT.search(text)
    return found.start() if found else None


def declares_entities(text: str) -> bool:
    """Whether entities are declared before the document begins."""
    return bool(_ENTITY.search(text, 0, root_at(text) or 0))


def mended(text: str) -> str:
    """`text` with the faults that can be told without reading it: most of those that feeds have."""
    text = _DECLARATION.sub("", _NOT_XML.sub(lambda sign: " " if sign[0] in _SPACES else "", text))
    text = _BY_NUMBER.sub(_allowed, text)
    start = root_at(text)
    if start is not None and (root := _ROOT.match(text, start)):
        end = text.rfind(f"</{root[1]}")
        close = text.find(">", end) if end > start else -1
        text = text[start : close + 1] if close > 0 else text[start:]
    text = "".join(part if is_data else _RAW_AMPERSAND.sub("&amp;", part) for part, is_data in _parts(text))
    return with_prefixes(text)


def with_whole_namespaces(text: str) -> str:
    """`text` without white space in the addresses of namespaces: XML allows it, and Python's own reader fails at it."""
    if not any(_SPACE.search(found[2]) for found in _NAMESPACE.finditer(text)):
        return text
    return "".join(part if is_data else _NAMESPACE.sub(_spaceless, part) for part, is_data in _parts(text))


def _spaceless(found: re.Match[str]) -> str:
    return found[1] + _SPACE.sub("", found[2])


def _allowed(number: re.Match[str]) -> str:
    code = int(number[1], 16) if number[1] else int(number[2])
    return "" if code > 0x10FFFF or _NOT_XML.match(chr(code)) else number[0]


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """`text` in parts, each with whether it is CDATA or a comment, where every sign stands for itself."""
    at = 0
    for mark in _LITERAL.finditer(text):
        if mark.start() < at:
            continue
        end = text.find(_LITERAL_ENDS[mark[0]], mark.end())
        if end < 0:
            break
        yield text[at : mark.start()], False
        at = end + 3
        yield text[mark.start() : at], True
    yield text[at:], False


def with_prefixes(text: str) -> str:
    """`text` with the prefixes declared that are used and nowhere declared."""
    used = {found[1] or found[2] for found in _PREFIX.finditer(text)}
    missing = sorted(used - set(_DECLARED.findall(text)) - {"xml", "xmlns"})[:_MOST_PREFIXES]
    start = root_at(text)
    if not missing or start is None or not (root := _ROOT.match(text, start)):
        return text
    words = "".join(f' xmlns:{name}="{_NAMESPACES.get(name, f"urn:undeclared:{name}")}"' for name in missing)
    return text[: root.end()] + words + text[root.end() :]


def entry_spans(text: str) -> list[tuple[int, int]]:
    """Where the entries of a feed stand; one that is not closed before the next begins is none."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    for tag in _ENTRY.finditer(text):
        if not tag[1]:
            start = None if tag[0].endswith("/>") else tag.start()
        elif start is not None:
            spans.append((start, tag.end()))
            start = None
    return spans


def salvaged(text: str, is_well_formed: Check) -> Salvaged | None:
    """The feed of those entries that are well-formed, or can be made so by taking their fields for plain text.

    None if there is none of them.
    """
    root = _ROOT.match(text)
    spans = entry_spans(text)
    if root is None or not spans:
        return None
    opening = text[: text.find(">") + 1]
    closing = f"</{root[1]}>"
    entries = [text[start:end] for start, end in spans]
    kept: list[str] = []
    for entry in entries:
        fitting = (each for each in (entry, with_plain_fields(entry)) if is_well_formed(f"{opening}{each}{closing}"))
        if (found := next(fitting, None)) is not None:
            kept.append(found)
    if not kept:
        return None
    opened = sum(1 for tag in _ENTRY.finditer(text) if not tag[1])
    head, foot = _frame(text[: spans[0][0]], opening, closing, is_well_formed)
    return Salvaged(f"{head}{''.join(kept)}{foot}", opened - len(kept))


def _frame(head: str, opening: str, closing: str, is_well_formed: Check) -> tuple[str, str]:
    """What stands before the entries and behind them: the feed's own words where these are well-formed."""
    channel = "</channel>" if re.search(r"<channel\b", head) and "</channel>" not in head else ""
    foot = f"{channel}{closing}"
    for each in (head, with_plain_fields(head)):
        if is_well_formed(f"{each}{foot}"):
            return each, foot
    return (f"{opening}<channel>", f"</channel>{closing}") if channel else (opening, closing)


def with_plain_fields(entry: str) -> str:
    """`entry` with the markup in its texts written as signs, which is how most feeds carry it."""
    for name in _FIELDS:
        opening = re.search(rf"<{name}(?=[\s>])[^<>]{{0,500}}(?<!/)>", entry)
        end = entry.rfind(f"</{name}>") if name not in ("title", "link") else entry.find(f"</{name}>")
        if opening is None or end < opening.end():
            continue
        inner = entry[opening.end() : end]
        if "<" not in inner:
            continue
        # What stands in CDATA, or as markup, is HTML as it is; only a bare "&amp;" is the sign of XML.
        plain = html.escape(_CDATA_MARK.sub("", inner), quote=False)
        start = opening[0].replace('type="xhtml"', 'type="html"')
        entry = entry[: opening.start()] + start + plain + entry[end:]
    return entry


def without_captions(text: str) -> str:
    """`text` without what Media RSS says of pictures, which feedparser takes for the entry's own title and text.

    The description of a film, in an entry that says nothing itself, stays.
    """
    prefixes = set(_MEDIA_PREFIX.findall(text))
    if not prefixes:
        return text
    media = "|".join(map(re.escape, sorted(prefixes)))
    tags = re.compile(rf"<(/?)(?:{media}):(content|description|title|text)(?=[\s>/])[^<>]{{0,3000}}>")
    parts: list[str] = []
    at = 0
    for start, end in entry_spans(text):
        parts += [text[at:start], _without_captions(text[start:end], tags)]
        at = end
    return "".join([*parts, text[at:]])


def _without_captions(entry: str, tags: re.Pattern[str]) -> str:
    has_own = bool(_OWN_TEXT.search(entry))
    parts: list[str] = []
    at, within = 0, 0
    dropped: str | None = None
    for tag in tags.finditer(entry):
        is_end, name, is_empty = bool(tag[1]), tag[2], tag[0].endswith("/>")
        if dropped is not None:
            if is_end and name == dropped:
                at, dropped = tag.end(), None
        elif name == "content":
            within += -1 if is_end else 0 if is_empty else 1
        elif not is_end and not is_empty and (within > 0 or has_own or name != "description"):
            parts.append(entry[at : tag.start()])
            dropped = name
            at = tag.start()
    return "".join([*parts, entry[at:]])
