"""Which channels get a digest or an alert: what moderators have set up."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.memory.database import Database
from bot.memory.schedule import Schedule
from bot.wording.language import _
from retrieval.article import Day, instant_end
from retrieval.errors import QuotewireError

Kind = Literal["digest", "alert"]

MOST: Mapping[Kind, int] = {"digest": 10, "alert": 25}
"""Subscriptions of a server."""
TOPIC_LENGTH = 100
GONE = "gone"
"""Why a subscription is paused whose channel is deleted; other reasons are permissions, with commas."""

COLUMNS = (
    "s.id, s.kind, s.guild, s.channel, s.topic, s.locale, s.zone, s.hour, s.minute, s.weekday, s.due, s.known,"
    " s.paused, s.begun"
)
"""Those of the table `subscription s` that `subscription_of` reads."""


class SubscriptionRefused(QuotewireError):
    """A server has as many subscriptions as it may, or this one already."""


class UnknownSubscription(QuotewireError):
    """What is to end is not there."""


@dataclass(frozen=True, slots=True)
class SubscriptionRequest:
    """What a moderator asks for; a digest has a `schedule`, an alert a `topic`. `locale` is the moderator's."""

    guild: int
    channel: int
    topic: str | None
    locale: str
    schedule: Schedule | None = None

    @property
    def kind(self) -> Kind:
        """A digest or an alert."""
        return "digest" if self.schedule else "alert"


@dataclass(frozen=True, slots=True)
class Subscription(SubscriptionRequest):
    """`due` is when a digest is next posted (Unix time; 0 for an alert), `known` the generation of the index up to
    which articles are dealt with. `paused` says why nothing can be posted: "gone", or permissions with commas.
    `begun` is when it was subscribed (Unix time; 0 where that was not kept).
    """

    id: int = 0
    due: float = 0.0
    known: int = 0
    paused: str | None = None
    begun: float = 0.0

    def is_news(self, published: Day | None) -> bool:
        """Whether what was published then, and came since, is news to it: nothing is from before it was subscribed."""
        return published is None or instant_end(published) >= self.begun


class Subscriptions:
    """All subscriptions. Safe to use from many threads; every method waits for the disk and may raise
    `StoreUnavailable`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, wanted: SubscriptionRequest, known: int, now: float) -> Subscription:
        """Subscribe; articles up to generation `known`, or published before `now`, are never posted.

        Raises `SubscriptionRefused`.
        """
        at = wanted.schedule
        due = at.next_after(now) if at else 0.0
        when = (at.zone, at.hour, at.minute, at.weekday) if at else (None,) * 4
        with self._database.transaction() as connection:
            self._check(connection, wanted)
            row = (wanted.kind, wanted.guild, wanted.channel, wanted.topic, wanted.locale, *when, due, known)
            added = connection.execute(
                "INSERT INTO subscription"
                " (kind, guild, channel, topic, locale, zone, hour, minute, weekday, due, known, begun)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, now),
            )
            return subscription_of((added.lastrowid, *row, None, now))

    @staticmethod
    def _check(connection: sqlite3.Connection, wanted: SubscriptionRequest) -> None:
        there = subscriptions_where(connection, "s.guild = ? AND s.kind = ?", (wanted.guild, wanted.kind))
        if any(_same(each, wanted) for each in there):
            raise SubscriptionRefused(
                _("That channel has this digest already; end it with /digest unsubscribe to change its time.")
                if wanted.schedule
                else _("That channel has this alert already; /alert list shows all of them.")
            )
        if len(there) >= MOST[wanted.kind]:
            text = (
                _("A server has at most {count} digests; end one with /digest unsubscribe first.")
                if wanted.schedule
                else _("A server has at most {count} alerts; end one with /alert remove first.")
            )
            raise SubscriptionRefused(text.format(count=MOST[wanted.kind]))

    def of(self, guild: int, kind: Kind) -> list[Subscription]:
        """Those of a server, the oldest first."""
        with self._database.reading() as connection:
            return subscriptions_where(connection, "s.guild = ? AND s.kind = ?", (guild, kind))

    def paused(self) -> Mapping[Kind, int]:
        """How many cannot be posted, of those of the servers in which the bot is, by their kind."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT kind, count(*) FROM subscription WHERE paused IS NOT NULL"
                " AND guild NOT IN (SELECT guild FROM departed) GROUP BY kind"
            )
            return dict(rows.fetchall())

    def remove(self, guild: int, kind: Kind, id_: int) -> Subscription:
        """End one of a server, also what of it is yet to be posted. Raises `UnknownSubscription`."""
        with self._database.transaction() as connection:
            found = subscriptions_where(connection, "s.guild = ? AND s.kind = ? AND s.id = ?", (guild, kind, id_))
            if not found:
                raise UnknownSubscription(
                    _("There is no such digest; choose one from the menu, or see /digest list.")
                    if kind == "digest"
                    else _("There is no such alert; choose one from the menu, or see /alert list.")
                )
            connection.execute("DELETE FROM subscription WHERE id = ?", (id_,))
            return found[0]


def _same(one: SubscriptionRequest, other: SubscriptionRequest) -> bool:
    topics = [(each.topic or "").casefold() for each in (one, other)]
    return one.channel == other.channel and topics[0] == topics[1]


def subscriptions_where(
    connection: sqlite3.Connection, where: str, values: Sequence[object] = ()
) -> list[Subscription]:
    """Those of the table `subscription s` for which the SQL `where` holds, the oldest first."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM subscription s WHERE {where} ORDER BY s.id", values)  # noqa: S608
    return [subscription_of(row) for row in rows]


def subscription_of(row: Sequence) -> Subscription:
    """The subscription of a row of `COLUMNS`."""
    id_, kind, guild, channel, topic, locale, zone, hour, minute, weekday, due, known, paused, begun = row
    is_digest = kind == "digest"
    return Subscription(
        guild=guild,
        channel=channel,
        topic=topic,
        locale=locale,
        schedule=Schedule(zone=zone, hour=hour, minute=minute, weekday=weekday) if is_digest else None,
        id=id_,
        due=due,
        known=known,
        paused=paused,
        begun=begun,
    )
