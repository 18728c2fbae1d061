"""In which servers the bot is, what is remembered of each, and that it is forgotten together, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.memory.database import Database
from bot.memory.exchanges import Asking, Exchange, Exchanges, Votes, new_id
from bot.memory.guilds import DEFAULTS, Guilds, GuildSettings
from bot.memory.listings import Listing, Listings
from bot.memory.looks import Looks
from bot.memory.posts import Posts
from bot.memory.servers import KEPT, Remembered, Servers
from bot.memory.subscriptions import SubscriptionRequest, Subscriptions

NOW = 1.7e9
TABLES = ("guild", "exchange", "vote", "listing", "look", "subscription", "post", "item")


@pytest.fixture
def servers(database: Database) -> Servers:
    return Servers(database)


def rows(database: Database) -> dict[str, int]:
    with database.transaction() as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


def inhabit(database: Database, guild: int | None) -> int:
    """Something of everything in a server or, without one, in a direct message; the id of the exchange."""
    exchanges = Exchanges(database, lambda: NOW)
    exchange = Exchange(new_id(), Asking("Why?", 5, 11, guild), datetime.fromtimestamp(NOW, UTC))
    exchanges.keep(exchange)
    exchanges.vote(exchange.id, 6, helpful=True)
    Listings(database, lambda: NOW).keep(Listing("ferries"), guild)
    Looks(database, lambda: NOW).keep(guild, 5, Listing("ferries"), 3)
    if guild:
        Guilds(database).change(guild, lambda _: GuildSettings(quotes=2))
        alert = Subscriptions(database).add(SubscriptionRequest(guild, 11, "ferries", "en"), 1, NOW)
        posts = Posts(database)
        posts.queue({alert.id: ["a"]}, 2)
        posts.plan(alert, ["a"], 2, NOW)
    return exchange.id


def test_everything_of_a_server_is_forgotten_and_nothing_else(database: Database, servers: Servers) -> None:
    inhabit(database, None)
    kept = inhabit(database, 1)
    before = rows(database)
    assert all(before.values())
    gone = inhabit(database, 2)
    servers.left(2, NOW)
    assert servers.forget(2) == Remembered(settings=True, answers=1, votes=1, subscriptions=1, looks=1, lists=1)
    assert rows(database) == before
    exchanges = Exchanges(database, lambda: NOW)
    assert exchanges.get(kept)
    assert exchanges.get(gone) is None
    assert [exchanges.votes(guild) for guild in (None, 1, 2)] == [Votes(1, 0), Votes(1, 0), Votes(0, 0)]
    assert [Guilds(database).of(guild).quotes for guild in (1, 2)] == [2, DEFAULTS.quotes]
    assert servers.long_gone(1e12) == []
    assert servers.forget(2) == Remembered()


def test_servers_that_are_known_only_by_what_they_have_are_missed_too(database: Database, servers: Servers) -> None:
    inhabit(database, None)
    inhabit(database, 1)
    inhabit(database, 2)
    Listings(database, lambda: NOW).keep(Listing(), 3)
    servers.present([1, 9], [1, 4], NOW)
    assert servers.long_gone(NOW + KEPT) == []
    assert servers.long_gone(NOW + KEPT + 1) == [2, 3, 4]
    servers.present([1, 3], [4], NOW + 9)
    assert servers.long_gone(NOW + KEPT + 1) == [2, 4], "since it was missed first"
    servers.back(4)
    assert servers.long_gone(NOW + KEPT + 1) == [2]
