"""What comes to a newsroom from outside its folder: pages by their address, files, and what its feeds bring."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.article import Failure, Progress, Tell
from retrieval.errors import AddressRefused, FetchFailed, FetchProblem, StoreUnavailable
from retrieval.index.store import Store
from retrieval.index.versions import published_as
from retrieval.reading.arrival import PAGES, Arrival, Gone, archive_origin
from retrieval.reading.embedding import ARTICLES_A_TRANSACTION
from retrieval.reading.reload import CHARACTERS_A_TRANSACTION
from retrieval.reading.sources.archive import read_archive
from retrieval.reading.sources.folder import read_file
from retrieval.reading.sources.html_page import read_page
from retrieval.reading.web.fetch import Fetcher, fetch_page
from retrieval.reading.web.robots import page_fetcher
from retrieval.reading.web.session import GuardedSession
from retrieval.text.addresses import precise_address

# Imported where it is used: `reader` takes half a second, which who only asks need not wait for.
if TYPE_CHECKING:
    from retrieval.reading.feeds.followed import Feeds

BATCH_SECONDS = 60.0
"""So long, roughly, is what the feeds bring gathered before it is taken in; pages come one a second from a host."""


class Deliveries:
    """The feeds in the file `path`, and the way to the web. Both are opened when they are first needed.

    Safe to use from many threads.
    """

    def __init__(self, path: Path, *, allow_private: bool = False) -> None:
        self._path = path
        self._allow_private = allow_private
        self._lock = threading.RLock()
        self._feeds: Feeds | None = None
        self._session: GuardedSession | None = None
        self._closed = False

    @property
    def session(self) -> GuardedSession:
        """The way to the web."""
        with self._lock:
            if self._session is None:
                self._session = GuardedSession(allow_private=self._allow_private)
            return self._session

    @property
    def feeds(self) -> Feeds:
        """The feeds that are read. Raises `StoreUnavailable`."""
        from retrieval.reading.feeds.followed import Feeds

        with self._lock:
            if self._closed:
                raise StoreUnavailable("The newsroom is closed: open it again to read feeds.")
            if self._feeds is None:
                self._feeds = Feeds.open(self._path, self.session)
            return self._feeds

    @cached_property
    def _pages(self) -> Fetcher:
        """Fetches pages; one for all, for it remembers each site's robots.txt."""
        return page_fetcher(self.session)

    def close(self) -> None:
        """Let go of the file, for good."""
        with self._lock:
            self._closed = True
            if self._feeds is not None:
                self._feeds.close()

    def troubles(self) -> tuple[int, tuple[Failure, ...]]:
        """How many feeds are read, and why the last question failed of those where it did. Never raises."""
        if not self._path.exists():
            return 0, ()
        try:
            feeds = self.feeds.list()
        except StoreUnavailable as error:
            return 0, (Failure("feeds", str(error), "unreadable"),)
        failed = tuple(Failure(feed.title, feed.error, "unreadable") for feed in feeds if feed.error)
        return sum(not feed.retired for feed in feeds), failed

    def next_due(self) -> float | None:
        """When the next feed is to be asked (Unix time, 0 at once); None without feeds. Raises `StoreUnavailable`."""
        if not self._path.exists():
            return None
        store = self.feeds.store
        with store.open() as reader:
            rhythms = [store.state(reader, feed.url).rhythm for feed in reader.get_feeds(updates_enabled=True)]
        now = time.time()
        return min((0.0 if rhythm.is_due(now) else rhythm.due for rhythm in rhythms), default=None)

    def pages(self, urls: Iterable[str], tell: Tell) -> Iterator[Arrival | Failure | Gone]:
        """The articles that the pages at `urls` show, fetched as robots.txt allows, and those that were taken back."""
        for done, url in enumerate(urls):
            tell(Progress("reading", done, None))
            try:
                page = fetch_page(self._pages, url)
                checked = read_page(page.body, page.url, content_type=page.content_type)
            except FetchFailed as error:
                yield Failure(url, str(error), "unreadable")
                if error.kind in (FetchProblem.GONE, FetchProblem.MISSING):
                    yield Gone(origin=PAGES, id=url, url=url, asked=url, name=precise_address(url))
            except (AddressRefused, ValueError) as error:
                yield Failure(url, str(error))
            else:
                name = precise_address(url) or url
                found = page.url
                yield Arrival(origin=PAGES, article=checked.article, from_page=True, name=name, found=found)
                yield from (Failure(url, reason, "note") for reason in checked.left_out)

    def taken_back(self, batch: Iterable[Arrival | Failure | Gone], store: Store) -> list[str]:
        """The ids of the articles that went with pages, without those still to be had at an address of their own."""
        ids: list[str] = []
        for item in batch:
            if isinstance(item, Gone) and (known := published_as(store, item.origin, item.name, item.id, item.url)):
                id_, url = known
                if url == item.asked or self._is_gone(url):
                    ids.append(id_)
        return ids

    def _is_gone(self, url: str) -> bool:
        """Whether nothing is found any more at an address where an article was."""
        try:
            fetch_page(self._pages, url)
        except FetchFailed as error:
            return error.kind in (FetchProblem.GONE, FetchProblem.MISSING)
        except (AddressRefused, ValueError):
            pass
        return False

    def polled(self, tell: Tell, store: Store) -> Generator[Sequence[Arrival | Failure | Gone], None, None]:
        """Ask the feeds that are due, and give in batches what is new in any of them, and what was taken back.

        What went into another store than `store` is given again.
        A batch counts as safe, and is not given again, once the next one is asked for. Raises `StoreUnavailable`.
        """
        from retrieval.reading.feeds.pending import follow
        from retrieval.reading.feeds.poll import poll, taken

        feeds = self.feeds
        follow(feeds.store, store.identity, store.generation().number)
        for batch in _batches(_reported(poll(feeds), tell)):
            yield batch
            taken(feeds, [item for item in batch if not isinstance(item, Failure)])
            follow(feeds.store, store.identity, store.generation().number)


def read_files(paths: Iterable[Path], tell: Tell) -> Iterator[Arrival | Failure]:
    """The articles in files of any format that is read here. What the file at the same place held before is known."""
    done = 0
    for path in paths:
        name = path.name
        if path.is_dir():
            yield Failure(str(path), "is a folder; name its files, or let SEEDS_DIR name it and reload")
            continue
        alone = name.lower().endswith((".txt", ".md"))
        placed = _placed(path)
        for item in read_file(path.parent, name) if alone else read_archive(path, name):
            done += 1
            tell(Progress("reading", done, None))
            if isinstance(item, Failure):
                yield item
            else:
                yield Arrival(origin=archive_origin(placed), article=replace(item, id=placed) if alone else item)


def _placed(path: Path) -> str:
    """The file's name with a mark of where it lies: files of one name in two folders are two files."""
    place = str(path.parent.resolve() / path.name)
    return f"{path.name}#{hashlib.sha256(place.encode(errors='surrogateescape')).hexdigest()[:8]}"


def _reported(items: Iterable[Arrival | Failure | Gone], tell: Tell) -> Iterator[Arrival | Failure | Gone]:
    tell(Progress("reading", 0, None))
    for done, item in enumerate(items, start=1):
        tell(Progress("reading", done, None))
        yield item


def _batches(items: Iterable[Arrival | Failure | Gone]) -> Iterator[Sequence[Arrival | Failure | Gone]]:
    """The items in order, in batches bounded by number, by characters and by the time that they took to come."""
    batch: list[Arrival | Failure | Gone] = []
    characters, began = 0, time.monotonic()
    for item in items:
        batch.append(item)
        characters += len(item.article.body) if isinstance(item, Arrival) else 0
        late = time.monotonic() - began > BATCH_SECONDS
        if late or len(batch) == ARTICLES_A_TRANSACTION or characters > CHARACTERS_A_TRANSACTION:
            yield batch
            batch, characters, began = [], 0, time.monotonic()
    if batch:
        yield batch
