"""What the bot remembers, shared by several processes through PostgreSQL: each has a file of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.memory.database import FILE, Database
from bot.memory.exchanges import Asking, Exchange, Exchanges, Votes, new_id
from bot.memory.guilds import Guilds, GuildSettings
from bot.memory.listings import Listing, Listings
from bot.memory.members import Members
from bot.memory.posts import Posts
from bot.memory.servers import Servers
from bot.memory.subscriptions import SubscriptionRefused, SubscriptionRequest, Subscriptions
from retrieval.errors import DatabaseUnavailable, StoreUnavailable
from retrieval.replicas.shared import Shared
from tests.support.postgres import Servers as Postgres

ALERT = SubscriptionRequest(1, 2, "ferries", "en-GB")


class Process:
    """What one process has of what all remember."""

    def __init__(self, folder: Path, url: str) -> None:
        self.told: list[str] = []
        self.shared = Shared(url)
        self.database = Database(folder, self.shared)
        self.guilds, self.exchanges = Guilds(self.database), Exchanges(self.database)
        self.subscriptions, self.posts = Subscriptions(self.database), Posts(self.database)

    def follow(self) -> None:
        def told(name: str) -> None:
            self.told.append(name)
            self.guilds.refresh()

        self.shared.follow(told)

    def close(self) -> None:
        self.database.close()
        self.shared.close()


@pytest.fixture
def processes(tmp_path: Path, database_url: str) -> Iterator[list[Process]]:
    processes = [Process(tmp_path / name, database_url) for name in ("one", "two", "three")]
    yield processes
    for each in processes:
        each.close()


def until(happened: Callable[[], object], within: float = 30.0) -> None:
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < within, "it never happened"
        time.sleep(0.02)


def asked(question: str = "Why?", member: int = 5) -> Exchange:
    return Exchange(new_id(), Asking(question, member, 11, 1), datetime.now(UTC))


def test_processes_that_begin_at_once_on_an_empty_database_agree(tmp_path: Path, database_url: str) -> None:
    begun: list[Process] = []
    barrier = threading.Barrier(4)

    def begin(name: str) -> None:
        barrier.wait(60)
        begun.append(Process(tmp_path / name, database_url))

    threads = [threading.Thread(target=begin, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(begun) == 4
    for number, process in enumerate(begun):
        process.guilds.change(number, lambda now: replace(now, quotes=2))
    bring_up(begun[0])
    begun[0].guilds.refresh()
    assert [begun[0].guilds.of(number).quotes for number in range(4)] == [2] * 4
    for each in begun:
        each.close()


def test_what_one_process_keeps_all_know(processes: list[Process]) -> None:
    one, two, three = processes
    for each in processes:
        each.follow()
    one.guilds.change(1, lambda now: replace(now, quotes=2))
    exchange = asked()
    two.exchanges.keep(exchange)
    assert two.exchanges.get(exchange.id), "who has kept it sees it at once"
    until(lambda: one.exchanges.get(exchange.id) and three.guilds.of(1).quotes == 2)
    three.exchanges.vote(exchange.id, 7, helpful=True)
    until(lambda: one.exchanges.votes(1) == Votes(1, 0))
    assert "discord" in one.told


def test_what_is_changed_at_once_in_several_processes_is_all_kept(processes: list[Process]) -> None:
    """Nobody follows: each change sees what there is, wherever it was made."""

    def add(process: Process, first: int) -> None:
        for channel in range(first, first + 5):
            process.guilds.change(7, lambda now, channel=channel: replace(now, channels=(*now.channels, channel)))

    threads = [threading.Thread(target=add, args=(each, 10 * number)) for number, each in enumerate(processes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    processes[0].guilds.change(7, lambda now: now)
    assert sorted(processes[0].guilds.of(7).channels) == [*range(5), *range(10, 15), *range(20, 25)]


def test_limits_hold_over_all_processes(processes: list[Process]) -> None:
    one, two, _ = processes
    one.subscriptions.add(ALERT, 1, 0.0)
    with pytest.raises(SubscriptionRefused):
        two.subscriptions.add(ALERT, 1, 0.0)
    assert [each.topic for each in two.subscriptions.of(1, "alert")] == ["ferries"]


def test_what_is_forgotten_is_forgotten_in_all_files(processes: list[Process], tmp_path: Path) -> None:
    one, two, three = processes
    secret = "What did the minister whisper to the quartermaster?"
    for each in processes:
        each.follow()
    exchange = asked(secret, member=9)
    one.exchanges.keep(exchange)
    until(lambda: two.exchanges.get(exchange.id) and three.exchanges.get(exchange.id))
    Members(two.database).forget(9)
    until(lambda: not any(each.exchanges.get(exchange.id) for each in processes))
    for each in processes:
        each.database.erase()
    held = [path for path in tmp_path.rglob(f"{FILE}*") if b"quartermaster" in path.read_bytes()]
    assert held == []


def bring_up(process: Process) -> None:
    """Have the file of a process hold what others have done: any change does so."""
    Listings(process.database).keep(Listing("anything"), 1)


def test_a_post_is_planned_and_tried_by_one(processes: list[Process]) -> None:
    one, two, _ = processes
    ferries = one.subscriptions.add(ALERT, 1, 0.0)
    two.posts.queue({ferries.id: ["a"]}, 2)
    one.posts.plan(ferries, ["a"], 2, 5.0)
    two.posts.plan(ferries, ["a"], 2, 5.0)
    (post,) = one.posts.to_post(6.0)
    bring_up(two)
    assert two.posts.to_post(6.0) == [post]
    assert one.posts.trying(post, 3, [])
    assert not two.posts.trying(post, 3, []), "the first one has gone on with it"
    two.posts.drop(post)
    one.posts.done(post, 7.0)
    bring_up(two)
    assert two.posts.posts_between(ferries, 0.0, 9.0) == 1
    assert two.posts.to_post(9.0) == []


@pytest.mark.postgres_long
def test_without_the_database_all_is_read_and_a_change_says_so_in_a_line(tmp_path: Path) -> None:
    with Postgres() as servers:
        server = servers.start()
        url = server.create_database()
        process = Process(tmp_path / "one", url)
        exchange = asked()
        process.exchanges.keep(exchange)
        process.guilds.change(1, lambda now: replace(now, quotes=2))
        server.kill()
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable, match="cannot be reached just now") as raised:
            process.guilds.change(1, lambda now: replace(now, quotes=3))
        assert time.monotonic() - began < 6
        assert "\n" not in str(raised.value)
        assert "correct" not in str(raised.value), "the password"
        assert process.guilds.of(1) == GuildSettings(quotes=2)
        assert process.exchanges.get(exchange.id)

        # Many who wait for it wait as long as one.
        refused: list[float] = []

        def keep() -> None:
            began = time.monotonic()
            with pytest.raises(StoreUnavailable):
                process.exchanges.keep(asked())
            refused.append(time.monotonic() - began)

        threads = [threading.Thread(target=keep) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 20
        assert max(refused) < 6

        # A process that starts meanwhile serves what it had; one that has nothing says why it cannot.
        process.close()
        again = Process(tmp_path / "one", url)
        assert again.guilds.of(1) == GuildSettings(quotes=2)
        with pytest.raises(DatabaseUnavailable):
            Process(tmp_path / "new", url)

        server.start()
        until(lambda: _changed(again))
        assert again.guilds.of(1) == GuildSettings(quotes=4)
        again.close()


def _changed(process: Process) -> bool:
    try:
        process.guilds.change(1, lambda now: replace(now, quotes=4))
    except DatabaseUnavailable:
        return False
    return True


def test_each_process_judges_the_servers_of_its_own_shards(processes: list[Process]) -> None:
    one, two, _ = processes
    guilds = [shard << 22 for shard in (4, 5, 8, 9)]  # of two shards: on 0, 1, 0, 1
    for guild in guilds:
        one.guilds.change(guild, lambda now: replace(now, quotes=2))
    servers = Servers(one.database)
    servers.present([guilds[0]], [], 1.0, shards=[0], count=2)
    assert servers.long_gone(1e12) == [guilds[2]]
    Servers(two.database).present([guilds[3]], [], 1.0, shards=[1], count=2)
    assert Servers(two.database).long_gone(1e12) == [guilds[1], guilds[2]]
    servers.back(guilds[2])
    assert servers.long_gone(1e12) == [guilds[1]]
