"""The feeds that one reader reads beside the collections, each a section of its own, kept once for all who read it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from retrieval.errors import FeedUnusable
from retrieval.index.sections import Section, chosen_by, leave, open_section, read, readers_of
from retrieval.index.store import Store
from retrieval.reading.allowance import Allowance
from retrieval.reading.feeds.feed import Feed
from retrieval.reading.feeds.followed import Added, Addresses, Feeds, FeedSought, Imported, Preview
from retrieval.text.addresses import feed_address

_CHANGING = threading.Lock()


class EditionFeeds:
    """The feeds that `reader` has chosen, of all that are in `feeds`; `collections` gives those that it reads besides.

    That a reader reads a feed is noted in `store` before the feed is told, and that it reads it no more, too: had the
    process died in between, a feed is added by being added again, and the next poll drops one that nobody reads.
    Every method raises `StoreUnavailable` if a file cannot be used. Safe to use from many threads.
    """

    def __init__(
        self,
        feeds: Feeds,
        store: Store,
        reader: str,
        collections: Callable[[], Collection[Section]],
        allowance: Allowance,
    ) -> None:
        self._feeds = feeds
        self._store = store
        self._reader = reader
        self._collections = collections
        self._allowance = allowance

    def add(self, url: str) -> Added:
        """As `Feeds.add`, for this reader. Raises `LimitReached`, too."""
        own = self._own()
        if Addresses(self.list(), own).at(feed_address(url)) is None:
            self._spend()
        return self._subscribe(self._feeds.sought(url, own))

    def list(self) -> tuple[Feed, ...]:
        """The feeds that the reader chose, by their titles; also the retired ones."""
        own = self._own()
        return tuple(feed for feed in self._feeds.every() if own & set(feed.sections))

    def remove(self, url: str) -> Feed:
        """Have the reader read this feed no more, and give it back. What has come by now stays where it is.

        Raises `FeedUnusable` if it is none of those that the reader chose.
        """
        own = self._own()
        url = feed_address(url)
        known = Addresses(self.list(), own).at(url)
        if known is None:
            raise self._not_own(url)
        with _CHANGING:
            with self._store.transaction() as connection:
                left = own & set(known.sections)
                for section in left:
                    leave(connection, self._reader, section, self._store.generation().number)
                unread = {section for section in left if not readers_of(connection, section)}
            if unread:
                self._feeds.deliver_less(known.url, unread)
        return known

    def check(self, url: str) -> Preview:
        """As `Feeds.check`."""
        return self._feeds.check(url)

    def import_opml(self, opml: Path | str | bytes) -> Imported:
        """As `Feeds.import_opml`, for this reader."""
        return self._feeds.imported(opml, self._own(), self._subscribe_listed)

    def export_opml(self) -> str:
        """The feeds that the reader chose and that are not retired, as a list that other feed readers take."""
        return self._feeds.listed_in_opml(self.list())

    def _subscribe_listed(self, sought: FeedSought) -> Added:
        connection = self._store.connection()
        if not any(self._reader in readers_of(connection, each) for each in sought.sections):
            self._spend()
        return self._subscribe(sought)

    def _spend(self) -> None:
        self._allowance.check_feeds(self._store, self._reader)
        self._allowance.spend(self._store, self._reader)

    def _subscribe(self, sought: FeedSought) -> Added:
        with _CHANGING:
            with self._store.transaction() as connection:
                section = open_section(connection, sought.origin)
                before = self._reader in readers_of(connection, section)
                read(connection, self._reader, section, self._store.generation().number)
            added = self._feeds.subscribe(sought, section)
        return replace(added, known=added.known and before)

    def _own(self) -> set[int]:
        """The sections of the feeds that the reader reads."""
        chosen = chosen_by(self._store, self._reader)
        return {each.section.number for each in chosen if each.until is None and each.section.is_feed}

    def _not_own(self, url: str) -> FeedUnusable:
        names = {section.number: section.name for section in self._collections()}
        shared = Addresses((feed for feed in self._feeds.every() if set(names) & set(feed.sections)), names).at(url)
        if shared is None:
            return FeedUnusable("This feed is not read; the list of feeds shows the addresses of those that are.")
        return FeedUnusable(
            "This feed is the host's, in the collection {collection}: leave that collection to read it no more.",
            collection=next(names[section] for section in shared.sections if section in names),
        )
