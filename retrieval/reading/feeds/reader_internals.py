"""What is used of `reader` that it does not promise to keep: all of it stands here, and nowhere else.

`LOOKED_AT` is the release with whose code this was compared, and `reader` is pinned to it. When it is updated, a test
fails and names what to look at.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import IO, Any, Protocol

import requests
from reader import Reader
from reader._parser import HTTPInfo
from reader._types import EntryData, EntryForUpdate, FeedData

__all__ = ["LOOKED_AT", "EntryData", "EntryForUpdate", "FeedData", "FeedParser", "HTTPInfo"]

LOOKED_AT = "3.26"

Pair = tuple[EntryData, EntryForUpdate | None]
"""An entry as it came, and what is known of it."""

# The feedparser that `reader` brings along needs sgmllib, which `reader` does not ask for. It takes the released one
# instead when told so before it is first used.
os.environ.setdefault("READER_NO_VENDORED_FEEDPARSER", "1")


class FeedParser(Protocol):
    """What `reader` calls to parse a feed, and before it stores entries."""

    def __call__(
        self, url: str, resource: IO[bytes], headers: Mapping[str, str] | None = None
    ) -> tuple[FeedData, list[EntryData]]:
        """The feed and its entries."""
        ...

    def process_entry_pairs(self, url: str, pairs: Iterable[Pair]) -> Iterable[Pair]:
        """The entries that are to be looked at."""
        ...


def fetch_with(reader: Reader, session: requests.Session) -> None:
    """Have `reader` fetch its feeds with `session`, and only with what the session calls itself.

    Its retrievers are made the first time that they are needed, so that is brought about here. A feed that could not be
    fetched has the session's own error as the `__cause__` of reader's `ParseError`. Whoever refuses Quotewire is not
    asked again under another name, as reader's `ua_fallback` would.
    """
    reader._parser.do_lazy_init()
    for retriever in _http_retrievers(reader):
        retriever.session = session
        retriever.response_hooks.clear()


def parse_with(reader: Reader, parser: FeedParser) -> None:
    """Have `reader` parse feeds of every kind with `parser`. To be called after `fetch_with`."""
    known = reader._parser.parsers_by_mime_type
    replaced: dict[str, Any] = {kind: [(quality, parser) for quality, _ in each] for kind, each in known.items()}
    reader._parser.parsers_by_mime_type = replaced


def tell_responses(reader: Reader, tell: Callable[[str, requests.Response], None]) -> None:
    """Call `tell` with each feed's address and the response to its request, before `reader` looks at it."""

    def hook(session: object, response: requests.Response, request: requests.Request, **_: object) -> None:  # noqa: ARG001
        tell(str(request.url), response)

    for retriever in _http_retrievers(reader):
        retriever.response_hooks.append(hook)


def tell_infos(reader: Reader, tell: Callable[[str, HTTPInfo | None], None]) -> None:
    """Call `tell` with each feed's address and what `reader` took from the headers, after it was asked."""

    def hook(reader: Reader, url: str, info: HTTPInfo | None) -> None:  # noqa: ARG001
        tell(url, info)

    # `reader` passes the headers to hooks that take them, which its types do not say.
    reader.after_feed_update_hooks.append(hook)  # pyright: ignore[reportArgumentType]


def _http_retrievers(reader: Reader) -> list[Any]:
    fetching = (each for each in reader._parser.retrievers.values() if hasattr(each, "response_hooks"))
    return list({id(each): each for each in fetching}.values())  # one serves both http and https


def asked_to_wait(info: HTTPInfo | None, now: float) -> float:
    """The seconds for which the headers ask not to be asked again, as of `now` (Unix time)."""
    moment = datetime.fromtimestamp(now, UTC)
    after = info.get_update_after(moment) if info is not None else None
    return (after - moment).total_seconds() if after else 0.0


def will_be_stored(new: EntryData, old: EntryForUpdate) -> bool:
    """Whether `reader` stores anew an entry that it knows already, as its `_update` has it."""
    from reader._update import HASH_CHANGED_LIMIT

    by_content = old.hash != new.hash and (old.hash_changed or 0) < HASH_CHANGED_LIMIT
    return new.updated != old.updated or not old.hash or by_content


def is_frozen(new: EntryData, old: EntryForUpdate | None) -> bool:
    """Whether `reader` has an entry changed and stores it no more, since it has changed so often."""
    return old is not None and old.hash != new.hash and not will_be_stored(new, old)


def delete_entries(reader: Reader, entries: Iterable[tuple[str, str]]) -> None:
    """Delete entries that came from feeds, where `reader` itself lets go of those only that a user added.

    Raises reader's `EntryNotFoundError` if one is not there, and then deletes none.
    """
    reader._storage.delete_entries(entries, added_by=None)


def parse_json_feed(url: str, document: bytes) -> tuple[FeedData, list[EntryData]]:
    """A JSON Feed as `reader` takes it over."""
    from reader._parser.jsonfeed import JSONFeedParser

    feed, entries = JSONFeedParser()(url, io.BytesIO(document))
    return feed, list(entries)


def parse_xml(text: bytes, location: str) -> Any:
    """What feedparser finds in well-formed XML in UTF-8 that was at `location`.

    The HTML in it stays as it is: our own step takes the text out of it, and to clean it, or to complete its addresses,
    takes feedparser time that grows with the square of what a stranger writes.
    """
    from reader._parser.feedparser import feedparser

    return feedparser.parse(
        io.BytesIO(text),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": location},
        resolve_relative_uris=False,
        sanitize_html=False,
    )


def take_over(url: str, found: Any) -> tuple[FeedData, list[EntryData]]:
    """What feedparser found, as `reader` takes it over. Raises reader's `ParseError`."""
    from reader._parser.feedparser import _process_feed

    return _process_feed(url, found)


def is_of_newer_file(error: Exception) -> bool:
    """Whether reader's `StorageError` says that a newer `reader` has written the file."""
    return "schema version error: invalid version" in str(error.__cause__ or error)
