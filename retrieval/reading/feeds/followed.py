"""Which feeds are read: `Feeds`, the face of this package. What they bring is in `poll`."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reader import Feed as StoredFeed
from reader import Reader
from reader.opml import unparse

from retrieval.article import Failure
from retrieval.errors import FeedUnusable, LimitReached, QuotewireError
from retrieval.index.sections import NEWS
from retrieval.reading.feeds.entries import own_text
from retrieval.reading.feeds.feed import Feed, FeedState, by_title, shown
from retrieval.reading.feeds.feed_store import FeedStore
from retrieval.reading.feeds.find import Found, find_feed
from retrieval.reading.feeds.opml import outlines
from retrieval.reading.feeds.pending import HandedOut
from retrieval.reading.feeds.schedule import Rhythm, after_answer
from retrieval.reading.feeds.titles import outlet_name, plain_title
from retrieval.reading.origins import feed_origin
from retrieval.reading.web.robots import page_fetcher
from retrieval.reading.web.session import GuardedSession
from retrieval.reasons import Reason
from retrieval.text.addresses import canonical_url, feed_address

if TYPE_CHECKING:
    from retrieval.replicas.replica import Replica

_FORMATS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed", "cdf": "CDF"}


@dataclass(frozen=True, slots=True)
class Added:
    """A feed that is read from now on, or was `known` already; `others` are further feeds of the same page."""

    feed: Feed
    known: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedSought:
    """A feed that is to be read, at `url`: one that is `known`, or that was `found` there. Under `origin` its articles
    are kept.
    """

    url: str
    known: Feed | None
    found: Found | None
    origin: str

    @property
    def sections(self) -> tuple[int, ...]:
        """Into which it delivers already."""
        return self.known.sections if self.known else ()


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


class Addresses:
    """Feeds by their addresses, however these are spelled in the sections `own`, and as they are in all others."""

    def __init__(self, feeds: Iterable[Feed], own: Collection[int]) -> None:
        self._own = frozenset(own)
        self._by_address: dict[tuple[str, ...], Feed] = {}
        self._origins: set[str] = set()
        for feed in feeds:
            self.note(feed)

    def note(self, feed: Feed) -> None:
        """Know this feed, too."""
        self._origins.add(feed.origin)
        if self._own & set(feed.sections):
            self._by_address.setdefault((canonical_url(feed.url),), feed)
        self._by_address.setdefault(_as_it_is(feed.url), feed)

    def at(self, url: str) -> Feed | None:
        """The feed that is read from an address."""
        return self._by_address.get((canonical_url(url),)) or self._by_address.get(_as_it_is(url))

    def origin_at(self, url: str) -> str:
        """The origin of the feed that is read from an address, or is to be. One that was read from there and has moved
        keeps its own, which no other one may have.
        """
        if known := self.at(url):
            return known.origin
        origin = feed_origin(url)
        spelled = (f"{origin}#{number}" for number in count(2))
        return next(each for each in chain([origin], spelled) if each not in self._origins)


class Feeds:
    """The feeds that are read, in an SQLite file. Safe to use from many threads.

    Every method raises `StoreUnavailable` if the file cannot be used.
    """

    def __init__(self, store: FeedStore) -> None:
        self.store = store
        self.pages = page_fetcher(store.session)
        self.polling = threading.Lock()
        self.handed_out: dict[tuple[str | int, ...], list[HandedOut]] = {}

    @classmethod
    def open(cls, path: Path, session: GuardedSession, replica: Replica | None = None) -> Feeds:
        """The feeds in the file `path`, which is made if there is none, to be asked through `session`."""
        return cls(FeedStore(path, session, replica))

    def close(self) -> None:
        """Let go of the file; the session, which is its maker's, is left as it is."""
        self.store.close()

    def __enter__(self) -> Feeds:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, url: str, section: int = NEWS) -> Added:
        """Read the feed at `url`, or the one to which the page there points, from now on, for one section.

        Its entries come with the next poll. Raises `FeedUnusable`, `FetchFailed` or `AddressRefused`, with the remedy.
        """
        return self.subscribe(self.sought(url, {section}), section)

    def sought(self, url: str, own: Collection[int]) -> FeedSought:
        """The feed that `add` would have be read: asked for where none is read from there.

        Of feeds in the sections `own` the address may be spelled otherwise; those of others are only known to who has
        all of it, for a part of it may be a secret. Raises as `add` does.
        """
        url = feed_address(url)
        address = self.store.session.address(url).url
        known = Addresses(self.every(), own).at(address)
        if known is not None and not known.retired:
            return FeedSought(url=known.url, known=known, found=None, origin=known.origin)
        found = find_feed(self.store.session, url)
        address = self.store.session.address(found.url).url
        known = (there := Addresses(self.every(), own)).at(address)
        origin = there.origin_at(address)
        return FeedSought(url=known.url if known else address, known=known, found=found, origin=origin)

    def subscribe(self, sought: FeedSought, section: int) -> Added:
        """Read a feed that was found, for one section from now on. What others have of it comes with the next poll."""
        others = sought.found.others if sought.found else ()
        with self.store.changing, self.store.open() as reader:
            known = not self.store.open_feed(reader, sought.url, (section,), sought.origin)
            if known:
                known = self._join(reader, sought, section)
            shown = self._shown(reader, reader.get_feed(sought.url))
        if known or sought.found is None:
            return Added(shown, known, others)
        feed, said = sought.found.feed, sought.found.said
        title = plain_title(feed.title) or sought.url
        outlet = outlet_name(feed.title, [feed.link, sought.url])
        return Added(replace(shown, title=title, outlet=outlet, note=said.note, lost=said.lost), False, others)

    def _join(self, reader: Reader, sought: FeedSought, section: int) -> bool:
        """Whether a feed that is there is read for the section already; it is from now on."""
        state = self.store.state(reader, sought.url)
        retired = not reader.get_feed(sought.url).updates_enabled
        known = section in state.sections and not (retired and sought.found)
        if section not in state.sections:
            joining = (*state.joining, section) if state.sections else ()
            state = replace(state, sections=(*state.sections, section), joining=joining)
            self.store.deliver(reader, sought.url, state)
        if retired and sought.found:  # it came back
            reader.enable_feed_updates(sought.url)
            self.store.keep(reader, sought.url, FeedState(origin=state.origin, sites=state.sites))
        return known

    def list(self, section: int = NEWS) -> tuple[Feed, ...]:
        """The feeds that are read for a section, by their titles; also the retired ones."""
        return tuple(feed for feed in self.every() if section in feed.sections)

    def every(self) -> tuple[Feed, ...]:
        """All feeds, whoever they are read for, as `list` has them."""
        with self.store.looked_at() as reader:
            return by_title(self._shown(reader, feed) for feed in reader.get_feeds())

    def remove(self, url: str, section: int = NEWS) -> Feed:
        """Read this feed no more for a section, and give it back. Its articles stay where they are.

        Raises `FeedUnusable` if it is none of those that are read for it.
        """
        known = Addresses(self.list(section), {section}).at(feed_address(url))
        if known is None:
            raise FeedUnusable("This feed is not read; the list of feeds shows the addresses of those that are.")
        self.deliver_less(known.url, {section})
        return known

    def deliver_less(self, url: str, sections: Collection[int]) -> None:
        """Have a feed deliver into these sections no more; it is asked no more where none is left."""
        with self.store.changing, self.store.open() as reader:
            state = self.store.state(reader, url)
            left = tuple(section for section in state.sections if section not in sections)
            joining = tuple(section for section in state.joining if section in left)
            if not left:
                self.store.forget(reader, url)
            elif joining == left:  # nobody is left of whom they could get it
                self.store.read_again(reader, url, replace(state, sections=left, joining=()))
            else:
                self.store.deliver(reader, url, replace(state, sections=left, joining=joining))

    def joined(self, url: str, section: int) -> None:
        """A section has got what there was of a feed that it joined."""
        with self.store.changing, self.store.open() as reader:
            state = self.store.state(reader, url)
            joining = tuple(each for each in state.joining if each != section)
            self.store.deliver(reader, url, replace(state, joining=joining))

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

    def import_opml(self, opml: Path | str | bytes, section: int = NEWS) -> Imported:
        """Read all feeds of a list (OPML: a file, or the text itself) from now on. None of them is asked yet.

        Raises `FeedUnusable` if it is no such list.
        """
        return self.imported(opml, {section}, lambda sought: self.subscribe(sought, section))

    def imported(
        self, opml: Path | str | bytes, own: Collection[int], subscribe: Callable[[FeedSought], Added]
    ) -> Imported:
        """What becomes of a list of feeds, each of which `subscribe` has be read. Raises `KeptHere`."""
        with self.store.shared_together():
            return self._imported(opml, own, subscribe)

    def _imported(
        self, opml: Path | str | bytes, own: Collection[int], subscribe: Callable[[FeedSought], Added]
    ) -> Imported:
        added, known, failed = [], [], []
        there = Addresses(self.every(), own)
        for outline in outlines(opml):
            if isinstance(outline, Failure):
                failed.append(outline)
                continue
            try:
                address = self.store.session.address(outline.url).url
                feed = there.at(address)
                origin = there.origin_at(address)
                at = feed.url if feed else address
                subscribed = subscribe(FeedSought(url=at, known=feed, found=None, origin=origin))
            except LimitReached as error:
                failed.append(Failure(outline.title or outline.url[:200], str(error)))
                continue
            except QuotewireError as error:
                reason = Reason("{fault} Correct it in the list.", fault=error)
                failed.append(Failure(outline.title or outline.url[:200], reason))
                continue
            (known if subscribed.known else added).append(address)
            there.note(subscribed.feed)
        return Imported(tuple(added), tuple(known), tuple(failed))

    def export_opml(self, section: int = NEWS) -> str:
        """All feeds of a section that are not retired, as a list that other feed readers take."""
        return self.listed_in_opml(self.list(section))

    def listed_in_opml(self, feeds: Iterable[Feed]) -> str:
        """Those of these feeds that are not retired, as a list that other feed readers take."""
        wanted = {feed.url for feed in feeds if not feed.retired}
        with self.store.looked_at() as reader:
            kept = [feed for feed in reader.get_feeds() if feed.url in wanted]
        named = [feed if feed.title else feed._replace(title=feed.url) for feed in kept]
        created = datetime.now(UTC)
        return unparse(named, title="Quotewire feeds", created=created, generator="Quotewire").decode()

    def _shown(self, reader: Reader, feed: StoredFeed) -> Feed:
        state = self.store.state(reader, feed.url)
        return shown(feed.url, feed.title, feed.link, state, retired=not feed.updates_enabled)


@dataclass(frozen=True, slots=True)
class SectionFeeds:
    """`feeds` as they are read for one section: see the methods of `Feeds` with the same names."""

    feeds: Feeds
    section: int

    def add(self, url: str) -> Added:
        """Read a feed for the section."""
        return self.feeds.add(url, self.section)

    def list(self) -> tuple[Feed, ...]:
        """The feeds of the section."""
        return self.feeds.list(self.section)

    def remove(self, url: str) -> Feed:
        """Read a feed no more for the section."""
        return self.feeds.remove(url, self.section)

    def check(self, url: str) -> Preview:
        """What `add` would find."""
        return self.feeds.check(url)

    def import_opml(self, opml: Path | str | bytes) -> Imported:
        """Read all feeds of a list for the section."""
        return self.feeds.import_opml(opml, self.section)

    def export_opml(self) -> str:
        """The feeds of the section, as a list."""
        return self.feeds.export_opml(self.section)


def _format(version: str) -> str:
    """ "RSS 2.0" for "rss20", as feedparser and `reader` write it."""
    parts = re.match(r"([a-z]*)([0-9]*)", version)
    kind, number = (parts[1], parts[2]) if parts else ("", "")
    dotted = f"{number[0]}.{number[1:]}" if len(number) > 1 else number
    return f"{_FORMATS.get(kind, kind or 'feed')} {dotted}".strip()


def _as_it_is(url: str) -> tuple[str, ...]:
    """An address with all that tells it from others, but not its scheme, or the order of its parameters."""
    parts = urlsplit(url)
    return parts.netloc.lower(), parts.path.rstrip("/") or "/", *sorted(parts.query.split("&"))
