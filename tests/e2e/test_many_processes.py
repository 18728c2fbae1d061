"""Several of the bot's own processes on one real PostgreSQL, over a loopback Discord: what one is told, all know; when
one dies, another goes on. `make test-postgres` has each process and each server killed, by the benchmark of that.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from benchmarks.cluster import work
from benchmarks.cluster.__main__ import run
from benchmarks.cluster.hosts import Host
from benchmarks.cluster.nodes import Nodes
from tests.support.bag_of_words import BAG_OF_WORDS
from tests.support.loopback.member import quotes_in, sees
from tests.support.loopback.messages import Message
from tests.support.loopback.server import LoopbackDiscord
from tests.support.loopback.world import User
from tests.support.postgres import Servers
from tests.support.web_server import Server, running

pytestmark = [pytest.mark.asyncio(loop_scope="module")]
TAKEN_OVER = 40.0  # seconds within which all is served again, on a busy machine


@pytest.fixture(scope="module")
def nodes(postgres_template: Path) -> Iterator[Nodes]:
    with Servers(postgres_template) as servers:
        yield Nodes(servers, 0)


@pytest.fixture(scope="module")
def publisher() -> Iterator[Server]:
    with running() as server:
        server.serves("/robots.txt", status=404)
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def discord() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as server:
        work.settle(server.world, 2)
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hosts(
    discord: LoopbackDiscord, nodes: Nodes, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[list[Host]]:
    """Three processes: the first serves one shard, the second the other one, and the third waits."""
    folder = tmp_path_factory.mktemp("hosts")
    work.furnish(folder / "seeds")
    settings = {"DATABASE_URL": nodes.url, "SHARDS": "1/2", BAG_OF_WORDS: str(folder)}
    machines = [Host(n, folder / f"host-{n}", discord, folder / "seeds", settings) for n in range(3)]
    try:
        for host in machines:
            await host.start()
            await host.ready()
        await discord.ready(timeout=90)
        yield machines
    finally:
        for host in machines:
            await host.kill()


@pytest.fixture(scope="module")
def scene(discord: LoopbackDiscord, publisher: Server, hosts: list[Host]) -> work.Scene:
    return work.Scene(discord, publisher, hosts[0].seeds, random.Random(1))


async def added(scene: work.Scene, server: int) -> str:
    """The headline of an article that a moderator adds at a server."""
    story = scene.next_story()
    scene.serve(story)
    url = f"http://127.0.0.1:{scene.publisher.port}{story.path}"
    guild = scene.discord.world.guilds[server]
    assert await scene.command("add", guild, lambda text: "1 added" in text, url=url), scene.record
    return story.title


async def answer_to(scene: work.Scene, server: int, question: str) -> Message:
    """What somebody is told who has not asked before, and need not rest."""
    guild = scene.discord.world.guilds[server]
    asked = await scene.discord.slash("ask", {"question": question}, user=User("new"), channel=guild.channels[0])
    return await scene.discord.answer_to(asked, timeout=30)


async def told(scene: work.Scene, server: int, title: str) -> bool:
    """Whether a server is told of what was added."""
    channel = scene.discord.world.guilds[server].channels[0]
    asked = await scene.discord.slash("latest", {"topic": title}, user=User("new"), channel=channel)
    return title in sees(await scene.discord.answer_to(asked, timeout=30))


async def test_each_shard_is_served_by_a_process_of_its_own(scene: work.Scene) -> None:
    connections = {scene.connection(guild) for guild in scene.discord.world.guilds}
    assert None not in connections
    assert len(connections) == 2


async def test_who_is_told_something_tells_all_others(scene: work.Scene, hosts: list[Host]) -> None:
    """Each server has its own articles; both read the folder, which is read again by whoever is asked to."""
    for level, server in ((1, 0), (2, 1)):
        work.write_gauges(scene.seeds, level)
        guild = scene.discord.world.guilds[server]
        assert await scene.command("reload", guild, lambda text: "updated" in text), scene.record
        ends = time.monotonic() + 20
        while not await says(scene, 1 - server, level):
            assert time.monotonic() < ends, [host.runs[-1].words() for host in hosts]
            await asyncio.sleep(0.2)


async def says(scene: work.Scene, server: int, level: int) -> bool:
    answer = await answer_to(scene, server, work.QUESTION)
    levels = {int(found) for quote in quotes_in(answer) for found in work.STANDS.findall(quote)}
    assert len(levels) == 1, answer.texts
    return levels == {level}


async def test_another_process_takes_over_from_one_that_dies(scene: work.Scene, hosts: list[Host]) -> None:
    title = await added(scene, 0)
    assert await told(scene, 0, title)
    shard = scene.discord.world.home_shard
    serving = next(host for host in hosts if re.search(rf"serving of 2 shards: {shard}$", host.runs[-1].stderr, re.M))
    await serving.kill()
    ends = time.monotonic() + TAKEN_OVER
    while scene.connection(scene.discord.world.guilds[0]) is None:
        assert time.monotonic() < ends, [host.runs[-1].words() for host in hosts]
        await asyncio.sleep(0.2)
    assert await told(scene, 0, title)


async def test_questions_go_on_while_the_database_is_away(scene: work.Scene, nodes: Nodes) -> None:
    title = await added(scene, 0)
    await asyncio.to_thread(nodes.primary.kill)
    try:
        for server in range(2):
            assert await says(scene, server, 2)
        guild, refused = scene.discord.world.guilds[0], scene.record.refused["settings quotes"]
        assert not await scene.command("settings quotes", guild, lambda text: False, count=4)
        assert scene.record.refused["settings quotes"] == refused + 1, scene.record.failed
    finally:
        await asyncio.to_thread(nodes.primary.start)
    ends = time.monotonic() + 30
    while not await scene.command("settings quotes", guild, lambda text: "4" in text, count=4):
        assert time.monotonic() < ends, scene.record
    assert await told(scene, 0, title)


@pytest.mark.postgres_long
async def test_nothing_is_lost_torn_or_doubled_while_all_of_them_die(tmp_path: Path, postgres_template: Path) -> None:
    with Servers(postgres_template) as servers:
        nodes = await asyncio.to_thread(Nodes, servers, 2, sync=True)
        cluster, wrong = await run(tmp_path, 2.5, 3, nodes, 1)
        assert wrong == []
        assert len(cluster.record.deaths) >= 6
        assert cluster.record.done["ask"] > 20
