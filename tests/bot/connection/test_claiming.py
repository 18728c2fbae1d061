"""Which process serves which shards, as leases say it, and how they take turns where a connection begins."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import discord
import pytest

from bot.connection import identifying
from bot.connection.claiming import Claims, Moved, of_others
from bot.connection.identifying import Identifying
from bot.connection.shards import served_by, serves
from bot.sharing import Shards
from retrieval.errors import DatabaseUnavailable
from tests.support.discord.stand_in import StandIn
from tests.support.discord.world import make_client
from tests.support.leases import Board, Holder


def claims(board: Board, most: int = 3, count: int = 8) -> Claims:
    return Claims(Holder(board), Shards(count, most=most))


def test_shards_are_claimed_once_and_no_more_than_wanted() -> None:
    board = Board()
    looks = [claims(board).look(()) for _ in range(4)]
    assert [look.gained for look in looks] == [(0, 1, 2), (3, 4, 5), (6, 7), ()]
    assert all(look.lost == () for look in looks)


def test_what_two_processes_are_set_to_serve_is_seen_by_the_second() -> None:
    board = Board()
    assert of_others(Holder(board), Shards(4, named=(0, 1))) == []
    assert of_others(Holder(board), Shards(4, named=(1, 2))) == ["shard 1 of 4"]
    assert claims(board, most=4, count=4).look(()).gained == (3,), "what is set is not claimed by others"
    assert of_others(Holder(board), None) == []
    assert of_others(Holder(board), None) == ["all shards"]
    assert of_others(Holder(board, reached=False), None) == [], "nobody knows"


def test_what_a_process_leaves_another_one_takes_one_at_a_time() -> None:
    board = Board()
    one, two = claims(board, most=4), claims(board, most=8)
    assert one.look(()).gained == (0, 1, 2, 3)
    assert two.look(()).gained == (4, 5, 6, 7)
    served = [4, 5, 6, 7]
    assert two.look(served, 1) == Moved()
    one.give_back([0, 2])
    for shard in (0, 2):
        assert two.look(served, 1) == Moved(gained=(shard,))
        served.append(shard)
    assert two.look(served, 1) == Moved()


def test_a_shard_that_another_process_has_meanwhile_is_let_go_and_made_up_for() -> None:
    board = Board()
    holder = Holder(board)
    one = Claims(holder, Shards(4, most=2))
    assert one.look(()).gained == (0, 1)
    holder.lose_all()
    board.holders["shard 0 of 4"] = Holder(board)
    assert one.look([0, 1], 1) == Moved(lost=(0,), gained=(2,))
    assert board.holders["shard 1 of 4"] is holder, "what nobody else has is taken again"


def test_while_nobody_can_be_asked_nothing_moves() -> None:
    board = Board()
    holder = Holder(board)
    one = Claims(holder, Shards(4, most=2))
    assert one.look(()).gained == (0, 1)
    holder.reached = False
    assert one.look([0, 1], 1) == Moved()
    other = claims(board, most=1, count=4)
    assert other.look(()).gained == (0,), "who can ask has it"
    assert one.look([0, 1], 1) == Moved()
    holder.reached = True
    assert one.look([0, 1], 1) == Moved(lost=(0,), gained=(2,))


def test_a_refusal_on_another_thread_is_not_taken_for_one_of_this_shard() -> None:
    """Why a lease was refused is told of the last one that was claimed."""
    board = Board()

    class Flickering(Holder):
        def take(self, name: str, /) -> bool:
            self.reached = not self.reached
            taken = super().take(name)
            self.unreachable = cast(Any, None)  # somebody else was answered just after
            return taken

    holder = Flickering(board, reached=False)
    one = Claims(holder, Shards(1, most=1))
    assert one.look(()).gained == (0,)
    for _ in range(4):
        assert one.look([0], 1).lost == ()


async def test_connections_begin_one_after_another_in_all_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifying, "APART", 0.6)
    monkeypatch.setattr(identifying, "LOOK", 0.02)
    board = Board()
    processes = [Identifying(Holder(board)) for _ in range(2)]
    for each in processes:
        each._at_once = 2
    begun: dict[int, list[float]] = {0: [], 1: []}

    async def begin(process: Identifying, shard: int) -> None:
        await process.turn(shard)
        begun[shard % 2].append(time.monotonic())

    await asyncio.gather(*(begin(processes[shard // 3], shard) for shard in range(6)))
    for times in begun.values():
        assert all(later - earlier > 0.55 for earlier, later in pairwise(times))
    assert abs(begun[0][0] - begun[1][0]) < 0.55, "the two remainders do not wait for each other"
    await asyncio.wait({task for each in processes for task in each._ending})
    assert board.holders == {}


async def test_a_turn_is_not_waited_for_where_nobody_can_be_asked_nor_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifying, "APART", 0.0)
    monkeypatch.setattr(identifying, "LOOK", 0.02)
    monkeypatch.setattr(identifying, "PATIENCE", 0.2)
    board = Board()
    holder = Holder(board)
    board.holders["identifying 0 of 1"] = Holder(board)
    async with asyncio.timeout(10):
        await Identifying(holder).turn(5)
        holder.reached = False
        holder.unreachable = DatabaseUnavailable("It is gone.")
        await Identifying(holder).turn(5)


async def test_how_many_may_begin_at_once_is_asked_of_discord() -> None:
    class Client:
        async def fetch_session_start_limits(self) -> discord.SessionStartLimits:
            return discord.SessionStartLimits(total=1000, remaining=1, reset_after=1, max_concurrency=16)

    class Silent:
        async def fetch_session_start_limits(self) -> discord.SessionStartLimits:
            raise discord.GatewayNotFound

    turns = Identifying(Holder(Board()))
    await turns.ask_how_many(cast(Any, Silent()))
    assert turns._at_once == 1
    await turns.ask_how_many(cast(Any, Client()))
    assert turns._at_once == 16


def test_a_client_serves_the_servers_of_its_shards(tmp_path: Path) -> None:
    client = make_client(StandIn().room, tmp_path)
    client.shard_count = 4
    assert [*served_by(client)] == [0, 1, 2, 3]
    client.shard_ids = [1, 3]
    assert [*served_by(client)] == [1, 3]
    assert [guild for guild in range(8) if serves(client, guild << 22)] == [1, 3, 5, 7]
    client.shard_ids = []
    assert [*served_by(client)] == []
