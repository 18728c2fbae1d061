"""What earlier versions of the bot remembered is there after an update, and goes on."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.memory.database import FILE, Database
from bot.memory.exchanges import Asking, Exchange, Exchanges, Place, Votes
from bot.memory.guilds import DEFAULTS, Guilds, GuildSettings
from bot.memory.listings import Listing, Listings
from bot.memory.looks import Looks
from bot.memory.posts import Posts
from bot.memory.schedule import Schedule
from bot.memory.schema import STEPS
from bot.memory.servers import KEPT, Servers
from bot.memory.subscriptions import GONE, Subscriptions
from retrieval.article import Scope
from retrieval.errors import StoreUnavailable
from tests.support.stores import restored, schema, sound, versions

NOW = 1.7e9


@pytest.fixture(params=versions("discord"))
def version(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def database(tmp_path: Path, version: int) -> Iterator[Database]:
    restored(f"discord_{version}", tmp_path / FILE)
    database = Database(tmp_path)
    yield database
    database.close()


def test_there_is_a_file_of_each_version() -> None:
    assert versions("discord") == list(range(len(STEPS) + 1))


def test_it_becomes_the_present_one(database: Database, tmp_path: Path) -> None:
    Database(tmp_path / "new").close()
    with closing(sqlite3.connect(tmp_path / "new" / FILE)) as new, database.transaction() as old:
        assert schema(old) == schema(new)
        assert old.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
        assert old.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert sound(old)


def test_nobody_else_can_read_it(database: Database, tmp_path: Path) -> None:
    assert [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob(f"{FILE}*")] == [0o600] * 3


def test_settings_hold(database: Database) -> None:
    guilds = Guilds(database)
    assert guilds.of(1) == GuildSettings(
        channels=(11, 12),
        moderator_roles=(13,),
        log_channel=14,
        cooldown=9,
        quotes=2,
        ephemeral=True,
        digest_hour=7,
        zone="Europe/Berlin",
    )
    assert guilds.of(2) == GuildSettings(quotes=5)
    assert guilds.of(3) == DEFAULTS


def test_answers_are_found_again(database: Database) -> None:
    kept = Exchanges(database, lambda: NOW)
    ferry = Exchange(
        id=101,
        asking=Asking(
            question="What happened to the ferry?",
            member=5,
            channel=11,
            guild=1,
            scope=Scope(since=date(2023, 11, 1), until=datetime(2023, 11, 14, 20, tzinfo=UTC), source="Marlo Gazette"),
        ),
        asked=datetime.fromtimestamp(NOW - 60, UTC),
        quotes=(Place("https://news.example/ferry", "9b53f4031f92d609", 0, 88),),
    )
    assert kept.of_message(1001) == kept.get(101) == ferry
    followed = kept.newest_in(11, 5, ferry.asked)
    assert followed is not None
    assert (followed.id, followed.nearest, followed.asking.hidden) == (102, ("https://news.example/vineyard",), True)
    assert kept.conversation(102, within=3600) == ("What happened to the ferry?", "Why did the ferry run aground?")
    assert kept.votes(1) == Votes(1, 1)
    assert kept.votes(None) == kept.votes(2) == Votes(0, 0)
    assert kept.vote(102, 5, helpful=True)


def test_pages_of_the_latest_news_turn(database: Database) -> None:
    listings = Listings(database, lambda: NOW)
    wanted = Listing("ferries", date(2023, 11, 1), "Marlo Gazette")
    assert listings.get("c3c19be401ee00af", 1) == wanted
    assert listings.get(listings.keep(wanted, 1), 1) == wanted


def test_members_have_looked_as_far_as_they_had(database: Database, version: int) -> None:
    looks = Looks(database, lambda: NOW)
    seen = [looks.last(1, 5, Listing("ferries", source="Marlo Gazette")), looks.last(None, 6, Listing())]
    assert seen == ([9, 10] if version >= 4 else [None, None])


def test_subscriptions_go_on(subscriptions: Subscriptions, posts: Posts) -> None:
    (digest,) = subscriptions.of(1, "digest")
    assert (digest.channel, digest.locale, digest.schedule) == (11, "de", Schedule("Europe/Berlin", 8, 30, 5))
    assert (digest.due, digest.known, digest.paused) == (1700292600.0, 7, None)
    assert [(each.channel, each.topic, each.known) for each in subscriptions.of(1, "alert")] == [
        (12, "ferries", 10),
        (11, "trains", 10),
    ]
    assert [each.paused for each in subscriptions.of(3, "alert")] == [GONE]
    assert [each.topic for each in posts.ripe(NOW)] == ["ferries"]
    assert posts.waiting(subscriptions.of(1, "alert")[0], 10) == ["f2", "f1"]
    assert posts.next_moment(NOW) == NOW + 60


def test_a_post_under_way_is_posted_once_with_what_it_tells(subscriptions: Subscriptions, posts: Posts) -> None:
    ferries, trains = subscriptions.of(1, "alert")
    (post,) = posts.to_post(NOW + 60)
    assert (post.id, post.subscription, post.articles) == (1902029267, trains, ("t1", "t2"))
    assert (post.prepared, post.after, post.tries, post.unshown) == (NOW + 2, 901, 1, 5)
    assert posts.posts_between(trains, NOW, NOW + 9) == 1
    assert posts.posted_in(11, ["t0", "t1", "t3"]) == {"t0", "t1"}
    posts.done(post, NOW + 61)
    posts.plan(trains, posts.waiting(trains, 3), 10, NOW + 62)
    (later,) = posts.to_post(NOW + 63)
    assert later.unshown == 3, "what was left out after the one before was planned"
    posts.done(later, NOW + 64)
    posts.plan(ferries, ["f2"], 10, NOW + 65)
    assert [each.unshown for each in posts.to_post(NOW + 66)] == [0]


def test_a_server_that_was_left_is_still_left(database: Database, subscriptions: Subscriptions, posts: Posts) -> None:
    servers = Servers(database)
    assert 2 not in {each.guild for each in posts.alerts()}
    assert servers.long_gone(NOW - 5 + KEPT) == []
    assert [each.topic for each in subscriptions.of(2, "alert")] == ["ferries"]
    servers.back(2)
    assert 2 in {each.guild for each in posts.alerts()}
    servers.left(2, NOW - 5)
    assert servers.long_gone(NOW - 4 + KEPT) == [2]
    servers.forget(2)
    assert subscriptions.of(2, "alert") == []
    assert len(subscriptions.of(1, "alert")) == 2


def test_ids_go_on_where_they_were(subscriptions: Subscriptions, database: Database) -> None:
    with database.transaction() as connection:
        connection.execute("DELETE FROM subscription WHERE id = 5")
    (digest,) = subscriptions.of(1, "digest")
    subscriptions.remove(1, "digest", digest.id)
    assert subscriptions.add(digest, 10, NOW).id == 6


def test_a_file_of_a_newer_version_is_refused_in_a_line(tmp_path: Path) -> None:
    Database(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    with pytest.raises(StoreUnavailable, match=r"discord.sqlite3 was written by a newer Quotewire: update Quotewire"):
        Database(tmp_path)
