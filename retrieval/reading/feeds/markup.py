"""The HTML of titles and entries as plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # compiled
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from retrieval.reading.markup import settle_markup
from retrieval.reading.wrapping import paragraphs_of
from retrieval.text.addresses import canonical_url
from retrieval.text.controls import storable, storable_line
from retrieval.workers import Overrun, outside

# lxml takes no text that says how it is encoded.
_PROLOG = re.compile(r"<\?xml\b[^>]{0,200}>", re.IGNORECASE)
_BLOCKS = set(
    """
    address article aside blockquote body caption center dd details div dl dt fieldset figure footer h1 h2 h3 h4
    h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul
    """.split()
)
_SPACE = re.compile(r"\s+")
_NO_TEXT = set("button canvas figcaption form head iframe noscript object script select style svg textarea".split())
_MOST_TAGS, _LARGEST = 20_000, 2_000_000  # signs of markup, and characters, of one entry's text
_SMALL_TAGS, _SMALL = 500, 20_000
"""Markup up to here is read in this process: then all steps together are quick, were they ever so unfavourable."""
# What invites to read the rest elsewhere: as any sentence may begin, and as none of the text does.
_READ_ON = r"(?:continue|keep) reading|(?:read|see) (?:more|on|the (?:full|rest|whole|entire|complete|original))\b"
_READ_ON_ABROAD = (
    r"weiter ?lesen|(?:mehr|artikel|beitrag) lesen|weiter (?:auf|zum)\b|zum (?:ganzen |vollständigen )?artikel"
    r"|lire (?:la suite|plus|l['’]article)|leer (?:más|el artículo|la (?:nota|noticia))"
    r"|(?:sigue|seguir|continuar) leyendo|leggi (?:tutto|di più|l['’]articolo)|continua a leggere|lees (?:verder|meer)"
    r"|l[æe]s (?:mere?|videre)|läs (?:mera?|vidare)|czytaj (?:dalej|więcej)|(?:leia|ler|continue a ler) mais"
    r"|lue lisää|číst (?:dále|více|celé)|читать (?:далее|дальше|полностью)|devamını oku|続きを読む|阅读(?:全文|更多)"
    r"|(?:view|full|complete) (?:article|story)|more|mehr|plus|más|altro|подробнее"
)
# A whole sentence that says where the rest is.
_REST_ELSEWHERE = (
    r"(?:the|this) (?:article|story|post|text) continues (?:on|at|in)\b.{0,80}"
    r"|(?:to (?:read|see)|subscribe to (?:read|see)|(?:click|tap|go) (?:here )?(?:to|for)(?: read)?|visit .{1,60} for) "
    r"(?:on|more|(?:the )?(?:rest|full|whole|complete|entire)\b.{0,80})"
    r"|this is (?:only )?(?:a |an )(?:preview|excerpt)\b.{0,120}"
    r"|\(?(?:to be )?continued\)?|den (?:ganzen|vollständigen) (?:artikel|beitrag|text) .{1,80}"
)
# "Read more: Ferries sail again" names another article.
_TEASER = re.compile(
    rf"\W*(?:{_READ_ON})(?!\s?:).{{0,100}}|\W*(?:{_READ_ON_ABROAD})\b(?:[^.!?:]|\.(?=\w)){{0,60}}"
    rf"|\W*(?:{_REST_ELSEWHERE})\W*",
    re.IGNORECASE | re.DOTALL,
)
# What feeds put below an entry, and is no part of it.
_BELOW = re.compile(
    rf"(?:the post .{{1,300}} (?:first appeared|appeared first) on .{{1,100}}|\W*(?:{_READ_ON}).{{0,100}}"
    rf"|\W*(?:{_READ_ON_ABROAD})\b(?:[^.!?]|\.(?=\w)){{0,60}}|\W*(?:{_REST_ELSEWHERE})\W*|[\W\d]*comments?[\W\d]*)",
    re.IGNORECASE | re.DOTALL,
)
_CUT_SHORT = re.compile(
    rf"(?:…|\.\.\.|\[(?:…|\.\.\.|&hellip;)\]|\(more\)|\b(?:{_READ_ON})"
    rf"|[.!?…»”\"\])]\s{{0,3}}(?:(?:{_READ_ON})(?!\s?:)|(?:{_READ_ON_ABROAD})\b(?!\s?:))[^.!?]{{0,80}})[\s\W]*\Z",
    re.IGNORECASE,
)
# In the paragraph that is cut short, it is no sentence of the text.
_INVITED = re.compile(
    rf"(?<=[.!?…»”\"\])])\s{{0,3}}(?:{_READ_ON}|{_READ_ON_ABROAD})\b(?!\s?:)[^.!?]{{0,80}}\Z", re.IGNORECASE
)
_NO_INVITATION = re.compile(r"\W*(?:permalink|permanent link|comments?|link|source|\d+)?\W*", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS))})\b", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-zA-Z!]")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


@dataclass(frozen=True, slots=True)
class EntryText:
    """Paragraphs with blank lines between them, and whether they end as a teaser does."""

    text: str
    cut_short: bool


def plain_text(markup: str) -> str:
    """The paragraphs of an HTML fragment, blank lines between them; "" if there are none.

    Left out are scripts, forms, captions, and what feeds put below an entry ("The post … appeared first on …").
    """
    return html_text(markup).text


def plain_lines(text: str) -> str:
    """Text that is no HTML, in paragraphs: at its blank lines, and at its lines where they are not merely wrapped."""
    return lines_text(text).text


def html_text(markup: str, address: str | None = None) -> EntryText:
    """`plain_text` of the entry that leads to `address`; nothing of one whose markup is out of all proportion."""
    tags = markup.count("<")
    if not markup.strip() or tags > _MOST_TAGS or len(markup) > _LARGEST:
        return EntryText("", False)
    if tags <= _SMALL_TAGS and len(markup) <= _SMALL:
        return _html_text(markup, address)
    try:
        return outside(_html_text, markup, address)
    except Overrun:
        return EntryText("", False)


def _html_text(markup: str, address: str | None) -> EntryText:
    has_lines = not _BLOCK_TAG.search(markup) and (not _ANY_TAG.search(markup) or bool(_BLANK_LINE.search(_lf(markup))))
    try:
        tree = document_fromstring(
            _PROLOG.sub("", storable(markup)), parser=HTMLParser(encoding=None, remove_comments=True)
        )
    except (etree.ParserError, ValueError):  # only a comment, or nothing at all
        return EntryText("", False)
    settle_markup(tree)
    own = _links_to(tree, address) if address else set()
    return _joined(paragraphs_of(_parts(tree, has_lines=has_lines)), own)


def lines_text(text: str) -> EntryText:
    """`plain_lines`."""
    return _joined(paragraphs_of(_split(storable(text))), set())


def is_cut_short(text: str) -> bool:
    """Whether it ends as a teaser does: "…", "[...]", "Read more"."""
    return bool(_CUT_SHORT.search(text[-200:]))


def _links_to(tree: HtmlElement, address: str) -> set[str]:
    """The words of links to `address` that may invite to read on there."""
    wanted = canonical_url(address)
    found: set[str] = set()
    for link in tree.iter("a"):
        href = link.get("href", "").strip()
        text = storable_line(link.text_content())
        if href and "#" not in href and canonical_url(_absolute(address, href)) == wanted:
            found.add(text)
    return {text for text in found if not _NO_INVITATION.fullmatch(text)}


def _absolute(address: str, href: str) -> str:
    try:
        return urljoin(address, href)
    except ValueError:
        return ""


def _joined(paragraphs: list[str], invitations: set[str]) -> EntryText:
    cut_short = False
    while paragraphs and (_BELOW.fullmatch(paragraphs[-1]) or (len(paragraphs) > 1 and paragraphs[-1] in invitations)):
        last = paragraphs.pop()
        cut_short = cut_short or last in invitations or bool(_TEASER.fullmatch(last))
    text = "\n\n".join(paragraphs)
    if is_cut_short(text):
        text, cut_short = _INVITED.sub("", text), True
    return EntryText(text, cut_short)


def _lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _split(text: str) -> list[list[str]]:
    """The lines of each part of `text` between blank lines."""
    parts = (
        [line for each in part.split("\n") if (line := storable_line(each))] for part in _BLANK_LINE.split(_lf(text))
    )
    return [part for part in parts if part]


def _parts(tree: HtmlElement, *, has_lines: bool) -> list[list[str]]:
    """The lines of each block of `tree`; those of its text count where it `has_lines`, else only `<br>` makes some."""
    found: list[list[str]] = []
    line: list[str] = []

    def add(text: str | None, element: HtmlElement) -> None:
        kept = has_lines or element.tag == "pre"
        line.append((text if kept else _SPACE.sub(" ", text)) if text else "")

    def flush() -> None:
        found.extend(_split(storable("".join(line))))
        line.clear()

    hidden: HtmlElement | None = None
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if hidden is None and (name in _NO_TEXT or not name):
                hidden = element
            if hidden is None:
                if name in _BLOCKS:
                    flush()
                if name in ("li", "br"):
                    line.append("- " if name == "li" else "\n")
                add(element.text, element)
        else:
            if hidden is None and name in _BLOCKS:
                flush()
            if hidden is element:
                hidden = None
            if hidden is None:
                add(element.tail, element.getparent() if element.getparent() is not None else element)
    flush()
    return [part for part in found if part != ["-"]]
