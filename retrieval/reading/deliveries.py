"""The feeds that a newsroom reads, and its way to the web: each opened, and imported, when it is first needed."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from retrieval.article import Failure
from retrieval.errors import StoreUnavailable
from retrieval.reading.feeds.reader_tables import listed
from retrieval.reasons import Reason

# Imported where they are used: `reader` and `requests` take longer than all else that who only asks waits for.
if TYPE_CHECKING:
    from retrieval.reading.feeds.feed import Feed, FeedState
    from retrieval.reading.feeds.followed import Feeds
    from retrieval.reading.web.session import GuardedSession
    from retrieval.replicas.shared import Shared


class Deliveries:
    """The feeds in the file `path`, and the way to the web. Both are opened when they are first needed.

    Safe to use from many threads.
    """

    def __init__(self, path: Path, *, allow_private: bool = False, shared: Shared | None = None) -> None:
        self._path = path
        self._replica = shared.replica(path, "feeds") if shared else None
        self._allow_private = allow_private
        self._lock = threading.RLock()
        self._feeds: Feeds | None = None
        self._session: GuardedSession | None = None
        self._closed = False

    @property
    def session(self) -> GuardedSession:
        """The way to the web."""
        from retrieval.reading.web.session import GuardedSession

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
                self._feeds = Feeds.open(self._path, self.session, self._replica)
            return self._feeds

    def close(self) -> None:
        """Let go of the file, for good."""
        with self._lock:
            self._closed = True
            if self._feeds is not None:
                self._feeds.close()

    def list(self) -> tuple[Feed, ...]:
        """All feeds, whoever they are read for, by their titles; also the retired ones. Raises `StoreUnavailable`."""
        if self._feeds is None and not self._closed and self._replica is None:
            found = listed(self._path) if self._path.exists() else ()
            if found is not None:
                return found
        return self.feeds.every()

    def troubles(self, own: Collection[int], shared: Collection[int] = ()) -> tuple[int, tuple[Failure, ...]]:
        """How many feeds are read for these sections, and why the last question failed of those where it did. Of those
        `shared` by who reads them no address is told, for it may be a secret. Never raises.
        """
        try:
            feeds = [feed for feed in self.list() if {*own, *shared} & set(feed.sections)]
        except StoreUnavailable as error:
            return 0, (Failure(Reason("feeds"), str(error), "unreadable"),)
        failed: list[Failure] = []
        for feed in feeds:
            is_own = bool({*own} & set(feed.sections))
            if feed.error and (is_own or "://" not in feed.error):
                hidden = feed.title == feed.url and not is_own
                where = urlsplit(feed.url).hostname or "…" if hidden else feed.title
                failed.append(Failure(where, feed.error, "unreadable"))
        return sum(not feed.retired for feed in feeds), tuple(failed)

    def next_due(self) -> float | None:
        """When the next feed is to be asked (Unix time, 0 at once); None without feeds. Raises `StoreUnavailable`."""
        if self._replica is None and not self._path.exists():
            return None
        store = self.feeds.store
        with store.open() as reader:
            states = [store.state(reader, feed.url) for feed in reader.get_feeds(updates_enabled=True)]
        now = time.time()
        return min((_due(state, now) for state in states if state.sections), default=None)


def _due(state: FeedState, now: float) -> float:
    return 0.0 if state.joining or state.rhythm.is_due(now) else state.rhythm.due
