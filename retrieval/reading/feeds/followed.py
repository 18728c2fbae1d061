"""Which feeds are read: `Feeds`, the face of this package. What they bring is in `poll`."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from reader import Feed as StoredFeed
from reader import FeedExistsError, Reader
from reader.opml import unparse

from retrieval.article import Failure
from retrieval.errors import FeedUnusable, QuotewireError
from retrieval.reading.feeds.entries import own_text
from retrieval.reading.feeds.feed import Feed, FeedState, by_title, shown
from retrieval.reading.feeds.feed_store import FeedStore
from retrieval.reading.feeds.find import find_feed
from retrieval.reading.feeds.opml import outlines
from retrieval.reading.feeds.pending import HandedOut
from retrieval.reading.feeds.schedule import Rhythm, after_answer
from retrieval.reading.feeds.titles import outlet_name, plain_title
from retrieval.reading.web.robots import page_fetcher
from retrieval.reading.web.session import GuardedSession
from retrieval.reasons import Reason
from retrieval.text.addresses import canonical_url, feed_address

_FORMATS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed", "cdf": "CDF"}


@dataclass(frozen=True, slots=True)
class Added:
    """A feed that is read from now on, or was `known` already; `others` are further feeds of the same page."""

    feed: Feed
    known: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a feed would bring: `entries` in number, of which `full_text` carry the whole article.

    `format` is such as "RSS 2.0"; `newest` the date of its newest entry, None if none is dated; `interval` the seconds
    after which it would next be asked; `others` are further feeds of the same page; `note` and `lost`
    are as of a `Feed`.
    """

    url: str
    format: str
    title: str
    outlet: str | None
    entries: int
    newest: datetime | None
    full_text: int
    interval: float
    others: tuple[str, ...]
    note: str | None = None
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list of feeds: addresses `added`, `known` before, and those that cannot be read, with why."""

    added: tuple[str, ...]
    known: tuple[str, ...]
    failed: tuple[Failure, ...]


class Feeds:
    """The feeds that are read, in an SQLite file. Safe to use from many threads.

    Every method raises `StoreUnavailable` if the file cannot be used.
    """

    def __init__(self, store: FeedStore) -> None:
        self.store = store
        self.pages = page_fetcher(store.session)
        self.polling = threading.Lock()
        self.handed_out: dict[tuple[str, ...], list[HandedOut]] = {}

    @classmethod
    def open(cls, path: Path, session: GuardedSession) -> Feeds:
        """The feeds in the file `path`, which is made if there is none, to be asked through `session`."""
        return cls(FeedStore(path, session))

    def close(self) -> None:
        """Let go of the file; the session, which is its maker's, is left as it is."""
        self.store.close()

    def __enter__(self) -> Feeds:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, url: str) -> Added:
        """Read the feed at `url`, or the one to which the page there points, from now on.

        Its entries come with the next poll. Raises `FeedUnusable`, `FetchFailed` or `AddressRefused`, with the remedy.
        """
        url = feed_address(url)
        known = self._known(self.store.session.address(url).url)
        if known is not None and not known.retired:
            return Added(known, True, ())
        found = find_feed(self.store.session, url)
        address = self.store.session.address(found.url).url
        known = self._known(address)
        if known is not None and not known.retired:
            return Added(known, True, found.others)
        with self.store.open() as reader:
            if known is not None:  # it came back
                address = known.url
                reader.enable_feed_updates(address)
                sites = self.store.state(reader, address).sites
                self.store.keep(reader, address, FeedState(origin=known.origin, sites=sites))
            else:
                _subscribe(reader, self.store, address)
            shown = self._shown(reader, reader.get_feed(address))
        title = plain_title(found.feed.title) or address
        outlet = outlet_name(found.feed.title, [found.feed.link, address])
        return Added(
            replace(shown, title=title, outlet=outlet, note=found.said.note, lost=found.said.lost), False, found.others
        )

    def list(self) -> tuple[Feed, ...]:
        """All feeds, by their titles; also the retired ones."""
        with self.store.open() as reader:
            return by_title(self._shown(reader, feed) for feed in reader.get_feeds())

    def remove(self, url: str) -> Feed:
        """Read this feed no more, and give it back. Its articles stay where they are.

        Raises `FeedUnusable` if it is none of those that are read.
        """
        known = self._known(feed_address(url))
        if known is None:
            raise FeedUnusable("This feed is not read; the list of feeds shows the addresses of those that are.")
        with self.store.open() as reader:
            reader.delete_feed(known.url, missing_ok=True)
        self.store.visits.forget_feed(known.url)
        return known

    def check(self, url: str) -> Preview:
        """What `add` would find; nothing is changed. Raises as `add` does."""
        found = find_feed(self.store.session, feed_address(url))
        feed = found.feed
        moments = [moment for entry in found.entries if (moment := entry.published or entry.updated) is not None]
        rhythm = after_answer(Rhythm(), 0.0, changed=True, hint=found.said.hint, chance=0.0)
        return Preview(
            url=self.store.session.address(found.url).url,
            format=_format(feed.version or ""),
            title=plain_title(feed.title) or found.url,
            outlet=outlet_name(feed.title, [feed.link, found.url]),
            entries=len(found.entries),
            newest=max(moments, default=None),
            full_text=sum(own_text(entry).full for entry in found.entries),
            interval=rhythm.due,
            others=found.others,
            note=found.said.note,
            lost=found.said.lost,
        )

    def import_opml(self, opml: Path | str | bytes) -> Imported:
        """Read all feeds of a list (OPML: a file, or the text itself) from now on. None of them is asked yet.

        Raises `FeedUnusable` if it is no such list.
        """
        added, known, failed = [], [], []
        addresses = {canonical_url(feed.url) for feed in self.list()}
        with self.store.open() as reader:
            for outline in outlines(opml):
                if isinstance(outline, Failure):
                    failed.append(outline)
                    continue
                try:
                    address = self.store.session.address(outline.url).url
                except QuotewireError as error:
                    reason = Reason("{fault} Correct it in the list.", fault=error)
                    failed.append(Failure(outline.title or outline.url[:200], reason))
                    continue
                canonical = canonical_url(address)
                is_new = canonical not in addresses and _subscribe(reader, self.store, address)
                addresses.add(canonical)
                (added if is_new else known).append(address)
        return Imported(tuple(added), tuple(known), tuple(failed))

    def export_opml(self) -> str:
        """All feeds that are not retired, as a list that other feed readers take."""
        with self.store.open() as reader:
            feeds = [feed for feed in reader.get_feeds() if feed.updates_enabled]
        named = [feed if feed.title else feed._replace(title=feed.url) for feed in feeds]
        created = datetime.now(UTC)
        return unparse(named, title="Quotewire feeds", created=created, generator="Quotewire").decode()

    def _known(self, url: str) -> Feed | None:
        """The feed that is read from `url`, however that is spelled."""
        wanted = canonical_url(url)
        with self.store.open() as reader:
            for feed in reader.get_feeds():
                if url == feed.url or canonical_url(feed.url) == wanted:
                    return self._shown(reader, feed)
        return None

    def _shown(self, reader: Reader, feed: StoredFeed) -> Feed:
        state = self.store.state(reader, feed.url)
        return shown(feed.url, feed.title, feed.link, state, retired=not feed.updates_enabled)


def _subscribe(reader: Reader, store: FeedStore, url: str) -> bool:
    """Whether the feed is new."""
    try:
        reader.add_feed(url)
    except FeedExistsError:
        return False
    store.keep(reader, url, FeedState.read(url, None))
    return True


def _format(version: str) -> str:
    """ "RSS 2.0" for "rss20", as feedparser and `reader` write it."""
    parts = re.match(r"([a-z]*)([0-9]*)", version)
    kind, number = (parts[1], parts[2]) if parts else ("", "")
    dotted = f"{number[0]}.{number[1:]}" if len(number) > 1 else number
    return f"{_FORMATS.get(kind, kind or 'feed')} {dotted}".strip()
