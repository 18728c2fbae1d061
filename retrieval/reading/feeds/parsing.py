"""The bytes of a feed, checked before `reader` parses them, and bounded after.

A feed is text from a stranger. Refused are XML entities of its own (with which a kilobyte becomes a gigabyte, or a
file of this machine becomes a headline), and what is no feed at all. XML that is not well-formed is mended, else its
entries are read one by one, and what is lost is said. Its charset is found by `text.charset`, since what feeds say of
it is often wrong.

`reader` refuses a whole feed for a date that no calendar has, leaves out entries without an id, and holds no
`dc:source`; that is mended here in what feedparser found, before `reader` takes it over. Dates are read by `dates`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from typing import IO, Any
from urllib.parse import urlsplit
from xml.parsers import expat

from reader import Content, EntrySource, ParseError

from retrieval.article import Failure
from retrieval.errors import LOST_ENTRIES, FeedUnusable, sentence
from retrieval.reading.feeds.apart import told_apart
from retrieval.reading.feeds.dates import WrittenDates
from retrieval.reading.feeds.mending import (
    declares_entities,
    mended,
    root_at,
    salvaged,
    spelled_out,
    with_whole_namespaces,
    without_captions,
)
from retrieval.reading.feeds.proxies import original_link
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
from retrieval.reasons import Reason
from retrieval.text.charset import decoded
from retrieval.text.controls import storable
from retrieval.text.written_days import Order, habits_of
from retrieval.workers import outside

MOST_ENTRIES = 500
"""The newest of a feed that are taken at a time."""

_DEEPEST = 100
_MOST_ELEMENTS = 200_000
# A guid that is no address is not one of a page, though its feed may not say so.
_NO_PERMALINK = re.compile(
    r"<guid(?:\s+isPermaLink\s*=\s*[\"']true[\"'])?\s*>(?!\s{0,99}(?:<!\[CDATA\[)?\s{0,99}https?://)"
)
_HTML = re.compile(r"<(?:!doctype\s{1,9}html|html|head|body)\b", re.IGNORECASE)

DECLARES_ENTITIES = sentence(
    "This XML declares entities, which can be a trap for whoever reads them, so nothing of it was taken; only its "
    "publisher can mend that."
)
NO_FEED = sentence(
    "There is no RSS, Atom or JSON feed at this address; look up the feed's address on the site and add that one."
)
MENDED = Reason("Its XML is not well-formed and was mended to be read; only its publisher can put that right.")
A_PAGE = sentence("There is a web page where the feed was; add the site's address anew to find its feed.")


class NotWellFormed(FeedUnusable):
    """The XML of a feed, or of a list of feeds, is none."""


@dataclass(frozen=True, slots=True)
class FeedSaid:
    """What a feed said besides its entries: the seconds between two questions (`hint`, 0 for none), which entries it
    held, what was wrong with it (`note`, a sentence) and how many entries are `lost` by that, the order in which it
    writes day and month, the places that several of its entries lead to (`shared`), its `language` as it tags it, and
    `remarks` on entries that are folded or left out.
    """

    hint: float = 0.0
    present: frozenset[str] = frozenset()
    note: str | None = None
    lost: int = 0
    order: Order | None = None
    shared: tuple[str, ...] = ()
    remarks: tuple[Failure, ...] = ()
    language: str | None = None


class CheckedParser:
    """Stands in for all of `reader`'s parsers. `said` holds what feeds said besides their entries, by url.

    `orders` is to hold what is known of the order of their dates, and `now` the present moment.
    """

    def __init__(self) -> None:
        self.said: dict[str, FeedSaid] = {}
        self.orders: dict[str, Order | None] = {}
        self.now: datetime | None = None

    def __call__(
        self, url: str, resource: IO[bytes], headers: Mapping[str, str] | None = None
    ) -> tuple[FeedData, list[EntryData]]:
        """The feed and its newest entries, as a worker reads them.

        Raises `FeedUnusable` with a sentence, `Overrun`, `WorkerUnavailable`, or reader's `ParseError`.
        """
        known = {name.lower(): value for name, value in (headers or {}).items()}
        now = self.now or datetime.now(UTC)
        feed, entries, self.said[url] = outside(_parsed, url, resource.read(), known, self.orders.get(url), now)
        return feed, entries


def _parsed(
    url: str, body: bytes, headers: Mapping[str, str], known: Order | None, now: datetime
) -> tuple[FeedData, list[EntryData], FeedSaid]:
    """What `CheckedParser` gives, and what the feed said besides."""
    text = decoded(body, headers.get("content-type", "")).lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        found = _json_feed(url, text, known)
    else:
        found = _xml_feed(url, text, headers.get("content-location", url), known)
    newest = sorted(found.dates.applied(found.entries, now), key=_when, reverse=True)
    apart = told_apart(map(_bare, newest[:MOST_ENTRIES]))
    remarks = list(apart.folded)
    if (older := len(newest) - MOST_ENTRIES) > 0:
        reason = Reason("{count} of its entries, the oldest, are left out", count=older)
        remarks.append(Failure(url, reason, "note"))
    said = FeedSaid(
        hint=found.hint,
        present=frozenset(entry.id for entry in apart.entries),
        note=found.note,
        lost=found.lost,
        order=found.dates.habits.order,
        shared=apart.shared,
        remarks=tuple(remarks),
        language=found.language or None,
    )
    feed = replace(found.feed, **_texts(found.feed, "title", "link", "subtitle"), authors=())
    return feed, list(apart.entries), said


@dataclass(frozen=True, slots=True)
class _Found:
    feed: FeedData
    entries: Sequence[EntryData]
    dates: WrittenDates
    language: str
    hint: float = 0.0
    note: str | None = None
    lost: int = 0


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


def _json_feed(url: str, text: str, known: Order | None) -> _Found:
    try:
        document = json.loads(text, strict=False)  # with control characters in its texts
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
    dates = [(_text(item.pop("date_published", None)), _text(item.pop("date_modified", None))) for item in items]
    language, home = _text(document.get("language")), _text(document.get("home_page_url"))
    feed, entries = parse_json_feed(url, json.dumps(document | {"items": items}).encode())
    habits = habits_of(chain.from_iterable(dates), language=language, addresses=[home, url], known=known)
    return _Found(feed=feed, entries=entries, dates=WrittenDates(dates, habits), language=language)


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _xml_feed(url: str, text: str, location: str, known: Order | None) -> _Found:
    if _HTML.match(_behind_comments(text)):
        raise FeedUnusable(A_PAGE)
    start = root_at(text)
    if not text.startswith("<") and start is None:
        raise FeedUnusable(NO_FEED)
    text, note, lost = _readable(with_whole_namespaces(spelled_out(text)))
    text = _as_addresses(_NO_PERMALINK.sub('<guid isPermaLink="false">', without_captions(text)), location)
    found = parse_xml(text.encode("utf-8", "replace"), location)
    if not found.get("version"):
        raise FeedUnusable(NO_FEED)
    dates = [(_text(entry.get("published")), _text(dict.get(entry, "updated"))) for entry in found.entries]
    own = [_text(found.feed.get("published")), _text(found.feed.get("updated"))]
    for entry in found.entries:
        _mend(entry)
    try:
        feed, entries = take_over(url, found)
    except ParseError:
        raise FeedUnusable(
            "The XML of this feed is broken, so nothing of it was taken. It is tried again later; only its publisher "
            "can mend it."
        ) from None
    language = _text(found.feed.get("language"))
    habits = habits_of(
        [*chain.from_iterable(dates), *own],
        language=language,
        addresses=[feed.link, location],
        known=known,
    )
    return _Found(
        feed=feed,
        entries=entries,
        dates=WrittenDates(dates, habits),
        language=language,
        hint=hint_of(found.feed),
        note=note,
        lost=lost,
    )


def _readable(text: str) -> tuple[str, str | None, int]:
    """The text as well-formed XML, what was wrong with it, and how many entries could not be read.

    Raises `FeedUnusable` if nothing can be read.
    """
    try:
        check_xml(text.encode("utf-8", "replace"))
        return text, None, 0
    except NotWellFormed as error:
        if declares_entities(text):
            raise FeedUnusable(DECLARES_ENTITIES) from None
        whole = mended(text)
        if _is_well_formed(whole):
            return whole, MENDED, 0
        parts = salvaged(whole, _is_well_formed)
        if parts is None:
            raise error from None
        check_xml(parts.text.encode("utf-8", "replace"))
        return parts.text, Reason(LOST_ENTRIES, count=parts.lost) if parts.lost else MENDED, parts.lost


def _is_well_formed(text: str) -> bool:
    try:
        check_xml(text.encode("utf-8", "replace"))
    except NotWellFormed:
        return False
    return True


def _as_addresses(text: str, location: str) -> str:
    """`text` with "//" before links that begin with the name of a host, as browsers' address bars take them."""
    host = re.escape(urlsplit(location).netloc or "www")
    link = r"""<(?:\w{1,20}:)?link\b[^<>]{0,300}?[>"']\s{0,9}(?:<!\[CDATA\[)?\s{0,9}"""
    return re.sub(rf"({link})(?=www\.[\w-]{{1,60}}\.|{host}/)", r"\1//", text)


def _behind_comments(text: str) -> str:
    text = text[:20_000].lstrip()
    while text.startswith("<!--"):
        text = text.partition("-->")[2].lstrip()
    return text


def _mend(entry: Any) -> None:
    if not entry.get("id"):
        entry["id"] = entry.get("link") or _made_id(entry.get("title"), entry.get("summary"))
    if entry.get("dc_source") and not entry.get("source"):
        entry["source"] = {"title": entry["dc_source"]}
    if origin := original_link(entry):
        entry["link"] = origin
    for name in ("published_parsed", "updated_parsed"):
        entry[name] = None
    for content in entry.get("content", ()) if entry.get("language") else ():  # `dc:language`
        content["language"] = entry["language"]


def _made_id(*texts: object) -> str:
    return "sha256:" + hashlib.sha256("\n".join(map(str, texts)).encode(errors="replace")).hexdigest()[:32]


def check_xml(text: bytes) -> None:
    """Raises `FeedUnusable` if the XML is not well-formed, declares entities, or is made to be slow to read."""
    parser = expat.ParserCreate("utf-8", " ")  # which also minds prefixes that nobody declared
    parser.buffer_text = True
    check = _Check(parser)
    parser.EntityDeclHandler = check.entity
    parser.StartElementHandler = check.opened
    parser.EndElementHandler = check.closed
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise NotWellFormed(
            sentence(
                "This is not well-formed XML ({place}), so nothing of it was taken. It is tried again later; only its "
                "publisher can mend it."
            ),
            place=Reason(
                "line {line}: {why}",
                line=str(error.lineno),
                why=expat.errors.messages.get(error.code, "unreadable"),
            ),
        ) from None


class _Check:
    def __init__(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        self._depth = 0
        self._elements = 0

    def entity(self, *_: object) -> None:
        raise FeedUnusable(DECLARES_ENTITIES)

    def opened(self, *_: object) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > _DEEPEST or self._elements > _MOST_ELEMENTS:
            raise FeedUnusable(
                "This XML has more elements, or deeper ones, than a feed has, so nothing of it was taken; add a feed "
                "with fewer entries, if the site offers one."
            )

    def closed(self, _: str) -> None:
        self._depth -= 1
