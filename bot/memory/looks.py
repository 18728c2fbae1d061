"""Up to which generation members have looked at the latest stories, so that they are told what is new since."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from bot.memory.database import Database
from bot.memory.listings import Listing, listing_id

KEEP_SECONDS = 30 * 86_400.0
KEEP_MOST = 100_000


class Looks:
    """The last look of each member, in each server, at each topic and outlet; those of the last `KEEP_SECONDS`, at
    most `KEEP_MOST` of them. Safe to use from many threads.

    Every method waits for the disk, so call none on the event loop; each raises `StoreUnavailable`.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def last(self, guild: int | None, member: int, listing: Listing) -> int | None:
        """The generation that a member saw last; None where they have not looked yet. `guild` is None in a direct
        message.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT generation FROM look WHERE guild = ? AND member = ? AND listing = ? AND looked >= ?",
                (guild or 0, member, _looked_at(listing), self._clock() - KEEP_SECONDS),
            ).fetchone()
        return None if row is None else row[0]

    def keep(self, guild: int | None, member: int, listing: Listing, generation: int) -> None:
        """Note that a member has seen a generation."""
        now = self._clock()
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO look (guild, member, listing, generation, looked) VALUES (?, ?, ?, ?, ?)",
                (guild or 0, member, _looked_at(listing), generation, now),
            )
            connection.execute("DELETE FROM look WHERE looked < ?", (now - KEEP_SECONDS,))
            connection.execute(
                "DELETE FROM look WHERE looked < (SELECT looked FROM look ORDER BY looked DESC LIMIT 1 OFFSET ?)",
                (KEEP_MOST - 1,),
            )


def _looked_at(listing: Listing) -> str:
    """What is listed, whatever the days: who asks for yesterday's news every day looks at one thing."""
    return listing_id(replace(listing, since=None, until=None))
