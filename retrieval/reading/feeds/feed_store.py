"""Where feeds and their entries are kept: `reader` with its SQLite file, put to our use.

`reader` holds each feed and entry, whether an entry is read (here: taken), and tags. Three are ours: a feed's
`quotewire`, with its rhythm, origin and last error, and its `quotewire-sections`, with for whom it is read; and an
entry's `quotewire-page`, while its page is to be tried again. A table of ours lies beside its own (`visits.py`,
`schema.py`). `reader` marks no entry as unread when it changes; that is done before it stores the change. It deletes no
entry that came from a feed; those that left it long ago are (`prune`).
"""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from reader import Reader, ResourceNotFoundError, StorageError, make_reader

from retrieval.errors import DatabaseUnavailable, KeptHere, StoreUnavailable
from retrieval.index.sections import NEWS
from retrieval.reading.feeds.feed import FEED_TAG, OPENING_TAG, SECTIONS_TAG, FeedState
from retrieval.reading.feeds.parsing import CheckedParser, changed_entries
from retrieval.reading.feeds.reader_internals import (
    EntryData,
    EntryForUpdate,
    HTTPInfo,
    Pair,
    fetch_with,
    is_frozen,
    is_of_newer_file,
    parse_with,
    tell_infos,
    tell_responses,
)
from retrieval.reading.feeds.schema import STEPS, VERSION_TABLE
from retrieval.reading.feeds.visits import Visits
from retrieval.reading.web.session import GuardedSession
from retrieval.replicas.marks import refuse_replica
from retrieval.sqlite import migrate, newer, tells_of_damage, write_back

if TYPE_CHECKING:
    from retrieval.replicas.replica import Replica

_LONG_NUMBER = re.compile(r"\d{9,}")
_FAR_YEAR = re.compile(r"\b(?:2[1-9]|[3-9]\d)\d\d\b(?=\s)")

THAWS_AFTER = timedelta(hours=6)
"""So long after its last change an entry that changes all the time is looked at once more."""

PAGE_TAG = "quotewire-page"

# Each feed that fails would be an error with a traceback in the log; it is a line in the report.
logging.getLogger("reader").setLevel(logging.CRITICAL)


class _Parser(CheckedParser):
    """Marks entries that have changed as unread before `reader` stores them."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def process_entry_pairs(self, url: str, pairs: Iterable[Pair]) -> list[Pair]:  # noqa: ARG002 - reader's signature
        """`pairs`, some thawed. What is about to change is unread from now on, also if nothing follows."""
        pairs = [(new, old and self._thawed(new, old)) for new, old in pairs]
        for entry in changed_entries(pairs):
            known = self._reader.get_entry(entry.resource_id, None)
            if known is not None and known.read:
                self._reader.set_entry_read(entry.resource_id, False)
            self._reader.delete_tag(entry.resource_id, PAGE_TAG, missing_ok=True)
        return pairs

    def _thawed(self, new: EntryData, old: EntryForUpdate) -> EntryForUpdate:
        """What is known of an entry, its changes forgotten where one more is worth to be looked at.

        `reader` stores no more than 24 changes of an entry that has no `updated`, which RSS does not know, lest one
        that holds the time of day be stored at every poll. Such a one may be stored again after a rest.
        """
        known = self._reader.get_entry(new.resource_id, None) if is_frozen(new, old) else None
        if known is None:
            return old
        changed = (new.title, new.link, new.published) != (known.title, known.link, known.published)
        rested = datetime.now(UTC) - known.last_updated > THAWS_AFTER
        return old._replace(hash_changed=0) if changed or rested else old


@dataclass(slots=True)
class FeedResponse:
    """What a feed last answered besides its entries: the headers, as `reader` has them, and the redirects."""

    info: HTTPInfo | None = None
    hops: list[tuple[int, str]] = field(default_factory=list)


class FeedStore:
    """`reader` over `path`, reaching the web through `session`. Usable from many threads within `open`.

    Who changes for whom a feed is read holds `changing`.
    """

    def __init__(self, path: Path, session: GuardedSession, replica: Replica | None = None) -> None:
        self.session = session
        self._replica = replica
        self._responses: dict[str, FeedResponse] = {}
        with _storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            if replica is not None:
                replica.begin()
            self._reader, self._anchor = _opened(path, replica)
            while replica is not None and not replica.settle():  # another process was quicker
                self._anchor.close()
                self._reader, self._anchor = _opened(path, replica)
        self.visits = Visits(self._anchor, partial(_storage_errors, path))
        self._path = path
        self._later = 0  # blocks at whose end all is shared
        self.changing = threading.RLock()
        self.parser = _Parser(self._reader)
        fetch_with(self._reader, session)
        parse_with(self._reader, self.parser)
        tell_responses(self._reader, self._note_redirects)
        tell_infos(self._reader, self._note_info)

    def close(self) -> None:
        """Let go of the file, which alone holds everything then."""
        self._anchor.close()
        write_back(self._path)  # a poll that is broken off may still have it open

    @contextmanager
    def open(self) -> Iterator[Reader]:
        """`reader`, with a connection of this thread's that is closed behind the block.

        What is changed is known to other processes from the end of the block on. Raises `StoreUnavailable`, and
        `KeptHere` if it is changed here and they will know of it later (`replicas.following` sees to that).
        """
        with _storage_errors(self._path), self._shared(), self._reader:
            yield self._reader

    @contextmanager
    def looked_at(self) -> Iterator[Reader]:
        """As `open`, for who changes nothing: it is no concern of theirs whether others know what was changed."""
        with _storage_errors(self._path), self._reader:
            yield self._reader

    @contextmanager
    def shared_together(self) -> Iterator[None]:
        """What is changed within the block is known to other processes from its end on, all at once."""
        with self._shared():
            self._later += 1
            try:
                yield
            finally:
                self._later -= 1

    @contextmanager
    def _shared(self) -> Iterator[None]:
        if self._replica is None:
            yield
            return
        before = self._replica.changed_here()
        try:
            yield
        except Exception:
            with suppress(StoreUnavailable):  # what is told is why the block broke off
                self._share(self._replica, before)
            raise
        self._share(self._replica, before)

    def _share(self, replica: Replica, before: int) -> None:
        """Have other processes know of what was changed since, unless that comes later. Raises `KeptHere`."""
        if self._later or replica.changed_here() == before:
            return
        try:
            replica.exchange()
        except DatabaseUnavailable as error:
            raise KeptHere(
                "The database cannot be written to just now: what was changed of the feeds is kept in this data "
                "folder, and shared once that can be."
            ) from error

    def response(self, url: str) -> FeedResponse:
        """What the feed at `url` last answered besides its entries; forgotten by that."""
        return self._responses.pop(url, FeedResponse())

    def state(self, reader: Reader, url: str) -> FeedState:
        """What is kept of the feed at `url`."""
        sections: Any = reader.get_tag(url, SECTIONS_TAG, None)
        if sections is None and url in self._opening(reader):
            sections = {}
        return FeedState.read(url, reader.get_tag(url, FEED_TAG, None), sections)

    def open_feed(self, reader: Reader, url: str, sections: tuple[int, ...], origin: str) -> bool:
        """Have a feed that delivers into these sections, under this origin; whether it is new.

        Whatever instant the process dies at, it is not taken for the host's.
        """
        with self.changing:
            if reader.get_feed(url, None) is not None:
                return False
            state = replace(FeedState.read(url, None), sections=sections, origin=origin)
            opening = self._opening(reader)
            if sections != (NEWS,):
                reader.set_tag((), OPENING_TAG, [*opening, url])
            reader.add_feed(url)
            self.keep(reader, url, state)
            if sections != (NEWS,):
                self.deliver(reader, url, state)
                reader.set_tag((), OPENING_TAG, opening)
        return True

    def deliver(self, reader: Reader, url: str, state: FeedState) -> None:
        """Keep into which sections the feed delivers by `state`, and nothing else of it."""
        with suppress(ResourceNotFoundError):
            reader.set_tag(url, SECTIONS_TAG, state.sections_tag())

    def read_again(self, reader: Reader, url: str, state: FeedState) -> None:
        """Have the feed deliver by `state` what it has delivered before, from the next poll on."""
        read = list(reader.get_entries(feed=url, read=True))
        self.visits.forget([entry.resource_id for entry in read])
        for entry in read:
            reader.set_entry_read(entry, False)
        self.deliver(reader, url, state)
        self.keep(reader, url, replace(state, rhythm=replace(state.rhythm, due=0.0)))

    def forget(self, reader: Reader, url: str) -> None:
        """Ask a feed no more."""
        reader.delete_feed(url, missing_ok=True)
        self.visits.forget_feed(url)

    def _opening(self, reader: Reader) -> list[Any]:
        known: Any = reader.get_tag((), OPENING_TAG, None)
        return list(known) if isinstance(known, list) else []

    def keep(self, reader: Reader, url: str, state: FeedState) -> None:
        """Keep `state`; of a feed that is gone meanwhile nothing is kept."""
        try:
            reader.set_tag(url, FEED_TAG, state.tag())
        except ResourceNotFoundError:
            return

    def _note_redirects(self, url: str, response: requests.Response) -> None:
        _tame(response.headers)
        targets = [*(each.url for each in response.history[1:]), response.url]
        hops = [(each.status_code, target) for each, target in zip(response.history, targets, strict=False)]
        self._responses.setdefault(url, FeedResponse()).hops = hops

    def _note_info(self, url: str, info: HTTPInfo | None) -> None:
        if info is not None:
            self._responses.setdefault(url, FeedResponse()).info = info


def _opened(path: Path, replica: Replica | None) -> tuple[Reader, sqlite3.Connection]:
    if replica is None and path.exists():
        with closing(sqlite3.connect(path)) as connection:
            refuse_replica(connection, path)
    reader = make_reader(str(path), plugins=(), search_enabled=None)
    reader.close()  # this thread's connection; each use opens its own
    return reader, _anchor(path)


def _anchor(path: Path) -> sqlite3.Connection:
    """A connection that stays, or SQLite would write and remove its log each time; our tables are used by it."""
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    try:
        migrate(connection, path, STEPS, VERSION_TABLE)
    except BaseException:
        connection.close()
        raise
    return connection


def _tame(headers: MutableMapping[str, str]) -> None:
    """Without times so far off that `reader` would fail to compute with them."""
    for name in ("Cache-Control", "Retry-After", "Expires"):
        if value := headers.get(name):
            headers[name] = _FAR_YEAR.sub("2099", _LONG_NUMBER.sub("99999999", value))
    headers.pop("Date", None)  # from which `reader` would count


@contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (StorageError, sqlite3.Error, OSError) as error:
        cause = str(error.__cause__ or error).splitlines()[0][:200]
        if is_of_newer_file(error):  # as to the tables of `reader`
            raise newer(path) from error
        if "locked" in cause:
            raise StoreUnavailable("Another process is writing to the feeds: wait until it has ended.") from error
        if tells_of_damage(cause):
            raise StoreUnavailable(
                f"{path} is damaged ({cause}): stop Quotewire, and `quotewire restore FILE` puts a backup in its "
                "place; without one, move the file away to begin with no feeds."
            ) from error
        raise StoreUnavailable(
            f"The feeds in {path} cannot be used ({cause}): check that DATA_DIR can be written and that its disk has "
            "space."
        ) from error
