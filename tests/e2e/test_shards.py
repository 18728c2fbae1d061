"""Three processes of one bot, which share a database and divide Discord's shards: each server is served by one, and by
another one once that has ended; and what is set by way of one holds for all.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from bot.memory.database import Database
from bot.memory.guilds import Guilds
from retrieval.replicas.shared import Shared
from tests.support.loopback.launch import BotProcess, Home
from tests.support.loopback.member import sees
from tests.support.loopback.messages import Message
from tests.support.loopback.server import LoopbackDiscord
from tests.support.loopback.world import Channel, Guild
from tests.support.places import SEEDS

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("bag_of_words")]

SHARDS = 4
RUTTE = "What did Rutte say about Russia?"
TAKEN_OVER = 30.0
"""Seconds within which another process serves what one that was killed did."""


class Cluster:
    """The processes, by their names, on one Discord and one database."""

    def __init__(self, home: Home, url: str) -> None:
        self.home, self.discord, self.url = home, home.discord, url
        self.bots: dict[str, BotProcess] = {}
        self._runs = count()

    async def start(self, name: str, shards: str) -> BotProcess:
        bot = self.home.bot(
            f"{name}-{next(self._runs)}",
            DATABASE_URL=self.url,
            DATA_DIR=str(self.home.folder / name),
            SHARDS=shards,
        )
        await bot.start(self.discord.changes)
        self.bots[name] = bot
        changes = self.discord.changes
        changes.over = lambda: not any(each.running for each in self.bots.values())
        changes.explain = lambda: "\n".join(f"{name}: {each.words()}" for name, each in self.bots.items())
        return bot

    async def kill(self, name: str) -> None:
        await self.bots.pop(name).kill()

    def guild_on(self, shard: int) -> Guild:
        return next(guild for guild in self.discord.world.guilds if self.discord.world.shard_of(guild.id) == shard)

    def channel_on(self, shard: int) -> Channel:
        return self.guild_on(shard).channels[0]

    async def answered_once(self, shard: int) -> Message:
        """A member asks by a message in the server on a shard: the one reply."""
        discord, channel = self.discord, self.channel_on(shard)
        asked = await discord.say(f"<@{discord.world.bot.id}> {RUTTE}", channel=channel)
        reply = await discord.reply_to(asked, timeout=60)
        await asyncio.sleep(1.0)  # for another one, if there were one
        assert [each.id for each in discord.sent_by_bot(channel) if each.reference is asked] == [reply.id]
        return reply


@pytest_asyncio.fixture
async def cluster(tmp_path: Path, database_url: str) -> AsyncIterator[Cluster]:
    async with LoopbackDiscord() as discord:
        world = discord.world
        world.shards = SHARDS
        while {world.shard_of(guild.id) for guild in world.guilds} != {*range(SHARDS)}:
            await asyncio.sleep(0.001)  # an id tells its time, and the shard is found by that
            world.found(f"Server {len(world.guilds)}", Channel("general"))
        home = Home(tmp_path, discord)
        shutil.copytree(SEEDS, home.seeds)
        shared = Shared(database_url)
        database = Database(tmp_path / "setting", shared)
        for guild in world.guilds:
            Guilds(database).change(int(guild.id), lambda now: replace(now, cooldown=0))
        database.close()
        shared.close()
        cluster = Cluster(home, database_url)
        yield cluster
        for bot in cluster.bots.values():
            await bot.kill()


async def served(cluster: Cluster, within: float, what: str) -> float:
    """Wait until each shard is served; the seconds that took."""
    began = time.monotonic()
    await cluster.discord.until(lambda: cluster.discord.gateway.connected, timeout=within, what=what)
    return time.monotonic() - began


async def said(bot: BotProcess, words: str) -> None:
    """Wait until the log of a process says so."""
    for _ in range(600):
        if words in bot.stderr:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"it never said {words!r}\n{bot.words()}")


@pytest.mark.postgres_long
async def test_shards_are_divided_and_taken_over_from_a_process_that_is_killed(cluster: Cluster) -> None:
    discord = cluster.discord
    one = await cluster.start("one", "2/4")
    await said(one, "serving of 4 shards: 0, 1")
    await cluster.start("two", "2/4")
    await served(cluster, 90, "two processes to serve all shards")
    three = await cluster.start("three", "2/4")
    await said(three, "waiting")
    assert discord.gateway.doubled == []
    for shard in range(SHARDS):
        assert "Rutte" in (await cluster.answered_once(shard)).text

    # What is set by way of one process holds for the one that serves the server next.
    moderator, channel = discord.world.moderator, cluster.channel_on(1)
    asked = await discord.slash("settings quotes", {"count": 1}, user=moderator, channel=channel)
    await discord.answer_to(asked, timeout=60)

    await cluster.kill("one")
    assert await served(cluster, TAKEN_OVER, "another process to take over") < TAKEN_OVER
    assert "serving of 4 shards" in three.stderr
    for shard in range(SHARDS):
        assert "Rutte" in (await cluster.answered_once(shard)).text
    asked = await discord.slash("settings show", user=moderator, channel=channel)
    assert "An answer has 1 quote at most." in sees(await discord.answer_to(asked, timeout=60))
    assert discord.gateway.doubled == []

    # Connections begin one after another, whichever process begins them.
    times = [at for at, _shard in discord.gateway.identified]
    assert all(later - earlier > 4.5 for earlier, later in pairwise(times))
    assert discord.violations() == []


@pytest.mark.postgres_long
async def test_a_process_that_ends_leaves_its_shards_to_others_that_have_room(cluster: Cluster) -> None:
    discord = cluster.discord
    discord.world.at_once = SHARDS
    one = await cluster.start("one", "3/4")
    await said(one, "serving of 4 shards: 0, 1, 2")
    two = await cluster.start("two", "4/4")
    await served(cluster, 60, "two processes to serve all shards")
    code, _seconds = await cluster.bots["one"].stop()
    assert code == 0
    await served(cluster, TAKEN_OVER + 3 * 5, "the other one to take over, one after another")
    assert [f"serving shard {shard} of 4, too" in two.stderr for shard in range(SHARDS)] == [True, True, True, False]
    for shard in range(SHARDS):
        assert "Rutte" in (await cluster.answered_once(shard)).text
    assert discord.gateway.doubled == []
    assert discord.violations() == []


@pytest.mark.postgres_long
async def test_shards_that_are_named_need_no_claim(cluster: Cluster) -> None:
    await cluster.start("one", "0,2/4")
    await cluster.start("two", "1,3/4")
    await served(cluster, 90, "two processes to serve all shards")
    await cluster.discord.ready()
    assert len(cluster.discord.calls_to("PUT", "/applications/{application_id}/commands")) == 1
    for shard in range(SHARDS):
        assert "Rutte" in (await cluster.answered_once(shard)).text
    assert cluster.discord.violations() == []
    assert not any("another process" in bot.stderr for bot in cluster.bots.values())
    three = await cluster.start("three", "1-1/4")
    await said(three, "another process of this bot serves shard 1 of 4, too")


async def test_a_process_that_waits_for_shards_ends_when_it_is_told_to(cluster: Cluster) -> None:
    cluster.discord.world.at_once = SHARDS
    one = await cluster.start("one", "4/4")
    await said(one, "serving of 4 shards: 0, 1, 2, 3")
    two = await cluster.start("two", "1/4")
    await said(two, "waiting")
    code, _seconds = await two.stop()
    assert code == 0
    assert "Traceback" not in two.stderr, two.stderr
