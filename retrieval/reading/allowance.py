"""How much readers may have of their own, and how fast: what the host allows each of them."""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from retrieval.errors import LimitReached
from retrieval.index.store import Store

HOUR = 3600.0


@dataclass(slots=True)
class Allowance:
    """What each reader but the host may have: so many `feeds` and `articles` of its own, and `adds` of feeds and pages
    within an hour; None sets no bound. What was added is remembered for as long as the process runs.
    """

    feeds: int | None = None
    articles: int | None = None
    adds: int | None = None
    clock: Callable[[], float] = time.monotonic
    _added: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check_feeds(self, store: Store, reader: str) -> None:
        """Raise `LimitReached` where a reader may read no other feed."""
        if self.feeds is not None and feeds_of(store, reader) >= self.feeds:
            raise LimitReached(
                "You read as many feeds of your own as the bot's host allows ({count}): remove one before you add "
                "another.",
                count=self.feeds,
            )

    def spend(self, store: Store, reader: str) -> None:
        """Note that a reader adds something. Raises `LimitReached` where it may not."""
        if self.articles is not None and articles_of(store, reader) >= self.articles:
            raise LimitReached(
                "You have as many articles of your own as the bot's host allows ({count}): remove a feed or pages "
                "before you add more.",
                count=self.articles,
            )
        if self.adds is None:
            return
        with self._lock:
            now, added = self.clock(), self._added[reader]
            while added and added[0] <= now - HOUR:
                added.popleft()
            if len(added) >= self.adds:
                wait = added[0] + HOUR - now if added else HOUR
                raise LimitReached(
                    "You have added as many feeds and pages within an hour as the bot's host allows ({count}): try "
                    "again in {minutes} minutes.",
                    count=self.adds,
                    minutes=max(1, math.ceil(wait / 60)),
                )
            added.append(now)


def feeds_of(store: Store, reader: str) -> int:
    """How many feeds a reader reads beside the collections."""
    query = (
        "SELECT count(*) FROM reads r JOIN section s ON s.number = r.section AND NOT s.shared"
        " WHERE r.reader = ? AND r.until IS NULL AND substr(s.name, 1, 6) = '/feed/'"
    )
    return store.connection().execute(query, (reader,)).fetchone()[0]


def articles_of(store: Store, reader: str) -> int:
    """How many articles the sections hold that a reader reads beside the collections, without what it took out."""
    query = (
        "SELECT count(*) FROM reads r JOIN section s ON s.number = r.section AND NOT s.shared"
        " JOIN placed p ON p.section = r.section JOIN article a ON a.key = p.article"
        " WHERE r.reader = :reader AND r.until IS NULL AND a.died IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.reader = :reader AND h.id = a.id)"
    )
    return store.connection().execute(query, {"reader": reader}).fetchone()[0]
