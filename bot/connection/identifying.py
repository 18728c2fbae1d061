"""Taking turns where a connection begins: each five seconds Discord takes so many, of all processes together."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from itertools import repeat

import aiohttp
import discord

from bot.connection.offload import offload
from retrieval.replicas.leases import Leases

_log = logging.getLogger(__name__)

APART = 5.0
"""Seconds between two connections that begin with the same remainder of their shards."""
LOOK = 0.5
PATIENCE = 45.0
"""Seconds that a connection waits for its turn; discord.py gives up after 60, and Discord where nothing is said."""


class Identifying:
    """The turns of the processes of one bot: those that hold the lease of a remainder. For one event loop.

    A turn that others keep for too long is taken all the same: Discord ends the connection then, and it is tried again.
    """

    def __init__(self, leases: Leases) -> None:
        self._leases = leases
        self._at_once = 1
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._ending: set[asyncio.Task[None]] = set()

    async def ask_how_many(self, client: discord.AutoShardedClient) -> None:
        """Learn how many connections may begin at once; one where Discord does not say so."""
        try:
            self._at_once = max(1, (await client.fetch_session_start_limits()).max_concurrency)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            _log.warning("how many connections may begin at once is not known, so one does: %s", error)

    async def turn(self, shard: int) -> None:
        """Wait for the turn of a shard, which is over some seconds later."""
        remainder = shard % self._at_once
        lock, name = self._locks[remainder], f"identifying {remainder} of {self._at_once}"
        try:
            async with asyncio.timeout(PATIENCE):
                await lock.acquire()
        except TimeoutError:
            return
        try:
            await self._wait_for(name)
        finally:
            ending = asyncio.create_task(self._end(lock, name))
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    async def _wait_for(self, name: str) -> None:
        began = time.monotonic()

        def is_over() -> bool:
            late = time.monotonic() - began > PATIENCE
            return late or self._leases.take(name) or self._leases.unreachable is not None

        for _ in repeat(None):
            if await offload(is_over):
                return
            await asyncio.sleep(LOOK)

    async def _end(self, lock: asyncio.Lock, name: str) -> None:
        try:
            await asyncio.sleep(APART)
        finally:
            lock.release()
            await offload(lambda: self._leases.give_back(name))
