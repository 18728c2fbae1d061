"""Entries that wait to become articles, and how they are ticked off once they have.

An entry waits while `reader` has it as unread: it is new, or has changed. It is only ticked off when its article is
safe (`taken`), so that a crash loses nothing. An entry of which only the summary could be had waits on for its page,
and one whose page was read waits for the next visit to it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from reader import Entry, Reader, ResourceNotFoundError

from retrieval.index.sections import NEWS
from retrieval.reading.feeds.apart import place_of
from retrieval.reading.feeds.entries import entry_url
from retrieval.reading.feeds.feed_store import PAGE_TAG, FeedStore
from retrieval.reading.feeds.titles import outlet_name
from retrieval.reading.feeds.visits import Key, Visit, rests
from retrieval.reading.origins import address_of

logger = logging.getLogger(__name__)

INDEX_TAG = "quotewire-index"
PAUSES = (15 * 60.0, 2 * 3600.0, 12 * 3600.0)
"""Seconds after which a page that could not be had is tried again; as often as there are of them."""
MISSES = 3
"""So often in a row nothing was at a page's address (HTTP 404) when its article is taken for withdrawn."""


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry that waits: which it is, the host of its page, and of its feed the outlet and the origin of articles.

    `sites` are the registered domains that the feed ever came from; `shared` tells that others of its entries lead to
    the same page; `attempts` counts how often the page could not be had. `language` is the feed's, as it tags it.
    Its article comes into `sections`.
    """

    feed_url: str
    entry_id: str
    host: str
    origin: str
    outlet: str | None
    sites: frozenset[str]
    attempts: int
    shared: bool = False
    language: str | None = None
    sections: tuple[int, ...] = (NEWS,)

    @property
    def key(self) -> Key:
        """Tells the entry from all others."""
        return self.feed_url, self.entry_id


@dataclass(frozen=True, slots=True)
class HandedOut:
    """An entry in the state in which it was handed out; `again` is when its page is to be tried again (Unix time).

    `visit` is what is to be remembered of the reading of its page; `gone` tells that the page is no more.
    """

    feed_url: str
    entry_id: str
    version: datetime
    attempts: int
    again: float | None
    visit: Visit | None = None
    gone: bool = False


def pending_entries(store: FeedStore, now: float) -> list[PendingEntry]:
    """The entries that wait at `now` (Unix time), the newest of each feed first."""
    found: list[PendingEntry] = []
    with store.open() as reader:
        tried = _tried(reader)
        later = {key for key, tag in tried.items() if now < tag.get("after", 0.0) <= now + PAUSES[-1]}
        due = [key for key in [*tried, *store.visits.due(now)] if key not in later]
        for feed in reader.get_feeds():
            state = store.state(reader, feed.url)
            if not state.sections:
                continue
            origin = state.origin
            sites = frozenset(state.came_from(address_of(origin), feed.url).sites)
            outlet = outlet_name(feed.title, [feed.link, feed.url])
            unread = [entry for entry in reader.get_entries(feed=feed, read=False) if not _rests(store, entry, now)]
            entries = {entry.resource_id: entry for entry in unread}
            for key in due:
                if key[0] == feed.url and (entry := reader.get_entry(key, None)) is not None:
                    entries.setdefault(key, entry)
            for entry in sorted(entries.values(), key=_moment, reverse=True):
                if entry.resource_id not in later:
                    url = entry_url(entry)
                    host = urlsplit(url or "").hostname or ""
                    attempts = tried.get(entry.resource_id, {}).get("attempts", 0)
                    found.append(
                        PendingEntry(
                            feed_url=feed.url,
                            entry_id=entry.id,
                            host=host,
                            origin=origin,
                            outlet=outlet,
                            sites=sites,
                            attempts=attempts,
                            shared=place_of(url) in state.shared,
                            language=state.language,
                            sections=state.sections,
                        )
                    )
    return found


def _rests(store: FeedStore, entry: Entry, now: float) -> bool:
    visit = store.visits.of((entry.feed_url, entry.id))
    return visit is not None and rests(visit, now)


def _tried(reader: Reader) -> dict[Key, dict[str, Any]]:
    keys = [(entry.feed_url, entry.id) for entry in reader.get_entries(tags=[PAGE_TAG])]
    return {key: dict(reader.get_tag(key, PAGE_TAG, {})) for key in keys}  # type: ignore[arg-type]


def _moment(entry: Entry) -> datetime:
    return entry.published or entry.updated or entry.added


def again_after(attempts: int, now: float) -> float | None:
    """When a page that could not be had for the `attempts`th time is tried again; None if it is given up."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def tick_off(store: FeedStore, entries: Iterable[HandedOut]) -> None:
    """These entries wait no more, but for those that changed after they were handed out, or whose page is to come."""
    with store.open() as reader:
        for each in entries:
            key = (each.feed_url, each.entry_id)
            entry = reader.get_entry(key, None)
            if entry is None or entry.last_updated != each.version:
                continue
            try:
                if each.again is None:
                    reader.delete_tag(key, PAGE_TAG, missing_ok=True)
                else:
                    reader.set_tag(key, PAGE_TAG, {"attempts": each.attempts, "after": each.again})
                if each.visit is not None:
                    store.visits.keep(key, each.visit)
                if each.gone:
                    store.visits.forget([key])
                reader.mark_entry_as_read(key)
            except ResourceNotFoundError:  # removed meanwhile
                continue


def follow(store: FeedStore, index: int, generation: int) -> None:
    """Have every entry wait again where what was handed out went into another index, or one that is further than this.

    `index` tells the index from all others; it is lost with its file, or put back as it was at an earlier generation.
    """
    with store.open() as reader:
        known: Any = reader.get_tag((), INDEX_TAG, None)
        if known == [index, generation]:
            return
        if isinstance(known, list) and (known[0] != index or known[1] > generation):
            logger.warning("articles.sqlite3 is another one than feeds were read into: their entries are read again")
            store.visits.forget_all()
            for entry in list(reader.get_entries(read=True)):
                reader.set_entry_read(entry, False)
        reader.set_tag((), INDEX_TAG, [index, generation])


def try_again(store: FeedStore, pending: PendingEntry, attempts: int, again: float) -> None:
    """The entry waits until `again`, with nothing of it to be handed out before."""
    with store.open() as reader:
        try:
            reader.set_tag(pending.key, PAGE_TAG, {"attempts": attempts, "after": again})
        except ResourceNotFoundError:
            return
