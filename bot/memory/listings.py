"""What `/latest` was asked for, kept so that its pages can be turned after a restart, too."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from bot.memory.database import Database

KEEP_SECONDS = 30 * 86_400.0
KEEP_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Listing:
    """Which stories are listed; None is all of them."""

    topic: str | None = None
    since: date | None = None
    source: str | None = None


class Listings:
    """What was asked for lately. Safe to use from many threads.

    Every method waits for the disk, so call none on the event loop; each raises `StoreUnavailable`.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def keep(self, listing: Listing) -> str:
        """Keep it, and give the id by which `get` finds it: 16 characters, the same for the same."""
        record = json.dumps([listing.topic, listing.since and listing.since.isoformat(), listing.source])
        id_ = hashlib.sha256(record.encode()).hexdigest()[:16]
        now = self._clock()
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO listing VALUES (?, ?, ?)", (id_, now, record))
            connection.execute("DELETE FROM listing WHERE used < ?", (now - KEEP_SECONDS,))
            connection.execute(
                "DELETE FROM listing WHERE used < (SELECT used FROM listing ORDER BY used DESC LIMIT 1 OFFSET ?)",
                (KEEP_MOST - 1,),
            )
        return id_

    def get(self, id_: str) -> Listing | None:
        """What was kept under an id, if it still is; being turned keeps it."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE listing SET used = ? WHERE id = ?", (self._clock(), id_))
            row = connection.execute("SELECT record FROM listing WHERE id = ?", (id_,)).fetchone()
        if row is None:
            return None
        with suppress(ValueError, TypeError):  # damaged, or a newer version's
            topic, since, source = json.loads(row[0])
            return Listing(topic, since and date.fromisoformat(since), source)
        return None
