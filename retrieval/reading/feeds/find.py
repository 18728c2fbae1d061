"""The feed at an address, or the one that the page there points to.

`reader.discover` looks for them as well, but only where `rel` holds nothing else.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from retrieval.errors import AddressRefused, FeedUnusable, FetchFailed, WorkerUnavailable, sentence
from retrieval.reading.feeds.parsing import A_PAGE, CheckedParser, FeedSaid
from retrieval.reading.feeds.reader_internals import EntryData, FeedData
from retrieval.reading.feeds.reasons import reason_of, with_remedy
from retrieval.reading.web.fetch import Fetched, Fetcher
from retrieval.reading.web.session import GuardedSession
from retrieval.text.addresses import web_url
from retrieval.text.controls import storable
from retrieval.workers import Overrun, outside

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LARGEST_PAGE = 3 * 1024 * 1024  # bytes of a page in which links to feeds are looked for
_MOST_TAGS = 300_000  # signs of markup in it
_MOST_TRIED = 5  # feeds of a page
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
_TYPES = {f"application/{kind}" for kind in ("rss+xml", "atom+xml", "rdf+xml", "feed+json", "rss", "atom")}
_PLAIN_LINK = re.compile(r"(?:rss|atom|index|feed)\.xml$|/feed\.json$|[/=](?:rss|atom)/?$|/feed/?$", re.IGNORECASE)
_NONE_THERE = sentence(
    "There is no feed at this address, and the page does not point to one; look for “RSS” on the site and add the "
    "address that is behind it."
)


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that can be read, at `url`; `others` are further feeds that the same page names.

    `said` is what the feed says besides.
    """

    url: str
    feed: FeedData
    entries: list[EntryData]
    others: tuple[str, ...]
    said: FeedSaid


def find_feed(session: GuardedSession, url: str) -> Found:
    """The feed at `url`, or the first that can be read of those to which the page there points.

    Raises `FeedUnusable`, `FetchFailed` or `AddressRefused` if there is none.
    """
    fetcher = Fetcher(session)
    fetched = _fetched(fetcher, url)
    try:
        return _parsed(fetched, _address(url, fetched), ())
    except FeedUnusable as error:
        if str(error) != A_PAGE:
            raise
    links = _links(fetched)
    failed: Exception | None = None
    for place, link in enumerate(links[:_MOST_TRIED]):
        try:
            fetched = _fetched(fetcher, link)
            others = tuple(other for index, other in enumerate(links) if index != place)
            return _parsed(fetched, _address(link, fetched), others)
        except (FeedUnusable, FetchFailed, AddressRefused) as error:
            failed = failed or error
    if failed is not None:
        raise FeedUnusable("The page points to a feed that cannot be read: {reason}", reason=failed) from failed
    raise FeedUnusable(_NONE_THERE)


def _fetched(fetcher: Fetcher, url: str) -> Fetched:
    try:
        return fetcher.get(url, accept=_ACCEPT)
    except FetchFailed as error:
        raise with_remedy(error) from error


def _address(url: str, fetched: Fetched) -> str:
    """What is asked from now on: where the feed has moved for good, else as it was named."""
    return fetched.permanent_url or url


def _parsed(fetched: Fetched, url: str, others: tuple[str, ...]) -> Found:
    parser = CheckedParser()
    headers = {"content-type": fetched.content_type, "content-location": fetched.url}
    try:
        feed, entries = parser(url, io.BytesIO(fetched.body), headers)
    except (FeedUnusable, WorkerUnavailable):
        raise
    except Exception as error:  # a parser's, which fails in many ways
        reason = reason_of(error)
        raise FeedUnusable(reason.template, **reason.places) from error
    return Found(url=url, feed=feed, entries=entries, others=others, said=parser.said.get(url, FeedSaid()))


def _links(page: Fetched) -> list[str]:
    """The feeds that the page names, each once: those of `<link rel="alternate">`, failing these of plain links."""
    if len(page.body) > _LARGEST_PAGE:
        raise FeedUnusable(
            "The page is larger than {size} MB; look for “RSS” on the site and add the address that is behind it.",
            size=_LARGEST_PAGE // 1024**2,
        )
    try:
        return outside(_named, page)
    except Overrun as error:
        raise FeedUnusable(_NONE_THERE) from error


def _named(page: Fetched) -> list[str]:
    """As `_links`, in a worker."""
    from trafilatura import load_html  # by the worker alone, as in `sources.html_page`

    text = storable(page.text())
    tree = load_html(text) if text.count("<") <= _MOST_TAGS else None
    if tree is None:
        return []
    named = [link.get("href", "") for link in tree.iterfind(".//link[@href]") if _is_feed(link)]
    hrefs = named or [href for link in tree.iterfind(".//a[@href]") if _PLAIN_LINK.search(href := link.get("href", ""))]
    found: dict[str, None] = {}
    for href in hrefs:
        try:
            found.setdefault(web_url(urljoin(page.url, href.strip())))
        except ValueError:
            continue
    return list(found)


def _is_feed(link: HtmlElement) -> bool:
    kind = link.get("type", "").partition(";")[0].strip().lower()
    # Other JSON is for programs: every page of WordPress points to some.
    is_one = kind in _TYPES or (kind == "application/json" and link.get("href", "").endswith("/feed.json"))
    return is_one and "alternate" in link.get("rel", "").lower().split()
