"""The bytes of a feed, checked before `reader` parses them, and bounded after.

A feed is text from a stranger. Refused are XML entities of its own (with which a kilobyte becomes a gigabyte, or a
file of this machine becomes a headline), XML that is not well-formed (a truncated feed would end in half an article)
and what is no feed at all. Its charset is found by `text.charset`, since what feeds say of it is often wrong.

`reader` refuses a whole feed for a date that no calendar has, leaves out entries without an id, and holds no
`dc:source`; that is mended here in what feedparser found, before `reader` takes it over.
"""

from __future__ import annotations

import calendar
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO, Any
from xml.parsers import expat

from reader import Content, EntrySource, ParseError

from retrieval.errors import FeedUnusable, sentence
from retrieval.reading.feeds.reader_internals import (
    EntryData,
    FeedData,
    Pair,
    parse_json_feed,
    parse_xml,
    take_over,
    will_be_stored,
)
from retrieval.reading.feeds.schedule import hint_of
from retrieval.text.charset import decoded
from retrieval.text.controls import storable

MOST_ENTRIES = 500
"""The newest of a feed that are taken at a time."""

_DEEPEST = 100
_MOST_MARKS = 1_000  # "<!" in one entry's text: feedparser's time grows with their square
_MOST_ELEMENTS = 200_000
_DECLARATION = re.compile(r"\A\s*<\?xml\s[^>]*?\?>")
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
# A guid that is no address is not one of a page, though its feed may not say so.
_NO_PERMALINK = re.compile(
    r"<guid(?:\s+isPermaLink\s*=\s*[\"']true[\"'])?\s*>(?!\s{0,99}(?:<!\[CDATA\[)?\s{0,99}https?://)"
)
_XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}
_HTML = re.compile(r"<(?:!doctype\s{1,9}html|html|head|body)\b", re.IGNORECASE)

NO_FEED = sentence(
    "There is no RSS, Atom or JSON feed at this address; look up the feed's address on the site and add that one."
)
A_PAGE = sentence("There is a web page where the feed was; add the site's address anew to find its feed.")


class CheckedParser:
    """Stands in for all of `reader`'s parsers. `hints` holds what feeds said of their pace, in seconds, by url,
    and `present` the ids of the entries that they held.
    """

    def __init__(self) -> None:
        self.hints: dict[str, float] = {}
        self.present: dict[str, frozenset[str]] = {}

    def __call__(
        self, url: str, resource: IO[bytes], headers: Mapping[str, str] | None = None
    ) -> tuple[FeedData, list[EntryData]]:
        """The feed and its newest entries. Raises `FeedUnusable` with a sentence, or reader's `ParseError`."""
        headers = {name.lower(): value for name, value in (headers or {}).items()}
        text = decoded(resource.read(), headers.get("content-type", ""))
        if text.lstrip().startswith("{"):
            feed, entries = _json_feed(url, text)
            self.hints[url] = 0.0
        else:
            feed, entries, self.hints[url] = _xml_feed(url, text, headers.get("content-location", url))
        newest = sorted(entries, key=_when, reverse=True)[:MOST_ENTRIES]
        once = {entry.id: entry for entry in reversed(newest)}  # the newest of those that share an id
        kept = [entry for entry in map(_bare, newest) if once.pop(entry.id, None) is not None]
        self.present[url] = frozenset(entry.id for entry in kept)
        return replace(feed, **_texts(feed, "title", "link", "subtitle"), authors=()), kept


def _when(entry: EntryData) -> float:
    moment = entry.published or entry.updated
    return moment.timestamp() if moment else float("-inf")  # of equals, those first in the feed


def _bare(entry: EntryData) -> EntryData:
    """With what becomes an article only, in text that SQLite can hold."""
    source = entry.source and EntrySource(**_texts(entry.source, "url", "title", "link"))
    content = tuple(Content(storable(each.value), each.type, each.language) for each in entry.content if each.value)
    fields = _texts(entry, "id", "title", "link", "summary")
    return replace(entry, **fields, content=content, source=source, authors=(), enclosures=())


def _texts(value: object, *names: str) -> dict[str, Any]:
    return {name: text and storable(text) for name in names for text in [getattr(value, name)]}


def changed_entries(pairs: Iterable[Pair]) -> Iterable[EntryData]:
    """Those that `reader` knows already and is about to store anew."""
    return (new for new, old in pairs if old is not None and will_be_stored(new, old))


def _json_feed(url: str, text: str) -> tuple[FeedData, Iterable[EntryData]]:
    try:
        document = json.loads(text)
        # Escaped halves of characters come to light here.
        document = json.loads(storable(json.dumps(document, ensure_ascii=False)))
    except (ValueError, RecursionError):
        raise FeedUnusable(
            "The JSON of this feed is broken, so nothing of it was taken. It is tried again later; only its publisher "
            "can mend it."
        ) from None
    if not isinstance(document, dict) or "jsonfeed.org" not in str(document.get("version")):
        raise FeedUnusable(NO_FEED)
    items = document.get("items")
    items = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    for item in items:
        if not item.get("id"):
            item["id"] = item.get("url") or _made_id(item.get("title"), item.get("content_html"), item.get("summary"))
        elif not isinstance(item["id"], str | int | float):
            item["id"] = json.dumps(item["id"])
        item.pop("attachments", None)  # not taken, and refused for a size that is no number
        for name in ("date_published", "date_modified"):
            if not _is_moment(item.get(name)):
                item.pop(name, None)
    written = json.dumps(document | {"items": items}).encode()
    return parse_json_feed(url, written)


def _xml_feed(url: str, text: str, location: str) -> tuple[FeedData, Iterable[EntryData], float]:
    if _HTML.match(_behind_comments(text)):
        raise FeedUnusable(A_PAGE)
    if not text.lstrip().startswith("<"):
        raise FeedUnusable(NO_FEED)
    text = _NO_PERMALINK.sub('<guid isPermaLink="false">', text)
    # What HTML calls "&nbsp;" has no name in XML, but many feeds use it.
    text = _NAMED_ENTITY.sub(_spelled_out, _DECLARATION.sub("", text, count=1).lstrip())
    written = text.encode("utf-8", "replace")
    check_xml(written)
    found = parse_xml(written, location)
    if not found.get("version"):
        raise FeedUnusable(NO_FEED)
    for entry in found.entries:
        _mend(entry)
    try:
        feed, entries = take_over(url, found)
    except ParseError:
        raise FeedUnusable(
            "The XML of this feed is broken, so nothing of it was taken. It is tried again later; only its publisher "
            "can mend it."
        ) from None
    return feed, entries, hint_of(found.feed)


def _behind_comments(text: str) -> str:
    text = text[:20_000].lstrip()
    while text.startswith("<!--"):
        text = text.partition("-->")[2].lstrip()
    return text


def _spelled_out(name: re.Match[str]) -> str:
    return name[0] if name[1] in _XML_NAMES else html.unescape(name[0])


def _mend(entry: Any) -> None:
    if not entry.get("id"):
        entry["id"] = entry.get("link") or _made_id(entry.get("title"), entry.get("summary"))
    if entry.get("dc_source") and not entry.get("source"):
        entry["source"] = {"title": entry["dc_source"]}
    for name in ("published_parsed", "updated_parsed"):
        if name in entry and not _in_calendar(entry[name]):
            entry[name] = None


def _made_id(*texts: object) -> str:
    return "sha256:" + hashlib.sha256("\n".join(map(str, texts)).encode(errors="replace")).hexdigest()[:32]


def _in_calendar(moment: Any) -> bool:
    try:
        datetime.fromtimestamp(calendar.timegm(moment), UTC)
    except (ValueError, TypeError, OverflowError):
        return False
    return True


def _is_moment(written: object) -> bool:
    """Whether a date in ISO 8601 is one in UTC too: the calendar's first and last days may not be."""
    try:
        moment = datetime.fromisoformat(written) if isinstance(written, str) else None
        return moment is not None and (moment.tzinfo is None or bool(moment.astimezone(UTC)))
    except (ValueError, OverflowError):
        return False


def check_xml(text: bytes) -> None:
    """Raises `FeedUnusable` if the XML is not well-formed, declares entities, or is made to be slow to read."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    check = _Check(parser)
    parser.EntityDeclHandler = check.entity
    parser.StartElementHandler = check.opened
    parser.EndElementHandler = check.closed
    parser.CharacterDataHandler = check.text
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        place = f"line {error.lineno}: {expat.errors.messages.get(error.code, 'unreadable')}"
        raise FeedUnusable(
            "This is not well-formed XML ({place}), so nothing of it was taken. It is tried again later; only its "
            "publisher can mend it.",
            place=place,
        ) from None


class _Check:
    def __init__(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        self._depth = 0
        self._elements = 0
        self._marks = 0

    def entity(self, *_: object) -> None:
        raise FeedUnusable(
            "This XML declares entities, which can be a trap for whoever reads them, so nothing of it was taken; only "
            "its publisher can mend that."
        )

    def opened(self, name: str, _: object) -> None:
        self._depth += 1
        self._elements += 1
        if name in ("item", "entry"):
            self._marks = 0
        if self._depth > _DEEPEST or self._elements > _MOST_ELEMENTS:
            raise FeedUnusable(
                "This XML has more elements, or deeper ones, than a feed has, so nothing of it was taken; add a feed "
                "with fewer entries, if the site offers one."
            )

    def closed(self, _: str) -> None:
        self._depth -= 1

    def text(self, text: str) -> None:
        self._marks += text.count("<!")
        if self._marks > _MOST_MARKS:
            raise FeedUnusable(
                "An entry of this feed is made to be slow to read, so it was not. It is tried again later; only its "
                "publisher can mend it."
            )
