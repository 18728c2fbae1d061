"""Who dies when, and how long it takes until all is as it was."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp

from benchmarks.cluster.hosts import Host
from benchmarks.cluster.judging import posted
from benchmarks.cluster.nodes import Nodes
from benchmarks.cluster.record import Record
from benchmarks.cluster.work import Scene

DOWN = 6.0  # seconds that whoever died stays dead
HALT = 30.0  # seconds for which a process stands still: longer than its leases last
SETTLING = 15.0  # seconds at least between two deaths
WAIT_FOR_POST = 25.0  # seconds; something is due every ten
LOOK = 0.1
GIVEN_UP = 120.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """All of it. `newest` tells the newest generation, None where nobody can say; it waits for a disk."""

    scene: Scene
    hosts: Sequence[Host]
    nodes: Nodes | None
    newest: Callable[[], int | None]

    @property
    def record(self) -> Record:
        """What is noted."""
        return self.scene.record


async def kill_in_turn(cluster: Cluster, until: float) -> None:
    """Each process and each server, again and again, until a moment. All of them are back when it returns."""
    turn = 0
    while True:
        for host in cluster.hosts:
            deaths = [partial(process_dies, cluster, host)]
            if cluster.nodes is not None:
                deaths += [partial(node_dies, cluster, turn), partial(who_posts_dies, cluster)]
            if cluster.nodes is not None and turn % 3 == 2:
                deaths.append(partial(process_stands_still, cluster, host))
            for death in deaths:
                if time.monotonic() + SETTLING > until:
                    return
                await _at_least(SETTLING, death())
            turn += 1


async def _at_least(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    await asyncio.gather(work, asyncio.sleep(seconds))


async def process_dies(cluster: Cluster, host: Host, when: str = "") -> None:
    """A process is killed, and comes back a few seconds later."""
    died = cluster.record.died(f"host {host.number} {when}".strip())
    await host.kill()
    await asyncio.gather(_comes_back(cluster, host), _all_connected(cluster, died))


async def who_posts_dies(cluster: Cluster) -> None:
    """The process that posts digests and alerts is killed in the moment in which one of them arrives: it has not noted
    yet that it did.
    """
    assert cluster.nodes is not None
    name = await asyncio.to_thread(cluster.nodes.holder, "posting")
    host = next((host for host in cluster.hosts if host.name == name and host.alive), None)
    discord = cluster.scene.discord
    before = posted(discord)
    if host is None:
        return
    with suppress(TimeoutError):
        await discord.until(lambda: posted(discord) > before, timeout=WAIT_FOR_POST, what="a post")
        await process_dies(cluster, host, "while it posted")


async def _comes_back(cluster: Cluster, host: Host) -> None:
    await asyncio.sleep(DOWN)
    await host.start()
    async with aiohttp.ClientSession() as http:
        while host.alive and time.monotonic() - host.started < GIVEN_UP:
            number = await asyncio.to_thread(cluster.newest)
            if number is not None and (await host.serves(http) or 0) >= number:
                cluster.record.returns.append(time.monotonic() - host.started)
                return
            await asyncio.sleep(LOOK)
    cluster.record.failed.append(f"host {host.number} did not come back: {host.runs[-1].words()[-500:]}")


async def _all_connected(cluster: Cluster, died: float) -> None:
    scene = cluster.scene
    while not all(scene.connection(guild) for guild in scene.discord.world.guilds):
        if time.monotonic() - died > GIVEN_UP:
            cluster.record.failed.append(f"not every shard was served within {GIVEN_UP:g} s of a death")
            return
        await asyncio.sleep(LOOK)
    cluster.record.reconnected.append(time.monotonic() - died)


async def process_stands_still(cluster: Cluster, host: Host) -> None:
    """A process is stopped for longer than its leases last, and goes on as if nothing had been."""
    cluster.record.died(f"host {host.number}, which stands still,")
    host.halt()
    await asyncio.sleep(HALT)
    host.go_on()


async def node_dies(cluster: Cluster, turn: int) -> None:
    """A server of PostgreSQL is killed, and comes back; of three times once it is the primary."""
    nodes = cluster.nodes
    assert nodes is not None
    if turn % 3 == 1 or not nodes.standbys:
        node = nodes.primary
        cluster.record.died("the primary")
        await asyncio.to_thread(nodes.kill_primary if nodes.standbys else node.kill)
    else:
        node = nodes.standbys[turn % len(nodes.standbys)]
        cluster.record.died("a standby")
        await asyncio.to_thread(node.kill)
    await asyncio.sleep(DOWN)
    await asyncio.to_thread(nodes.bring_back, node)


async def watch(cluster: Cluster) -> None:
    """Note, until it is cancelled, how long each generation takes until all living processes serve it."""
    known, since = 0, time.monotonic()
    waiting: dict[int, float] = {}  # by number of a host that is behind: when the process that is meant began
    async with aiohttp.ClientSession() as http:
        while True:
            number = await asyncio.to_thread(cluster.newest)
            if number is not None and number > known:
                known, since = number, time.monotonic()
                waiting = {host.number: host.started for host in cluster.hosts if host.alive}
            for host in cluster.hosts:
                if host.number not in waiting:
                    continue
                gone = not host.alive or host.started != waiting[host.number]  # how long it takes is told elsewhere
                if gone or (await host.serves(http) or 0) >= known:
                    del waiting[host.number]
                    if not waiting:
                        cluster.record.lags.append((since, time.monotonic() - since))
            await asyncio.sleep(LOOK)
