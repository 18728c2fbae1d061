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
from retrieval.article import Scope
from retrieval.errors import StoreUnavailable

KEEP_SECONDS = 30 * 86_400.0
KEEP_MOST = 20_000
NOTED_AFTER = 86_400.0
"""Seconds after which it is noted again that a list is used: to turn a page need not write each time."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Which stories are listed, as they were known at the end of the day `until`; None is all of them, and now."""

    topic: str | None = None
    since: date | None = None
    source: str | None = None
    until: date | None = None
    language: str | None = None

    @property
    def scope(self) -> Scope:
        """All but the topic."""
        return Scope(since=self.since, until=self.until, source=self.source, language=self.language)


class Listings:
    """What was asked for lately. Safe to use from many threads.

    Every method waits for the disk, so call none on the event loop; each raises `StoreUnavailable`.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def keep(self, listing: Listing, guild: int | None) -> str:
        """Keep what was asked for in a server (None: in a direct message), and give the id by which `get` finds it
        there: 16 characters, the same for the same.
        """
        place, record = guild or 0, _record(listing)
        id_ = _hashed(f"{place} {record}")
        now = self._clock()
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO listing VALUES (?, ?, ?, ?)", (id_, now, record, place))
            connection.execute("DELETE FROM listing WHERE used < ?", (now - KEEP_SECONDS,))
            connection.execute(
                "DELETE FROM listing WHERE used < (SELECT used FROM listing ORDER BY used DESC LIMIT 1 OFFSET ?)",
                (KEEP_MOST - 1,),
            )
        return id_

    def get(self, id_: str, guild: int | None) -> Listing | None:
        """What was kept under an id in a server, if it still is; being turned keeps it."""
        there = "id = ? AND coalesce(guild, ?) = ?"  # where it was asked for was not always kept
        at = (id_, guild or 0, guild or 0)
        with self._database.reading() as connection:
            row = connection.execute(f"SELECT record, used FROM listing WHERE {there}", at).fetchone()  # noqa: S608
        if row is None:
            return None
        record, used = row
        if self._clock() - used > NOTED_AFTER:
            with suppress(StoreUnavailable), self._database.transaction() as connection:
                connection.execute(f"UPDATE listing SET used = ? WHERE {there}", (self._clock(), *at))  # noqa: S608
        with suppress(ValueError, TypeError):  # damaged, or a newer version's
            topic, since, source, *rest = json.loads(record)
            until, language = [*rest, None, None][:2]
            return Listing(topic=topic, since=_day(since), source=source, until=_day(until), language=language)
        return None


def listing_id(listing: Listing) -> str:
    """16 characters that stand for a listing."""
    return _hashed(_record(listing))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _record(listing: Listing) -> str:
    """As versions that knew of no `until` or `language` wrote it, where there is none: ids stay what they were."""
    fields = [listing.topic, listing.since and listing.since.isoformat(), listing.source]
    later = [listing.until and listing.until.isoformat(), listing.language]
    while later and later[-1] is None:
        later.pop()
    return json.dumps([*fields, *later])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
